"""What an encoder is trained on: queries with a product each that answers them, and the products' texts.

A folder holds it as two files that people can read, `examples.jsonl.gz` and `products.jsonl.gz`, so that training is a
process of its own, can be interrupted, run again and run elsewhere. Other examples' products are the negatives of an
example (in-batch negatives), except those that would answer its query too: its `excuses` say which.
"""

import gzip
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

EXAMPLES, PRODUCTS = "examples.jsonl.gz", "products.jsonl.gz"
Row = TypeVar("Row")


class TrainingSetInvalid(Exception):
    """The folder cannot be used; the message says which file and line, and why."""


@dataclass(frozen=True)
class Example:
    """A query, a product that answers it, and perhaps one that does not although it looks so.

    A product that has all traits of any of the `excuses` is no negative of this example. `shown` are products for the
    listwise loss, the positive among them; `weight` is relative to other examples.
    """

    query: str
    positive: int
    negative: int | None = None
    weight: float = 1.0
    excuses: tuple[frozenset[str], ...] = ()
    shown: tuple[int, ...] = ()
    source: str = "catalogue"  # or clicks, replay

    @property
    def is_made(self) -> bool:
        """Whether the query was made of the catalogue, and not typed by shoppers."""
        return self.source == "catalogue"


@dataclass(frozen=True)
class TrainedProduct:
    """A product's views (search/product_text.py), and its traits: words, kinds, and queries it was clicked for."""

    views: tuple[str, ...]
    traits: frozenset[str] = frozenset()


@dataclass(frozen=True)
class TrainingSet:
    """`products` has every product of every example, by its id."""

    examples: tuple[Example, ...]
    products: Mapping[int, TrainedProduct]

    def view(self, product_id: int, number: int) -> str:
        """One of the product's views, by turns over the examples: the stored vector is the mean of all of them."""
        views = self.products[product_id].views
        return views[number % len(views)]

    def answers(self, example: Example, product_id: int) -> bool:
        """Whether the product may answer the example's query, so that it is no negative of it."""
        traits = self.products[product_id].traits
        return product_id == example.positive or any(excuse <= traits for excuse in example.excuses)


def write_training_set(training_set: TrainingSet, folder: Path) -> None:
    """Both files, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_lines(
        folder / PRODUCTS,
        (
            {"id": pk, "views": list(product.views), "traits": sorted(product.traits)}
            for pk, product in training_set.products.items()
        ),
    )
    _write_lines(folder / EXAMPLES, map(_example_json, training_set.examples))


def read_training_set(folder: Path) -> TrainingSet:
    """What `write_training_set` wrote. Raises TrainingSetInvalid."""
    products = dict(_read_lines(folder / PRODUCTS, _product))
    examples = tuple(_read_lines(folder / EXAMPLES, _example))
    for number, example in enumerate(examples, 1):
        named = {example.positive, *example.shown, *([] if example.negative is None else [example.negative])}
        if unknown := sorted(named - set(products)):
            raise TrainingSetInvalid(f"{folder / EXAMPLES}, line {number}: no product {unknown[0]} in {PRODUCTS}.")
    return TrainingSet(examples, products)


def joined(sets: Sequence[TrainingSet]) -> TrainingSet:
    """All examples of the sets; a product that several of them know has the traits of all of them."""
    products: dict[int, TrainedProduct] = {}
    for one in sets:
        for pk, product in one.products.items():
            known = products.get(pk)
            products[pk] = TrainedProduct(product.views, product.traits | known.traits) if known else product
    return TrainingSet(tuple(example for one in sets for example in one.examples), products)


def _example_json(example: Example) -> dict[str, Any]:
    return {
        "query": example.query,
        "positive": example.positive,
        "negative": example.negative,
        "weight": round(example.weight, 5),
        "excuses": [sorted(excuse) for excuse in example.excuses],
        "shown": list(example.shown),
        "source": example.source,
    }


def _product(row: dict[str, Any]) -> tuple[int, TrainedProduct]:
    return row["id"], TrainedProduct(tuple(row["views"]), frozenset(row["traits"]))


def _example(row: dict[str, Any]) -> Example:
    return Example(
        query=row["query"],
        positive=row["positive"],
        negative=row["negative"],
        weight=row["weight"],
        excuses=tuple(frozenset(excuse) for excuse in row["excuses"]),
        shown=tuple(row["shown"]),
        source=row["source"],
    )


def _write_lines(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    unfinished = path.with_suffix(".part")
    with gzip.open(unfinished, "wt", encoding="utf-8", compresslevel=3) as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    unfinished.rename(path)


def _read_lines(path: Path, read: Callable[[dict[str, Any]], Row]) -> Iterator[Row]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                try:
                    yield read(json.loads(line))
                except KeyError as error:
                    raise TrainingSetInvalid(f"{path}, line {number}: {error} is missing.") from error
                except (ValueError, TypeError) as error:
                    raise TrainingSetInvalid(f"{path}, line {number}: {error}.") from error
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise TrainingSetInvalid(f"{path} cannot be read: {error}.") from error
