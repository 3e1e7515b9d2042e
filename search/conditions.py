"""Filters as SQL, with what has to be looked up for that: the categories below one, and the ids of facet values."""

from psycopg import sql

from search.categories import category_tree
from search.facet_keys import known_facet_ids
from search.filters import ProductFilters, conditions


def filter_conditions(filters: ProductFilters) -> dict[str, sql.Composable]:
    """`conditions` by facet key; one SQL query where attributes are filtered by, none otherwise."""
    tree = category_tree()
    chosen = tree.id_of(filters.category)
    return conditions(
        filters,
        category_ids=tree.with_descendants(chosen) if chosen is not None else [],
        facet_ids=known_facet_ids(filters.attributes),
    )
