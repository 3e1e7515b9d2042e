"""Mixing kinds of products, with lists short enough to check by hand."""

import numpy as np
import pytest

from search.diversity import VAGUE_BELOW, spread, vagueness


def mixed(scores: list[float], kinds: list[int], cost: float) -> list[int]:
    order = np.argsort(-np.array(scores), kind="stable")
    return spread(order, np.array(scores), np.array(kinds), cost=cost).tolist()


def test_a_query_about_one_kind_is_not_vague() -> None:
    assert vagueness(np.array([0.9, 0.9, 0.1])) == 0
    assert vagueness(np.array([VAGUE_BELOW])) == 0


def test_the_less_the_commonest_kind_has_the_vaguer() -> None:
    assert vagueness(np.array([VAGUE_BELOW / 3, 0.1])) == pytest.approx(2 / 3)


def test_where_no_kind_is_known_nothing_is_vague() -> None:
    assert vagueness(np.zeros(5)) == vagueness(np.zeros(0)) == 0


def test_the_next_of_the_same_kind_waits_for_another_that_is_nearly_as_good() -> None:
    assert mixed([3.0, 2.9, 2.8, 2.5], [1, 1, 1, 2], 0.5) == [0, 3, 1, 2]


def test_what_is_much_better_does_not_wait() -> None:
    assert mixed([3.0, 2.9, 2.8, 1.0], [1, 1, 1, 2], 0.5) == [0, 1, 2, 3]


def test_without_cost_or_without_kinds_nothing_moves() -> None:
    assert mixed([3.0, 2.9, 2.8, 2.7], [1, 1, 1, 2], 0.0) == [0, 1, 2, 3]
    assert mixed([3.0, 2.9, 2.8, 2.7], [-1, -1, -1, -1], 0.5) == [0, 1, 2, 3]


def test_every_row_is_there_once_and_the_end_keeps_its_order() -> None:
    rng = np.random.default_rng(4)
    scores, kinds = np.sort(rng.normal(size=200))[::-1], rng.integers(3, size=200)
    order = mixed(scores.tolist(), kinds.tolist(), 0.4)
    assert sorted(order) == list(range(200))
    assert order[48:] == sorted(order[48:])
