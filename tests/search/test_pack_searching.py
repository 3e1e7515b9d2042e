"""How the phone reads and answers, by the reference that the storefront's code follows."""

import numpy as np
import pytest

from search.pack.encoder import QUERY_SCALE, PackEncoder
from search.pack.index import PackIndex
from search.pack.searching import LEXICAL_WEIGHT, PackSearch
from search.pack.tokens import fold, pieces

TITLES = ("Coffee mug", "Coffee maker", "Wireless headphones", "Glass vase", "红色咖啡杯")


def answer(text: str, titles: tuple[str, ...] = TITLES) -> list[str]:
    vectors = np.zeros((len(titles), 2), dtype=np.int8)
    no_words = PackEncoder(("nothing",), np.zeros((1, 2), dtype=np.int8), others=("maze",))
    found = PackSearch(no_words, PackIndex(titles, no_words.knows), vectors).search(text, 10)
    return [titles[row] for row in found]


@pytest.mark.parametrize(("text", "expected"), [
    ("Crème-Brûlée 2.5 m", ["creme", "brulee", "2.5", "m"]),
    ("16GB内存", ["16gb", "内存"]),
    ("红色咖啡杯 x", ["红色", "色咖", "咖啡", "啡杯", "x"]),
    ("杯", ["杯"]),
    ("USB—C/ÄÖ", ["usb", "c", "ao"]),
    ("!? …", []),
])  # fmt: skip
def test_pieces(text: str, expected: list[str]) -> None:
    assert pieces(text) == expected


def test_only_a_plurals_s_is_taken_off() -> None:
    assert [fold(word) for word in ("mugs", "gas", "glass", "usb")] == ["mug", "gas", "glass", "usb"]


@pytest.mark.parametrize(("text", "first"), [
    ("coffee maker", "Coffee maker"), ("coffee mak", "Coffee maker"), ("headphone", "Wireless headphones"),
    ("vases", "Glass vase"), ("咖啡", "红色咖啡杯"), ("咖", "红色咖啡杯"),
])  # fmt: skip
def test_words_beginnings_and_chinese_find_their_product(text: str, first: str) -> None:
    assert answer(text)[0] == first


@pytest.mark.parametrize("text", ["cofee mug", "hedph", "wirless", "headphnoes "])
def test_a_typo_is_seen_through(text: str) -> None:
    assert answer(text)[0] in {"Coffee mug", "Wireless headphones"}


def test_a_finished_word_is_no_beginning_and_a_short_one_no_typo() -> None:
    assert answer("head ") == []
    assert answer("vaze ") == ["Glass vase"]
    assert answer("mag ") == []


def test_a_word_of_the_language_is_no_typo() -> None:
    assert (answer("mazes "), answer("maze ")) == ([], [])
    assert answer("vazes ") == ["Glass vase"]


def test_nothing_is_found_for_nothing_and_for_nonsense() -> None:
    assert [answer(text) for text in ("", "  ", "qwxzzk", "!?")] == [[], [], [], []]
    assert answer("mug", ()) == []


def test_rare_words_count_more_and_equal_products_stay_in_order() -> None:
    assert answer("coffee mug ") == ["Coffee mug", "Coffee maker"]
    assert answer("coffee ") == ["Coffee mug", "Coffee maker"]


def test_a_score_is_the_cosine_and_the_share_of_words() -> None:
    # Tokens point along one axis each. "hot mug": (25 + 25) steps of 0.04 / sqrt 2 = 1.414 on both axes together.
    encoder = PackEncoder(("hot", "mug"), np.array([[25, 0], [0, 25]], dtype=np.int8))
    index, vectors = PackIndex(("mug", "flask"), encoder.knows), np.array([[0, 10], [10, 10]], dtype=np.int8)
    search = PackSearch(encoder, index, vectors)
    assert encoder.encode(["hot", "mug", "unknown"]).tolist() == [2896, 2896]  # 0.04 * 25 / sqrt 2 * QUERY_SCALE
    cosines = search.cosines(["hot", "mug"])
    assert cosines.tolist() == [10 * 2896 * 0.02 / QUERY_SCALE, 20 * 2896 * 0.02 / QUERY_SCALE]
    readings = search.index.read("hot mug")
    share = search.lexical(readings)  # idf of "hot", which none has, is log 6; that of "mug", which one has, log 2
    assert share.tolist() == [pytest.approx(np.log(2) / np.log(12)), 0]
    assert cosines[0] + LEXICAL_WEIGHT * share[0] < cosines[1]
    assert search.search("hot mug", 2) == [1, 0]
