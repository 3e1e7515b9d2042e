"""A search without words: everything that passes the filters, most popular first unless sorted otherwise."""

from collections.abc import Mapping

from psycopg import sql

from search.facets import passes_others
from search.retrieval import COLUMNS, Retrieved, counted, flag_columns, run, sorted_page


def browse(*, conditions: Mapping[str, sql.Composable], sort: str, start: int, stop: int) -> Retrieved:
    """Rows `start` to `stop` of all active products under the filters, the total and the facets; one statement."""
    ok = {key: sql.Identifier(f"ok_{number}") for number, key in enumerate(conditions)}
    statement = sql.SQL(
        "WITH matched AS MATERIALIZED (SELECT {columns}{flags} FROM catalog_product p "
        "LEFT JOIN search_lexicaldocument d ON d.product_id = p.id WHERE p.is_active) "
        "{counted}"
    ).format(
        columns=COLUMNS,
        flags=flag_columns(conditions, ok),
        counted=counted(ok, page=sorted_page("popular" if sort == "relevance" else sort, passes_others(ok))),
    )
    return run(statement, {"start": start, "stop": stop})
