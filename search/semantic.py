"""The semantic side of a search: nearest products by cosine, under filters, with no starving.

Vectors are unit length, so cosine is the inner product (`<#>` gives its negative). An approximate index visits the
nearest rows and filters afterwards: a filter that 1 % of the products pass would leave half a row of 20. So a filter
that few products pass gets an exact scan of just those, and any other an iterative scan, which goes on until the page
is full. The active version's id is written into the statement, because the HNSW index is partial.
"""

from collections.abc import Sequence, Set
from typing import Any

import numpy as np
import orjson
from django.db import connection
from psycopg import sql

from search.encoder import Vectors
from search.item_groups import GROUP_COLUMN

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
    without: Set[int] = frozenset(),
    without_groups: Set[int] | None = None,
) -> list[tuple[int, float]]:
    """The nearest active products as (product id, cosine), best first, at least `floor`, `limit` of them at most.

    `where` are conditions over `p` (a product) and `d` (its LexicalDocument). `without` are product ids; with
    `without_groups` (as search/item_groups.py numbers them) variants of those and of each other are left out, too.
    Two or three SQL queries.
    """
    with connection.cursor() as cursor:
        exact = bool(where) and _matches(cursor, where) <= EXACT_SCAN_ROWS
        most = limit + len(without)
        cursor.execute(_statement(vector, version_id, where=where, limit=most, exact=exact))
        rows = [row for row in cursor.fetchall() if row[1] >= floor]
    rows.sort(key=lambda row: (-row[1], row[0]))
    if without_groups is not None:
        seen = without_groups | {group for product_id, _, group in rows if group and product_id in without}
        first = {group: product_id for product_id, _, group in reversed(rows)}
        rows = [row for row in rows if not row[2] or (row[2] not in seen and first[row[2]] == row[0])]
    return [(product_id, cosine) for product_id, cosine, _ in rows if product_id not in without][:limit]


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
        "SELECT product_id, -(vector <#> (SELECT v FROM q)), item_group FROM ("
        "SELECT e.product_id, e.vector, {group} FROM search_productembedding e "
        "JOIN catalog_product p ON p.id = e.product_id JOIN search_lexicaldocument d ON d.product_id = e.product_id "
        "WHERE e.version_id = {version} AND p.is_active AND {where} {fence}"
        ") AS nearby ORDER BY vector <#> (SELECT v FROM q) LIMIT {limit}"
    ).format(
        vector=vector_literal(vector),
        version=sql.Literal(version_id),
        group=GROUP_COLUMN,
        where=_and(where),
        fence=sql.SQL("OFFSET 0" if exact else ""),
        limit=sql.Literal(limit),
    )


def _and(where: Sequence[sql.Composable]) -> sql.Composable:
    return sql.SQL(" AND ").join(sql.SQL("({})").format(part) for part in where) if where else sql.SQL("true")
