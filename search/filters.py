"""What a shopper has narrowed a search to, and the same thing as SQL conditions, one per facet.

A facet counts its values under the other facets' filters but not its own, so each condition is kept by its key.
"""

from dataclasses import dataclass

from psycopg import sql


@dataclass(frozen=True)
class ProductFilters:
    """`category` is a slug and includes its descendants; several values of one attribute or brand are alternatives.

    Each tuple of `excluded_term_ids` are words (LexicalTerm ids) that a product must not have all of.
    """

    category: str = ""
    brands: tuple[str, ...] = ()
    price_min_cents: int | None = None
    price_max_cents: int | None = None
    rating_min: float | None = None
    in_stock: bool = False
    attributes: tuple[tuple[str, str], ...] = ()
    excluded_brands: tuple[str, ...] = ()
    excluded_term_ids: tuple[tuple[int, ...], ...] = ()

    def attribute_keys(self) -> tuple[str, ...]:
        """The attributes that are filtered by, once each."""
        return tuple(dict.fromkeys(key for key, _ in self.attributes))


def conditions(
    filters: ProductFilters, *, category_ids: list[int], facet_ids: dict[str, list[int]]
) -> dict[str, sql.Composable]:
    """SQL over `p` (a product) and `d` (its LexicalDocument) by facet key; only for what is filtered by.

    `category_ids` are the category's own and its descendants'; `facet_ids` the FacetValue ids by attribute key.
    """
    found: dict[str, sql.Composable] = {}
    if filters.category:
        found["category"] = sql.SQL("p.category_id = ANY({})").format(sql.Literal(category_ids))
    if filters.brands:
        found["brand"] = sql.SQL("p.brand = ANY({})").format(sql.Literal(list(filters.brands)))
    price = []
    if filters.price_min_cents is not None:
        price.append(sql.SQL("p.current_price_cents >= {}").format(sql.Literal(filters.price_min_cents)))
    if filters.price_max_cents is not None:
        price.append(sql.SQL("p.current_price_cents <= {}").format(sql.Literal(filters.price_max_cents)))
    if price:
        found["price"] = sql.SQL(" AND ").join(price)
    if filters.rating_min is not None:
        found["rating"] = sql.SQL("p.rating_average >= {}").format(sql.Literal(filters.rating_min))
    if filters.in_stock:
        found["in_stock"] = sql.SQL("p.stock > 0")
    for key in filters.attribute_keys():
        found[f"attr.{key}"] = sql.SQL("d.facet_ids && {}::int[]").format(sql.Literal(facet_ids.get(key, [])))
    excluded = _exclusions(filters)
    if excluded:
        found["not"] = sql.SQL(" AND ").join(excluded)
    return found


def _exclusions(filters: ProductFilters) -> list[sql.Composable]:
    """A product that is not indexed yet has no words, so it has none of the excluded ones."""
    found: list[sql.Composable] = [
        sql.SQL("NOT coalesce(d.term_ids @> {}::int[], false)").format(sql.Literal(list(term_ids)))
        for term_ids in filters.excluded_term_ids
    ]
    if filters.excluded_brands:
        found.append(sql.SQL("NOT (p.brand = ANY({}))").format(sql.Literal(list(filters.excluded_brands))))
    return found
