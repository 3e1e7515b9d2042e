"""How likely a position is looked at, estimated from the store's own clicks: what makes clicks comparable.

In the position-based model (Richardson et al. 2007, Craswell et al. 2008) a click takes two things: that the position
is examined, with probability theta_k, and that the product appeals, which has nothing to do with its position. Two
estimators of theta, the first where there is enough for it:

- swaps: neighbours k, k + 1 that search/swaps.py put in a random order. Their products are exchangeable, so what
  fewer clicks k + 1 gets is due to its position alone (Joachims et al. 2017).
- EM over the appeal of each (query, product) and the examination of each position, from products that stood at
  several positions anyway (Wang et al. 2018). Theirs regresses the appeal on features, for mail search where hardly
  any pair is seen twice; a store's queries repeat, so a table of pairs with a Beta prior does.

Until the log has enough for either, 1 / position. No Django: arrays in, `Propensities` out.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

POSITIONS = 24  # one page; what is further down is examined like the last
FLOOR = 0.05  # one client that clicks far down must not count like a hundred; 1 / position falls below from 20 on
CLIP = 0.1  # of inverse propensities: a click counts at most ten times (Strehl et al. 2010; variance against bias)

STEEPNESS = (1.0, 0.5)  # mean and deviation of what eye tracking and click logs find for theta = position ** -steepness
STEEPEST = 2.0
PRIOR_CLICKS = 20  # clicks by which a position's own figure counts as much as the curve through all of them
# The Beta prior of a pair's appeal, in clicks and skips: it keeps the appeal off 0 and 1, and no more. A stronger one
# has a mean that is wrong for most pairs, which bends the propensities of a small log.
PAIR_PRIOR = (0.01, 0.01)
MOST_ROUNDS, CONVERGED = 1_000, 1e-5  # of EM, which is slow to get far down: after 300 rounds it is off by a tenth

# Enough for the first ten to be off by about a quarter (simulated as in tests/search/test_propensities.py).
SWAP_CLICKS = 2_000
EM_SEARCHES = 5_000
EM_CLICKS = 2_000  # on pairs that were shown at several positions: the others tell nothing of positions

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Propensities:
    """Of positions 1, 2, ...; the first is 1, none is above the one before. Raises ValueError for other values."""

    values: tuple[float, ...]

    def __post_init__(self) -> None:
        steps = zip(self.values, self.values[1:], strict=False)
        if not self.values or self.values[0] != 1.0 or not all(first >= second > 0 for first, second in steps):
            raise ValueError(f"Propensities start at 1, fall and stay above 0: {self.values}.")

    def of(self, position: int) -> float:
        """Of a 1-based position; those beyond the last have the last one's."""
        return self.values[min(position, len(self.values)) - 1]

    def clipped(self, position: int) -> float:
        """What a click at that position is divided by."""
        return max(self.of(position), CLIP)


@dataclass(frozen=True)
class Swapped:
    """The searches that put positions k and k + 1 in a random order, and the clicks at either."""

    position: int  # k
    searches: int
    clicks: int
    clicks_below: int


@dataclass(frozen=True, eq=False)
class Exposures:
    """Clients that were shown a pair of query and product at a position, and clicked it there: four arrays (n,), int.

    `pairs` are numbers from 0 on, `positions` 1 to POSITIONS.
    """

    pairs: npt.NDArray[np.int64]
    positions: npt.NDArray[np.int64]
    shown: npt.NDArray[np.int64]
    clicked: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Estimate:
    """`method` is swaps, em or prior; `searches` is how many it comes from."""

    propensities: Propensities
    method: str
    searches: int


def prior() -> Propensities:
    """1 / position, down to the floor."""
    return _propensities(_curve(STEEPNESS[0]))


def estimate(swaps: Sequence[Swapped], exposures: Exposures, *, searches: int) -> Estimate:
    """By the best method that there are enough clicks for; `searches` are those behind the exposures."""
    if sum(one.clicks + one.clicks_below for one in swaps) >= SWAP_CLICKS:
        return Estimate(from_swaps(swaps), "swaps", sum(one.searches for one in swaps))
    if searches >= EM_SEARCHES and int(exposures.clicked.sum()) >= EM_CLICKS:
        return Estimate(from_exposures(exposures), "em", searches)
    return Estimate(prior(), "prior", 0)


def from_swaps(swaps: Sequence[Swapped]) -> Propensities:
    """The ratios of neighbours, chained from the first position on.

    A click on a swapped pair is at k + 1 with the odds theta_{k+1} / theta_k. Each ratio is shrunk towards that of the
    curve position ** -steepness, which all clicks together choose; positions never swapped follow the curve.
    """
    steepness = _steepness(swaps)
    counted = {one.position: one for one in swaps}
    values = [1.0]
    for position in range(1, POSITIONS):
        ratio = (position / (position + 1)) ** steepness
        if position in counted:
            ratio = _shrunk_ratio(counted[position], ratio)
        values.append(values[-1] * min(ratio, 1.0))
    return _propensities(np.array(values))


def _shrunk_ratio(swapped: Swapped, expected: float) -> float:
    """The odds of a click being below: a Beta prior of PRIOR_CLICKS clicks with the expected share."""
    share = expected / (1 + expected)
    below = swapped.clicks_below + PRIOR_CLICKS * share
    above = swapped.clicks + PRIOR_CLICKS * (1 - share)
    return below / above


def _steepness(swaps: Sequence[Swapped]) -> float:
    """The most likely one under its normal prior: logistic regression with one weight, by Newton's method."""
    mean, deviation = STEEPNESS
    gaps = np.array([math.log((one.position + 1) / one.position) for one in swaps])
    above = np.array([one.clicks for one in swaps], dtype=np.float64)
    clicks = above + np.array([one.clicks_below for one in swaps])
    steepness = mean
    for _ in range(20):  # log-concave: converges in five or so
        share = 1 / (1 + np.exp(-steepness * gaps))
        slope = float((gaps * (above - clicks * share)).sum()) - (steepness - mean) / deviation**2
        curvature = float((gaps**2 * clicks * share * (1 - share)).sum()) + 1 / deviation**2
        steepness += slope / curvature
    return min(max(steepness, 0.0), STEEPEST)


def from_exposures(exposures: Exposures) -> Propensities:
    """By EM; positions with few clicks follow the curve through the others.

    A pair that nobody clicked appeals to nobody, whatever the positions: it tells nothing of them.
    """
    raw = _examination(_with_clicks(exposures))
    clicks: Floats = np.bincount(exposures.positions - 1, exposures.clicked, POSITIONS).astype(np.float64)
    curve = _curve(_fitted_steepness(raw, clicks))
    own = clicks / (clicks + PRIOR_CLICKS)
    mixed = np.exp(own * np.log(np.maximum(raw, 1e-6)) + (1 - own) * np.log(curve))
    return _propensities(np.concatenate((np.ones(1), falling(mixed[1:], clicks[1:] + PRIOR_CLICKS))))


def _with_clicks(exposures: Exposures) -> Exposures:
    kept = np.bincount(exposures.pairs, exposures.clicked)[exposures.pairs] > 0
    parts = (exposures.pairs, exposures.positions, exposures.shown, exposures.clicked)
    return Exposures(*(part[kept] for part in parts))


def _examination(exposures: Exposures) -> Floats:
    """(POSITIONS,) theta by EM, the first held at 1, since only ratios can be known; 0 where nothing was shown.

    E: of those who did not click, how many looked, and to how many does the product appeal. M: the shares of both.
    """
    places, pairs = exposures.positions - 1, exposures.pairs
    shown, clicked = exposures.shown.astype(np.float64), exposures.clicked.astype(np.float64)
    skipped = np.maximum(shown - clicked, 0.0)
    shown_at = np.maximum(np.bincount(places, shown, POSITIONS), 1e-9)
    shown_of = np.bincount(pairs, shown)
    theta, appeal = _curve(STEEPNESS[0]), np.full(len(shown_of), PAIR_PRIOR[0] / sum(PAIR_PRIOR))
    for _ in range(MOST_ROUNDS):
        looked, appeals = theta[places], appeal[pairs]
        unclicked = skipped / np.maximum(1 - looked * appeals, 1e-9)
        new = np.bincount(places, clicked + unclicked * looked * (1 - appeals), POSITIONS) / shown_at
        appealed = np.bincount(pairs, clicked + unclicked * (1 - looked) * appeals)
        appeal = (appealed + PAIR_PRIOR[0]) / (shown_of + sum(PAIR_PRIOR))
        new[0] = 1.0
        moved, theta = float(np.abs(new - theta).max()), new
        if moved < CONVERGED:
            break
    return np.minimum(theta, 1.0)


def _fitted_steepness(theta: Floats, clicks: Floats) -> float:
    """Least squares through log theta over log position, weighted by clicks, with the prior as PRIOR_CLICKS more."""
    depth = np.log(np.arange(1, POSITIONS + 1))
    weight = clicks * depth
    slope = -(weight * np.log(np.maximum(theta, 1e-6))).sum() + PRIOR_CLICKS * STEEPNESS[0]
    return float(min(max(slope / ((weight * depth).sum() + PRIOR_CLICKS), 0.0), STEEPEST))


def falling(values: Floats, weights: Floats) -> Floats:
    """The non-increasing values nearest to these by weighted squares: pool adjacent violators (Ayer et al. 1955)."""
    blocks: list[tuple[float, float, int]] = []  # mean, weight, length
    for value, weight in zip(values.tolist(), weights.tolist(), strict=True):
        mean, total, length = value, weight, 1
        while blocks and blocks[-1][0] < mean:
            before, mass, count = blocks.pop()
            mean = (before * mass + mean * total) / (mass + total)
            total, length = total + mass, length + count
        blocks.append((mean, total, length))
    return np.concatenate([np.full(length, mean) for mean, _, length in blocks])


def _curve(steepness: float) -> Floats:
    curve: Floats = np.arange(1, POSITIONS + 1, dtype=np.float64) ** -steepness
    return curve


def _propensities(values: Floats) -> Propensities:
    """Within [FLOOR, 1]."""
    return Propensities(tuple(np.clip(values, FLOOR, 1.0).tolist()))
