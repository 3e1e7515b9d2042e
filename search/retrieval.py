"""One SQL statement a search: candidates of both kinds, everything that matches, its total and its facet counts.

What matches a query does not depend on the filters, so a facet's count is what picking it gives:
- the CANDIDATES best by BM25, those with most of the query's words (however many), and the nearest by cosine,
  cosine only down to a share of the best one, and down to the version's relevance floor;
- a product that the query names by its SKU, GTIN or part number.
The best candidates of both sides (the pool) get both scores and are ranked in Python; the rest follow by BM25.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
from django.db import connection
from psycopg import sql

from search.encoder import Vectors
from search.facets import facet_columns
from search.fusion import Scores
from search.lexical import LexicalQuery
from search.semantic import vector_literal

CANDIDATES = 100  # a side: search/EXPERIMENTS.md
SEMANTIC_SHARE = 0.5  # of the best cosine; costs no quality down to 0.5: search/EXPERIMENTS.md, 2026-11-25

# What facets and sorts read of a product; `d` has what the index adds.
COLUMNS = sql.SQL(
    "p.id, p.category_id, p.brand, p.current_price_cents, p.stock, p.rating_average, p.rating_count, p.popularity, "
    "p.released_on, d.facet_ids"
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
    """A query vector and the version it belongs to; products below `floor` do not match."""

    vector: Vectors
    version_id: int
    floor: float


@dataclass(frozen=True)
class Retrieved:
    """The pool with both scores (n,), then one page's worth of further or sorted products, the total and raw facets."""

    product_ids: npt.NDArray[np.int64]
    bm25: Scores
    cosine: Scores  # NaN where a product has no vector
    is_named: npt.NDArray[np.bool_]  # by its number, in the query
    passes: npt.NDArray[np.bool_]  # under the filters
    page_ids: list[int]
    total: int
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
) -> Retrieved:
    """Runs the statement. `page_ids` by relevance: those after the pool up to `stop`; else rows `start` to `stop`."""
    ok = {key: sql.Identifier(f"ok_{number}") for number, key in enumerate(conditions)}
    passes = sql.SQL(" AND ").join(ok.values()) if ok else sql.SQL("true")
    by_relevance = sort == "relevance"
    statement = sql.SQL(
        "WITH {pool}, matched AS MATERIALIZED ("
        "SELECT {columns}, pool.product_id IS NOT NULL AS in_pool, {bm25} AS bm25, {cosine} AS cosine, "
        "p.id IN (SELECT product_id FROM named) AS is_named{flags} "
        "FROM search_lexicaldocument d JOIN catalog_product p ON p.id = d.product_id AND p.is_active "
        "LEFT JOIN pool ON pool.product_id = d.product_id LEFT JOIN lexical ON lexical.product_id = d.product_id "
        "LEFT JOIN semantic ON semantic.product_id = d.product_id "
        "WHERE d.product_id = ANY(ARRAY(SELECT product_id FROM pool)) OR {covers}) "
        "SELECT json_build_array((SELECT count(*) FROM matched WHERE {passes}), ARRAY({page}), "
        "(SELECT json_agg(json_build_array(id, bm25, cosine, is_named, {passes})) FROM matched WHERE in_pool), "
        "{facets})::text"
    ).format(
        pool=_pool(lexical, semantic, identifiers),
        columns=COLUMNS,
        bm25=_in_pool("coalesce(lexical.score, -(d.weights <#> (SELECT terms FROM q)), 0)"),
        cosine=_in_pool(
            "coalesce(semantic.score, (SELECT -(e.vector <#> (SELECT vector FROM q)) FROM search_productembedding e "
            "WHERE e.product_id = d.product_id AND e.version_id = {version}))",
            version=sql.Literal(semantic.version_id if semantic else 0),
        ),
        covers=lexical.covers(),
        flags=flag_columns(conditions, ok),
        passes=passes,
        page=_after_pool(lexical, passes, stop) if by_relevance else sorted_page(sort, passes, start, stop),
        facets=sql.SQL(", ").join(facet_columns(ok)),
    )
    return run(statement)


def run(statement: sql.Composed) -> Retrieved:
    """Executes a statement whose one value is a JSON array: total, page ids, pool rows, facet columns."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        total, page_ids, pool, *facets = orjson.loads(cursor.fetchone()[0])
    rows = pool or []
    return Retrieved(
        product_ids=np.array([row[0] for row in rows], dtype=np.int64),
        bm25=np.array([row[1] for row in rows], dtype=np.float64),
        cosine=np.array([row[2] for row in rows], dtype=np.float64),
        is_named=np.array([row[3] for row in rows], dtype=np.bool_),
        passes=np.array([row[4] for row in rows], dtype=np.bool_),
        page_ids=page_ids,
        total=total,
        facets=facets,
    )


def _pool(lexical: LexicalQuery, semantic: SemanticQuery | None, identifiers: Sequence[str]) -> sql.Composable:
    """CTEs q, lexical and semantic (product_id, score), named, and pool: the union of all three."""
    q_vector = vector_literal(semantic.vector) if semantic else sql.SQL("NULL::halfvec")
    q_terms = lexical.vector() if lexical.idfs else sql.SQL("NULL::sparsevec")
    best_lexical = sql.SQL(
        "SELECT d.product_id, -(d.weights <#> (SELECT terms FROM q)) AS score FROM search_lexicaldocument d "
        "WHERE d.term_ids && {ids} ORDER BY d.weights <#> (SELECT terms FROM q), d.product_id LIMIT {limit}"
    ).format(ids=lexical.term_ids(), limit=sql.Literal(CANDIDATES))
    best_semantic = sql.SQL(
        "SELECT e.product_id, -(e.vector <#> (SELECT vector FROM q)) AS score FROM search_productembedding e "
        "WHERE e.version_id = {version} "
        "AND EXISTS (SELECT FROM catalog_product p WHERE p.id = e.product_id AND p.is_active) "
        "ORDER BY e.vector <#> (SELECT vector FROM q) LIMIT {limit}"
    ).format(version=sql.Literal(semantic.version_id if semantic else 0), limit=sql.Literal(CANDIDATES))
    nothing = sql.SQL("SELECT NULL::bigint AS product_id, NULL::float8 AS score WHERE false")
    named = sql.SQL(
        "(SELECT id AS product_id FROM catalog_product WHERE upper(sku) = ANY({0}) LIMIT {limit}) UNION "
        "(SELECT id FROM catalog_product WHERE gtin = ANY({0}) AND gtin <> '' LIMIT {limit}) UNION "
        "(SELECT id FROM catalog_product WHERE upper(mpn) = ANY({0}) AND mpn <> '' LIMIT {limit})"
    ).format(sql.Literal(list(identifiers)), limit=sql.Literal(CANDIDATES))
    return sql.SQL(
        "q AS MATERIALIZED (SELECT {q_terms} AS terms, {q_vector} AS vector), "
        "lexical AS MATERIALIZED ({lexical}), semantic AS MATERIALIZED ({semantic}), "
        "named AS MATERIALIZED ({named}), "
        "pool AS MATERIALIZED (SELECT product_id FROM lexical UNION "
        "SELECT product_id FROM semantic WHERE score >= {floor} "
        "AND score >= {semantic_share} * (SELECT max(score) FROM semantic) UNION SELECT product_id FROM named)"
    ).format(
        q_terms=q_terms,
        q_vector=q_vector,
        lexical=best_lexical if lexical.idfs else nothing,
        semantic=best_semantic if semantic else nothing,
        named=named if identifiers else sql.SQL("SELECT NULL::bigint AS product_id WHERE false"),
        semantic_share=sql.Literal(SEMANTIC_SHARE),
        floor=sql.Literal(semantic.floor if semantic else 0.0),
    )


def _in_pool(score: str, **literals: sql.Composable) -> sql.Composable:
    """A score that one side's list may have already and the rest of the pool gets; the other matches have none."""
    return sql.SQL("CASE WHEN pool.product_id IS NOT NULL THEN " + score + " END").format(**literals)


def _after_pool(lexical: LexicalQuery, passes: sql.Composable, stop: int) -> sql.Composable:
    """Matches outside the pool by BM25, as many as a page may need; not run at all when the pool fills it."""
    return sql.SQL(
        "SELECT m.id FROM matched m JOIN search_lexicaldocument d ON d.product_id = m.id "
        "WHERE NOT m.in_pool AND {passes} "
        "AND (SELECT count(*) FROM matched WHERE in_pool AND {passes}) < {stop} "
        "ORDER BY d.weights <#> (SELECT terms FROM q), m.id LIMIT {stop}"
    ).format(passes=passes, stop=sql.Literal(stop))


def flag_columns(conditions: Mapping[str, sql.Composable], ok: Mapping[str, sql.Composable]) -> sql.Composable:
    """One boolean column for each filter."""
    return sql.SQL("").join(sql.SQL(", ({}) AS {}").format(conditions[key], ok[key]) for key in conditions)


def sorted_page(sort: str, passes: sql.Composable, start: int, stop: int) -> sql.Composable:
    return sql.SQL("SELECT id FROM matched WHERE {passes} ORDER BY {order} LIMIT {limit} OFFSET {start}").format(
        passes=passes, order=sql.SQL(SORTS[sort]), limit=sql.Literal(stop - start), start=sql.Literal(start)
    )
