"""Products side by side: a row for every fact, those that differ first, the best marked where that is clear."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from search.product_text import attribute_values
from shop.api.attributes import attribute_rows
from shop.api.cards import product_cards
from shop.catalog.labels import facet_label
from shop.catalog.models import Product

# Of these more is better whatever one buys. Of weight, size or power it depends: a heavy dumbbell is no bad one.
_MORE_IS_BETTER = ("ram", "internal memory", "storage", "battery", "capacity_mah", "brightness_lm", "warranty")
_YES_IS_BETTER = ("waterproof", "noise_cancelling", "rechargeable")
_MEASURE = re.compile(r"(\d+(?:\.\d+)?)\s*([A-Za-z]*)")
_IN_GB = {"MB": 0.001, "GB": 1.0, "TB": 1000.0}


def comparison(product_ids: Sequence[int], language: str) -> dict[str, Any]:
    """Cards of the products that are for sale, in that order, and the rows of facts; two SQL queries."""
    cards = product_cards(product_ids, language)
    ids = [card["id"] for card in cards]
    products = Product.objects.only("attributes", "translations").in_bulk(ids)
    rows = [*_offer_rows(cards, language), *_attribute_rows([products[pk] for pk in ids], language)]
    return {"products": cards, "rows": sorted(rows, key=lambda row: not row["differs"])}


def _offer_rows(cards: Sequence[Mapping[str, Any]], language: str) -> list[dict[str, Any]]:
    prices = [card["price_cents"] if card["sale_price_cents"] is None else card["sale_price_cents"] for card in cards]
    ratings = [card["rating_average"] if card["rating_count"] else None for card in cards]
    stars = ["" if rating is None else f"{rating:.1f}" for rating in ratings]
    availability = [card["stock_status"] for card in cards]
    return [
        _row("price", [str(cents) for cents in prices], language, best=_best(prices, min)),
        _row("rating", stars, language, best=_best(ratings, max)),
        _row("in_stock", availability, language, best=[]),
        _row("brand", [card["brand"] for card in cards], language, best=[]),
    ]


def _attribute_rows(products: Sequence[Product], language: str) -> list[dict[str, Any]]:
    """A row for every attribute that one of them has, in the order of the first product that has it."""
    told = [_facts(product, language) for product in products]
    keys = dict.fromkeys(key for facts in told for key in facts)
    return [
        _row(
            f"attr.{key}",
            [facts.get(key, "") for facts in told],
            language,
            best=_best([_measured(key, one.attributes.get(key)) for one in products], max),
        )
        for key in keys
    ]


def _facts(product: Product, language: str) -> dict[str, str]:
    own = (product.translations.get(language) or {}).get("attributes") or {}
    return {row["key"]: row["value"] for row in attribute_rows(product.attributes, own, language)}


def _row(key: str, values: Sequence[str], language: str, *, best: list[int]) -> dict[str, Any]:
    return {
        "key": key,
        "label": facet_label(key, language),
        "values": list(values),
        "differs": len(set(values)) > 1,
        "best": best,
    }


def _best(measures: Sequence[float | None], choose: Callable[..., float]) -> list[int]:
    """The places of the best ones; none where one cannot be told, or all are as good."""
    known = [measure for measure in measures if measure is not None]
    if len(known) < len(measures) or len(set(known)) < 2:
        return []
    top = choose(known)
    return [place for place, measure in enumerate(measures) if measure == top]


def _measured(key: str, value: Any) -> float | None:
    """How much of it there is, for attributes of which more is better; memory in GB whatever its unit."""
    texts = attribute_values(value)
    if key.startswith(_YES_IS_BETTER):
        return {"yes": 1.0, "no": 0.0}.get(texts[0].lower()) if texts else 0.0
    found = _MEASURE.fullmatch(texts[0]) if key.startswith(_MORE_IS_BETTER) and len(texts) == 1 else None
    return float(found[1]) * _IN_GB.get(found[2].upper(), 1.0) if found else None
