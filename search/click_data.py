"""What became of showing products: the log of a window as counts by query and product."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ProductClicks:
    """What became of showing one product for one query in a window. A client counts once a (query, product)."""

    query: str  # in its normal form: lower case, single spaces
    language: str
    product_id: int
    shown: int  # clients that were shown it
    examined: float  # sum over those clients of the propensity of the (best) position at which it was shown to them
    clicked: int  # clients that clicked it
    value: float  # clicked, weighted by what followed: click 1, add_to_cart 2, purchase 3 (the most a client did)
    weighted: float  # sum over clicking clients of what they did / propensity of the position clicked (clipped)
    position: float  # mean position at which it was shown


def normal_query(query: str) -> str:
    """Queries that differ in case or spaces are the same."""
    return " ".join(query.lower().split())
