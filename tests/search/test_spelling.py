"""Spelling: words of a small catalogue whose frequencies are known, and what shoppers type for them."""

import numpy as np
import pytest

from search.letters import codes_of, edit_distance, hash_of, hashes_of, rests_of
from search.spelling import Corrector
from search.vocabulary import Vocabulary, WordSource, build_vocabulary, from_bytes

ENGLISH = (
    "gift quiet something sleep divorce lawyer cheap house muse wireless blend sound bell price case black jack "
    "phone stand mouse optical monitor"
).split()


def sources() -> list[WordSource]:
    """300 products; only the first 40 mice are wireless, and 'keybord' is one merchant's mistake."""
    return [
        *[WordSource("Wireless optical mouse", "Logitech")] * 40,
        *[WordSource("Monitor stand", "Samsung")] * 60,
        *[WordSource("Mechanical keyboard", "Logitech")] * 79,
        WordSource("Mechanical keybord", "Logitech"),
        *[WordSource("Flash drive 64GB", "Kingston")] * 30,
        *[WordSource("House paint for every house", "Dulux")] * 30,
        *[WordSource("Mouse pad", "Bell")] * 30,
        *[WordSource("Headphones case", "Sony")] * 30,
    ]


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return build_vocabulary(sources(), products=300, english=ENGLISH)


@pytest.fixture(scope="module")
def corrector(vocabulary: Vocabulary) -> Corrector:
    return Corrector(vocabulary)


def corrected(corrector: Corrector, query: str) -> str | None:
    correction = corrector.correct(query)
    return correction.text if correction else None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wireles mouse", "wireless mouse"),  # a letter left out
        ("wirelesss mouse", "wireless mouse"),  # one too many
        ("wirelexs mouse", "wireless mouse"),  # another one
        ("wierless mouse", "wireless mouse"),  # two swapped
        ("ireless mouse", "wireless mouse"),  # the first one left out
        ("hedphnes case", "headphones case"),  # two edits in a long word
        ("wireles mosue", "wireless mouse"),  # two words
        ("samsun monitor", "samsung monitor"),  # a brand
        ("Wireles Mouse, black!", "wireless Mouse, black!"),  # the rest stays as it was typed
        ("64gb flsah drive", "64gb flash drive"),
        ("键盘 keyboad", "键盘 keyboard"),
    ],
)
def test_misspelt_words_are_corrected(corrector: Corrector, typed: str, meant: str) -> None:
    assert corrected(corrector, typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("key board", "keyboard"),
        ("flashdrive", "flash drive"),
        ("head phones", "headphones"),
        ("wirelessmouse", "wireless mouse"),
        ("mouse pad", None),  # written apart in the catalogue too
        ("flash drive", None),
    ],
)
def test_words_are_split_and_joined_as_the_catalogue_writes_them(
    corrector: Corrector, typed: str, meant: str | None
) -> None:
    assert corrected(corrector, typed) == meant


@pytest.mark.parametrize(
    "query",
    [
        "wireless mouse",
        "something quiet to sleep next to",
        "cheap gift for my divorce lawyer",
        "wireless muse",  # a word of the language, although a mouse is near
        "muses",  # and its forms
        "blender",
        "bell",  # a brand, although "bel" is not
        "logitech",
        "mause1",  # digits
        "CF283A",
        "keyboad-2 wireles.3",  # parts of numbers
        "mse",  # too short
        "asdfgh qwerty",
        "zzzzzz",
        "mäuse",  # another language
        "鼠标",
        "",
        "!!! --- ???",
        " ".join(["keybord"] * 17),  # a sentence
        "keybord" * 70,
    ],
)
def test_other_queries_are_left_alone(corrector: Corrector, query: str) -> None:
    assert corrector.correct(query) is None


def test_the_other_words_decide_between_near_ones(corrector: Corrector) -> None:
    assert corrected(corrector, "optical mouxe") == "optical mouse"
    assert corrected(corrector, "houxe paint") == "house paint"


def test_a_rare_word_gives_way_only_to_a_far_more_frequent_one_in_context(corrector: Corrector) -> None:
    assert corrected(corrector, "mechanical keybord") == "mechanical keyboard"  # 79 products to one
    assert corrected(corrector, "keybord") is None  # by itself it may be a name
    more = build_vocabulary([*sources(), *[WordSource("Keyboard")] * 30], products=330, english=ENGLISH)
    assert corrected(Corrector(more), "keybord") == "keyboard"  # 109 to one


def test_a_change_says_whether_letters_or_only_a_space_was_wrong(corrector: Corrector) -> None:
    correction = corrector.correct("wireles head phones")
    assert correction is not None
    assert [(one.typed, one.meant, one.typed_is_wrong) for one in correction.changes] == [
        ("wireles", "wireless", True),
        ("head phones", "headphones", False),
    ]


def test_without_products_nothing_is_corrected() -> None:
    assert Corrector(build_vocabulary([], products=0, english=ENGLISH)).correct("wireles mosue") is None


def test_a_vocabulary_counts_products_not_occurrences(vocabulary: Vocabulary) -> None:
    number, other = vocabulary.find("house"), vocabulary.find("paint")
    assert number is not None
    assert other is not None
    assert vocabulary.word(number) == "house"
    assert vocabulary.frequency("house") == 30
    assert vocabulary.together(number, other) == 30
    assert vocabulary.pair_count("house", "paint") == 30
    assert vocabulary.pair_count("paint", "house") == 0
    assert vocabulary.stem_frequency("houses") == 30
    assert vocabulary.is_brand("dulux")
    assert not vocabulary.is_brand("paint")
    assert vocabulary.find("64gb") is None


def test_a_packed_vocabulary_is_the_same(vocabulary: Vocabulary) -> None:
    again = from_bytes(vocabulary.to_bytes())
    assert corrected(Corrector(again), "wireles mosue") == "wireless mouse"
    assert again.to_bytes() == vocabulary.to_bytes()


def test_only_a_sample_of_many_products_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.vocabulary.SAMPLE", 100)
    sampled = build_vocabulary(sources(), products=300, english=ENGLISH)
    number = sampled.find("mouse")
    assert number is not None
    assert sampled.frequency("mouse") == 70
    assert sampled.sampled(number).tolist() == [*range(14), *range(80, 90)]


@pytest.mark.parametrize(
    ("first", "second", "distance"),
    [
        ("mouse", "mouse", 0),
        ("mouse", "mose", 1),
        ("mouse", "mosue", 1),
        ("mouse", "house", 1),
        ("mouse", "mousse", 1),
        ("mouse", "moues", 1),
        ("ca", "abc", 3),  # the restricted distance: no letter is edited twice
        ("", "ab", 2),
        ("keyboard", "keybaord", 1),
        ("keyboard", "kebaord", 2),
        ("printer", "monitor", 3),  # further than asked for
    ],
)
def test_edit_distance(first: str, second: str, distance: int) -> None:
    assert edit_distance(first, second, most=2) == distance
    assert edit_distance(second, first, most=2) == distance


def test_every_word_two_edits_away_is_found_near_a_long_one() -> None:
    words = ["keyboard", "keyboards", "keybaord", "kyboardx", "eyboar", "monitor"]
    vocabulary = build_vocabulary([WordSource(" ".join(words))], products=1)
    near = {vocabulary.word(number) for number in vocabulary.near("keyboard")}
    assert {word for word in words if edit_distance("keyboard", word, most=2) <= 2} <= near
    assert "monitor" not in near


def test_a_word_hashes_alike_alone_and_among_others() -> None:
    words = ["mouse", "keyboard", "tv", "drive"]
    assert hashes_of(words).tolist() == [int(hash_of(word)) for word in words]
    assert rests_of(codes_of(["mouse"]), 1)[0].tolist() == [
        int(hash_of(rest)) >> 32 for rest in ("ouse", "muse", "mose", "moue", "mous")
    ]
    assert hashes_of([]).dtype == np.uint64


def test_a_word_of_one_product_among_many_is_meant_only_if_it_is_surely_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.vocabulary.COMMON", 1)
    lone = [WordSource("Trackbell"), WordSource("Microwave"), WordSource("Earphones"), WordSource("Amp", "Fender")]
    many = build_vocabulary([*sources(), *lone], products=304, english=[*ENGLISH, "microwave", "ear", "phones"])
    corrector = Corrector(many)
    assert corrected(corrector, "trackbll") is None  # a misspelt trackball, for all we know
    assert corrected(corrector, "microwve") == "microwave"  # of the language
    assert corrected(corrector, "earphnes") == "earphones"  # two words of the language
    assert corrected(corrector, "fendr") is None  # too short for one product
    assert corrected(corrector, "fenderr") == "fender"  # a brand


def test_two_edits_need_more_products_or_the_other_words(corrector: Corrector) -> None:
    few = build_vocabulary([WordSource("Headphones case")] * 9, products=9, english=ENGLISH)
    assert corrected(Corrector(few), "hedphnes") is None  # and no other word
    assert corrected(corrector, "hedphnes") == "headphones"  # 30
    assert corrected(Corrector(few), "hedphnes case") is None  # 9 are few, even so
