"""What became of showing one product for one query: the row that everything learned from clicks begins with."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProductClicks:
    """Of one window. A client counts once a (query, product)."""

    query: str  # in its normal form: search.words.normal_query
    language: str  # in which the store was shown to most who searched for it
    product_id: int
    shown: int  # clients that were shown it
    examined: float  # sum over those clients of the propensity of the best position at which it was shown to them
    clicked: int  # clients that clicked it, or did more
    value: float  # sum over those of the most that each did: click 1, add_to_cart 2, purchase 3
    weighted: float  # sum over those of what they did / clipped propensity of the position: inverse-propensity clicks
    position: float  # mean position at which it was shown
