"""The write path: finds products whose index rows are older than they are, and writes them anew.

Stale is a comparison, never a flag: a row carries the `updated_at` that was read with the product's text, so an edit
made while encoding leaves the row older than its product, and the next round takes it. Nothing is lost when a worker
dies or a broker is gone: the database knows what is stale. Text that did not change is not encoded again. When the
code that makes the text changes, it raises TEXT_VERSION, and everything is stale.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from pgvector import HalfVector

from search import calibration, category_names, facet_keys, lexical_index, product_types
from search.encoder import Encoder, EncoderUnavailable, Vectors
from search.models import EncoderVersion, FacetKey, LexicalDocument, ProductEmbedding
from search.product_text import TEXT_VERSION, ProductText, product_text
from search.versions import active_version, encoder_of, versions_under_test
from shop.catalog.models import Product

logger = logging.getLogger(__name__)

Progress = Callable[[int], object]  # called with the number of products just done

BATCH_SIZE = 256
SWEEP_LOCK = 7_041_002  # advisory lock: one sweep at a time
PROPOSE_AFTER = 500  # products indexed at once that make new facet keys likely

_FIELDS = (
    "id", "sku", "gtin", "mpn", "brand", "title", "description", "product_type", "attributes", "translations",
    "updated_at", "category__name",
)  # fmt: skip


@dataclass(frozen=True)
class Source:
    """A product as it was read for indexing."""

    row: dict[str, Any]
    text: ProductText
    text_hash: bytes

    def key(self) -> tuple[datetime, int]:
        """When it was last edited, and its id."""
        return self.row["updated_at"], self.row["id"]


def stale_products(version: EncoderVersion | None) -> QuerySet[Product]:
    """Active products whose BM25 row or vector is missing or older than they are, latest edit first."""
    current = {
        "product": OuterRef("pk"),
        "source_updated_at__gte": OuterRef("updated_at"),
        "text_version": TEXT_VERSION,
    }
    stale = Q(~Exists(LexicalDocument.objects.filter(**current)))
    if version is not None:
        stale |= Q(~Exists(ProductEmbedding.objects.filter(version=version, is_for_sale=True, **current)))
    return Product.objects.filter(stale, is_active=True).order_by("-updated_at", "id")


def embed_stale_products(*, progress: Progress | None = None, threads: int = 1) -> int:
    """Indexes and embeds every stale product, for as long as there are any; returns how many it took.

    Only one sweep works at a time. One that finds another at work returns at once; the other looks again after it
    has let go of the lock, so an edit committed before this call is taken either way. Versions of online tests come
    after the active one and a batch at a time, so that shoppers' results do not wait for them.
    """
    done = 0
    while True:
        with _sweep_lock() as taken:
            if not taken:
                return done
            done += _sweep(progress, threads)
            done += sum(_write_batch_of_test(version, progress, threads) for version in _loadable_under_test(threads))
        versions = [_writable_version(threads), *_loadable_under_test(threads)]
        if not any(stale_products(version).exists() for version in versions):
            return done


def embed_version(version: EncoderVersion, *, progress: Progress | None = None, threads: int = 1) -> int:
    """Embeds every product under a version that is not active yet, until none is stale; returns how many it took."""
    done = _write_stale(version, progress, threads)
    _complete(version, threads)
    return done


def write_batch(product_ids: Sequence[int], version: EncoderVersion | None, *, threads: int = 1) -> None:
    """Reads these products once, and writes their BM25 rows and their vectors under `version`."""
    sources = _read(product_ids)
    _write_lexical(sources)
    if version is not None:
        _write_embeddings(sources, version, encoder_of(version, threads=threads))


def product_text_of(product_id: int) -> ProductText:
    """The words of one product as they are indexed, whether it is for sale or not. Raises Product.DoesNotExist."""
    return _text(Product.objects.filter(pk=product_id).values(*_FIELDS).get())


def product_texts(product_ids: Sequence[int]) -> dict[int, ProductText]:
    """The words of several products, as above; unknown ones are left out. One SQL query."""
    return {row["id"]: _text(row) for row in Product.objects.filter(pk__in=product_ids).values(*_FIELDS)}


def remove_inactive() -> int:
    """Takes products that are not for sale out of the BM25 index and out of the semantic candidates.

    Their vectors stay, for when they come back: writing their BM25 rows again shows them again.
    """
    ProductEmbedding.objects.filter(is_for_sale=True, product__is_active=False).update(is_for_sale=False)
    gone = list(LexicalDocument.objects.filter(product__is_active=False).values_list("product_id", flat=True))
    return lexical_index.remove_documents(gone) if gone else 0


def encode_again(product_ids: Sequence[int]) -> int:
    """Makes these products stale, and has them encoded although their text is the same; returns how many."""
    ProductEmbedding.objects.filter(product__in=product_ids).update(text_hash=b"")
    return Product.objects.filter(pk__in=product_ids).update(updated_at=timezone.now())


def create_vector_index(version: EncoderVersion) -> None:
    """The version's own HNSW index, if it is not there: built after the rows, which is faster than growing it.

    A build that was killed leaves an index that no query uses; it is made anew.
    """
    concurrently = "" if connection.in_atomic_block else "CONCURRENTLY"
    name = f"search_vectors_v{int(version.pk)}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(%s) AND NOT indisvalid", [name])
        if cursor.fetchone():
            cursor.execute(f"DROP INDEX {concurrently} {name}")
        if connection.in_atomic_block:  # rows written a moment ago wait for their foreign keys to be checked
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            f"CREATE INDEX {concurrently} IF NOT EXISTS {name} "
            "ON search_productembedding USING hnsw (vector halfvec_ip_ops) WITH (m = 16, ef_construction = 64) "
            f"WHERE version_id = {int(version.pk)}"
        )


def document_vectors(texts: Sequence[ProductText], encoder: Encoder) -> Vectors:
    """(n, d) float32, unit rows: the mean of the vectors of a product's views."""
    views = [text.views() for text in texts]
    vectors = encoder.encode_documents([view for pair in views for view in pair])  # (2n, d)
    means = vectors.reshape(len(texts), 2, encoder.config.dimensions).mean(axis=1)  # (n, d)
    norms = np.linalg.norm(means, axis=1, keepdims=True)
    unit: Vectors = (means / np.maximum(norms, 1e-9)).astype(np.float32)
    return unit


def _sweep(progress: Progress | None, threads: int) -> int:
    version = _writable_version(threads)
    done = remove_inactive()
    stale = stale_products(version)
    if not FacetKey.objects.exists() or stale.count() > PROPOSE_AFTER:
        attributes = Product.objects.filter(is_active=True).values_list("attributes", flat=True)
        facet_keys.propose_facet_keys(attributes.iterator(chunk_size=2000))
    done += _write_stale(version, progress, threads)
    if done:
        lexical_index.refresh_weights()
    if version is not None:
        _complete(version, threads)
    return done


def _write_stale(version: EncoderVersion | None, progress: Progress | None, threads: int) -> int:
    done = 0
    stale = stale_products(version)
    while ids := list(stale.values_list("id", flat=True)[:BATCH_SIZE]):
        write_batch(ids, version, threads=threads)
        done += len(ids)
        if progress:
            progress(len(ids))
    return done


def _write_batch_of_test(version: EncoderVersion, progress: Progress | None, threads: int) -> int:
    """One batch of what is stale under a version that an online test compares; after the last, what goes with it."""
    ids = list(stale_products(version).values_list("id", flat=True)[:BATCH_SIZE])
    if ids:
        write_batch(ids, version, threads=threads)
        if progress:
            progress(len(ids))
    if len(ids) < BATCH_SIZE:
        _complete(version, threads)
    return len(ids)


def _complete(version: EncoderVersion, threads: int) -> None:
    """What a version has beside its vectors: their index, its floors, the products' kinds, and the kinds' names."""
    if ProductEmbedding.objects.filter(version=version).exists():
        encoder = encoder_of(version, threads=threads)
        create_vector_index(version)
        calibration.calibrate(version, encoder)
        product_types.infer_kinds(version)
        category_names.encode_names(version, encoder)


def _writable_version(threads: int) -> EncoderVersion | None:
    """The active version if its encoder loads; else None, and products are indexed by their words alone."""
    version = active_version(fresh=True)
    return version if version is not None and _loads(version, threads) else None


def _loadable_under_test(threads: int) -> list[EncoderVersion]:
    return [version for version in versions_under_test() if _loads(version, threads)]


def _loads(version: EncoderVersion, threads: int) -> bool:
    try:
        encoder_of(version, threads=threads)
    except EncoderUnavailable as error:
        logger.error("Products are not embedded under %s: %s", version, error)
        return False
    return True


def _read(product_ids: Sequence[int]) -> list[Source]:
    rows = Product.objects.filter(id__in=product_ids, is_active=True).values(*_FIELDS)
    texts = [_text(row) for row in rows]
    return [Source(row, text, text.views_hash()) for row, text in zip(rows, texts, strict=True)]


def _text(row: dict[str, Any]) -> ProductText:
    return product_text({**row, "category_name": row["category__name"] or ""})


def _write_lexical(sources: Sequence[Source]) -> None:
    facets = facet_keys.facet_value_ids([source.row["attributes"] for source in sources])
    lexical_index.write_documents(
        [
            lexical_index.Document(
                product_id=source.row["id"],
                terms=source.text.terms(),
                chinese_terms=source.text.chinese_terms(),
                facet_ids=facet_ids,
                source_updated_at=source.row["updated_at"],
            )
            for source, facet_ids in zip(sources, facets, strict=True)
        ]
    )


def _write_embeddings(sources: Sequence[Source], version: EncoderVersion, encoder: Encoder) -> None:
    known = dict(
        ProductEmbedding.objects.filter(version=version, product__in=[s.row["id"] for s in sources]).values_list(
            "product_id", "text_hash"
        )
    )
    same = [s for s in sources if bytes(known.get(s.row["id"], b"")) == s.text_hash]
    changed = [s for s in sources if bytes(known.get(s.row["id"], b"")) != s.text_hash]
    with transaction.atomic():
        ProductEmbedding.objects.filter(is_for_sale=False, product__in=known).update(is_for_sale=True)
        for source in same:
            edited_at, product_id = source.key()
            ProductEmbedding.objects.filter(
                Q(source_updated_at__lt=edited_at) | Q(text_version__lt=TEXT_VERSION),
                product=product_id,
                version=version,
            ).update(source_updated_at=edited_at, text_version=TEXT_VERSION)
    vectors = document_vectors([source.text for source in changed], encoder)
    _upsert_embeddings(changed, version, vectors)


def _upsert_embeddings(sources: Sequence[Source], version: EncoderVersion, vectors: Vectors) -> None:
    """Replaces older rows only, so that a slow worker never overwrites what a later one has written."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO search_productembedding AS e "
            "(product_id, version_id, vector, text_hash, text_version, source_updated_at, embedded_at) "
            "SELECT id, %s, %s::halfvec, %s, %s, %s, now() FROM catalog_product WHERE id = %s "
            "ON CONFLICT (product_id, version_id) DO UPDATE SET vector = excluded.vector, "
            "text_hash = excluded.text_hash, text_version = excluded.text_version, "
            "source_updated_at = excluded.source_updated_at, embedded_at = now() "
            "WHERE e.source_updated_at < excluded.source_updated_at OR e.text_version < excluded.text_version",
            [
                (version.pk, HalfVector(vector).to_text(), source.text_hash, TEXT_VERSION, *source.key())
                for source, vector in zip(sources, vectors, strict=True)
            ],
        )


@contextmanager
def _sweep_lock() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [SWEEP_LOCK])
        taken: bool = cursor.fetchone()[0]
        try:
            yield taken
        finally:
            if taken:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [SWEEP_LOCK])
