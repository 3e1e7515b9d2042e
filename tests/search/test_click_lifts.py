"""Lifts, with numbers that a person can work out, and the form in which queries share them."""

import math

import pytest

from search.click_lifts import LEAST, MAX_KEY, MAX_PRODUCTS, MOST, PRIOR_CLICKS, Chosen, lifts, memory_key


def test_chosen_more_and_less_often_than_the_querys_mean() -> None:
    assert PRIOR_CLICKS == 3
    # 10 clicks in 20 looks: 5 are expected of each
    assert lifts({1: Chosen(10, 9), 2: Chosen(10, 1)}) == {1: round(math.log(12 / 8), 2), 2: round(math.log(4 / 8), 2)}


def test_few_clicks_below_beat_many_clicks_on_top() -> None:
    # 40 shoppers saw one in position 1 and one in position 8, where an eighth of them looks: 45 looks, 18 clicks, 0.4
    found = lifts({1: Chosen(40, 13), 8: Chosen(40 / 8, 5)})
    assert found == {8: round(math.log(8 / 5), 2), 1: round(math.log(16 / 19), 2)}


def test_one_click_says_little_and_a_hundred_say_much() -> None:
    shown = {number: Chosen(10, 0) for number in range(2, 102)}
    assert lifts({1: Chosen(1, 1), **shown})[1] == round(math.log(4 / (3 + 1 / 1001)), 2) == 0.29
    assert lifts({1: Chosen(100, 100), **shown})[1] == MOST


def test_looked_at_a_hundred_times_and_never_chosen() -> None:
    assert lifts({1: Chosen(100, 0), 2: Chosen(100, 60)})[1] == LEAST


@pytest.mark.parametrize("products", [{}, {1: Chosen(10, 0)}, {1: Chosen(0, 0)}])
def test_without_a_choice_there_is_nothing_to_learn(products: dict[int, Chosen]) -> None:
    assert lifts(products) == {}


def test_what_is_chosen_as_often_as_expected_is_not_kept() -> None:
    assert lifts({1: Chosen(10, 5), 2: Chosen(20, 10)}) == {}


def test_those_that_tell_most_are_kept_with_the_highest_first() -> None:
    products = {number: Chosen(10, number) for number in range(100)}  # 49.5 is the mean
    found = lifts(products)
    assert len(found) == MAX_PRODUCTS
    assert list(found) == sorted(found, key=lambda pk: (-found[pk], pk))
    assert {0, 1, 2, 3, 98, 99} <= found.keys()
    assert 49 not in found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("laptop", "Laptops"),
        ("red  Dress", " red dress "),
        ("watch", "watches"),
        ("box", "boxes"),
        ("battery", "batteries"),
        ("hoodie", "hoodies"),
        ("running shoe", "running shoes"),
        ("café table", "cafe tables"),
        ("手机壳", " 手机壳 "),
        ("5G手机", "5g手机"),  # letters and figures of full width
        ("iphone 手机壳", "iPhone 手机壳"),
    ],
)
def test_queries_that_share_their_clicks(one: str, other: str) -> None:
    assert memory_key(one) == memory_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bed", "bedding"),
        ("paint", "painting"),
        ("glass", "glasses"),
        ("phone apple", "phone not apple"),
        ("phone apple", "phone -apple"),
        ("lamp 50", "lamp $50"),
        ("milk chocolate", "chocolate milk"),
        ("手机", "手机壳"),
        ("笔记本电脑", "笔记本"),
        ("ga", "gas"),
    ],
)
def test_queries_that_mean_something_else_do_not(one: str, other: str) -> None:
    assert memory_key(one) != memory_key(other)


def test_a_key_is_never_longer_than_its_column() -> None:
    assert len(memory_key("ﷺ" * 500)) == MAX_KEY  # 18 letters in one sign


@pytest.mark.parametrize("blank", ["", "  ", "\t"])
def test_nothing_typed_has_no_key(blank: str) -> None:
    assert memory_key(blank) == ""
