"""Understands a query with what the catalogue knows: at most a few milliseconds, no model, no other service."""

from search.filters import ProductFilters
from search.narrowing import narrow
from search.query import Understood


def understand(
    query: str, filters: ProductFilters, *, verbatim: bool = False, lifted: bool = False
) -> tuple[Understood, ProductFilters]:
    """What is searched, and the shopper's filters together with those said in the query.

    `verbatim` leaves the spelling alone; `lifted` lifts the filters that were said, because they left nothing.
    """
    return narrow(query, filters, lifted=lifted)
