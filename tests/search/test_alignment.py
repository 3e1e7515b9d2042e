"""English words for pieces of Chinese, found in texts that say the same."""

import pytest

from search.alignment import Pair, make_glossary
from search.glossary import NAME, Glossary

NAMES = [Pair("Running Shoes", "跑鞋"), Pair("Sofa", "沙发"), Pair("Black", "黑色"), Pair("USB Hub", "USB 扩展坞")]
TEXTS = [
    Pair("Strider Aster Running Shoes, trail, Black", "Strider Aster 跑鞋 越野 黑色"),
    Pair("Strider Birch Running Shoes, road, Blue", "Strider Birch 跑鞋 公路 蓝色"),
    Pair("Hygga Dune Sofa, velvet, Blue", "Hygga Dune 沙发 丝绒 蓝色"),
    Pair("Hygga Cove Sofa, leather, 3 seats, Black", "Hygga Cove 沙发 皮革 黑色"),
    Pair("Kumo Isle Leather Boots for winter", "Kumo Isle 皮革靴子"),
]


@pytest.fixture
def glossary() -> Glossary:
    return make_glossary(NAMES, TEXTS)


def test_names_are_a_dictionary_as_they_are(glossary: Glossary) -> None:
    assert glossary.words["跑鞋"] == ("running shoes", NAME)
    assert glossary.words["扩展坞"] == ("hub", NAME)  # both texts say USB


def test_words_are_found_in_titles(glossary: Glossary) -> None:
    assert glossary.words["皮革"] == ("leather", 1.0)  # in the same two texts
    assert glossary.words["蓝色"] == ("blue", 1.0)


def test_a_coefficient_is_twice_the_common_texts_over_all_of_both() -> None:
    texts = [Pair("red door", "红门"), Pair("red window", "红窗"), Pair("red car", "赤车")]
    assert make_glossary([], texts).words["红"] == ("red", 2 * 2 / (2 + 3))


def test_what_is_together_once_is_nothing() -> None:
    assert make_glossary([], [Pair("velvet curtain", "丝绒窗帘")]).words == {}


def test_the_same_text_counts_once() -> None:
    assert make_glossary([], [Pair("velvet curtain", "丝绒窗帘")] * 5).words == {}


def test_brands_numbers_and_stop_words_are_no_words(glossary: Glossary) -> None:
    said = {word for english, _ in glossary.words.values() for word in english.split()}
    assert said.isdisjoint({"strider", "hygga", "usb", "3", "for"})


def test_a_part_of_a_word_that_stands_elsewhere_has_not_its_meaning() -> None:
    texts = [Pair(f"{color} sofa", f"{zh}沙发") for color, zh in (("red", "红"), ("blue", "蓝"), ("grey", "灰"))]
    alone = make_glossary([], texts)
    assert alone.words["发"] == ("sofa", 1.0)  # for all that is known
    elsewhere = [Pair(f"{thing} hair", f"头发{zh}") for thing, zh in (("comb", "梳"), ("brush", "刷"), ("clip", "夹"))]
    assert make_glossary([], texts + elsewhere).words["发"] != ("sofa", 1.0)
    assert make_glossary([], texts + elsewhere).words["沙发"] == ("sofa", 1.0)


def test_of_several_english_names_the_one_that_is_used_most() -> None:
    names = [Pair("Laptop", "笔记本"), Pair("Notebook", "笔记本"), Pair("Notebook", "笔记本")]
    assert make_glossary(names, []).words["笔记本"][0] == "notebook"


def test_nothing_comes_of_nothing() -> None:
    assert make_glossary([], []).words == {}
    assert make_glossary([Pair("Shoes", ""), Pair("", "鞋")], []).words == {}
