"""What to suggest while a shopper types: queries others searched for, departments and types, brands, and products.

Names and queries are few, so a process keeps them and reads them again every REFRESH_S; products come from the
BM25 index by the prefix of the last word, most popular first. Queries are suggested only when at least MIN_CLIENTS
people used them: what one person typed is nobody else's business.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connection
from django.db.models import Count, F
from django.utils import timezone

from search.models import SearchQuery
from search.words import chinese_terms, is_chinese, normalise, split_words, stem, terms
from shop.catalog.models import Category, Product

REFRESH_S = 60.0
MIN_CLIENTS = 5
WINDOW = timedelta(days=90)
MAX_SEARCHES = 100_000  # the latest ones, so that reading them stays cheap however busy the store is
MAX_QUERIES = 2000
MAX_REMEMBERED = 5000  # answers; short prefixes repeat all the time
MOST = 8
MOST_QUERIES, MOST_CATEGORIES, MOST_TYPES, MOST_BRANDS = 3, 3, 2, 2
MOST_NAMES = 5  # of all kinds together, so that products have room
MAX_PREFIX_TERMS = 200  # words that begin like the last one


@dataclass(frozen=True)
class Suggestion:
    """`kind`: query, category, type, brand or product; `slug` and `product_id` for the kinds that have them."""

    kind: str
    text: str
    slug: str | None = None
    product_id: int | None = None


@dataclass(frozen=True)
class _Name:
    """A name with what a shopper may type for it, folded."""

    suggestion: Suggestion
    folded: tuple[str, ...]

    def begins(self, wanted: str) -> bool:
        """Whether the name, or any word of it, begins like that; Chinese has no words, so anywhere will do."""
        return any(
            text.startswith(wanted) or f" {wanted}" in text or (is_chinese(wanted) and wanted in text)
            for text in self.folded
        )


@dataclass(frozen=True)
class _Names:
    """Each list has the ones to offer first at its start; categories by language."""

    queries: list[_Name]
    categories: dict[str, list[_Name]]
    types: list[_Name]
    brands: list[_Name]
    read_at: float = field(default_factory=time.monotonic)
    answers: dict[tuple[str, str], list[Suggestion]] = field(default_factory=dict)


_cached: _Names | None = None


def suggest(text: str, *, language: str = "en") -> list[Suggestion]:
    """At most MOST suggestions; popular queries and departments for an empty text. One SQL query, or none."""
    names = _names()
    wanted = " ".join(normalise(text).split())
    known = names.answers.get((wanted, language))
    if known is not None:
        return known
    answer = _suggest(names, wanted, language) if wanted else _popular(names, language)
    if len(names.answers) < MAX_REMEMBERED:
        names.answers[wanted, language] = answer
    return answer


def forget() -> None:
    """Reads names and queries anew at the next call: for tests."""
    global _cached
    _cached = None


def _popular(names: _Names, language: str) -> list[Suggestion]:
    """Whole queries first, then departments, which come first among the categories."""
    return [name.suggestion for name in (*names.queries[:MOST], *_categories(names, language))][:MOST]


def _suggest(names: _Names, wanted: str, language: str) -> list[Suggestion]:
    kinds = (
        (names.queries, MOST_QUERIES),
        (_categories(names, language), MOST_CATEGORIES),
        (names.types, MOST_TYPES),
        (names.brands, MOST_BRANDS),
    )
    named = [
        name.suggestion
        for candidates, most in kinds
        for name in [name for name in candidates if name.begins(wanted)][:most]
    ][:MOST_NAMES]
    return named + _products(wanted, language, MOST - len(named))


def _categories(names: _Names, language: str) -> list[_Name]:
    return names.categories.get(language) or names.categories["en"]


def _products(text: str, language: str, most: int) -> list[Suggestion]:
    """Products with all the words, the last one as a prefix; Chinese by all pairs of characters."""
    words = [word for word in split_words(text) if not is_chinese(word)]
    prefix = words[-1] if words else ""
    others = sorted({*terms(" ".join(words[:-1])), *chinese_terms(text)})
    if not prefix and not others:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH last AS (SELECT array_agg(id) AS ids FROM (SELECT id FROM search_lexicalterm "
            "WHERE %(prefix)s <> '' AND (term LIKE %(like)s OR term = %(stem)s) AND document_frequency > 0 "
            "ORDER BY document_frequency DESC LIMIT %(terms)s) AS t), "
            "others AS (SELECT coalesce(array_agg(id), '{}') AS ids FROM search_lexicalterm "
            "WHERE term = ANY(%(others)s)) "
            "SELECT p.id, coalesce(p.translations -> %(language)s ->> 'title', p.title) FROM catalog_product p "
            "JOIN search_lexicaldocument d ON d.product_id = p.id WHERE p.is_active "
            "AND (%(prefix)s = '' OR d.term_ids && (SELECT ids FROM last)) "
            "AND d.term_ids @> (SELECT ids FROM others) "
            "AND (SELECT cardinality(ids) FROM others) = cardinality(%(others)s::text[]) "
            "ORDER BY (p.stock > 0) DESC, (p.title ILIKE %(title)s) DESC, p.popularity DESC, p.id "
            "LIMIT %(most)s",
            {
                "prefix": prefix,
                "like": f"{_escaped(prefix)}%",
                "stem": stem(prefix),
                "title": f"%{_escaped(prefix)}%",
                "terms": MAX_PREFIX_TERMS,
                "others": others,
                "language": language,
                "most": most,
            },
        )
        return [Suggestion("product", title, product_id=pk) for pk, title in cursor.fetchall()]


def _escaped(text: str) -> str:
    """For LIKE."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _names() -> _Names:
    global _cached
    if _cached is None or time.monotonic() - _cached.read_at > REFRESH_S:
        categories = _read_categories()
        _cached = _Names(
            queries=_named("query", _read_queries()),
            categories=categories,
            types=_named("type", _read_types({text for name in categories["en"] for text in name.folded})),
            brands=_named("brand", _most_products("brand")),
        )
    return _cached


def _named(kind: str, texts: Iterable[str]) -> list[_Name]:
    return [_Name(Suggestion(kind, text), (normalise(text),)) for text in texts]


def _read_queries() -> list[str]:
    """What at least MIN_CLIENTS clients searched for lately and found, most used first."""
    latest = (
        SearchQuery.objects.filter(created_at__gte=timezone.now() - WINDOW, total__gt=0, first_position=1)
        .exclude(query="")
        .order_by("-created_at")
        .values("pk")[:MAX_SEARCHES]
    )
    rows = (
        SearchQuery.objects.filter(pk__in=latest)
        .values_list("query")
        .annotate(clients=Count("client_id", distinct=True))
        .filter(clients__gte=MIN_CLIENTS)
        .order_by("-clients", "query")[:MAX_QUERIES]
    )
    return list(dict.fromkeys(query.lower() for query, _ in rows))


def _read_categories() -> dict[str, list[_Name]]:
    """Departments, then what is below them; found by their names in both languages."""
    rows = Category.objects.order_by(F("parent").asc(nulls_first=True), "position", "name")
    found: dict[str, list[_Name]] = {"en": [], "zh": []}
    for name, translations, slug in rows.values_list("name", "translations", "slug"):
        chinese = (translations.get("zh") or {}).get("name") or ""
        folded = tuple(normalise(text) for text in (name, chinese) if text)
        found["en"].append(_Name(Suggestion("category", name, slug=slug), folded))
        found["zh"].append(_Name(Suggestion("category", chinese or name, slug=slug), folded))
    return found


def _read_types(category_names: set[str]) -> list[str]:
    """Product types ("Shoes > Boots": the last part) that are not categories as well."""
    types = dict.fromkeys(path.rsplit(">", 1)[-1].strip() for path in _most_products("product_type"))
    return [name for name in types if name and normalise(name) not in category_names]


def _most_products(column: str) -> list[str]:
    """The values of a text column of active products, most products first."""
    rows = Product.objects.filter(is_active=True).exclude(**{column: ""}).values_list(column)
    return [value for value, _ in rows.annotate(products=Count("id")).order_by("-products", column)]
