"""Which picked filter to drop where hardly anything is left: for each, how many products there would be without it.

The statement of a search counts that on the way (search/retrieval.py), so it costs nothing more. Only where dropping a
filter would change what the words mean ("red" in the query holds again once no other colour is picked) or which of the
merchant's rules apply, the number is that of a search.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from search.corrections import corrected
from search.filters import ProductFilters
from search.pipeline import SearchResults, search_products
from search.rules import active_rules

FEW = 3  # results; with as many nobody is at a dead end
MOST_DROPS = 4


@dataclass(frozen=True)
class Drop:
    """A picked filter by its facet's key, what it is set to, and how many products there are under the others."""

    key: str
    count: int
    values: tuple[str, ...] = ()
    min_cents: int | None = None
    max_cents: int | None = None


def drops(results: SearchResults, picked: ProductFilters, *, verbatim: bool = False) -> tuple[Drop, ...]:
    """At most MOST_DROPS that give more than the search did, most products first; none where it gave FEW or more.

    `picked` are the filters, and `verbatim` the choice, that the shopper made. Most often no SQL query.
    """
    if results.total >= FEW:
        return ()
    is_as_counted = _means_its_words(results, verbatim)
    found = []
    for drop, rest in _each(picked):
        if is_as_counted and (drop.key != "category" or not active_rules()):
            count = results.without.get(drop.key, 0)
        else:
            count = search_products(results.query, filters=rest, page_size=1, verbatim=verbatim).total
        found.append(replace(drop, count=count))
    found.sort(key=lambda drop: -drop.count)
    return tuple(drop for drop in found if drop.count > results.total)[:MOST_DROPS]


def _means_its_words(results: SearchResults, verbatim: bool) -> bool:
    """Whether all words were searched, as any search with other filters would: none of them said a filter."""
    query = results.query
    return results.understood.text == (query if verbatim else corrected(query) or query)


def _each(picked: ProductFilters) -> Iterator[tuple[Drop, ProductFilters]]:
    """Each filter, still without its count, and the others."""
    if picked.category:
        yield Drop("category", 0, (picked.category,)), replace(picked, category="")
    if picked.brands:
        yield Drop("brand", 0, picked.brands), replace(picked, brands=())
    low, high = picked.price_min_cents, picked.price_max_cents
    if low is not None or high is not None:
        yield (
            Drop("price", 0, min_cents=low, max_cents=high),
            replace(picked, price_min_cents=None, price_max_cents=None),
        )
    if picked.rating_min is not None:
        yield Drop("rating", 0, (f"{picked.rating_min:g}",)), replace(picked, rating_min=None)
    if picked.in_stock:
        yield Drop("in_stock", 0), replace(picked, in_stock=False)
    for key in picked.attribute_keys():
        values = tuple(value for name, value in picked.attributes if name == key)
        others = tuple(pair for pair in picked.attributes if pair[0] != key)
        yield Drop(f"attr.{key}", 0, values), replace(picked, attributes=others)
