"""Whether a ranker is worth having, by queries that it has not seen."""

import sys

import numpy as np
import pytest

from search.ranker_choice import LINEAR, MIN_LISTS, TREE_LISTS, WAYS, choose_way, cross_validate, fold, ways_for
from search.ranker_trees import can_grow
from tests.search.test_ranker import lists


def test_a_signal_is_found_on_held_out_queries() -> None:
    found = cross_validate(lists(60, signal=1.0))
    assert found.difference.low > 0.1
    assert set(found.chosen) <= set(LINEAR)


def test_noise_is_left_alone() -> None:
    chosen = [choose_way(lists(40, signal=0.0, seed=seed)) for seed in range(8)]
    assert chosen.count(None) >= 7  # beyond chance is nineteen of twenty


def test_where_nothing_is_chosen_nothing_changes() -> None:
    found = cross_validate(lists(MIN_LISTS - 1, signal=1.0))
    assert found.chosen == (None,) * 5
    assert np.array_equal(found.base, found.ranked)


def test_a_query_is_always_in_the_same_fold() -> None:
    assert [fold(f"query {number}", 5) for number in range(6)] == [fold(f"query {number}", 5) for number in range(6)]
    counts = np.bincount([fold(f"query {number}", 5) for number in range(1000)])
    assert counts.min() > 150


def test_trees_are_tried_where_there_are_many_queries(trees_grow: None) -> None:
    assert ways_for(TREE_LISTS - 1) == list(LINEAR)
    assert ways_for(TREE_LISTS) == list(WAYS)


def test_without_lightgbm_there_are_weights(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setitem(sys.modules, "lightgbm", None)  # as where it cannot be imported
    can_grow.cache_clear()
    assert ways_for(TREE_LISTS) == list(LINEAR)
    assert "install libgomp1" in caplog.text
    can_grow.cache_clear()
