"""Categories that a query names: "laptop" says Laptop and Gaming Laptop, but not Laptop Bag, for the thing comes last.

Names are compared from their ends, as far as the query or the name goes: the one that shares most is said, and others
that share as much. What follows "for" or "with" is what the thing goes with ("charger for laptop" says chargers).
"""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef

from search.remembered import Remembered
from search.words import chinese_run, split_words, stem
from shop.catalog.models import Category, Product

_BEFORE_OTHERS = frozenset("for with without to that which who in on from".split())
MIN_CHINESE = 2  # characters
REFRESH_S = 60.0  # reading them looks into every category

Name = tuple[str, ...]  # stems of an English name, characters of a Chinese one


def said_categories(query: str) -> frozenset[int]:
    """Ids of the categories with products that the query names; none for most queries. No SQL query, as a rule."""
    english, chinese = _head(query), tuple(chinese_run(query))
    least = {english: 1, chinese: MIN_CHINESE}
    best, found = 0, set[int]()
    for pk, name in _names():
        for said in (english, chinese):
            shared = _shared_end(said, name)
            if shared < least[said] or shared < best or shared not in (len(said), len(name)):
                continue
            found = {pk} if shared > best else found | {pk}
            best = shared
    return frozenset(found)


def end_of_thing(words: Sequence[str]) -> int:
    """How many of the first English words say what is wanted; the others, after "for" and such, what it goes with."""
    return next((at for at, word in enumerate(words) if at and word in _BEFORE_OTHERS), len(words))


def _head(query: str) -> Name:
    """Stems of the English words up to the first that leads to something else."""
    words = split_words(query)
    return tuple(stem(word) for word in words[: end_of_thing(words)])


def _shared_end(one: Sequence[str], other: Sequence[str]) -> int:
    """How many stems or characters both end with."""
    shared = 0
    for mine, theirs in zip(reversed(one), reversed(other), strict=False):
        if mine != theirs:
            break
        shared += 1
    return shared


def _read() -> list[tuple[int, Name]]:
    sold = Exists(Product.objects.filter(category=OuterRef("pk"), is_active=True))
    rows = Category.objects.filter(sold).values_list("id", "name", "translations")
    names = []
    for pk, name, translations in rows:
        names.append((pk, tuple(stem(word) for word in split_words(name))))
        chinese = chinese_run(((translations or {}).get("zh") or {}).get("name") or "")
        if chinese:
            names.append((pk, tuple(chinese)))
    return names


_names = Remembered(_read, max_age_s=REFRESH_S)
forget = _names.forget
