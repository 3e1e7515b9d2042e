"""Needs made from the catalogue itself, for a store that nobody has judged: what its products are called, asked for.

A query names a product type, mostly with something that narrows it: a brand, an attribute's value, a word of a title;
short as most people type, or as a sentence. Grades come from a rule: the right type with everything that was named is
3, with some of it 2, the right type alone 1. Chinese queries come from translated categories and attributes.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, TypeVar

import numpy as np

from search.measures import facet_measure
from search.product_text import attribute_values
from search.shopper_needs import ZIPF, Need, NoNeeds, with_popularity
from search.words import STOP_WORDS, split_words, stem
from shop.catalog.models import Product

CHINESE_SHARE = 0.2  # of the needs that have a Chinese wording
TRIES = 50  # a need: most drawings of a small catalogue were drawn before
MAX_VALUE_WORDS = 3  # longer values are specifications, which nobody types
MIN_VALUE, MIN_TITLE_WORD = 2, 3  # characters
FORMS: Mapping[str, tuple[tuple[str, ...], ...]] = {  # each form is as frequent as the others
    "en": (
        ("{type}",),
        ("{brand} {type}",),
        ("{value} {type}",),
        ("{type} {title}",),
        (
            "i am looking for {value} {type}",
            "do you have {type} by {brand}",
            "which {type} is {value}",
            "{value} {type} from {brand}",
        ),
    ),
    "zh": (
        ("{type}",),
        ("{brand} {type}",),
        ("{value}{type}",),
        ("{title} {type}",),
        ("我想买{value}的{type}", "有没有{brand}的{type}", "请推荐{brand}{value}{type}"),
    ),
}
SLOTS = ("brand", "value", "title")  # what a form may name beside the type
_LEADING_AWAY = ("for", "with")  # "stand for laptops" is a stand
_FIELDS = (
    "id", "brand", "title", "product_type", "attributes", "translations", "category__name", "category__translations",
)  # fmt: skip

Fact = tuple[str, str]  # slot and English words: what a query may name, and a product may have
Name = tuple[str, ...]  # the words of an English type, the characters of a Chinese one
Choice = TypeVar("Choice")


@dataclass(frozen=True)
class _Item:
    """A product: its types by language, everything it has, and how a query names what is worth naming, by language."""

    product_id: int
    types: Mapping[str, tuple[str, ...]]
    facts: frozenset[Fact]
    words: Mapping[str, Mapping[Fact, str]]

    def named(self, slot: str, language: str) -> list[Fact]:
        return [fact for fact in self.words[language] if fact[0] == slot]


@dataclass
class _Catalogue:
    """The products, and by language those of each exact type."""

    items: list[_Item]
    by_type: dict[str, dict[str, list[_Item]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))

    def __post_init__(self) -> None:
        for item in self.items:
            for language, names in item.types.items():
                for name in names:
                    self.by_type[language][name].append(item)

    def of_type(self, wanted: str, language: str) -> dict[int, _Item]:
        """Products whose type is that, or a kind of it: a gaming laptop is a laptop, a laptop bag is none."""
        ending = _name(wanted, language)
        return {
            item.product_id: item
            for name, items in self.by_type[language].items()
            if _name(name, language)[-len(ending) :] == ending
            for item in items
        }


def product_ids_by_sku() -> dict[str, int]:
    """Every product's id, for judgments that name SKUs. One SQL query."""
    return dict(Product.objects.values_list("sku", "id"))


def needs_from_catalogue(limit: int = 200, *, seed: int = 0, exponent: float = ZIPF) -> list[Need]:
    """Up to `limit` distinct needs, fewer where the catalogue has no more to name. One SQL query.

    Raises NoNeeds without active products, or when none of them has a product type or a category.
    """
    rng = np.random.default_rng(seed)
    items = _read_items()
    found: dict[str, Need] = {}
    catalogue = _Catalogue(items)
    for _ in range(TRIES * limit):
        if len(found) == limit:
            break
        need = _draw(catalogue, _pick(items, rng), rng)
        if need is not None:
            found.setdefault(need.query, need)
    return with_popularity(list(found.values()), seed=seed, exponent=exponent)


def grade(named: int, had: int) -> int:
    """Of a product of the right type that has `had` of the `named` things: 3 for all, 2 for some, 1 for none."""
    if had == named:
        return 3
    return 2 if had else 1


def _draw(catalogue: _Catalogue, item: _Item, rng: np.random.Generator) -> Need | None:
    """A need that this product satisfies; None when the form that was drawn names what it has not."""
    language = "zh" if item.types.get("zh") and rng.random() < CHINESE_SHARE else "en"
    if not item.types.get(language):
        return None
    form, wanted = _pick(_pick(FORMS[language], rng), rng), _pick(item.types[language], rng)
    named = _named(item, [slot for slot in SLOTS if f"{{{slot}}}" in form], language, rng)
    if named is None:
        return None
    words = {fact[0]: item.words[language][fact] for fact in named}
    grades = {
        product_id: grade(len(named), sum(fact in other.facts for fact in named))
        for product_id, other in catalogue.of_type(wanted, language).items()
    }
    return Need(form.format(type=wanted, **words), grades, language)


def _named(item: _Item, slots: Sequence[str], language: str, rng: np.random.Generator) -> list[Fact] | None:
    """A fact for each slot; None when the product has none for one of them."""
    choices = [item.named(slot, language) for slot in slots]
    return [_pick(facts, rng) for facts in choices] if all(choices) else None


def _pick(choices: Sequence[Choice], rng: np.random.Generator) -> Choice:
    return choices[int(rng.integers(len(choices)))]


def _read_items() -> list[_Item]:
    rows = list(Product.objects.filter(is_active=True).order_by("id").values(*_FIELDS))
    if not rows:
        raise NoNeeds("The catalogue has no active products.")
    items = [item for item in map(_item, rows) if item.types["en"]]
    if not items:
        raise NoNeeds("No product has a product type or a category, so there is no telling what shoppers may want.")
    return items


def _item(row: Mapping[str, Any]) -> _Item:
    types = _types(row)
    values = _values(row)
    named = [*values, *([("brand", row["brand"].lower())] if row["brand"] else [])]
    title = [("title", word) for word in dict.fromkeys(split_words(row["title"]))]
    told = set(split_words(" ".join([*types["en"], *(words for _, words in named)])))
    english = {fact: fact[1] for fact in named if not _is_within(fact[1], types["en"])}
    english |= {fact: fact[1] for fact in title if _is_telling(fact[1]) and fact[1] not in told}
    chinese = {fact: values.get(fact, fact[1]) for fact in english if values.get(fact, fact[1])}
    return _Item(row["id"], types, frozenset([*named, *title]), {"en": english, "zh": chinese})


def _types(row: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """As shoppers write them: of a path as in Google's feeds, the last name."""
    names = (row["product_type"].rpartition(">")[2], row["category__name"] or "")
    chinese = ((row["category__translations"] or {}).get("zh") or {}).get("name") or ""
    return {
        "en": tuple(dict.fromkeys(name.strip().lower() for name in names if name.strip())),
        "zh": (chinese.strip(),) if chinese.strip() else (),
    }


def _english(key: str, value: str) -> str:
    """An attribute as a shopper types it: "red", "waterproof", "16 gb"; empty where nobody would."""
    if value == "yes":
        return key.replace("_", " ").lower()
    if value == "no" or len(value.split()) > MAX_VALUE_WORDS:
        return ""
    if any(char.isalpha() for char in value):
        return value.lower() if len(value) >= MIN_VALUE else ""
    unit = key.rpartition("_")[2]
    return f"{value} {unit}" if unit != key and facet_measure(key, value) else ""


def _values(row: Mapping[str, Any]) -> dict[Fact, str]:
    """The attributes that can be named, with their Chinese, which is empty where they are not translated."""
    translated = ((row["translations"] or {}).get("zh") or {}).get("attributes") or {}
    values: dict[Fact, str] = {}
    for key, raw in row["attributes"].items():
        chinese = attribute_values(translated.get(key))
        for value, said in zip_longest(attribute_values(raw), chinese, fillvalue=""):
            words = _english(key, value)
            if words:
                values["value", words] = said
    return values


def _is_telling(word: str) -> bool:
    """Whether a word of a title may be typed: a model's name or number."""
    is_short = len(word) < MIN_TITLE_WORD or word in STOP_WORDS
    return word.isascii() and not (is_short or word.isdigit())


def _is_within(said: str, types: Iterable[str]) -> bool:
    """Whether the words are in the type already: "electric electric kettle"."""
    return any(set(split_words(said)) <= set(split_words(name)) for name in types)


def _name(name: str, language: str) -> Name:
    if language == "zh":
        return tuple(name)
    words = split_words(name)
    end = next((at for at, word in enumerate(words) if at and word in _LEADING_AWAY), len(words))
    return tuple(stem(word) for word in words[:end])
