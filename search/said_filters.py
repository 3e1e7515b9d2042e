"""A constraint that holds: the part of the query that says it, and the one filter that it sets."""

from dataclasses import dataclass, replace

from search.constraints import Said, without
from search.filters import ProductFilters
from search.query import Constraint


@dataclass(frozen=True)
class Holding:
    """`only` are filters that are empty but for this one; `key` is the facet's, or "not"."""

    said: Said
    key: str
    only: ProductFilters

    def is_picked(self, filters: ProductFilters) -> bool:
        """Whether the shopper has picked a filter of that facet by hand, which wins."""
        if self.key == "price":
            return filters.price_min_cents is not None or filters.price_max_cents is not None
        if self.key == "rating":
            return filters.rating_min is not None
        if self.key == "in_stock":
            return filters.in_stock
        if self.key == "brand":
            return bool(filters.brands)
        return self.key.removeprefix("attr.") in filters.attribute_keys()

    def added_to(self, filters: ProductFilters) -> ProductFilters:
        """The filters with this one as well."""
        only = self.only
        return replace(
            filters,
            price_min_cents=filters.price_min_cents if only.price_min_cents is None else only.price_min_cents,
            price_max_cents=filters.price_max_cents if only.price_max_cents is None else only.price_max_cents,
            rating_min=filters.rating_min if only.rating_min is None else only.rating_min,
            in_stock=filters.in_stock or only.in_stock,
            brands=filters.brands or only.brands,
            attributes=(*filters.attributes, *only.attributes),
            excluded_brands=(*filters.excluded_brands, *only.excluded_brands),
            excluded_term_ids=(*filters.excluded_term_ids, *only.excluded_term_ids),
        )

    def constraint(self, query: str) -> Constraint:
        """As the shopper is told."""
        said, only = self.said, self.only
        values = only.brands or only.excluded_brands or tuple(value for _, value in only.attributes)
        if only.rating_min is not None:
            values = (f"{only.rating_min:g}",)
        return Constraint(
            key=self.key,
            text=query[said.start : said.stop],
            without=without(query, (said,)),
            said=said.words,
            values=values,
            min_cents=only.price_min_cents,
            max_cents=only.price_max_cents,
        )


def plain_holding(said: Said) -> Holding | None:
    """The constraint that needs nobody's word: a price, a rating, in stock; None for what is only a candidate."""
    if said.kind == "price":
        return Holding(
            said, "price", ProductFilters(price_min_cents=said.min_cents, price_max_cents=said.max_cents)
        )
    if said.kind == "rating":
        return Holding(said, "rating", ProductFilters(rating_min=said.rating))
    if said.kind == "in_stock":
        return Holding(said, "in_stock", ProductFilters(in_stock=True))
    if said.kind == "not" and said.brands:
        return Holding(said, "not", ProductFilters(excluded_brands=said.brands))
    return None
