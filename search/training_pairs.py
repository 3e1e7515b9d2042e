"""From clicks to what the encoder is trained on: (query, product) pairs with weights, and hard negatives.

The pairs are aggregated over clients, so the cost of training does not grow with sessions. What positions do to clicks
is taken out: a product is judged by its clicks per examination (COEC, Zhang & Jones 2007; examinations as the
propensities expect them), a click weighs by the inverse of its position's propensity (Joachims et al. 2017). Noise is
held down by what the other clients did: one client's choice among many is none, nor is a product that slips of the
finger explain, or one chosen less than the query's products on average.

`naive` takes clicks as they come, for comparison (search/EXPERIMENTS.md).
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from search.product_clicks import ProductClicks

# Clicks of a query from which on they tell what is a slip. With fewer there is nothing to hold against one client's
# choice, and nearly all queries of a small store are so rare.
THIN = 5
SLIPS = 0.1  # of a query's clicks may land on anything that was shown; an assumption, on the high side
CLEARLY = 0.05  # the chance that slips, or bad luck, explain what was counted
SELDOM = 0.25  # times the query's average: a hard negative is chosen no more often than that
HARD_NEGATIVES = 4  # of one query
# A query's pairs weigh clicks ** TEMPER together: 0 lets each query count alike, so that the rarest with all their
# noise are most of the training; with 1 the head drowns them. The square root is half-way (Mahajan et al. 2018 take
# it for hashtags).
TEMPER = 0.5


@dataclass(frozen=True)
class TrainingPair:
    """A query and a product chosen for it. Weights are 1 on average; `hard_negatives` were examined and not chosen."""

    query: str
    product_id: int
    weight: float
    hard_negatives: tuple[int, ...]
    language: str


@dataclass(frozen=True)
class _Judged:
    """A product in one query: `expected` is how many would have chosen it, were all products of the query alike."""

    product_id: int
    clicked: int
    expected: float
    gain: float  # what its clicks weigh before damping


def training_pairs(clicks: Iterable[ProductClicks], *, naive: bool = False) -> list[TrainingPair]:
    """By query and product. A query without a product that is clearly chosen has no pairs.

    `naive` ignores positions: clicks per client that was shown the product, and each click weighs the same.
    """
    queries: defaultdict[str, list[ProductClicks]] = defaultdict(list)
    for row in clicks:
        queries[row.query].append(row)
    pairs = [pair for _, rows in sorted(queries.items()) for pair in _pairs_of(rows, naive)]
    mean = sum(pair.weight for pair in pairs) / len(pairs) if pairs else 1.0
    return [
        TrainingPair(pair.query, pair.product_id, pair.weight / mean, pair.hard_negatives, pair.language)
        for pair in pairs
    ]


def clicked_by_query(pairs: Iterable[TrainingPair]) -> dict[str, frozenset[int]]:
    """The products chosen for each query: none of them is a negative of another pair of it in a batch."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for pair in pairs:
        found[pair.query].add(pair.product_id)
    return {query: frozenset(products) for query, products in found.items()}


def _pairs_of(rows: Sequence[ProductClicks], naive: bool) -> Iterator[TrainingPair]:
    """Of one query, with weights that add up to its clicks ** TEMPER; a product's share of them is damped by log1p, so
    that a clear favourite does not hide the others."""
    judged = _judged(rows, naive)
    chosen = sorted(_chosen(judged), key=lambda one: one.product_id)
    if not chosen:
        return
    negatives = _hard_negatives(judged, {one.product_id for one in chosen})
    shares = [math.log1p(one.gain) for one in chosen]
    scale = sum(one.clicked for one in chosen) ** TEMPER / sum(shares)
    for one, share in zip(chosen, shares, strict=True):
        yield TrainingPair(rows[0].query, one.product_id, share * scale, negatives, rows[0].language)


def _judged(rows: Sequence[ProductClicks], naive: bool) -> list[_Judged]:
    examined = {row.product_id: float(row.shown) if naive else row.examined for row in rows}
    rate = sum(row.clicked for row in rows) / max(sum(examined.values()), 1e-9)
    return [
        _Judged(row.product_id, row.clicked, rate * examined[row.product_id], row.value if naive else row.weighted)
        for row in rows
    ]


def _chosen(judged: Sequence[_Judged]) -> list[_Judged]:
    """Those chosen as often as the query's products are on average, or more; where many chose, not by slips alone."""
    good = [one for one in judged if one.clicked and one.clicked >= one.expected * (1 - 1e-9)]
    total = sum(one.clicked for one in judged)
    if total < THIN:
        return good
    slips = SLIPS * total / len(judged)
    return [one for one in good if one.clicked > 1 and 1 - at_most(one.clicked - 1, slips) <= CLEARLY]


def _hard_negatives(judged: Sequence[_Judged], chosen: set[int]) -> tuple[int, ...]:
    """What was looked at and left, most clearly first."""
    skipped = [
        one
        for one in judged
        if one.product_id not in chosen
        and one.clicked <= SELDOM * one.expected
        and at_most(one.clicked, one.expected) <= CLEARLY
    ]
    clearest = sorted(skipped, key=lambda one: (one.clicked - one.expected, one.product_id))
    return tuple(one.product_id for one in clearest[:HARD_NEGATIVES])


def at_most(count: int, expected: float) -> float:
    """The chance of `count` or fewer where `expected` is the mean (Poisson)."""
    if expected <= 0:
        return 1.0
    log = math.log(expected)
    return min(1.0, math.fsum(math.exp(k * log - expected - math.lgamma(k + 1)) for k in range(count + 1)))
