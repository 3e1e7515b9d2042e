"""Pages of two ways to search, query by query: their nDCG@10, and where they differ most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from search.comparison import QueryResult, TopHit
from search.judged_queries import GradedQuery
from search.metrics import Values, ndcg
from search.pipeline import search_products
from search.slices import Slice
from search.variants import Variant
from shop.catalog.models import Product

PAGE = 10
DEPTH = 50  # products of a ranking that are looked at, so that PAGE of them were shown before (search/slices.py)
SHOWN = 5  # hits of a page that a report keeps
MOST_MOVED = 20  # wins, and as many losses

Pages = Mapping[str, Sequence[int]]  # product ids by query, best first


@dataclass(frozen=True)
class _Change:
    """A query with the slice that it counts for, and its value by both."""

    query: GradedQuery
    slice: str
    before: float
    after: float


def page_of(query: str, variant: Variant) -> list[int]:
    """The first DEPTH products as a shopper sees them, with all variants: hits, then what fills a short page.

    Nothing is logged.
    """
    results = search_products(query, page_size=DEPTH, variant=variant, by_group=False)
    return [hit.product_id for hit in (*results.hits, *results.related)]


def page_values(graded: Sequence[GradedQuery], pages: Pages) -> Values:
    """(n,) nDCG@10 of each query."""
    return np.array([_value(query, pages) for query in graded], dtype=np.float64)


def wins_and_losses(
    slices: Sequence[Slice], before: Pages, after: Pages
) -> tuple[tuple[QueryResult, ...], tuple[QueryResult, ...]]:
    """The largest of each; a query counts once, with the grades of the first slice that has it. One SQL query."""
    first: dict[str, _Change] = {}
    for found in slices:
        for query in found.queries:
            if query.query not in first:
                values = (round(_value(query, pages), 4) for pages in (before, after))
                first[query.query] = _Change(query, found.name, *values)
    moved = sorted(first.values(), key=lambda change: (change.before - change.after, change.query.query))
    won = [change for change in moved if change.after > change.before][:MOST_MOVED]
    lost = [change for change in reversed(moved) if change.after < change.before][:MOST_MOVED]
    shown = {pk for change in (*won, *lost) for pages in (before, after) for pk in pages[change.query.query][:SHOWN]}
    titles = dict(Product.objects.filter(pk__in=shown).values_list("id", "title"))
    sides = (tuple(_result(change, before, after, titles) for change in found) for found in (won, lost))
    wins, losses = sides
    return wins, losses


def _value(query: GradedQuery, pages: Pages) -> float:
    page = [pk for pk in pages[query.query] if query.shown is None or pk in query.shown]
    grades = [query.grades.get(pk, 0) for pk in page]
    return ndcg(grades, list(query.grades.values()), k=PAGE)


def _result(change: _Change, before: Pages, after: Pages, titles: Mapping[int, str]) -> QueryResult:
    query = change.query
    old, new = (
        tuple(TopHit(pk, titles.get(pk, ""), round(query.grades.get(pk, 0))) for pk in pages[query.query][:SHOWN])
        for pages in (before, after)
    )
    return QueryResult(query.query, change.slice, change.before, change.after, active_top=old, challenger_top=new)
