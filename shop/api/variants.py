"""Variants of one product: how a hit says that there are more, and what a product's page offers to choose from."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson

from search.product_text import attribute_values
from shop.api.attributes import attribute_rows, telling_keys, telling_keys_version
from shop.api.cards import CardText
from shop.catalog.labels import attribute_label, counted_label

MOST_AXES = 3  # a page with more choices is a form
ON_A_HIT = 2
_OF_A_CARD = ("id", "title", "price_cents", "sale_price_cents", "currency", "stock_status", "stock_left")


def variants_of_hit(raw: str | None, language: str) -> dict[str, Any] | None:
    """How many further variants there are and what they differ in; None where a product has none.

    `raw` are the attributes of all variants as a JSON array, the product's own included.
    """
    return _said(raw, language, telling_keys_version()) if raw else None


@lru_cache(maxsize=2048)  # popular products are in many lists; a change of an attribute is another text
def _said(raw: str, language: str, version: int) -> dict[str, Any] | None:
    """`version` is that of the keys that tell most."""
    variants = orjson.loads(raw)
    if len(variants) < 2:
        return None
    axes = differing(variants)
    return {
        "count": len(variants) - 1,
        "axes": [
            {
                "key": key,
                "label": attribute_label(key, language),
                "count": len(values),
                "text": counted_label(key, len(values), language),
            }
            for key, values in list(axes.items())[:ON_A_HIT]
        ],
    }


def differing(variants: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """The attributes in which the variants differ and their values, in the order of the variants; the most telling
    attribute first. Those that shoppers can filter by, or any where none of those differs."""
    keys = dict.fromkeys(key for attributes in variants for key in attributes)
    values = {key: list(dict.fromkeys(_value(attributes, key) for attributes in variants)) for key in keys}
    axes = {key: [value for value in found if value] for key, found in values.items() if len(found) > 1}
    order = telling_keys()
    telling = sorted((key for key in axes if key in order), key=order.__getitem__)
    return {key: axes[key] for key in (telling or list(axes))[:MOST_AXES]}


def variants_of_page(
    product_id: int, cards: Mapping[int, tuple[dict[str, Any], CardText]], language: str
) -> dict[str, Any] | None:
    """All variants with what they differ in, and the values that there are to choose from; None where there is but one.

    `cards` are of all variants, the product's own included, in the order in which they are offered.
    """
    if len(cards) < 2:
        return None
    texts = {pk: text for pk, (_, text) in cards.items()}
    axes = differing([text.attributes for text in texts.values()])
    rows = {
        pk: attribute_rows(
            {key: text.attributes[key] for key in axes if key in text.attributes},
            text.own,
            language,
        )
        for pk, text in texts.items()
    }
    return {
        "axes": [
            {
                "key": key,
                "label": attribute_label(key, language),
                "values": list(
                    dict.fromkeys(row["value"] for own in rows.values() for row in own if row["key"] == key)
                ),
            }
            for key in axes
        ],
        "products": [
            {
                **{name: card[name] for name in _OF_A_CARD},
                "image": card["images"][0] if card["images"] else None,
                "attributes": rows[pk],
                "is_shown": pk == product_id,
            }
            for pk, (card, _) in cards.items()
        ],
    }


def _value(attributes: Mapping[str, Any], key: str) -> str:
    """As one text; empty where it has none."""
    return ", ".join(attribute_values(attributes[key])) if key in attributes else ""
