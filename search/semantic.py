"""The semantic side of a search: nearest products by cosine, under filters, with no starving.

Vectors are unit length, so cosine is the inner product (`<#>` gives its negative). An approximate index visits the
nearest rows and filters afterwards: a filter that 1 % of the products pass would leave half a row of 20. So a filter
that few products pass gets an exact scan of just those, and any other an iterative scan, which goes on until the page
is full. The active version's id is written into the statement, because the HNSW index is partial.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import orjson
from django.db import connection
from psycopg import sql

from search.encoder import Vectors

EXACT_SCAN_ROWS = 5000  # up to here an exact scan is faster than HNSW, and exact: search/EXPERIMENTS.md


def vector_literal(vector: Vectors) -> sql.Composable:
    """A query vector as a halfvec literal."""
    return sql.SQL("{}::halfvec").format(sql.Literal(vector_text(vector)))


def vector_text(vector: Vectors) -> str:
    """As pgvector reads it: "[0.1,-0.2]"."""
    return orjson.dumps(np.ascontiguousarray(vector), option=orjson.OPT_SERIALIZE_NUMPY).decode()


def nearest_products(
    vector: Vectors,
    version_id: int,
    *,
    where: Sequence[sql.Composable] = (),
    limit: int = 24,
    floor: float = -1.0,
) -> list[tuple[int, float]]:
    """The nearest active products as (product id, cosine), best first, at least `floor`.

    `where` are conditions over `p` (a product) and `d` (its LexicalDocument). Two or three SQL queries.
    """
    with connection.cursor() as cursor:
        exact = bool(where) and _matches(cursor, where) <= EXACT_SCAN_ROWS
        cursor.execute(_statement(vector, version_id, where=where, limit=limit, exact=exact))
        rows = [(product_id, cosine) for product_id, cosine in cursor.fetchall() if cosine >= floor]
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def _matches(cursor: Any, where: Sequence[sql.Composable]) -> int:
    """How many products pass, counted no further than it matters."""
    cursor.execute(
        sql.SQL(
            "SELECT count(*) FROM (SELECT 1 FROM catalog_product p "
            "JOIN search_lexicaldocument d ON d.product_id = p.id WHERE p.is_active AND {where} LIMIT {most}) AS m"
        ).format(where=_and(where), most=sql.Literal(EXACT_SCAN_ROWS + 1))
    )
    count: int = cursor.fetchone()[0]
    return count


def _statement(
    vector: Vectors, version_id: int, *, where: Sequence[sql.Composable], limit: int, exact: bool
) -> sql.Composed:
    """The inner OFFSET 0 keeps the planner from the vector index, so that the scan is of the filtered rows only."""
    return sql.SQL(
        "WITH q AS (SELECT {vector} AS v) "
        "SELECT product_id, -(vector <#> (SELECT v FROM q)) FROM ("
        "SELECT e.product_id, e.vector FROM search_productembedding e "
        "JOIN catalog_product p ON p.id = e.product_id JOIN search_lexicaldocument d ON d.product_id = e.product_id "
        "WHERE e.version_id = {version} AND p.is_active AND {where} {fence}"
        ") AS nearby ORDER BY vector <#> (SELECT v FROM q) LIMIT {limit}"
    ).format(
        vector=vector_literal(vector),
        version=sql.Literal(version_id),
        where=_and(where),
        fence=sql.SQL("OFFSET 0" if exact else ""),
        limit=sql.Literal(limit),
    )


def _and(where: Sequence[sql.Composable]) -> sql.Composable:
    return sql.SQL(" AND ").join(sql.SQL("({})").format(part) for part in where) if where else sql.SQL("true")
