"""Queries made of the catalogue's own words, graded by rule: what a new encoder must not have forgotten.

A fine-tuned encoder gets better at what shoppers click and may lose what it knew about the rest (catastrophic
forgetting: French 1999). So a fixed set asks for what the store has: a type ("backpack"), a brand and a type, a value
and a type ("red backpack"), or both. A product of the type has grade 1; 2 with some of the other words, 3 with all.

Where products have no type, the ends of their titles stand for types ("notebook case"). Such judgments are worth
less: a case whose title says "sleeve" counts as wrong, though no shopper would say so. They show a fall, when both
versions are judged alike, but their level says little, and what wins by them has won at matching titles.
"""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from search.words import STOP_WORDS, is_chinese, split_words, stem

SEED = 20_261_126
SHARES = (("type", 0.35), ("brand", 0.25), ("value", 0.25), ("both", 0.15))  # of the queries
TYPE_PRODUCTS = (3, 2000)  # fewer are no type, more make a file of grades
WITH_MODIFIER = 2  # products of a type that have a value or brand, at least, ...
MODIFIER_SHARE = 0.8  # ... and at most: what all have says nothing
PHRASE_PRODUCTS = (5, 200)
PHRASE_BRANDS = 2  # what only one brand has at the end of its titles is its series
_LATIN_VALUE = re.compile(r"[^\W\d_]{3,16}(?: [^\W\d_]{2,16})?")
_SAYS_NOTHING = frozenset("yes no other none universal original".split())

Modifiers = tuple[str, ...]


@dataclass(frozen=True)
class Described:
    """A product as a query can describe it in one language; `kinds` are its types, all in lower case."""

    product_id: int
    kinds: frozenset[str]
    brand: str
    values: frozenset[str]

    def has(self, modifier: str) -> bool:
        return modifier == self.brand or modifier in self.values


def forgetting_queries(products: Sequence[Described], count: int) -> dict[str, dict[int, int]]:
    """At most `count` queries with grades by product id; the same ones for the same products in the same order."""
    by_kind: dict[str, list[Described]] = defaultdict(list)
    for product in products:
        for kind in sorted(product.kinds):
            by_kind[kind].append(product)
    least, most = TYPE_PRODUCTS
    usual = {kind: found for kind, found in by_kind.items() if kind and least <= len(found) <= most}
    rng, queries, aim = random.Random(SEED), dict[str, dict[int, int]](), 0.0
    for form, share in SHARES:
        aim += share * count  # what one form has too few of, the next ones make up for
        choices = {kind: _modifiers(form, kind, found) for kind, found in usual.items()}
        for kind, modifiers in _taking_turns(choices, rng):
            if len(queries) >= round(aim):
                break
            queries.setdefault(query_of(modifiers, kind), _grades(usual[kind], modifiers))
    return queries


def query_of(modifiers: Modifiers, kind: str) -> str:
    """As a shopper types it: Chinese words follow each other without a space."""
    text = kind
    for word in reversed(modifiers):
        text = f"{word}{text}" if is_chinese(word) and is_chinese(text[:1]) else f"{word} {text}"
    return text


def useful_values(values: Iterable[str]) -> frozenset[str]:
    """Those that are words a shopper may say: one or two, no numbers, not "yes"."""
    found = {value.lower() for value in values}
    return frozenset(
        value
        for value in found - _SAYS_NOTHING
        if (len(value) <= 6 if is_chinese(value) else _LATIN_VALUE.fullmatch(value))
    )


def title_phrases(titles: Mapping[int, tuple[str, str]]) -> dict[int, frozenset[str]]:
    """The types that titles end with, by product id, from (title, brand): two words held by some products of brands."""
    words = {product_id: split_words(title) for product_id, (title, _) in titles.items()}
    brands = {word for _, brand in titles.values() for word in split_words(brand)}
    holders: dict[str, list[int]] = defaultdict(list)
    for product_id, (title, _) in titles.items():
        for phrase in set(_ends(title, brands)):
            holders[phrase].append(product_id)
    least, most = PHRASE_PRODUCTS
    shared = {p for p, ids in holders.items() if len({titles[pk][1] for pk in ids}) >= PHRASE_BRANDS}
    held = {pk: {p for p in _phrases(found) if p in shared} for pk, found in words.items()}
    counts = Counter(phrase for phrases in held.values() for phrase in phrases)
    return {pk: frozenset(p for p in found if least <= counts[p] <= most) for pk, found in held.items()}


def _ends(title: str, brands: set[str]) -> Iterator[str]:
    """The last two words of each run of the title that has no figures or punctuation in it."""
    for run in re.split(r"[^\w\s]|\b\w*\d\w*\b", title):
        found = split_words(run)[-2:]
        if len(found) == 2 and all(_may_name_a_type(word, brands) for word in found):
            yield " ".join(found)


def _may_name_a_type(word: str, brands: set[str]) -> bool:
    return len(word) > 2 and word.isalpha() and word not in STOP_WORDS and word not in brands


def _phrases(words: Sequence[str]) -> set[str]:
    return {f"{first} {second}" for first, second in pairwise(words)}


def _modifiers(form: str, kind: str, products: Sequence[Described]) -> list[Modifiers]:
    """What may stand before the type in this form of query, sorted."""
    if form == "type":
        return [()]
    said = {stem(word) for word in split_words(kind)}
    brands = _telling((product.brand for product in products), said, len(products))
    values = _telling((value for product in products for value in sorted(product.values)), said, len(products))
    if form == "both":
        have = Counter((value, p.brand) for p in products for value in sorted(p.values) if value in values)
        return sorted(pair for pair, count in have.items() if pair[1] in brands and count >= WITH_MODIFIER)
    return [(word,) for word in sorted(brands if form == "brand" else values)]


def _telling(words: Iterable[str], said: set[str], products: int) -> set[str]:
    """Those that some of the products have, but not nearly all, and that the type's name does not say already."""
    return {
        word
        for word, count in Counter(words).items()
        if word
        and WITH_MODIFIER <= count <= MODIFIER_SHARE * products
        and not said & {stem(part) for part in split_words(word)}
    }


def _taking_turns(choices: Mapping[str, list[Modifiers]], rng: random.Random) -> Iterator[tuple[str, Modifiers]]:
    """(type, modifiers) in a random order in which each type comes once before one comes twice."""
    left = {kind: rng.sample(found, len(found)) for kind, found in choices.items()}
    while left:
        for kind in rng.sample(sorted(left), len(left)):
            if left[kind]:
                yield kind, left[kind].pop()
        left = {kind: found for kind, found in left.items() if found}


def _grades(products: Sequence[Described], modifiers: Modifiers) -> dict[int, int]:
    found = {}
    for product in products:
        held = sum(map(product.has, modifiers))
        found[product.product_id] = 3 if held == len(modifiers) else 2 if held else 1
    return found
