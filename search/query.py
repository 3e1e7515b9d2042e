"""What a shopper's words were taken to mean: the words that are searched, and the filters that were found in them.

Spelling, plain-word constraints ("under $50") and product types are worked out by modules of their own; here are the
words they share. `search/understanding.py` calls them in order.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Constraint:
    """A filter that was said in words. `text` is the part of the query that says it: leaving it out lifts the filter.

    `key` is a facet's key (price, brand, rating, in_stock, attr.color ...), or "not" for what is to be left out.
    """

    key: str
    text: str
    label: str  # as a chip shows it, in the query's language


@dataclass(frozen=True)
class Understood:
    """`text` is what is searched; `corrected_from` the query as typed, where its spelling was changed."""

    text: str
    corrected_from: str | None = None
    constraints: tuple[Constraint, ...] = ()
