"""How likely a position is looked at, estimated from the store's own clicks: what makes clicks comparable.

In the position-based model (Richardson et al. 2007, Craswell et al. 2008) a click takes two things: that the position
is examined, with probability theta_k, and that the product appeals, which has nothing to do with its position. So of
the clicks on one (query, product), those at position k are expected in proportion to theta_k times how often it was
shown there, however much it appeals: what stood at several positions tells of positions (intervention harvesting,
Agarwal et al. 2019). Two kinds of such pairs, the first where there are enough clicks on it:

- swaps: neighbours k, k + 1 that search/swaps.py put in a random order. Chance moved them, nothing else.
- moves: every (query, product) that stood at several positions, for whatever reason.

Appeals are conditioned on, not estimated beside theta as by EM (Wang et al. 2018): most pairs are shown so seldom that
the likeliest appeal is far too high or too low, and theta with it (search/EXPERIMENTS.md). Until the log has enough for
either, 1 / position. No Django: arrays in, `Propensities` out.
"""

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
MOST_ROUNDS, CONVERGED = 2_000, 1e-6  # of fixed-point steps, slow where only neighbours are compared

# Enough for the first ten to be off by about a quarter (simulated as in tests/search/test_propensities.py).
SWAP_CLICKS = 2_000
MOVED_CLICKS = 500  # on pairs that were shown at several positions

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
    """`method` is swaps, moves or prior; `searches` is how many it comes from."""

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
    if int(exposures.clicked.sum()) >= MOVED_CLICKS:
        return Estimate(from_exposures(exposures), "moves", searches)
    return Estimate(prior(), "prior", 0)


def from_swaps(swaps: Sequence[Swapped]) -> Propensities:
    """All searches that swapped k and k + 1 as one pair, which was shown as often at either."""
    rows = [
        row
        for number, one in enumerate(swaps)
        for row in (
            (number, one.position, one.searches, one.clicks),
            (number, one.position + 1, one.searches, one.clicks_below),
        )
    ]
    return from_exposures(Exposures(*np.array(rows, dtype=np.int64).reshape(-1, 4).T))


def from_exposures(exposures: Exposures) -> Propensities:
    """The most likely propensities given how many clicks each pair has, near a curve position ** -steepness.

    The curve's steepness is fitted to all clicks; each position is then held to it by PRIOR_CLICKS clicks. Positions at
    which nothing moved follow the curve.
    """
    moved = _with_clicks(exposures)
    curve = _curve(_steepness(moved))
    at: Floats = np.bincount(moved.positions - 1, moved.clicked, POSITIONS).astype(np.float64)
    theta = curve
    for _ in range(MOST_ROUNDS):
        new = (at + PRIOR_CLICKS) / (_expected(moved, theta) / theta + PRIOR_CLICKS / curve)
        change, theta = float(np.abs(np.log(new / theta)).max()), new
        if change < CONVERGED:
            break
    theta = theta / theta[0]  # only ratios can be known
    return _propensities(np.concatenate((np.ones(1), falling(theta[1:], at[1:] + PRIOR_CLICKS))))


def _with_clicks(exposures: Exposures) -> Exposures:
    """Without the pairs that nobody clicked: they tell nothing of positions."""
    kept = np.bincount(exposures.pairs, exposures.clicked)[exposures.pairs] > 0
    pairs = np.unique(exposures.pairs[kept], return_inverse=True)[1]
    return Exposures(pairs, *(part[kept] for part in (exposures.positions, exposures.shown, exposures.clicked)))


def _expected(moved: Exposures, theta: Floats) -> Floats:
    """(POSITIONS,) clicks, if each pair's were spread over its positions as theta has it."""
    share = _shares(moved, theta)
    of_pair = np.bincount(moved.pairs, moved.clicked)[moved.pairs]
    return np.bincount(moved.positions - 1, of_pair * share, POSITIONS).astype(np.float64)


def _shares(moved: Exposures, theta: Floats) -> Floats:
    """(n,) of each pair's clicks, at that position."""
    weight = moved.shown * theta[moved.positions - 1]
    shares: Floats = weight / np.bincount(moved.pairs, weight)[moved.pairs]
    return shares


def _steepness(moved: Exposures) -> float:
    """The most likely one under its normal prior: a conditional logit with one weight, by Newton's method."""
    mean, deviation = STEEPNESS
    depth = np.log(moved.positions)
    of_pair = np.bincount(moved.pairs, moved.clicked)
    steepness = mean
    for _ in range(20):  # log-concave: converges in five or so
        share = _shares(moved, _curve(steepness))
        middle = np.bincount(moved.pairs, share * depth)
        spread = np.bincount(moved.pairs, share * depth**2) - middle**2
        slope = float((of_pair * middle).sum() - (moved.clicked * depth).sum()) - (steepness - mean) / deviation**2
        curvature = float((of_pair * spread).sum()) + 1 / deviation**2
        steepness = min(max(steepness + slope / curvature, 0.0), STEEPEST)
    return steepness


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
