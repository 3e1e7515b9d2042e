"""Filters that a shopper may drop to find more, as the API names them."""

from collections.abc import Sequence
from typing import Any

from search.dropping import Drop
from search.query import Constraint
from shop.api.categories import category_names
from shop.api.constraints import constraint_label
from shop.api.facets import value_label

_BETWEEN = {"en": ", ", "zh": "、"}


def drops_body(drops: Sequence[Drop], language: str) -> list[dict[str, Any]]:
    """In their order, in the shopper's language."""
    return [
        {"key": drop.key, "values": list(drop.values), "label": _label(drop, language), "count": drop.count}
        for drop in drops
    ]


def _label(drop: Drop, language: str) -> str:
    if drop.key == "category":
        return category_names(language).get(drop.values[0], drop.values[0])
    if drop.key in ("price", "rating", "in_stock"):
        said = Constraint(drop.key, "", "", values=drop.values, min_cents=drop.min_cents, max_cents=drop.max_cents)
        return constraint_label(said, language)
    return _BETWEEN[language].join(value_label(drop.key, value, language) for value in drop.values)
