"""What a shopper's words were taken to mean: the words that are searched, and the filters that were found in them.

Spelling, plain-word constraints ("under $50") and product types are worked out by modules of their own; here are the
words they share. `search/understanding.py` calls them in order.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Constraint:
    """A filter that was said in words. `text` is the part of the query that says it, `without` the query without it.

    `key` is a facet's key (price, brand, rating, in_stock, attr.color ...), or "not" for what is to be left out;
    `said` is the bare word or number for those that have one, `values` what is filtered by.
    """

    key: str
    text: str
    without: str
    said: str = ""
    values: tuple[str, ...] = ()
    min_cents: int | None = None
    max_cents: int | None = None


@dataclass(frozen=True)
class Relaxed:
    """A constraint that left nothing and was lifted; for a price, the nearest one that there is."""

    constraint: Constraint
    nearest_cents: int | None = None


@dataclass(frozen=True)
class Understood:
    """`text` is what is searched, without the constraints; `corrected_from` the query as typed, where its spelling was
    changed; `english` what a Chinese text says in English, as far as the catalogue's translations tell."""

    text: str
    corrected_from: str | None = None
    constraints: tuple[Constraint, ...] = ()
    relaxed: tuple[Relaxed, ...] = ()
    english: str | None = None
