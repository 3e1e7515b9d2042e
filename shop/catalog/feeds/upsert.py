"""Writes a feed's entries into the catalogue: batches of one transaction each, and only what differs.

Only a changed text moves `updated_at`, so nothing is embedded again for a new price, and nothing at all happens when a
feed is imported twice. What was committed stays when an import is stopped; running it again does the rest.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from django.db import IntegrityError, transaction

from shop.catalog.feeds.categories import CategoryPaths
from shop.catalog.feeds.changes import INDEXED, assign, refusal, wanted_fields
from shop.catalog.feeds.entry import Entry, Note, Refusal
from shop.catalog.feeds.pictures import is_link, local_files, replace_pictures, store_files
from shop.catalog.models import Product
from shop.catalog.pictures import StoredPicture

BATCH_SIZE = 500
ATTEMPTS = 3
NO_STOCK = "no availability and no quantity: new products without stock cannot be ordered"

Pictures = dict[str, list[tuple[StoredPicture, str]]]  # by SKU, with their alt texts


@dataclass
class Outcome:
    """What an import did or, in a dry run, would do."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    categories: int = 0  # made
    links: int = 0  # pictures that are links, not fetched
    files: int = 0  # pictures that are files
    texts_changed: bool = False  # there is something to index
    pictures_changed: bool = False
    refusals: list[Refusal] = field(default_factory=list)
    notes: Counter[tuple[str, str]] = field(default_factory=Counter)  # rows by field and reason
    first_lines: dict[tuple[str, str], int] = field(default_factory=dict)

    def note(self, note: Note) -> None:
        self.notes[note.field, note.reason] += 1
        self.first_lines.setdefault((note.field, note.reason), note.line)


@dataclass
class _Batch:
    """What is written for one batch."""

    new: list[Product] = field(default_factory=list)
    changed: dict[str, set[str]] = field(default_factory=dict)  # changed fields by SKU
    refusals: list[Refusal] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    pictures: set[str] = field(default_factory=set)  # SKUs whose pictures changed
    categories: int = 0


class Importer:
    """One import. `folder` is the feed's; `default_stock` is that of a new product "in stock" without a quantity."""

    def __init__(self, folder: Path, *, default_stock: int, dry_run: bool) -> None:
        self.outcome = Outcome()
        self._folder = folder
        self._default_stock = default_stock
        self._categories = CategoryPaths(pretend=True) if dry_run else None
        self._lines: dict[str, int] = {}  # of the ids seen so far

    def run(self, found: Iterable[Entry | Refusal]) -> Iterator[int]:
        """Imports batch by batch; yields the line that each of them got to."""
        stream = iter(found)
        while batch := list(islice(stream, BATCH_SIZE)):
            entries = [entry for entry in batch if isinstance(entry, Entry) and self._is_first(entry)]
            self.outcome.refusals += [entry for entry in batch if isinstance(entry, Refusal)]
            pictures = {entry.sku: self._pictures(entry) for entry in entries}
            self._count(entries, self._write(entries, pictures))
            yield batch[-1].line

    def _is_first(self, entry: Entry) -> bool:
        first = self._lines.setdefault(entry.sku, entry.line)
        if first != entry.line:
            reason = f"stands already in line {first}; ids are unique, so this row was left out"
            self.outcome.refusals.append(Refusal(entry.line, entry.sku, "id", reason))
        return first == entry.line

    def _pictures(self, entry: Entry) -> list[tuple[StoredPicture, str]]:
        """Stores the entry's picture files; a dry run only looks whether they are there."""
        self.outcome.links += sum(map(is_link, entry.pictures or ()))
        files = local_files(entry, self._folder)
        self.outcome.files += len(files)
        return store_files(entry, files) if self._categories is None else []

    def _write(self, entries: Sequence[Entry], pictures: Pictures) -> _Batch:
        """All of the batch or nothing; again if somebody added the same product or category at the same moment."""
        if self._categories is not None:
            return self._plan(entries, _known(entries), self._categories)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with transaction.atomic():
                    known = _known(entries)
                    batch = self._plan(entries, known, CategoryPaths())
                    _save(batch, known, pictures)
                    return batch
            except IntegrityError:
                if attempt == ATTEMPTS:
                    raise
        raise AssertionError("unreachable")

    def _plan(self, entries: Sequence[Entry], known: dict[str, Product], categories: CategoryPaths) -> _Batch:
        batch, before = _Batch(), categories.made
        for entry in entries:
            product = known.get(entry.sku)
            category_id = categories.get_or_make(entry.category or ())
            wanted = wanted_fields(entry, product, category_id, self._default_stock)
            refused = refusal(entry, product, wanted)
            if refused is not None:
                batch.refusals.append(refused)
            elif product is not None:
                batch.changed[entry.sku] = assign(product, wanted)
            else:
                batch.new.append(Product(sku=entry.sku, **wanted))
                if "stock" not in wanted:
                    batch.notes.append(Note(entry.line, "availability", NO_STOCK))
        batch.categories = categories.made - before
        return batch

    def _count(self, entries: Sequence[Entry], batch: _Batch) -> None:
        outcome = self.outcome
        changed = sum(bool(fields) or sku in batch.pictures for sku, fields in batch.changed.items())
        outcome.added += len(batch.new)
        outcome.changed += changed
        outcome.unchanged += len(batch.changed) - changed
        outcome.categories += batch.categories
        outcome.refusals += batch.refusals
        outcome.texts_changed |= bool(batch.new) or any(fields & INDEXED for fields in batch.changed.values())
        outcome.pictures_changed |= bool(batch.pictures)
        for note in [*batch.notes, *(note for entry in entries for note in entry.notes)]:
            outcome.note(note)


def _known(entries: Sequence[Entry]) -> dict[str, Product]:
    """The products there are, by SKU. A transaction locks them, in the order in which checkout does."""
    products = Product.objects.filter(sku__in=[entry.sku for entry in entries]).order_by("id")
    if transaction.get_connection().in_atomic_block:
        products = products.select_for_update(no_key=True)
    return {product.sku: product for product in products}


def _save(batch: _Batch, known: dict[str, Product], pictures: Pictures) -> None:
    Product.objects.bulk_create(batch.new)
    texts = {sku: fields for sku, fields in batch.changed.items() if fields & INDEXED}
    live = {sku: fields for sku, fields in batch.changed.items() if fields and sku not in texts}
    _update([known[sku] for sku in texts], set().union(*texts.values()) | {"updated_at"})
    _update([known[sku] for sku in live], set().union(*live.values()))
    for product in [*batch.new, *(known[sku] for sku in batch.changed)]:
        if pictures[product.sku] and replace_pictures(product.pk, pictures[product.sku]):
            batch.pictures.add(product.sku)


def _update(products: Sequence[Product], fields: set[str]) -> None:
    """One INSERT ... ON CONFLICT: several times faster than bulk_update with its CASE for every row and field."""
    if products:
        names = [name.removesuffix("_id") for name in fields]
        Product.objects.bulk_create(products, update_conflicts=True, unique_fields=["id"], update_fields=names)
