import numpy as np
import pytest

from search.fusion import fuse, rank, z_scores


def test_z_scores_by_hand() -> None:
    assert z_scores(np.array([1.0, 2.0, 3.0])) == pytest.approx([-1.2247449, 0, 1.2247449])


def test_equal_scores_and_no_scores_say_nothing() -> None:
    assert z_scores(np.array([5.0, 5.0])).tolist() == [0, 0]
    assert z_scores(np.array([])).tolist() == []
    assert z_scores(np.array([np.nan, np.nan])).tolist() == [0, 0]


def test_a_missing_score_counts_as_the_least() -> None:
    assert z_scores(np.array([np.nan, 1.0, 3.0])) == pytest.approx(z_scores(np.array([1.0, 1.0, 3.0])))


def test_weights_are_shares() -> None:
    bm25, cosine = np.array([0.0, 2.0]), np.array([1.0, 0.0])
    assert fuse(bm25, cosine, lexical_weight=1.0).tolist() == [-1, 1]
    assert fuse(bm25, cosine, lexical_weight=0.5).tolist() == [0, 0]


def test_ties_go_by_product_id() -> None:
    assert rank(np.array([30, 10, 20]), np.array([1.0, 1.0, 2.0])).tolist() == [2, 1, 0]
