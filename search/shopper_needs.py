"""What simulated shoppers look for: queries with the grades of the products that would satisfy them.

Few needs are frequent and many are rare: the n-th most popular query is asked 1 / n as often as the first (Zipf 1949;
for web queries Baeza-Yates 2005). Interests drift: every need rises and falls with a season of its own, and some are
first asked in a later week. search/catalogue_needs.py makes needs of a catalogue that nobody has judged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from search.datasets import Judgments
from search.words import is_chinese

Values = npt.NDArray[np.float64]

ZIPF = 1.0  # exponent of popularity over rank; 0 makes all needs alike
SEASON_WEEKS = 20  # from one peak of a need to its next
SWING = 1.0  # of log popularity: at its peak a need is e times as popular as on average
KNOWN_SHARE = 0.7  # of the needs are there in week 0; ...
NEW_UNTIL_WEEK = 10  # ... the others come one after the other until then


class NoNeeds(Exception):
    """There is nothing that shoppers could look for; the message says why."""


@dataclass(frozen=True)
class Need:
    """A query, and the grade 1 to 3 of each product that answers it, by product id; all others are 0.

    `popularity` compares needs with each other; it need not sum to 1. `otherwise` is what some search for next who
    find nothing; empty where they give up.
    """

    query: str
    grades: Mapping[int, int]
    language: str = "en"
    popularity: float = 1.0
    otherwise: str = ""


def needs_from_judgments(
    judgments: Judgments, product_ids_by_sku: Mapping[str, int], *, seed: int = 0, exponent: float = ZIPF
) -> list[Need]:
    """A need for each judged query, also where nothing is relevant: shoppers ask that too. Judged products are SKUs.

    Raises NoNeeds when the catalogue has none of the relevant products.
    """
    needs = [
        Need(query, _graded(grades, product_ids_by_sku), "zh" if is_chinese(query) else "en")
        for query, grades in judgments.completed.items()
    ]
    if not any(need.grades for need in needs):
        raise NoNeeds("The catalogue has none of the products that are judged relevant; the judgments name SKUs.")
    return with_popularity(needs, seed=seed, exponent=exponent)


def _graded(grades: Mapping[str, int], product_ids_by_sku: Mapping[str, int]) -> dict[int, int]:
    return {
        product_ids_by_sku[sku]: grade for sku, grade in grades.items() if grade > 0 and sku in product_ids_by_sku
    }  # fmt: skip


def with_popularity(needs: Sequence[Need], *, seed: int, exponent: float = ZIPF) -> list[Need]:
    """The needs in their order, each with the popularity of a place in a ranking that is drawn by the seed."""
    order = np.random.default_rng(seed).permutation(len(needs))
    return _ranked(needs, order, exponent)


def drift(needs: Sequence[Need], week: float, *, seed: int, exponent: float = ZIPF) -> list[Need]:
    """The needs that there are in that week of a simulation, counted from 0, with their popularity then.

    The same seed tells one story: call it with the same needs for each week. A week moves popularity little, ten
    weeks turn many needs from their peak to their low.
    """
    rng = np.random.default_rng(seed)
    ranks, phases = rng.permutation(len(needs)) + 1, rng.random(len(needs))
    interest = -exponent * np.log(ranks) + SWING * np.sin(2 * np.pi * (week / SEASON_WEEKS + phases))
    there = np.flatnonzero(_arrivals(len(needs), rng) <= week)
    order = np.argsort(-interest[there], kind="stable")
    return _ranked([needs[at] for at in there.tolist()], order, exponent)


def _arrivals(count: int, rng: np.random.Generator) -> Values:
    """(count,) the week in which each need is first asked."""
    known = int(np.ceil(KNOWN_SHARE * count))
    weeks = np.zeros(count)
    weeks[known:] = np.ceil(np.linspace(0, NEW_UNTIL_WEEK, count - known + 1)[1:])
    return weeks[rng.permutation(count)]


def _ranked(needs: Sequence[Need], order: npt.NDArray[np.int64], exponent: float) -> list[Need]:
    """`order` has the places of the needs in the list, the most popular first."""
    popularity = np.zeros(len(needs))
    popularity[order] = np.arange(1, len(needs) + 1, dtype=np.float64) ** -exponent
    return [replace(need, popularity=float(share)) for need, share in zip(needs, popularity, strict=True)]
