"""What clicks say about the products of one query: how much more often each is chosen than expected.

Clicks follow places as well as products, so what is expected of a product is the query's mean rate times how often the
product was looked at (clicks over expected clicks, Zhang & Jones 2007, with propensities). Few clicks prove little, so
both sides get PRIOR_CLICKS more: the mean of the posterior of a rate with a Gamma prior around the query's own rate
(DuMouchel 1999). Dividing each click by its propensity instead gives the same order from many clicks, but lets one
click far down weigh as much as ten on top.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from search.words import normalise

PRIOR_CLICKS = 3.0  # a single click then lifts by log(4/3) = 0.29 at most
LEAST, MOST = -1.5, 2.0  # of a lift: a query's clicks may not outweigh everything else
TELLING = 0.05  # smaller lifts are not kept
DIGITS = 2  # of a lift: one more search changes nothing, so the row need not be written and read again
MAX_PRODUCTS = 40  # of a query
MAX_KEY = 500  # characters, as many as ClickMemory.query takes
MIN_PLURAL = 4  # letters: "gas" is no plural


@dataclass(frozen=True)
class Chosen:
    """Of one product: how often it was looked at, and what was done with it, in clicks (a purchase is worth 3)."""

    examined: float
    value: float

    def __add__(self, other: "Chosen") -> "Chosen":
        return Chosen(self.examined + other.examined, self.value + other.value)


def lifts(products: Mapping[int, Chosen]) -> dict[int, float]:
    """The logarithm of chosen over expected, by product id, LEAST to MOST; the MAX_PRODUCTS that tell most.

    They come with the highest first. Nothing where nothing was chosen. Of products that were chosen without being
    looked at (search/rephrasings.py) nothing is expected.
    """
    value, examined = (sum(getattr(one, name) for one in products.values()) for name in ("value", "examined"))
    if not value:
        return {}
    rate = value / examined if examined else 0.0
    found = {pk: _lift(one.value, one.examined * rate) for pk, one in products.items()}
    telling = sorted((-abs(lift), pk) for pk, lift in found.items() if abs(lift) >= TELLING)[:MAX_PRODUCTS]
    return {pk: found[pk] for pk in sorted((pk for _, pk in telling), key=lambda pk: (-found[pk], pk))}


def memory_key(query: str) -> str:
    """The form in which queries share their clicks: lower case, without accents, plurals as singulars.

    Only plurals, after the S-stemmer (Harman 1991): full stems would also mix "bed" with "bedding", and "paint" with
    "painting". All words stay, in their order and with their signs, since "phone not apple" and "lamp $50" mean
    something else without them. Chinese has no plural and often no spaces: it stays as it is typed.
    """
    return " ".join(map(_singular, normalise(query).split()))[:MAX_KEY]


def _lift(value: float, expected: float) -> float:
    lift = math.log((value + PRIOR_CLICKS) / (expected + PRIOR_CLICKS))
    return round(min(MOST, max(LEAST, lift)), DIGITS)


def _singular(word: str) -> str:
    if len(word) < MIN_PLURAL or not (word.isascii() and word.isalpha()):
        return word
    if word.endswith(("ches", "shes", "xes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us")):
        word = word[:-1]
    return f"{word[:-2]}y" if word.endswith("ie") and len(word) >= MIN_PLURAL else word  # hoodie(s), hoody
