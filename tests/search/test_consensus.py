"""What the nearest products agree on, with numbers that a person can check."""

import numpy as np
import pytest

from search.consensus import NEAREST, TEMPERATURE, coverage, voters
from search.consensus import agreement as agreement_by
from search.consensus import kind_shares as shares_by

NONE = np.full((4, 1), -1)
NO_CLUSTERS = np.zeros((4, 0), dtype=np.int64)


def kind_shares(categories: np.ndarray, clusters: np.ndarray, cosine: np.ndarray) -> np.ndarray:
    return shares_by(categories, clusters, voters(cosine))


def agreement(categories: np.ndarray, bm25: np.ndarray, cosine: np.ndarray) -> float | None:
    return agreement_by(categories, bm25, voters(cosine))


def column(*kinds: int) -> np.ndarray:
    return np.array(kinds, dtype=np.int64).reshape(-1, 1)


def test_equally_near_products_have_equal_votes() -> None:
    shares = kind_shares(column(7, 7, 7, 9), NO_CLUSTERS, np.full(4, 0.5))
    assert shares.tolist() == [0.75, 0.75, 0.75, 0.25]


def test_a_nearer_product_has_more_to_say() -> None:
    cosine = np.array([0.5, 0.5 - TEMPERATURE * np.log(3)])  # a third of the weight of the first
    assert kind_shares(column(7, 9), np.zeros((2, 0), dtype=np.int64), cosine) == pytest.approx([0.75, 0.25])


def test_only_the_nearest_have_a_vote_but_every_candidate_gets_its_share() -> None:
    count = 2 * NEAREST
    kinds = column(*[1] * NEAREST, *[2] * (NEAREST - 1), 1)
    shares = kind_shares(kinds, np.zeros((count, 0), dtype=np.int64), np.linspace(0.9, 0.1, count))
    assert (shares[0], shares[NEAREST], shares[-1]) == (pytest.approx(1), 0, pytest.approx(1))


def test_the_category_counts_as_much_as_all_clusters_together() -> None:
    clusters = np.array([[1, 5], [1, 6], [2, 6], [2, 6]])
    shares = kind_shares(column(7, 7, 7, 9), clusters, np.full(4, 0.5))
    by_clusters = [(0.5 + 0.25) / 2, (0.5 + 0.75) / 2, (0.5 + 0.75) / 2, (0.5 + 0.75) / 2]
    by_category = [0.75, 0.75, 0.75, 0.25]
    assert shares.tolist() == pytest.approx(((np.array(by_clusters) + by_category) / 2).tolist())


def test_without_categories_the_clusters_decide() -> None:
    assert kind_shares(NONE, column(3, 3, 4, -1), np.full(4, 0.5)).tolist() == [0.5, 0.5, 0.25, 0]


def test_without_kinds_or_vectors_nothing_is_said() -> None:
    assert kind_shares(NONE, NO_CLUSTERS, np.full(4, 0.5)).tolist() == [0, 0, 0, 0]
    assert kind_shares(column(1, 1, 2, 2), NO_CLUSTERS, np.full(4, np.nan)).tolist() == [0, 0, 0, 0]
    nothing = np.zeros(0)
    assert kind_shares(np.zeros((0, 1), dtype=np.int64), np.zeros((0, 4), dtype=np.int64), nothing).tolist() == []


MANY = 2 * NEAREST


def test_words_and_meaning_agree_on_the_same_categories() -> None:
    assert agreement(column(*[1] * MANY), np.ones(MANY), np.full(MANY, 0.5)) == pytest.approx(1)


def test_words_that_only_another_category_has_disagree() -> None:
    # the words are in mounts (2), nearest are televisions (1): all the weight of meaning, none of it on the mounts
    kinds = column(*[1] * NEAREST, *[2] * NEAREST)
    bm25 = np.array([0.0] * NEAREST + [3.0] * NEAREST)
    cosine = np.array([0.9] * NEAREST + [-0.9] * NEAREST)
    assert agreement(kinds, bm25, cosine) == pytest.approx(0, abs=1e-3)


def test_half_of_the_words_elsewhere() -> None:
    kinds = column(*[1] * NEAREST, *[1, 2] * (NEAREST // 2))
    bm25 = np.array([0.0] * NEAREST + [1.0] * NEAREST)
    cosine = np.array([0.9] * NEAREST + [-9.0] * NEAREST)
    assert agreement(kinds, bm25, cosine) == pytest.approx(np.sqrt(0.5))


def test_the_fewer_products_have_the_words_the_less_disagreement_counts() -> None:
    cosine = np.array([0.9] * NEAREST + [-0.9] * NEAREST)
    for few in (1, NEAREST // 3):
        kinds = column(*[1] * NEAREST, *[2] * NEAREST)
        bm25 = np.array([0.0] * NEAREST + [3.0] * few + [np.nan] * (NEAREST - few))
        assert agreement(kinds, bm25, cosine) == pytest.approx(1 - few / NEAREST, abs=1e-3)


def test_without_categories_or_without_words_there_is_no_agreement_to_speak_of() -> None:
    assert agreement(NONE, np.ones(4), np.full(4, 0.5)) is None
    assert agreement(column(1, 1, 1, 1), np.zeros(4), np.full(4, 0.5)) is None
    assert agreement(column(1, 1, 1, 1), np.ones(4), np.full(4, np.nan)) is None


def test_coverage_is_that_of_the_product_with_most_of_the_words() -> None:
    assert coverage(np.array([1.0, 3.0, np.nan, 0.0]), 6.0) == pytest.approx(0.5)
    assert coverage(np.zeros(3), 6.0) == 0


def test_without_words_or_products_there_is_nothing_to_cover() -> None:
    assert coverage(np.array([1.0]), 0.0) is None
    assert coverage(np.array([]), 6.0) is None
    assert coverage(np.array([np.nan]), 6.0) is None
