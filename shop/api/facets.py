"""Facets with the words that shoppers read."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from search.facets import Facet, FacetCount
from search.pipeline import SearchResults
from shop.api.attributes import translated_values
from shop.api.categories import category_names
from shop.catalog.labels import attribute_value, facet_label

_STARS = {"en": "{} stars and up", "zh": "{} 星及以上"}
_IN_STOCK = {"en": "In stock", "zh": "有货"}
_UNDER = {"en": "Under {}", "zh": "{} 以下"}
_FROM = {"en": "{} and up", "zh": "{} 以上"}


def labelled_facets(
    results: SearchResults, cards: Sequence[Mapping[str, Any]], language: str
) -> list[dict[str, Any]]:
    """The results' facets, then one for every attribute that a card of the page shows: who sees it can filter by it."""
    known = {facet.key for facet in results.facets}
    shown = Counter(row["key"] for card in cards for row in card["key_attributes"] if f"attr.{row['key']}" not in known)
    more = results.attributes.facets(key for key, _ in shown.most_common())
    return [labelled_facet(facet, language) for facet in (*results.facets, *more)]


def labelled_facet(facet: Facet, language: str) -> dict[str, Any]:
    """The facet as the API shows it."""
    return {
        "key": facet.key,
        "label": facet_label(facet.key, language),
        "kind": facet.kind,
        "values": [
            {
                "value": count.value,
                "label": _value_label(facet, count, language),
                "count": count.count,
                "selected": count.selected,
                "min_cents": count.min_cents,
                "max_cents": count.max_cents,
            }
            for count in facet.values
        ],
        "min_cents": facet.min_cents,
        "max_cents": facet.max_cents,
    }


def _value_label(facet: Facet, count: FacetCount, language: str) -> str:
    if facet.kind == "category":
        return category_names(language).get(count.value, count.value)
    if facet.kind == "rating":
        return _STARS[language].format(count.value)
    if facet.kind == "toggle":
        return _IN_STOCK[language]
    if facet.kind == "price":
        return _price_label(count.min_cents or 0, count.max_cents, language)
    return value_label(facet.key, count.value, language)


def value_label(facet_key: str, value: str, language: str) -> str:
    """Of a brand or an attribute; a brand is a name: as the merchant writes it."""
    key = facet_key.removeprefix("attr.")
    if key == facet_key:
        return value
    known = translated_values(language).get((key, value)) if language != "en" else None
    return known or attribute_value(key, value, language)


def _price_label(low_cents: int, high_cents: int | None, language: str) -> str:
    """Without a currency, for clients that do not format the cents themselves."""
    low, high = low_cents // 100, (high_cents or 0) // 100 + 1
    if high_cents is None:
        return _FROM[language].format(low)
    return f"{low}–{high}" if low else _UNDER[language].format(high)
