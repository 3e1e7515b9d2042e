"""A search without words: everything that passes the filters, most popular first unless sorted otherwise."""

from collections.abc import Mapping, Sequence

from psycopg import sql

from search.candidates import Shape
from search.facets import passes_others
from search.item_groups import is_of_no_group_in
from search.prepared import beside_parameters
from search.retrieval import COLUMNS, COLUMNS_BY_GROUP, SORTS, Retrieved, counted, flag_columns, ordered_page, run

# Those that are there, without scores, as `run` reads a pool.
POOL_OF_PINS = (
    "json_agg(json_build_array(id, NULL, NULL, false, {passes}, category_id, stock > 0{group})) "
    "FILTER (WHERE id = ANY(PINS))"
)


def browse(
    *,
    conditions: Mapping[str, sql.Composable],
    sort: str,
    start: int,
    stop: int,
    pinned: Sequence[int] = (),
    popular_order: sql.Composable | None = None,
    by_group: bool = False,
) -> Retrieved:
    """Rows `start` to `stop` of all active products under the filters, the total and the facets; one statement.

    By relevance the rows are in `popular_order`, if given, without those that are `pinned`, which are the pool.
    """
    ok = {key: sql.Identifier(f"ok_{number}") for number, key in enumerate(conditions)}
    passes = passes_others(ok)
    is_relevance = sort == "relevance"
    order = (popular_order if is_relevance else None) or sql.SQL(SORTS["popular" if is_relevance else sort])
    pins = f"ARRAY[{','.join(str(int(pk)) for pk in pinned)}]::bigint[]"
    left = _without_pins(passes, pins, by_group=by_group) if pinned and is_relevance else passes
    statement = sql.SQL(
        "WITH matched AS MATERIALIZED (SELECT {columns}{flags} FROM catalog_product p "
        "LEFT JOIN search_lexicaldocument d ON d.product_id = p.id WHERE p.is_active) "
        "{counted}"
    ).format(
        columns=COLUMNS_BY_GROUP if by_group else COLUMNS,
        flags=flag_columns(conditions, ok),
        counted=counted(
            ok,
            page=ordered_page(beside_parameters(order), left, by_group=by_group),
            pool=POOL_OF_PINS.replace("PINS", pins) if pinned else "NULL::json",
            by_group=by_group,
        ),
    )
    return run(statement, {"start": start, "stop": stop}, shape=_shape(sort, by_group=by_group))


def _without_pins(passes: sql.Composable, pins: str, *, by_group: bool) -> sql.Composable:
    """Those that pass and are not pinned, nor variants of a pinned product that passes."""
    left = sql.SQL(f"{{}} AND id <> ALL({pins})").format(passes)
    if not by_group:
        return left
    pinned = sql.SQL(f"id = ANY({pins}) AND {{}}").format(passes)
    return sql.SQL("{} AND {}").format(left, is_of_no_group_in(pinned))


def _shape(sort: str, *, by_group: bool) -> Shape:
    """That of a search for nothing."""
    return Shape(
        has_words=False, has_rare=False, version_id=None, covers=0, has_identifiers=False, sort=sort, by_group=by_group
    )  # fmt: skip
