import math

import pytest

from search.bm25 import K1, B, covering_sets, document_weights, idf


def test_idf_is_lucenes_and_positive_even_for_a_word_in_every_document() -> None:
    assert idf(1, 3) == pytest.approx(math.log(1 + 2.5 / 1.5))
    assert idf(3, 3) > 0


def test_a_document_of_average_length_saturates_with_k1() -> None:
    assert document_weights([1, 3], length=10, average_length=10) == pytest.approx([1 / (1 + K1), 3 / (3 + K1)])


def test_a_longer_document_weighs_less() -> None:
    (weight,) = document_weights([1], length=20, average_length=10)
    assert weight == pytest.approx(1 / (1 + K1 * (1 - B + B * 2)))


def test_two_equal_words_must_both_be_there() -> None:
    assert covering_sets({1: 3.0, 2: 3.0}) == [[1, 2]]


def test_a_rare_word_covers_for_common_ones() -> None:
    assert covering_sets({1: 8.0, 2: 0.5, 3: 0.5}) == [[1]]


def test_two_of_three_equal_words_do_not_reach_the_share() -> None:
    assert covering_sets({1: 2.0, 2: 2.0, 3: 2.0}) == [[1, 2, 3]]


def test_a_long_query_is_decided_by_its_rarest_words() -> None:
    sets = covering_sets({term: float(term) for term in range(1, 30)})
    assert sets
    assert all(min(found) > 23 for found in sets)


def test_a_query_without_known_words_covers_nothing() -> None:
    assert covering_sets({}) == []
