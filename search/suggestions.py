"""What to suggest while a shopper types: queries others searched for, departments, brands, and products.

Names and queries are few, so a process keeps them and reads them again every REFRESH_S; products come from the BM25
index by the prefix of the last word, most popular first. Queries are suggested only when at least MIN_CLIENTS people
used them: what one person typed is nobody else's business.
"""

import time
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import Count, F
from django.utils import timezone

from search.models import SearchQuery
from search.words import chinese_terms, normalise, split_words, stem
from shop.catalog.models import Category, Product

REFRESH_S = 60.0
MIN_CLIENTS = 5
WINDOW = timedelta(days=90)
MAX_QUERIES = 2000
MOST = 8
MAX_PREFIX_TERMS = 200  # words that begin like the last one


@dataclass(frozen=True)
class Suggestion:
    """`kind`: query, category, brand or product; `slug` and `product_id` for the kinds that have them."""

    kind: str
    text: str
    slug: str | None = None
    product_id: int | None = None


@dataclass(frozen=True)
class _Names:
    queries: list[str]  # most used first
    categories: list[tuple[str, str, str]]  # name, Chinese name, slug
    brands: list[str]  # most products first


_cached: tuple[float, _Names] | None = None


def suggest(text: str, *, language: str = "en") -> list[Suggestion]:
    """At most MOST suggestions; popular queries and departments for an empty text."""
    names = _names()
    wanted = normalise(text).strip()
    if not wanted:
        found = [Suggestion("query", query) for query in names.queries[:MOST]]
        return (found + _categories(names, "", language))[:MOST]
    queries = [Suggestion("query", query) for query in names.queries if _begins(query, wanted)][:3]
    brands = [Suggestion("brand", brand) for brand in names.brands if normalise(brand).startswith(wanted)][:2]
    named = _categories(names, wanted, language)[:3] + brands
    head = (queries + named)[:5]
    return head + _products(text, language, MOST - len(head))


def forget() -> None:
    """Reads names and queries anew at the next call: for tests."""
    global _cached
    _cached = None


def _begins(text: str, wanted: str) -> bool:
    """Whether any word of the text, or the text itself, begins with it."""
    folded = normalise(text)
    return folded.startswith(wanted) or f" {wanted}" in folded


def _categories(names: _Names, wanted: str, language: str) -> list[Suggestion]:
    return [
        Suggestion("category", chinese if language == "zh" and chinese else name, slug=slug)
        for name, chinese, slug in names.categories
        if _begins(name, wanted) or (chinese and wanted in chinese)
    ]


def _products(text: str, language: str, most: int) -> list[Suggestion]:
    """Products with all the words, the last one as a prefix; Chinese by all bigrams."""
    words = [word for word in split_words(text) if word.isascii()]
    sets = [[stem(word)] for word in words[:-1]] + [[term] for term in chinese_terms(text)]
    prefix = words[-1] if words else ""
    if not sets and not prefix:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH last AS (SELECT array_agg(id) AS ids FROM (SELECT id FROM search_lexicalterm "
            "WHERE %(prefix)s <> '' AND (term LIKE %(like)s OR term = %(stem)s) AND document_frequency > 0 "
            "ORDER BY document_frequency DESC LIMIT %(terms)s) AS t), "
            "others AS (SELECT coalesce(array_agg(id), '{}') AS ids FROM search_lexicalterm WHERE term = ANY(%(others)s)) "
            "SELECT p.id, p.title, p.translations -> %(language)s ->> 'title' FROM catalog_product p "
            "JOIN search_lexicaldocument d ON d.product_id = p.id WHERE p.is_active "
            "AND (%(prefix)s = '' OR d.term_ids && (SELECT ids FROM last)) "
            "AND d.term_ids @> (SELECT ids FROM others) AND (SELECT cardinality(ids) FROM others) = %(count)s "
            "ORDER BY (p.stock > 0) DESC, (p.title ILIKE %(title)s) DESC, p.popularity DESC, p.id LIMIT %(most)s",
            {
                "prefix": prefix,
                "like": _like(prefix) + "%",
                "stem": stem(prefix),
                "title": f"%{_like(prefix)}%",
                "terms": MAX_PREFIX_TERMS,
                "others": [term for terms in sets for term in terms],
                "count": len({term for terms in sets for term in terms}),
                "language": language,
                "most": most,
            },
        )
        return [Suggestion("product", own or title, product_id=pk) for pk, title, own in cursor.fetchall()]


def _like(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _names() -> _Names:
    global _cached
    if _cached is None or time.monotonic() - _cached[0] > REFRESH_S:
        _cached = (time.monotonic(), _read_names())
    return _cached[1]


def _read_names() -> _Names:
    queries = (
        SearchQuery.objects.filter(created_at__gte=timezone.now() - WINDOW, total__gt=0, first_position=1)
        .exclude(query="")
        .values("query")
        .annotate(clients=Count("client_id", distinct=True))
        .filter(clients__gte=MIN_CLIENTS)
        .order_by("-clients", "query")
    )
    categories = Category.objects.order_by(F("parent").asc(nulls_first=True), "position").values_list("name", "translations", "slug")
    brands = Product.objects.filter(is_active=True).exclude(brand="").values("brand").annotate(products=Count("id"))
    return _Names(
        queries=list(dict.fromkeys(row["query"].lower() for row in queries[:MAX_QUERIES])),
        categories=[(name, (words.get("zh") or {}).get("name", ""), slug) for name, words, slug in categories],
        brands=[row["brand"] for row in brands.order_by("-products", "brand")],
    )
