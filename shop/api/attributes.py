"""Attributes as shoppers read them: on a card the few that tell products apart, on the product's page all."""

from collections.abc import Mapping
from typing import Any

import orjson
from django.db import connection

from search.models import FacetKey
from search.product_text import attribute_values
from shop.api.memory import remembered
from shop.catalog.labels import attribute_label, attribute_value

KEY_ATTRIBUTES = 4
MAX_CARD_VALUE = 32  # characters; a longer one is for the product's page
# What shoppers choose by, most telling first; other filters of the store follow.
_TELLING = (
    "storage", "ram", "internal memory", "screen", "display diagonal", "size", "capacity", "power", "battery",
    "length", "type", "material", "feature", "compatib", "pack", "color", "colour",
)  # fmt: skip
# Logistics and codes: true, but not what a product is chosen by, and no merchant would show them.
_HIDDEN = (
    "package ", "pallet", "carton", "master outer", "oem code", "harmonized", "last change", "status"
)  # fmt: skip


def attribute_rows(attributes: Mapping[str, Any], own: Mapping[str, Any], language: str) -> list[dict[str, str]]:
    """All attributes; `own` are their values in that language, where there are any."""
    rows = [_row(key, value, own, language) for key, value in attributes.items() if not key.startswith(_HIDDEN)]
    return [row for row in rows if row["value"]]


def key_attributes(attributes: Mapping[str, Any], own: Mapping[str, Any], language: str) -> list[dict[str, str]]:
    """At most KEY_ATTRIBUTES, the most telling first; each is one that shoppers can filter by."""
    order = telling_keys()
    keys = sorted((key for key in attributes if key in order), key=order.__getitem__)
    rows = []
    for key in keys:
        row = _row(key, attributes[key], own, language)
        if row["value"] and len(row["value"]) <= MAX_CARD_VALUE:
            rows.append(row)
        if len(rows) == KEY_ATTRIBUTES:
            break
    return rows


@remembered(60)
def telling_keys() -> dict[str, int]:
    """The attributes that shoppers can filter by, with their place among each other."""
    keys = [key for key in FacetKey.objects.filter(is_active=True).values_list("key", flat=True) if _is_shown(key)]
    return {key: place for place, key in enumerate(sorted(keys, key=lambda key: (_place(key), key)))}


@remembered(60)
def telling_keys_version() -> int:
    """A number that is another one when `telling_keys` gives something else."""
    return hash(tuple(telling_keys()))


@remembered(300)
def translated_values(language: str) -> dict[tuple[str, str], str]:
    """The merchants' translations of attribute values that shoppers can filter by, by (key, value)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT a.key, a.value::text, w.value::text FROM catalog_product p "
            "CROSS JOIN LATERAL jsonb_each(p.translations -> %s -> 'attributes') AS w "
            "JOIN LATERAL jsonb_each(p.attributes) AS a ON a.key = w.key "
            "JOIN search_facetkey f ON f.key = a.key AND f.is_active "
            "WHERE p.is_active AND jsonb_typeof(p.translations -> %s -> 'attributes') = 'object'",
            [language, language],
        )
        rows = cursor.fetchall()
    found = {}
    for key, raw, words in rows:
        values, names = attribute_values(orjson.loads(raw)), attribute_values(orjson.loads(words))
        if len(values) == len(names):
            found.update({(key, value): name for value, name in zip(values, names, strict=True)})
    return found


def _row(key: str, value: Any, own: Mapping[str, Any], language: str) -> dict[str, str]:
    words = [attribute_value(key, text, language) for text in attribute_values(own.get(key, value))]
    return {"key": key, "label": attribute_label(key, language), "value": ", ".join(words)}


def _is_shown(key: str) -> bool:
    dull = (
        "weight",
        "country",
        "dimensions",
        "temperature",
        "humidity",
        "certification",
        "width",
        "height",
        "depth",
    )
    return not key.startswith(_HIDDEN) and not any(word in key for word in dull)


def _place(key: str) -> int:
    return next((place for place, word in enumerate(_TELLING) if word in key), len(_TELLING))
