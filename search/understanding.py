"""Understands a query with what the catalogue knows: at most a few milliseconds, no model, no other service."""

from dataclasses import replace

from search.corrections import corrected, glossary
from search.filters import ProductFilters
from search.narrowing import narrow
from search.query import Understood


def understand(
    query: str, filters: ProductFilters, *, verbatim: bool = False, lifted: bool = False
) -> tuple[Understood, ProductFilters]:
    """What is searched, and the shopper's filters together with those said in the query.

    `verbatim` leaves the spelling alone; `lifted` lifts the filters that were said, because they left nothing.
    """
    text = None if verbatim else corrected(query)
    understood, filters = narrow(text or query, filters, lifted=lifted)
    english = glossary().english(understood.text)
    return replace(understood, corrected_from=query if text else None, english=english), filters
