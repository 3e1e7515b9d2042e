"""What simulated shoppers look for, how often, and how that changes."""

import itertools

import numpy as np
import pytest

from search.datasets import Judgments
from search.shopper_needs import NEW_UNTIL_WEEK, Need, NoNeeds, drift, needs_from_judgments, with_popularity

NEEDS = [Need(f"query {number}", {number: 3}) for number in range(100)]


def by_query(needs: list[Need]) -> dict[str, float]:
    return {need.query: need.popularity for need in needs}


def likeness(one: list[Need], other: list[Need]) -> float:
    """Spearman's correlation of the popularity of the needs that are in both."""
    first, second = by_query(one), by_query(other)
    both = [query for query in first if query in second]
    ranks = [np.argsort(np.argsort([side[query] for query in both])) for side in (first, second)]
    return float(np.corrcoef(*ranks)[0, 1])


def test_judged_products_become_the_stores_products() -> None:
    judgments = Judgments(completed={"desk lamp": {"A": 3, "B": 0, "C": 1, "gone": 2}, "台灯": {"A": 2}, "yacht": {}})
    needs = needs_from_judgments(judgments, {"A": 11, "B": 12, "C": 13})
    assert [(need.query, need.language, need.grades) for need in needs] == [
        ("desk lamp", "en", {11: 3, 13: 1}), ("台灯", "zh", {11: 2}), ("yacht", "en", {}),
    ]  # fmt: skip


def test_judgments_of_another_catalogue_are_refused() -> None:
    with pytest.raises(NoNeeds, match="none of the products"):
        needs_from_judgments(Judgments(completed={"lamp": {"A": 3}}), {"B": 1})


def test_the_nth_most_popular_need_is_an_nth_as_popular_as_the_first() -> None:
    popularity = sorted(by_query(with_popularity(NEEDS, seed=1)).values(), reverse=True)
    assert popularity == pytest.approx([1 / rank for rank in range(1, 101)])


def test_needs_keep_their_order_and_the_seed_says_which_is_popular() -> None:
    one, again, other = (with_popularity(NEEDS, seed=seed) for seed in (1, 1, 2))
    assert one == again
    assert [need.query for need in one] == [need.query for need in other]
    assert by_query(one) != by_query(other)


def test_all_needs_are_alike_with_exponent_0() -> None:
    assert {need.popularity for need in with_popularity(NEEDS, seed=1, exponent=0)} == {1.0}


def test_interests_move_little_in_a_week_and_much_in_ten() -> None:
    first, second, tenth = (drift(NEEDS, week, seed=4) for week in (0, 1, 10))
    assert likeness(first, second) > 0.9
    assert likeness(first, tenth) < 0.5


def test_new_queries_appear_until_all_are_there_and_none_disappears() -> None:
    weeks = [set(by_query(drift(NEEDS, week, seed=4))) for week in range(NEW_UNTIL_WEEK + 1)]
    assert [len(week) for week in weeks] == [70, 73, 76, 79, 82, 85, 88, 91, 94, 97, 100]
    assert all(earlier < later for earlier, later in itertools.pairwise(weeks))


def test_popularity_is_zipf_in_every_week() -> None:
    popularity = sorted(by_query(drift(NEEDS, 0, seed=4)).values(), reverse=True)
    assert popularity == pytest.approx([1 / rank for rank in range(1, 71)])


def test_the_same_seed_drifts_alike() -> None:
    assert drift(NEEDS, 6, seed=4) == drift(NEEDS, 6, seed=4)
    assert drift(NEEDS, 6, seed=4) != drift(NEEDS, 6, seed=5)


def test_one_need_is_there_from_the_start() -> None:
    assert drift([Need("lamp", {})], 0, seed=1) == [Need("lamp", {}, popularity=1.0)]
