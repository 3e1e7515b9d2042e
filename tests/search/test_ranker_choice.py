"""Whether a ranker is worth having, by queries that it has not seen."""

import numpy as np

from search.ranker_choice import MIN_LISTS, RIDGES, choose_ridge, cross_validate, fold
from tests.search.test_ranker import lists


def test_a_signal_is_found_on_held_out_queries() -> None:
    found = cross_validate(lists(60, signal=1.0))
    assert found.difference.low > 0.1
    assert set(found.ridges) <= set(RIDGES)


def test_noise_is_left_alone() -> None:
    chosen = [choose_ridge(lists(40, signal=0.0, seed=seed)) for seed in range(8)]
    assert chosen.count(None) >= 7  # beyond chance is nineteen of twenty


def test_where_nothing_is_chosen_nothing_changes() -> None:
    found = cross_validate(lists(MIN_LISTS - 1, signal=1.0))
    assert found.ridges == (None,) * 5
    assert np.array_equal(found.base, found.ranked)


def test_a_query_is_always_in_the_same_fold() -> None:
    assert [fold(f"query {number}", 5) for number in range(6)] == [fold(f"query {number}", 5) for number in range(6)]
    counts = np.bincount([fold(f"query {number}", 5) for number in range(1000)])
    assert counts.min() > 150
