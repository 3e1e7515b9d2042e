"""Relevance measures: by hand where a person can compute them, against ir-measures where one cannot."""

import math
import random

import ir_measures
import numpy as np
import pytest
from ir_measures import RR, P, R, nDCG

from search.metrics import bootstrap, dcg, ndcg, paired_bootstrap, precision, recall, reciprocal_rank, share_worse

EXPONENTIAL = {0: 0, 1: 1, 2: 3, 3: 7}


def test_gain_is_exponential_and_the_discount_logarithmic() -> None:
    assert dcg([3, 0, 1], k=3) == pytest.approx(7 / 1 + 0 / math.log2(3) + 1 / 2)


def test_dcg_looks_at_the_first_k_only() -> None:
    assert dcg([0, 3], k=1) == 0


def test_the_best_order_has_ndcg_1_and_the_ideal_counts_products_that_were_not_found() -> None:
    assert ndcg([3, 1, 0], [3, 1, 0]) == 1
    assert ndcg([3], [3, 3]) == pytest.approx(1 / (1 + 1 / math.log2(3)))


def test_a_query_without_relevant_products_scores_0() -> None:
    assert ndcg([0, 0], [0, 0]) == 0
    assert recall([0], [0]) == 0


def test_reciprocal_rank_is_of_the_first_relevant_hit() -> None:
    assert reciprocal_rank([0, 0, 1, 3]) == pytest.approx(1 / 3)
    assert reciprocal_rank([0] * 10 + [3]) == 0


def test_a_short_ranking_has_the_precision_of_a_full_one() -> None:
    assert precision([3, 1]) == 0.2


def test_recall_is_the_share_of_all_relevant_products() -> None:
    assert recall([3, 0, 1], [3, 3, 1, 0, 2]) == 0.5


@pytest.mark.parametrize("seed", range(5))
def test_measures_equal_ir_measures(seed: int) -> None:
    rng = random.Random(seed)
    judged = {f"p{number}": rng.choice([0, 0, 1, 2, 3]) for number in range(150)}
    ranking = rng.sample([*judged, *(f"unjudged{number}" for number in range(60))], k=120)
    qrels = [ir_measures.Qrel("q", product, grade) for product, grade in judged.items()]
    run = [ir_measures.ScoredDoc("q", product, 1000.0 - rank) for rank, product in enumerate(ranking)]
    measures = [nDCG(gains=EXPONENTIAL) @ 10, RR @ 10, P @ 10, R @ 100]
    reference = ir_measures.calc_aggregate(measures, qrels, run)
    grades, ideal = [judged.get(product, 0) for product in ranking], list(judged.values())
    assert ndcg(grades, ideal) == pytest.approx(reference[measures[0]])
    assert reciprocal_rank(grades) == pytest.approx(reference[measures[1]])
    assert precision(grades) == pytest.approx(reference[measures[2]])
    assert recall(grades, ideal) == pytest.approx(reference[measures[3]])


def test_the_interval_of_a_mean_is_the_normal_one_for_many_values() -> None:
    values = np.random.default_rng(1).normal(0.5, 0.2, size=400)
    found = bootstrap(values)
    half = 1.96 * values.std() / math.sqrt(400)
    assert found.mean == values.mean()
    assert (found.low, found.high) == pytest.approx((found.mean - half, found.mean + half), abs=0.002)


def test_the_same_values_give_the_same_interval() -> None:
    values = np.arange(10.0)
    assert bootstrap(values) == bootstrap(values)


def test_one_query_and_no_query_have_intervals() -> None:
    assert bootstrap(np.array([0.3])) == bootstrap(np.array([0.3, 0.3]))
    assert bootstrap(np.array([])).mean == 0


def test_a_small_but_steady_gain_is_seen_by_the_paired_difference() -> None:
    baseline = np.random.default_rng(2).uniform(0, 1, size=60)
    found = paired_bootstrap(baseline + 0.01, baseline)
    assert found.low == pytest.approx(0.01)
    assert found.mean == pytest.approx(0.01)


def test_how_sure_it_is_that_one_is_worse() -> None:
    same, lost_one = np.zeros(4), np.array([0.0, 0.0, 0.0, -1.0])
    assert (share_worse(same, same), share_worse(same - 1, same), share_worse(same + 1, same)) == (0.0, 1.0, 0.0)
    assert share_worse(lost_one, same) == pytest.approx(1 - (3 / 4) ** 4, abs=0.01)  # samples with the lost one in them
    assert share_worse(np.array([]), np.array([])) == 0.0
