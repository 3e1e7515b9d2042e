"""What the catalogue says in both languages: names of categories and values, titles and sentences of products."""

import re
from collections.abc import Iterator

from search.alignment import Pair
from search.product_text import attribute_values
from shop.catalog.models import Category, Product

MOST_PRODUCTS = 10_000  # the popular ones; more would hardly have more words
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。!?])")


def translated_texts() -> tuple[list[Pair], Iterator[Pair]]:
    """Names, and texts that hardly are one; texts are read when they are asked for. Two SQL queries."""
    names = [
        Pair(name, (translations.get("zh") or {}).get("name") or "")
        for name, translations in Category.objects.order_by("id").values_list("name", "translations")
    ]
    rows = (
        Product.objects.filter(is_active=True, translations__has_key="zh")
        .order_by("-popularity", "id")
        .values_list("title", "description", "attributes", "translations__zh")[:MOST_PRODUCTS]
    )
    products = list(rows)
    values = {
        Pair(english, chinese)
        for _, _, attributes, translated in products
        for key, raw in (translated.get("attributes") or {}).items()
        for english, chinese in zip(attribute_values(attributes.get(key)), attribute_values(raw), strict=False)
    }
    return [*names, *sorted(values)], _texts(products)


def _texts(products: list[tuple[str, str, object, dict[str, str]]]) -> Iterator[Pair]:
    for title, description, _, translated in products:
        yield Pair(title, translated.get("title") or "")
        yield from _sentences(description, translated.get("description") or "")


def _sentences(english: str, chinese: str) -> list[Pair]:
    """One by one where both have as many, else the whole."""
    ours, theirs = (list(filter(None, _SENTENCE.split(text))) for text in (english, chinese))
    if len(ours) != len(theirs):
        return [Pair(english, chinese)]
    return [Pair(*pair) for pair in zip(ours, theirs, strict=True)]
