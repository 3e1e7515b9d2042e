"""One SQL statement a search: candidates of both kinds, everything that matches, its total and its facet counts.

What matches a query does not depend on the filters, so a facet's count is what picking it gives:
- the CANDIDATES best by BM25, those with most of the query's words (however many), and the nearest by cosine,
  cosine only down to a share of the best one, and down to the version's relevance floor;
- a product that the query names by its SKU, GTIN or part number.
The best candidates of both sides (the pool) get both scores and are ranked in Python; the rest follow by BM25.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
from django.db import connection
from psycopg import sql

from search.candidates import Shape, pool
from search.encoder import Vectors
from search.facets import facet_groups, facet_totals, passes_others, totals_without_each
from search.fusion import Scores
from search.item_groups import (
    GROUP_COLUMN,
    NO_GROUP,
    Groups,
    hits_where,
    is_of_no_group_in,
    stands_for_its_group,
)
from search.lexical import LexicalQuery, distance_sql
from search.models import KIND_WEIGHT, LEXICAL_WEIGHT
from search.partitions import Types
from search.prepared import beside_parameters, prepared_cursor
from search.product_kinds import kinds_of
from search.ranker import ProductFacts
from search.semantic import vector_text

# What facets and sorts read of a product; `d` has what the index adds.
COLUMNS = sql.SQL(
    "p.id, p.category_id, p.brand, p.current_price_cents, p.stock, p.rating_average, p.rating_count, p.popularity, "
    "p.released_on, d.facet_ids"
)
COLUMNS_BY_GROUP = sql.SQL(", ").join((COLUMNS, GROUP_COLUMN))
# What a ranker reads of a candidate, as `_facts` reads it.
FACTS = (
    "json_build_array(title, brand, current_price_cents, popularity, rating_average, rating_count, "
    "current_date - released_on)"
)
SORTS = {
    "price_asc": "current_price_cents, id",
    "price_desc": "current_price_cents DESC, id",
    "rating": "rating_average DESC NULLS LAST, rating_count DESC, id",
    "newest": "released_on DESC NULLS LAST, id DESC",
    "popular": "(stock > 0) DESC, popularity DESC, id",  # what is sold out comes last
}


@dataclass(frozen=True)
class SemanticQuery:
    """A query vector and the version it belongs to; products below `floor` do not match, the weights
    are those of words and of kinds in the score (search/relevance.py)."""

    vector: Vectors
    version_id: int
    floor: float
    lexical_weight: float = LEXICAL_WEIGHT
    kind_weight: float = KIND_WEIGHT


@dataclass(frozen=True)
class Retrieved:
    """The pool with both scores (n,), then one page's worth of further or sorted products, the total and raw facets."""

    product_ids: npt.NDArray[np.int64]
    bm25: Scores
    cosine: Scores  # NaN where a product has no vector
    categories: Types  # (n, 1), -1 where it has none
    clusters: Types  # (n, p), -1 where it has none (search/partitions.py)
    is_named: npt.NDArray[np.bool_]  # by its number, in the query
    is_in_stock: npt.NDArray[np.bool_]
    passes: npt.NDArray[np.bool_]  # under the filters
    item_groups: Groups  # NO_GROUP where it has none, or where groups do not count
    facts: ProductFacts | None  # only where a ranker reads them
    page_ids: list[int]
    total: int
    without: Mapping[str, int]  # how many there would be without each filter, by its key
    facets: Sequence[Any]


def retrieve(
    lexical: LexicalQuery,
    semantic: SemanticQuery | None,
    *,
    conditions: Mapping[str, sql.Composable],
    sort: str,
    start: int,
    stop: int,
    identifiers: Sequence[str] = (),
    pinned: Sequence[int] = (),
    by_group: bool = False,
    with_facts: bool = False,
) -> Retrieved:
    """Runs the statement. `page_ids` by relevance: those after the pool up to `stop`; else rows `start` to `stop`.

    Products that are `pinned` match whatever the query. `by_group` counts and gives variants of one product once.
    `with_facts` reads what a ranker needs.
    """
    covers, rare = lexical.covers(), lexical.rare()
    shape = Shape(
        has_words=bool(lexical.idfs),
        has_rare=rare is not None,
        version_id=semantic.version_id if semantic else None,
        covers=len(covers),
        has_identifiers=bool(identifiers),
        sort=sort,
        wordings=len(lexical.wordings),
        has_pins=bool(pinned),
        by_group=by_group,
        has_facts=with_facts,
    )
    parameters = {
        "terms": lexical.vector(),
        "term_ids": lexical.term_ids(),
        "rare_ids": rare.term_ids if rare else [],
        "others_at_most": rare.others_at_most if rare else 0.0,
        "vector": vector_text(semantic.vector) if semantic else None,
        "floor": semantic.floor if semantic else 0.0,
        "identifiers": list(identifiers),
        "start": start,
        "stop": stop,
        "pinned": list(pinned),
        **{f"cover_{number}": terms for number, terms in enumerate(covers)},
        **{f"terms_{number}": terms for number, terms in enumerate(lexical.more_vectors())},
    }
    if conditions:
        return run(_statement(shape, conditions), parameters, shape=shape)
    return run(_unfiltered_statement(shape), parameters, shape=shape, prepared=True)


@lru_cache(maxsize=512)
def _unfiltered_statement(shape: Shape) -> str:
    return _statement(shape, {}).as_string(None)


def _statement(shape: Shape, conditions: Mapping[str, sql.Composable]) -> sql.Composed:
    ok = {key: sql.Identifier(f"ok_{number}") for number, key in enumerate(conditions)}
    passes = passes_others(ok)
    return sql.SQL(
        "WITH {pool}, matched AS MATERIALIZED ("
        "SELECT {columns}{title}, pool.product_id IS NOT NULL AS in_pool, {bm25} AS bm25, {cosine} AS cosine, "
        "p.id IN (SELECT product_id FROM named) AS is_named{flags} "
        "FROM search_lexicaldocument d JOIN catalog_product p ON p.id = d.product_id AND p.is_active "
        "LEFT JOIN pool ON pool.product_id = d.product_id LEFT JOIN lexical ON lexical.product_id = d.product_id "
        "LEFT JOIN semantic ON semantic.product_id = d.product_id "
        "WHERE d.product_id = ANY(ARRAY(SELECT product_id FROM pool)){covers}) "
        "{counted}"
    ).format(
        pool=pool(shape),
        columns=COLUMNS_BY_GROUP if shape.by_group else COLUMNS,
        title=sql.SQL(", p.title" if shape.has_facts else ""),
        bm25=_in_pool(f"coalesce(lexical.score, -({distance_sql(shape.wordings)}), 0)"),
        cosine=_in_pool(
            "coalesce(semantic.score, (SELECT -(e.vector <#> (SELECT vector FROM q)) FROM search_productembedding e "
            "WHERE e.product_id = d.product_id AND e.version_id = {version}))",
            version=sql.Literal(shape.version_id or 0),
        ),
        covers=sql.SQL("".join(f" OR d.term_ids @> %(cover_{number})s::int[]" for number in range(shape.covers))),
        flags=flag_columns(conditions, ok),
        counted=counted(
            ok,
            page=_after_pool(passes, distance_sql(shape.wordings), by_group=shape.by_group)
            if shape.sort == "relevance"
            else ordered_page(sql.SQL(SORTS[shape.sort]), passes, by_group=shape.by_group),
            pool="json_agg(json_build_array(id, bm25, cosine, is_named, {passes}, category_id, stock > 0{group}"
            f"{f', {FACTS}' if shape.has_facts else ''})) FILTER (WHERE in_pool)",
            by_group=shape.by_group,
        ),
    )


def counted(
    ok: Mapping[str, sql.Composable], *, page: sql.Composable, pool: str = "NULL::json", by_group: bool = False
) -> sql.Composable:
    """The end of a statement with a CTE `matched`: one JSON array, as `run` reads it. `pool` is an aggregate."""
    passes = passes_others(ok)
    group = sql.SQL(", item_group" if by_group else "")
    return sql.SQL(
        "SELECT json_build_array((SELECT json_build_array({total}, {pool}, {without}, "
        "{totals}) FROM matched), ARRAY({page}), {groups})::text"
    ).format(
        total=hits_where(passes, by_group=by_group),
        pool=sql.SQL(pool).format(passes=passes, group=group),
        without=totals_without_each(ok, by_group=by_group),
        totals=sql.SQL(", ").join(facet_totals(ok, by_group=by_group)),
        page=page,
        groups=sql.SQL(", ").join(facet_groups(ok, by_group=by_group)),
    )


def run(
    statement: sql.Composed | str,
    parameters: Mapping[str, Any],
    *,
    shape: Shape,
    prepared: bool = False,
) -> Retrieved:
    """Executes a statement that ends with `counted`; kinds of products are those under the shape's version."""
    with prepared_cursor() if prepared else connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        (total, pool, without, *totals), page_ids, *groups = orjson.loads(cursor.fetchone()[0])
    rows = pool or []
    product_ids = [row[0] for row in rows]
    return Retrieved(
        product_ids=np.array(product_ids, dtype=np.int64),
        bm25=np.array([row[1] for row in rows], dtype=np.float64),
        cosine=np.array([row[2] for row in rows], dtype=np.float64),
        is_named=np.array([row[3] for row in rows], dtype=np.bool_),
        is_in_stock=np.array([row[6] for row in rows], dtype=np.bool_),
        passes=np.array([row[4] for row in rows], dtype=np.bool_),
        item_groups=_item_groups(rows, shape),
        facts=_facts([row[-1] for row in rows]) if shape.has_facts else None,
        categories=np.array([-1 if row[5] is None else row[5] for row in rows], dtype=np.int64).reshape(-1, 1),
        clusters=_clusters(shape.version_id, product_ids),
        page_ids=page_ids,
        total=total,
        without=without,
        facets=[*totals, *groups],
    )


def _clusters(version_id: int | None, product_ids: Sequence[int]) -> Types:
    return np.zeros((len(product_ids), 0), dtype=np.int64) if version_id is None else kinds_of(version_id, product_ids)


def _item_groups(rows: Sequence[Sequence[Any]], shape: Shape) -> Groups:
    if not shape.by_group:
        return np.full(len(rows), NO_GROUP, dtype=np.int64)
    return np.array([NO_GROUP if row[7] is None else row[7] for row in rows], dtype=np.int64)


def _facts(rows: Sequence[Sequence[Any]]) -> ProductFacts:
    titles, brands, *numbers = zip(*rows, strict=True) if rows else ((),) * 7
    prices, popularity, ratings, rating_counts, age_days = (np.array(one, dtype=np.float64) for one in numbers)
    return ProductFacts(titles, brands, prices, popularity, ratings, rating_counts, age_days)


def _in_pool(score: str, **literals: sql.Composable) -> sql.Composable:
    """A score that one side's list may have already and the rest of the pool gets; the other matches have none."""
    return sql.SQL("CASE WHEN pool.product_id IS NOT NULL THEN " + score + " END").format(**literals)


def _after_pool(passes: sql.Composable, distance: str, *, by_group: bool) -> sql.Composable:
    """Matches outside the pool by BM25, as many as a page may need; not run at all when the pool fills it."""
    if not by_group:
        return sql.SQL(
            "SELECT m.id FROM matched m JOIN search_lexicaldocument d ON d.product_id = m.id "
            "WHERE NOT m.in_pool AND {passes} "
            "AND (SELECT count(*) FROM matched WHERE in_pool AND {passes}) < %(stop)s::int "
            "ORDER BY {distance}, m.id LIMIT %(stop)s::int"
        ).format(passes=passes, distance=sql.SQL(distance))
    return sql.SQL(
        "WITH others AS MATERIALIZED (SELECT m.id, m.item_group, {distance} AS distance FROM matched m "
        "JOIN search_lexicaldocument d ON d.product_id = m.id WHERE NOT m.in_pool AND {passes} "
        "AND (SELECT {hits} FROM matched WHERE in_pool) < %(stop)s::int AND {is_new}) "
        "SELECT id FROM (SELECT id, distance FROM others WHERE item_group IS NULL UNION ALL "
        "(SELECT DISTINCT ON (item_group) id, distance FROM others WHERE item_group IS NOT NULL "
        "ORDER BY item_group, distance, id)) AS each ORDER BY distance, id LIMIT %(stop)s::int"
    ).format(
        passes=passes,
        distance=sql.SQL(distance),
        hits=hits_where(passes, by_group=True),
        is_new=is_of_no_group_in(sql.SQL("in_pool AND {}").format(passes)),
    )


def flag_columns(conditions: Mapping[str, sql.Composable], ok: Mapping[str, sql.Composable]) -> sql.Composable:
    """One boolean column for each filter."""
    return sql.SQL("").join(
        sql.SQL(", ({}) AS {}").format(beside_parameters(condition), ok[key]) for key, condition in conditions.items()
    )


def ordered_page(order: sql.Composable, passes: sql.Composable, *, by_group: bool = False) -> sql.Composable:
    """The ids of rows `start` to `stop` in that order."""
    if by_group:
        passes = sql.SQL("{} AND {}").format(passes, stands_for_its_group(passes, order))
    return sql.SQL(
        "SELECT id FROM matched WHERE {passes} ORDER BY {order} LIMIT %(stop)s::int - %(start)s::int "
        "OFFSET %(start)s::int"
    ).format(passes=passes, order=order)
