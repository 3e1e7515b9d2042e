"""What clicks add to the scores of a pool, by hand."""

import numpy as np
import pytest

from search.click_parts import CLICKED_KIND_WEIGHT, CLICKS_WEIGHT, SURE, with_clicks
from search.score_parts import CLICKED_KIND, CLICKS, ScoreParts

IDS = np.array([11, 12, 13, 14], dtype=np.int64)
CATEGORIES = np.array([[7], [7], [9], [-1]], dtype=np.int64)
NO_CATEGORIES = np.full((4, 1), -1, dtype=np.int64)
NO_CLUSTERS = np.zeros((4, 0), dtype=np.int64)
PARTS = ScoreParts({"words": np.arange(4.0)}, np.zeros(4), np.zeros(4), 0.5)


def test_a_lift_counts_and_the_kind_of_what_was_chosen_too() -> None:
    parts = with_clicks(PARTS, IDS, CATEGORIES, NO_CLUSTERS, lifts={11: 1.5, 13: 0.5, 14: -1.0, 99: 2.0})
    assert parts.parts[CLICKS] == pytest.approx(CLICKS_WEIGHT * np.array([1.5, 0, 0.5, -1]))
    certain = CLICKED_KIND_WEIGHT * 2 / (2 + SURE)  # lifts of 2 in all: three quarters of category 7
    assert parts.parts[CLICKED_KIND] == pytest.approx(certain * np.array([0.75, 0.75, 0.25, 0]))
    assert parts.total == pytest.approx(np.arange(4.0) + parts.parts[CLICKS] + parts.parts[CLICKED_KIND])


def test_one_click_says_as_little_about_kinds() -> None:
    (few, many) = (
        with_clicks(PARTS, IDS, CATEGORIES, NO_CLUSTERS, lifts={11: lift}).parts[CLICKED_KIND] for lift in (0.25, 1.0)
    )
    assert few == pytest.approx(CLICKED_KIND_WEIGHT * np.array([0.2, 0.2, 0, 0]))
    assert many == pytest.approx(CLICKED_KIND_WEIGHT * np.array([0.5, 0.5, 0, 0]))


def test_kinds_without_categories_are_the_clusters() -> None:
    clusters = np.array([[3, 1], [3, 2], [4, 1], [4, 2]], dtype=np.int64)
    parts = with_clicks(PARTS, IDS, NO_CATEGORIES, clusters, lifts={11: 1.0})
    assert parts.parts[CLICKED_KIND] == pytest.approx(0.5 * CLICKED_KIND_WEIGHT * np.array([1, 0.5, 0.5, 0]))


def test_what_was_left_alone_has_no_vote() -> None:
    parts = with_clicks(PARTS, IDS, CATEGORIES, NO_CLUSTERS, lifts={11: -1.0})
    assert list(parts.parts) == ["words", CLICKS]


@pytest.mark.parametrize("lifts", [{}, {99: 2.0}])
def test_without_a_lift_in_the_pool_nothing_is_added(lifts: dict[int, float]) -> None:
    assert with_clicks(PARTS, IDS, CATEGORIES, NO_CLUSTERS, lifts=lifts) is PARTS


def test_an_empty_pool() -> None:
    empty = ScoreParts({"words": np.zeros(0)}, np.zeros(0), np.zeros(0), 0.5)
    nothing = np.zeros((0, 1), dtype=np.int64)
    assert with_clicks(empty, IDS[:0], nothing, nothing, lifts={11: 1.0}) is empty
