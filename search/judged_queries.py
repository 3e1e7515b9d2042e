"""Queries with graded products that the store keeps: what people judged, and the forgetting set.

Grades are by product id, so they survive a new SKU; what is deleted or not for sale any more is left out when they are
read, because no version could find it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from search.datasets import Grades, Judgments, read_judgments
from search.forgetting_set import Described, forgetting_queries, title_phrases, useful_values
from search.learning_models import JudgedQuery
from search.product_text import attribute_values
from search.words import is_chinese
from shop.catalog.models import Product

FORGETTING_QUERIES = 200
CHINESE_SHARE = 0.3  # of them, where products have Chinese names
LEAST_QUERIES = 20  # a set of fewer is not kept: it would be fixed before the store has its catalogue


@dataclass(frozen=True)
class GradedQuery:
    """A query and its relevant products: grades above 0 and up to 3 by product id, whole ones where people judged.

    Any other product counts as 0; where only what was `shown` is known, others are taken out of a ranking instead.
    """

    query: str
    language: str
    grades: Mapping[int, float]
    shown: frozenset[int] | None = None


@dataclass(frozen=True)
class InStore:
    """Judgments as far as this store has the products; `unknown` rows are of a SKU that it does not have."""

    grades: Mapping[str, Mapping[int, int]]  # by query
    unknown: int


def import_judgments(path: Path, *, human_only: bool = False) -> InStore:
    """Stores a file's judgments in the place of those of the same queries. Raises DatasetInvalid.

    `human_only` leaves out what a rule graded. A query of which the store has no product is not stored.
    """
    found = in_store(read_judgments(path), human_only=human_only)
    rows = [_row(JudgedQuery.Source.HUMAN, query, grades) for query, grades in found.grades.items()]
    with transaction.atomic():
        JudgedQuery.objects.filter(source=JudgedQuery.Source.HUMAN, query__in=found.grades).delete()
        JudgedQuery.objects.bulk_create(rows)
    return found


def in_store(judgments: Judgments, *, human_only: bool = False) -> InStore:
    """A file's judgments with its product ids, which are SKUs, as this store's. One SQL query."""
    given: Mapping[str, Grades] = judgments.human if human_only else judgments.completed
    skus = {sku for grades in given.values() for sku in grades}
    ids = dict(Product.objects.filter(sku__in=skus).values_list("sku", "id"))
    known = {
        query: {ids[sku]: grade for sku, grade in grades.items() if sku in ids} for query, grades in given.items()
    }
    unknown = sum(sku not in ids for grades in given.values() for sku in grades)
    return InStore({query: grades for query, grades in known.items() if grades}, unknown)


def ensure_forgetting_set() -> int:
    """Makes the forgetting set if there is none, and never changes it; returns how many queries it has.

    One that is fixed stays comparable for years. It is made when the store has products enough for LEAST_QUERIES.
    """
    stored = JudgedQuery.objects.filter(source=JudgedQuery.Source.FORGETTING)
    if count := stored.count():
        return count
    english, chinese = _described()
    share = CHINESE_SHARE if any(product.kinds for product in chinese) else 0.0
    made = forgetting_queries(english, round(FORGETTING_QUERIES * (1 - share)))
    made |= forgetting_queries(chinese, round(FORGETTING_QUERIES * share))
    if len(made) >= LEAST_QUERIES:
        rows = [_row(JudgedQuery.Source.FORGETTING, query, grades) for query, grades in made.items()]
        JudgedQuery.objects.bulk_create(rows, ignore_conflicts=True)  # two workers make the same ones
    return stored.count()


def graded_queries(source: str) -> list[GradedQuery]:
    """What is stored from that source, by id. Two SQL queries."""
    rows = JudgedQuery.objects.filter(source=source).order_by("id").values_list("query", "grades")
    return for_sale({query: {int(pk): grade for pk, grade in grades.items()} for query, grades in rows})


def for_sale(grades: Mapping[str, Mapping[int, float]]) -> list[GradedQuery]:
    """The queries with what is relevant and for sale; those that have nothing left are left out. One SQL query."""
    asked = {product_id for found in grades.values() for product_id in found}
    sold = set(Product.objects.filter(pk__in=asked, is_active=True).values_list("id", flat=True))
    queries = [
        GradedQuery(query, language_of(query), {pk: g for pk, g in found.items() if g > 0 and pk in sold})
        for query, found in grades.items()
    ]
    return [query for query in queries if query.grades]


def language_of(query: str) -> str:
    """By its characters: the store's language says what its buttons are called, not what somebody typed."""
    return "zh" if is_chinese(query) else "en"


def _row(source: str, query: str, grades: Mapping[int, int]) -> JudgedQuery:
    by_id = {str(pk): grade for pk, grade in grades.items()}
    return JudgedQuery(source=source, query=query, language=language_of(query), grades=by_id)


def _described() -> tuple[list[Described], list[Described]]:
    """Every product for sale, by id, in English and, where it is translated, in Chinese."""
    fields = ("id", "title", "brand", "product_type", "attributes", "translations", "category__name")
    columns = (*fields, "category__translations")
    rows = list(Product.objects.filter(is_active=True).order_by("id").values(*columns).iterator(chunk_size=2000))
    phrases: Mapping[int, frozenset[str]] = {}
    if not any(row["product_type"] or row["category__name"] for row in rows):
        phrases = title_phrases({row["id"]: (row["title"], row["brand"].lower()) for row in rows})
    english = [_in_english(row, phrases.get(row["id"], frozenset())) for row in rows]
    return english, [_in_chinese(row) for row in rows if (row["translations"] or {}).get("zh")]


def _in_english(row: Mapping[str, Any], phrases: frozenset[str]) -> Described:
    kind = (row["product_type"] or row["category__name"] or "").rpartition(">")[2].strip().lower()
    values = useful_values(_values(row["attributes"].values()))
    return Described(row["id"], frozenset({kind}) if kind else phrases, row["brand"].lower(), values)


def _in_chinese(row: Mapping[str, Any]) -> Described:
    kind = ((row["category__translations"] or {}).get("zh") or {}).get("name", "").strip().lower()
    translated = row["translations"]["zh"].get("attributes") or {}
    values = useful_values(_values(translated.values()))
    return Described(row["id"], frozenset({kind} if kind else ()), row["brand"].lower(), values)


def _values(raw: Iterable[Any]) -> Sequence[str]:
    return [text for value in raw for text in attribute_values(value)]
