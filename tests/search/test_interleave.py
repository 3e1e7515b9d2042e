"""Team draft and the sign test, by numbers worked out by hand, and against SciPy."""

from itertools import product
from random import Random

import pytest
from scipy.stats import binom, binomtest

from search.interleave import (
    NEITHER,
    A,
    B,
    Mixed,
    Result,
    decided_needed,
    sign_test,
    tally,
    team_draft,
    wilson_interval,
    winner,
)


class Coins(Random):
    """Falls as it is told: A for 0, B for 1."""

    def __init__(self, *sides: int) -> None:
        super().__init__()
        self._sides = iter(sides)

    def randrange(self, *_: int, **__: int) -> int:
        return next(self._sides)


def test_a_coin_says_who_picks_first_in_each_round() -> None:
    a, b = [1, 2, 3, 4], [3, 5, 1, 6]
    assert team_draft(a, b, depth=4, rng=Coins(A, A)) == Mixed((1, 3, 2, 5), (A, B, A, B))
    assert team_draft(a, b, depth=4, rng=Coins(B, B)) == Mixed((3, 1, 5, 2), (B, A, B, A))
    assert team_draft(a, b, depth=4, rng=Coins(B, A)) == Mixed((3, 1, 2, 5), (B, A, A, B))


def test_an_odd_last_place_is_of_who_picks_first() -> None:
    assert team_draft([1, 2], [3, 4], depth=3, rng=Coins(A, B)) == Mixed((1, 3, 4), (A, B, B))


def test_hits_at_the_top_on_which_both_agree_count_for_neither() -> None:
    found = team_draft([7, 8, 1, 2, 9], [7, 8, 2, 1, 9], depth=5, rng=Coins(B))
    assert found == Mixed((7, 8, 2, 1, 9), (NEITHER, NEITHER, B, A, NEITHER))
    assert team_draft([1, 2], [1, 2], depth=5, rng=Coins()) == Mixed((1, 2), (NEITHER, NEITHER))


def test_a_longer_ranking_is_no_better() -> None:
    found = team_draft([1, 2, 3, 4], [5], depth=9, rng=Coins(A))
    assert found == Mixed((1, 5, 2, 3, 4), (A, B, NEITHER, NEITHER, NEITHER))
    assert team_draft([], [1, 2], depth=9, rng=Coins()) == Mixed((1, 2), (NEITHER, NEITHER))


def test_a_last_round_that_only_one_order_of_picking_can_fill_counts_for_neither() -> None:
    """After the first round A has 2 and 3 left, and B only 2: if A picked first, B could not pick."""
    found = team_draft([1, 2, 3], [9, 2], depth=9, rng=Coins(B))
    assert found == Mixed((9, 1, 2, 3), (B, A, NEITHER, NEITHER))


def random_ranking(rng: Random) -> list[int]:
    return rng.sample(range(12), rng.randrange(13))


def test_nothing_is_shown_twice_or_lost_and_each_side_picks_its_best() -> None:
    rng = Random(4)
    for _ in range(300):
        a, b, depth = random_ranking(rng), random_ranking(rng), rng.randrange(14)
        found = team_draft(a, b, depth=depth, rng=rng)
        assert len(found.product_ids) == len(set(found.product_ids)) == min(depth, len({*a[:depth], *b[:depth]}))
        for side, ranking in ((A, a), (B, b)):
            seen: set[int] = set()
            for product_id, team in zip(found.product_ids, found.teams, strict=True):
                if team == side:
                    assert product_id == next(one for one in ranking if one not in seen)
                seen.add(product_id)
        assert abs(found.teams.count(A) - found.teams.count(B)) <= 1


def test_whoever_clicks_by_place_alone_prefers_neither_side() -> None:
    """Over all falls of the coins each place belongs to A as often as to B."""
    rng = Random(5)
    for _ in range(60):
        a, b = random_ranking(rng)[:8], random_ranking(rng)[:8]
        mixed = [team_draft(a, b, depth=8, rng=Coins(*coins)).teams for coins in product((A, B), repeat=4)]
        for place in zip(*mixed, strict=True):
            assert place.count(A) == place.count(B)


def test_whoever_wants_what_one_side_ranks_higher_makes_it_win() -> None:
    """The wanted product is second in B's ranking and last in A's: whoever clicks on it alone credits B."""
    a, b = [1, 2, 3, 4, 5], [1, 5, 6, 7, 8]
    for seed in range(50):
        mixed = team_draft(a, b, depth=5, rng=Random(seed))
        assert mixed.teams[mixed.product_ids.index(5)] == B


def test_the_same_seed_gives_the_same_page() -> None:
    pages = {team_draft(range(10), range(20, 30), depth=10, rng=Random(b"seed")) for _ in range(5)}
    assert len(pages) == 1


@pytest.mark.parametrize(("clicks", "side"), [((2, 1), A), ((0, 1), B), ((3, 3), NEITHER), ((0, 0), NEITHER)])
def test_a_search_is_won_by_more_clicks(clicks: tuple[int, int], side: int) -> None:
    assert winner(*clicks) == side


def test_searches_are_tallied() -> None:
    found = tally([(0, 0, 50), (1, 0, 4), (2, 1, 1), (0, 2, 9), (1, 1, 3)])
    assert found == Result(searches=67, wins_a=5, wins_b=9, ties=3)
    assert (found.decided, found.share_of_b) == (14, 9 / 14)
    assert tally([]) == Result(0, 0, 0, 0)
    assert tally([]).share_of_b is None


def test_the_sign_test_by_hand() -> None:
    assert sign_test(0, 5) == pytest.approx(2 / 32)
    assert sign_test(1, 4) == pytest.approx(2 * (1 + 5) / 32)
    assert sign_test(3, 3) == 1.0
    assert sign_test(0, 0) == 1.0


@pytest.mark.parametrize(("a", "b"), [(43, 57), (57, 43), (2, 11), (400, 460), (9_900, 10_100)])
def test_the_sign_test_is_that_of_a_library(a: int, b: int) -> None:
    assert sign_test(a, b) == pytest.approx(binomtest(a, a + b).pvalue, rel=1e-9)


@pytest.mark.parametrize(("wins", "decided"), [(57, 100), (0, 8), (8, 8), (1, 3)])
def test_the_interval_is_that_of_a_library(wins: int, decided: int) -> None:
    expected = binomtest(wins, decided).proportion_ci(method="wilson")
    assert wilson_interval(wins, decided) == pytest.approx((expected.low, expected.high))


def test_nothing_decided_leaves_the_interval_open() -> None:
    assert wilson_interval(0, 0) == (0.0, 1.0)


def test_how_many_decided_searches_are_needed_by_hand() -> None:
    """For 57 of 100: ((1.96 * 0.5 + 0.8416 * sqrt(0.57 * 0.43)) / 0.07)^2 = (1.3966 / 0.07)^2 = 398.1."""
    assert decided_needed(43, 57) == decided_needed(57, 43) == 399
    assert decided_needed(0, 3) == 6  # five of five have p = 0.06
    assert decided_needed(50, 50) is None
    assert decided_needed(1000, 1010) is None
    assert decided_needed(0, 0) is None


def test_so_many_searches_show_the_difference_in_four_of_five_tests() -> None:
    """The normal approximation against the exact power of the exact test, for a true share of 0.57."""
    decided = decided_needed(43, 57)
    assert decided is not None
    chance = sum(
        binom.pmf(wins, decided, 0.57) for wins in range(decided + 1) if sign_test(decided - wins, wins) < 0.05
    )
    assert chance == pytest.approx(0.8, abs=0.02)


def test_the_searches_that_are_still_needed_at_the_rate_so_far() -> None:
    assert Result(searches=400, wins_a=43, wins_b=57, ties=10).searches_needed == 4 * (399 - 100)
    assert Result(searches=400, wins_a=10, wins_b=90, ties=0).searches_needed == 0
    assert Result(searches=400, wins_a=50, wins_b=50, ties=0).searches_needed is None
    assert Result(searches=5, wins_a=0, wins_b=0, ties=0).searches_needed is None
    assert Result(400, 43, 57, 10).is_significant is False
    assert Result(400, 10, 90, 0).is_significant is True
