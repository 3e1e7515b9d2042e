"""A search without words: everything that passes the filters, most popular first unless sorted otherwise."""

from collections.abc import Mapping

from psycopg import sql

from search.facets import facet_columns
from search.retrieval import COLUMNS, Retrieved, flag_columns, run, sorted_page


def browse(*, conditions: Mapping[str, sql.Composable], sort: str, start: int, stop: int) -> Retrieved:
    """Rows `start` to `stop` of all active products under the filters, the total and the facets; one statement."""
    ok = {key: sql.Identifier(f"ok_{number}") for number, key in enumerate(conditions)}
    passes = sql.SQL(" AND ").join(ok.values()) if ok else sql.SQL("true")
    statement = sql.SQL(
        "WITH matched AS MATERIALIZED (SELECT {columns}{flags} FROM catalog_product p "
        "LEFT JOIN search_lexicaldocument d ON d.product_id = p.id WHERE p.is_active) "
        "SELECT json_build_array((SELECT count(*) FROM matched WHERE {passes}), ARRAY({page}), NULL, {facets})::text"
    ).format(
        columns=COLUMNS,
        flags=flag_columns(conditions, ok),
        passes=passes,
        page=sorted_page("popular" if sort == "relevance" else sort, passes),
        facets=sql.SQL(", ").join(facet_columns(ok)),
    )
    return run(statement, {"start": start, "stop": stop})
