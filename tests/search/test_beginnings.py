"""Words found by a beginning with one mistake in it."""

import random

import pytest

from search.beginnings import near_beginnings, words_of
from search.letters import edit_distance

WORDS = words_of({"headphones": 5, "headset": 3, "laptop": 4, "mouse": 9, "mount": 8, "most": 1, "he": 1})


def texts(typed: str) -> list[str]:
    return [one.text for one in near_beginnings(typed, WORDS)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hedph", ["headph"]),  # a letter left out
        ("lpatop", ["laptop"]),  # two swapped
        ("labt", ["lapt"]),  # a wrong one
        ("heeads", ["heads"]),  # one too many
        ("laptopp", ["laptop"]),
        ("headphoness", ["headphones"]),
        ("hadph", ["headph"]),
    ],
)
def test_one_mistake_is_seen_through(typed: str, meant: list[str]) -> None:
    assert texts(typed) == meant


@pytest.mark.parametrize("typed", ["", "h", "hed", "eadph", "apto", "hdp", "xyzw", "hddph", "headphones", "headp"])
def test_short_ones_other_first_letters_two_mistakes_and_right_ones_find_nothing_else(typed: str) -> None:
    assert [text for text in texts(typed) if text != typed[:-1]] == []


def test_letters_that_are_all_meant_come_before_wrong_ones_and_common_words_before_rare_ones() -> None:
    near = [(one.text, one.likely, one.weight) for one in near_beginnings("mosu", WORDS)]
    assert near == [("mous", True, 9), ("mou", False, 17), ("mos", False, 1)]


def test_without_words_nothing_is_near() -> None:
    assert near_beginnings("hedph", words_of({})) == []


@pytest.mark.parametrize("seed", range(40))
def test_the_same_words_are_near_by_the_distance_to_their_beginnings(seed: int) -> None:
    rng = random.Random(seed)
    words = {"".join(rng.choices("abc", k=rng.randint(1, 8))) for _ in range(60)}
    typed = "".join(rng.choices("abc", k=rng.randint(4, 7)))
    near = tuple(one.text for one in near_beginnings(typed, words_of(dict.fromkeys(words, 1))))
    found = {word for word in words if word.startswith(near) and not word.startswith(typed)} if near else set()
    sizes = (len(typed) - 1, len(typed), len(typed) + 1)
    assert found == {
        word
        for word in words
        if word[0] == typed[0]
        and not word.startswith(typed)
        and any(len(word) >= size and edit_distance(typed, word[:size], most=1) == 1 for size in sizes)
    }
