"""Queries made of the catalogue itself, so that a store without a single click gets an encoder that knows its words.

What shoppers type is short: a type ("laser printer"), a type with a brand or a property ("hp laser printer", "red
backpack"), a piece of a title, at times a piece of a sentence, at times misspelt. Each is made of a product that
answers it. Products that have the words but are something else (a bag for notebooks) are the hard negatives; products
that answer the query too are excused (search/training_set.py). Chinese texts give the same in Chinese.
Synthetic queries: Ma et al. 2021; what each kind of query adds is in search/EXPERIMENTS.md.
"""

import random
import re
import string
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from search.partitions import Types
from search.training_set import Example, TrainedProduct, TrainingSet
from search.type_phrases import TypePhrases, find_type_phrases
from search.words import STOP_WORDS, normal_query, split_words, stem

KINDS_OF_QUERIES = {"type": 0.30, "property": 0.35, "title": 0.10, "sentence": 0.15, "typo": 0.10}
CHINESE_SHARE = 0.2  # of the examples of products that have Chinese texts
HARD_NEGATIVES = 0.7  # of the queries about a type get one, where there is one
MIN_VALUE_PRODUCTS = 10  # a value that so few have is hardly what somebody asks for
_NUMBER = re.compile(r"[\d.,\- x]+")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class CatalogueProduct:
    """What queries are made of. `types` are the names of its category and type, if the merchant gives any."""

    product_id: int
    title: str
    description: str
    brand: str
    types: tuple[str, ...]
    attributes: tuple[tuple[str, str], ...]
    views: tuple[str, ...]
    chinese: tuple[str, ...] = ()  # title, description, values; as far as there are


class QueryMaker:
    """Makes examples of these products; `kinds` (n, p) are theirs, (n, 0) where there are none.

    `never` are queries in their normal form that are kept for measuring.
    """

    def __init__(
        self, products: Sequence[CatalogueProduct], kinds: Types, *, never: frozenset[str] = frozenset()
    ) -> None:
        self.products = products
        self.kinds = kinds
        self.never = never
        self._makers: dict[str, Callable[[int, random.Random], Example | None]] = {
            "type": self._of_type,
            "property": self._of_property,
            "title": self._of_title,
            "sentence": self._of_sentence,
            "typo": self._misspelt,
        }

    def examples(self, count: int, *, seed: int) -> TrainingSet:
        """`count` examples, fewer where nothing can be made; the same for the same seed."""
        rng = random.Random(seed)
        names, shares = list(KINDS_OF_QUERIES), list(KINDS_OF_QUERIES.values())
        rows = rng.choices(range(len(self.products)), weights=self._weights, k=4 * count) if self.products else []
        found: list[Example] = []
        for row in rows:
            if len(found) == count:
                break
            chinese = self.products[row].chinese and rng.random() < CHINESE_SHARE
            make = self._of_chinese if chinese else self._makers[rng.choices(names, shares)[0]]
            example = make(row, rng)
            if example is not None and normal_query(example.query) not in self.never:
                found.append(example)
        used = {pk for one in found for pk in (one.positive, one.negative) if pk is not None}
        return TrainingSet(tuple(found), {pk: self.trained(self._row_of[pk]) for pk in used})

    def trained(self, row: int) -> TrainedProduct:
        """The product with its traits: its types, its words, its kinds."""
        product = self.products[row]
        texts = (product.title, product.brand, product.description, *(value for _, value in product.attributes))
        words = {f"w:{stem(word)}" for text in texts for word in split_words(text)}
        words |= {f"w:{word}" for text in product.chinese for word in split_words(text)}
        types = {f"is:{name}" for name in self._types_of(row)}
        kinds = {f"k:{number}:{kind}" for number, kind in enumerate(self.kinds[row].tolist())}
        return TrainedProduct(product.views, frozenset(words | types | kinds))

    @cached_property
    def _weights(self) -> list[float]:
        """Products of rare kinds come up as often as the square root of their number: half of a catalogue is cables."""
        if not self.kinds.shape[1]:
            return [1.0] * len(self.products)
        sizes = Counter(self.kinds[:, 0].tolist())
        return [sizes[kind] ** -0.5 for kind in self.kinds[:, 0].tolist()]

    @cached_property
    def _row_of(self) -> dict[int, int]:
        return {product.product_id: row for row, product in enumerate(self.products)}

    @cached_property
    def _phrases(self) -> TypePhrases:
        titles, brands = [p.title for p in self.products], [p.brand for p in self.products]
        return find_type_phrases(titles, brands, self.kinds)

    @cached_property
    def _values(self) -> list[list[str]]:
        """The words for properties of each product that others share: colours, materials, "usb-c"."""
        own = [[value for _, raw in product.attributes for value in _short_values(raw)] for product in self.products]
        products = Counter(value for values in own for value in set(values))
        return [[value for value in values if products[value] >= MIN_VALUE_PRODUCTS] for values in own]

    def _types_of(self, row: int) -> list[str]:
        """The merchant's names first, then those found in titles."""
        named = [" ".join(split_words(name)) for name in self.products[row].types]
        return list(dict.fromkeys([*filter(None, named), *self._phrases.of[row]]))

    def _type(self, row: int, rng: random.Random) -> str | None:
        """One of the product's types; names that stay within few kinds come up more often."""
        types = self._types_of(row)
        weights = [len(name.split()) ** 0.5 / self._phrases.kinds.get(name, 1.0) for name in types]
        return rng.choices(types, weights)[0] if types else None

    def _of_type(self, row: int, rng: random.Random) -> Example | None:
        name = self._type(row, rng)
        if name is None:
            return None
        plural = rng.random() < 0.3 and not name.endswith("s")
        same = [f"k:{number}:{kind}" for number, kind in enumerate(self.kinds[row].tolist())]
        alike = tuple(frozenset(pair) for pair in pairwise(same))  # another name for the same thing
        return Example(
            f"{name}s" if plural else name,
            self.products[row].product_id,
            self._hard_negative(name, rng),
            excuses=(frozenset({f"is:{name}"}), *alike),
        )

    def _of_property(self, row: int, rng: random.Random) -> Example | None:
        name, product = self._type(row, rng), self.products[row]
        properties = [product.brand.lower(), product.brand.lower(), *self._values[row]]
        fitting = [text for text in properties if text and name and text not in name]
        if name is None or not fitting:
            return None
        text = rng.choice(fitting)
        return Example(
            f"{text} {name}" if rng.random() < 0.8 else f"{name} {text}",
            product.product_id,
            self._hard_negative(name, rng),
            excuses=(frozenset({f"is:{name}"}) | _wanted(text),),
        )

    def _of_title(self, row: int, rng: random.Random) -> Example | None:
        return self._piece(row, self.products[row].title, rng.randint(1, 4), rng)

    def _of_sentence(self, row: int, rng: random.Random) -> Example | None:
        product = self.products[row]
        text = _TAG.sub(" ", product.description)
        if len(text.split()) < 6 or text.lower() in product.title.lower():
            return None
        return self._piece(row, text, rng.randint(4, 10), rng)

    def _misspelt(self, row: int, rng: random.Random) -> Example | None:
        example = self._of_type(row, rng) if rng.random() < 0.5 else self._of_property(row, rng)
        if example is None:
            return None
        return Example(misspell(example.query, rng), example.positive, example.negative, excuses=example.excuses)

    def _of_chinese(self, row: int, rng: random.Random) -> Example | None:
        product = self.products[row]
        text = rng.choice([text for text in product.chinese if text] or [""])
        runs = [run for run in re.split(r"[\s,,。;;、()()]+", text) if run]
        if not runs:
            return None
        run = rng.choice(runs)
        return Example(run[: rng.randint(2, 12)], product.product_id, excuses=(_wanted(run),))

    def _piece(self, row: int, text: str, length: int, rng: random.Random) -> Example | None:
        """Some words in a row of a text; not those that name another thing, which this product is for."""
        words = re.split(r"[\s,;()\[\]\"]+", text.strip().lower())
        start = rng.randint(0, max(0, len(words) - length))
        words = words[start : start + length]
        piece = " ".join(words)
        if all(word in STOP_WORDS or len(word) < 2 for word in words) or row in self._phrases.others.get(piece, ()):
            return None
        return Example(piece, self.products[row].product_id, excuses=(_wanted(piece),))

    def _hard_negative(self, name: str, rng: random.Random) -> int | None:
        others = self._phrases.others.get(name)
        return self.products[rng.choice(others)].product_id if others and rng.random() < HARD_NEGATIVES else None


def misspell(query: str, rng: random.Random) -> str:
    """One random edit: a letter less, more, another, or two swapped (Damerau 1964)."""
    places = [place for place, char in enumerate(query) if char.isalpha()]
    if len(places) < 4:
        return query
    place, letter = rng.choice(places), rng.choice(string.ascii_lowercase)
    before, char, after = query[:place], query[place], query[place + 1 :]
    return rng.choice(
        [before + after, before + letter + char + after, before + letter + after, before + after[:1] + char + after[1:]]
    )


def kinds_or_none(kinds: Types, products: int) -> Types:
    """(n, p) as they are, or (n, 0) where any product has none."""
    return kinds if kinds.size and (kinds >= 0).all() else np.zeros((products, 0), dtype=np.int64)


def _wanted(text: str) -> frozenset[str]:
    return frozenset(f"w:{stem(word)}" for word in split_words(text) if word not in STOP_WORDS)


def _short_values(raw: str) -> list[str]:
    """The parts of a value that read like a property: one or two words, no numbers, not yes or no."""
    parts = (part.strip().lower() for part in raw.split(","))
    return [
        part
        for part in parts
        if 2 <= len(part) <= 20
        and len(part.split()) <= 2
        and not _NUMBER.fullmatch(part)
        and part not in {"yes", "no", "true", "false"}
    ]
