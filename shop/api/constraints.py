"""Constraints that a query said in words, as chips, and what is said about those that left nothing."""

from typing import Any

from django.conf import settings

from search.query import Constraint, Relaxed, Understood
from shop.api.attributes import translated_values
from shop.catalog.labels import attribute_value, money

_LABELS = {
    "en": {
        "under": "Under {}", "over": "{} and up", "between": "{} – {}", "rating": "{} stars and up",
        "stock": "In stock", "not": "Not {}",
    },
    "zh": {
        "under": "{} 以下", "over": "{} 以上", "between": "{} – {}", "rating": "{} 星及以上", "stock": "有货",
        "not": "不要{}",
    },
}  # fmt: skip
_MESSAGES = {
    "en": {
        "under": "Nothing under {}; the cheapest is {}.", "over": "Nothing from {}; the most expensive is {}.",
        "between": "Nothing for {}; the nearest price is {}.",
        "price": "Nothing at that price ({}); showing all.", "rating": "None with {} stars or more; showing all.",
        "stock": "None in stock; showing all.", "not": "Nothing without {}; showing all.",
        "value": "No {} ones; showing all.",
    },
    "zh": {
        "under": "没有 {} 以下的商品,最低价为 {}。", "over": "没有 {} 以上的商品,最高价为 {}。",
        "between": "没有 {} 的商品,最接近的价格为 {}。",
        "price": "没有该价位({})的商品,已显示全部。", "rating": "没有 {} 星及以上的商品,已显示全部。",
        "stock": "暂时都没有货,已显示全部。", "not": "没有不含“{}”的商品,已显示全部。",
        "value": "没有“{}”的商品,已显示全部。",
    },
}  # fmt: skip


def interpreted_body(understood: Understood, language: str) -> dict[str, Any]:
    """What the query was taken to mean, in the shopper's language."""
    return {
        "query": understood.text,
        "corrected_from": understood.corrected_from,
        "constraints": [_body(constraint, language) for constraint in understood.constraints],
        "relaxed": [
            {**_body(one.constraint, language), "message": _message(one, language)} for one in understood.relaxed
        ],
    }


def _body(constraint: Constraint, language: str) -> dict[str, Any]:
    return {
        "key": constraint.key,
        "text": constraint.text,
        "without": constraint.without,
        "label": constraint_label(constraint, language),
        "values": list(constraint.values) if constraint.key != "not" else [],
        "min_cents": constraint.min_cents,
        "max_cents": constraint.max_cents,
    }


def constraint_label(constraint: Constraint, language: str) -> str:
    """As short as a chip."""
    words = _LABELS[language]
    if constraint.key == "price":
        kind, amount = _range(constraint)
        return words[kind].format(*amount)
    if constraint.key == "rating":
        return words["rating"].format(*constraint.values)
    if constraint.key == "in_stock":
        return words["stock"]
    if constraint.key == "not":
        return words["not"].format(_excluded(constraint))
    return _value(constraint, language)


def _message(relaxed: Relaxed, language: str) -> str:
    constraint, words = relaxed.constraint, _MESSAGES[language]
    if constraint.key == "price":
        kind, amount = _range(constraint)
        if relaxed.nearest_cents is None:
            return words["price"].format(constraint_label(constraint, language))
        span = _LABELS[language]["between"].format(*amount) if kind == "between" else amount[0]
        return words[kind].format(span, _money(relaxed.nearest_cents))
    if constraint.key == "rating":
        return words["rating"].format(*constraint.values)
    if constraint.key == "in_stock":
        return words["stock"]
    if constraint.key == "not":
        return words["not"].format(_excluded(constraint))
    value = _value(constraint, language)
    is_name = constraint.key == "brand" or language == "zh" or any(char.isdigit() for char in value)
    return words["value"].format(value if is_name else value.lower())


def _range(constraint: Constraint) -> tuple[str, tuple[str, ...]]:
    """under, over or between, with the amounts; "under $50" is up to 49.99 inside."""
    low, high = constraint.min_cents, constraint.max_cents
    ceiling = None if high is None else high + 1 if high % 100 == 99 else high
    if ceiling is None:
        return "over", (_money(low or 0),)
    return ("between", (_money(low), _money(ceiling))) if low is not None else ("under", (_money(ceiling),))


def _money(cents: int) -> str:
    """Whole amounts without cents: a chip is small."""
    amount = money(cents, settings.STORE_CURRENCY)
    return amount.replace(".00", "") if cents % 100 == 0 else amount


def _excluded(constraint: Constraint) -> str:
    return constraint.values[0] if constraint.values else constraint.said


def _value(constraint: Constraint, language: str) -> str:
    """The simplest of the values that are meant: "Red" rather than "Red/Black"."""
    value = min(constraint.values, key=len)
    key = constraint.key.removeprefix("attr.")
    if key == constraint.key:
        return value
    known = translated_values(language).get((key, value)) if language != "en" else None
    label = known or attribute_value(key, value, language)
    return constraint.said if label.replace(".", "", 1).isdigit() else label
