"""Understands a query with what the catalogue knows: at most a few milliseconds, no model, no other service."""

from search.corrections import corrected
from search.filters import ProductFilters
from search.query import Understood


def understand(query: str, filters: ProductFilters, *, verbatim: bool = False) -> tuple[Understood, ProductFilters]:
    """What is searched, and the shopper's filters together with those said in the query.

    `verbatim` leaves the spelling alone.
    """
    text = None if verbatim else corrected(query)
    return Understood(text or query, corrected_from=query if text else None), filters
