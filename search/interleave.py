"""Team-draft interleaving: two rankings mixed into one page, so that shoppers' clicks say which of them is better.

As captains choose their teams: in each round a coin says who picks first, and each side picks its best product that is
not on the page yet (Radlinski, Kurup & Joachims 2008). A click counts for the side that picked the product. Shoppers
compare both sides on one page, so one to two orders of magnitude fewer searches are needed than where one half of the
shoppers gets A and the other half B (Chapelle, Joachims, Radlinski & Yue 2012).

Three kinds of hits count for neither side, because they would only add noise, or favour one:
- those at the top on which both rankings agree: whoever "picked" them, they would be where they are (Chapelle et al.);
- those after the end of the shorter ranking: a longer list is not a better one;
- those of a last round in which only one side could pick.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from random import Random
from statistics import NormalDist

A, B, NEITHER = 0, 1, -1

SIGNIFICANT = 0.05
POWER = 0.8
LEAST = 6  # decided searches: with fewer even a one-sided result has a p-value above SIGNIFICANT
NO_DIFFERENCE = 0.01  # a share of wins so near to one half: telling it from chance takes 20,000 decided searches
_Z = NormalDist().inv_cdf(1 - SIGNIFICANT / 2)


@dataclass(frozen=True)
class Mixed:
    """One page's products, and for each which side picked it: A, B or NEITHER."""

    product_ids: tuple[int, ...]
    teams: tuple[int, ...]


def team_draft(a: Sequence[int], b: Sequence[int], *, depth: int, rng: Random) -> Mixed:
    """The first `depth` places of both rankings together; no product twice.

    The same state of `rng` gives the same page.
    """
    a, b = a[:depth], b[:depth]
    teams: dict[int, int] = {}  # by product, in their order
    for ours, theirs in zip(a, b, strict=False):
        if ours != theirs:
            break
        teams[ours] = NEITHER
    while len(teams) < depth:
        left = [[product_id for product_id in ranking if product_id not in teams] for ranking in (a, b)]
        if not _both_can_pick(*left):
            break
        first = rng.randrange(2)
        picked = left[first][0]
        teams[picked] = first
        if len(teams) < depth:
            teams[next(other for other in left[1 - first] if other != picked)] = 1 - first
    for product_id in chain(a, b):
        if len(teams) < depth:
            teams.setdefault(product_id, NEITHER)
    return Mixed(tuple(teams), tuple(teams.values()))


def _both_can_pick(a: Sequence[int], b: Sequence[int]) -> bool:
    """Whoever picks first."""
    return bool(a and b) and (a[0] != b[0] or (len(a) > 1 and len(b) > 1))


def winner(clicks_a: int, clicks_b: int) -> int:
    """Of one search: who got more clicks; NEITHER where both got as many."""
    if clicks_a == clicks_b:
        return NEITHER
    return A if clicks_a > clicks_b else B


@dataclass(frozen=True)
class Result:
    """What came of a test. The rest of the `searches` had no click on a hit of one side only."""

    searches: int
    wins_a: int
    wins_b: int
    ties: int  # as many clicks for both

    @property
    def decided(self) -> int:
        return self.wins_a + self.wins_b

    @property
    def share_of_b(self) -> float | None:
        """Of the decided searches, 0 to 1; None without any."""
        return self.wins_b / self.decided if self.decided else None

    @property
    def p_value(self) -> float:
        return sign_test(self.wins_a, self.wins_b)

    @property
    def is_significant(self) -> bool:
        return self.p_value < SIGNIFICANT

    @property
    def searches_needed(self) -> int | None:
        """How many more, at the rate at which searches were decided so far; 0 when there are enough.

        None where there is no difference yet that could be told from chance.
        """
        needed = decided_needed(self.wins_a, self.wins_b)
        if needed is None:
            return None
        return math.ceil(max(0, needed - self.decided) * self.searches / self.decided)


def tally(searches: Iterable[tuple[int, int, int]]) -> Result:
    """From (clicks on A's hits, clicks on B's hits, how many searches had as many of each)."""
    count = dict.fromkeys((A, B, NEITHER), 0)
    total = 0
    for clicks_a, clicks_b, how_many in searches:
        total += how_many
        if clicks_a or clicks_b:
            count[winner(clicks_a, clicks_b)] += how_many
    return Result(total, count[A], count[B], count[NEITHER])


def sign_test(wins_a: int, wins_b: int) -> float:
    """The exact two-sided p-value: how likely so one-sided a result is where both are equally good; ties are left out.

    Twice the smaller tail of the binomial distribution, at most 1 (Dixon & Mood 1946). In logarithms, because the
    coefficients of thousands of searches are larger than a float.
    """
    wins, fewer = wins_a + wins_b, min(wins_a, wins_b)
    whole = math.lgamma(wins + 1) - wins * math.log(2)
    tail = math.fsum(math.exp(whole - math.lgamma(k + 1) - math.lgamma(wins - k + 1)) for k in range(fewer + 1))
    return min(1.0, 2 * tail)


def wilson_interval(wins: int, decided: int) -> tuple[float, float]:
    """The 95 % score interval of a share of wins (Wilson 1927); (0, 1) when nothing is decided."""
    if not decided:
        return 0.0, 1.0
    share, spread = wins / decided, _Z**2 / decided
    middle = (share + spread / 2) / (1 + spread)
    half = _Z / (1 + spread) * math.sqrt(share * (1 - share) / decided + spread / (4 * decided))
    return max(0.0, middle - half), min(1.0, middle + half)


def decided_needed(wins_a: int, wins_b: int) -> int | None:
    """How many decided searches show the observed share of wins with p < SIGNIFICANT, in POWER of all tests.

    By the normal approximation of the sign test (Noether 1987). None for a share near one half.
    """
    decided = wins_a + wins_b
    off = abs(wins_b / decided - 0.5) if decided else 0.0
    if off < NO_DIFFERENCE:
        return None
    spread = _Z * 0.5 + NormalDist().inv_cdf(POWER) * math.sqrt((0.5 + off) * (0.5 - off))
    return max(LEAST, math.ceil((spread / off) ** 2))
