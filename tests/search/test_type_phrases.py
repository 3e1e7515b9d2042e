"""What products are called is found in titles, by the kinds that have the words."""

import numpy as np
import pytest

from search.type_phrases import MIN_PRODUCTS, find_type_phrases
from tests.search.described import NOTEBOOK_SLEEVE, described, kinds

NO_KINDS = np.zeros((0, 0), dtype=np.int64)


def one_kind(rows: int) -> np.ndarray:
    return np.zeros((rows, 1), dtype=np.int64)


def names(title: str, brand: str = "") -> set[str]:
    """The phrases of a title that enough products have."""
    found = find_type_phrases([title] * MIN_PRODUCTS, [brand] * MIN_PRODUCTS, one_kind(MIN_PRODUCTS))
    return set(found.of[0])


@pytest.mark.parametrize(
    ("title", "brand", "expected"),
    [
        ("Laser Printer", "", {"laser", "printer", "laser printer"}),
        ("HP Laser Printer", "HP", {"laser", "printer", "laser printer"}),  # the brand is no name
        ("M404 Printer 600x600", "", {"printer"}),  # nor is a number
        ("Sleeve for Notebook", "", {"sleeve", "notebook", "sleeve for notebook"}),  # not "for notebook"
        ("Lamp, Desk", "", {"lamp", "desk"}),  # nothing reaches over a comma
        ("Lamp - Desk", "", {"lamp", "desk"}),
        ("All-in-one printer", "", {"all-in-one", "printer", "all-in-one printer"}),
        ("One two three four", "", {"one", "two", "three", "four", "one two", "two three", "three four",
                                    "one two three", "two three four"}),
        ("笔记本电脑", "", set()),  # Chinese queries are made otherwise
        ("", "", set()),
    ],
)  # fmt: skip
def test_names_are_runs_of_up_to_three_words(title: str, brand: str, expected: set[str]) -> None:
    assert names(title, brand) == expected


def test_a_phrase_of_few_products_is_no_name() -> None:
    titles = ["Kettle"] * (MIN_PRODUCTS - 1)
    assert find_type_phrases(titles, [""] * len(titles), one_kind(len(titles))).of == [[]] * len(titles)


def test_a_word_of_many_kinds_is_no_name() -> None:
    """Seven kinds alike are an effective number of 7, eight are 8; of eight products 7.28 are allowed."""
    seven = np.array([[row % 7] for row in range(7)])
    eight = np.array([[row] for row in range(8)])
    assert find_type_phrases(["Black"] * 7, [""] * 7, seven).kinds == {"black": pytest.approx(7.0)}
    assert find_type_phrases(["Black"] * 8, [""] * 8, eight).kinds == {}


def test_the_effective_number_of_kinds_is_the_mean_over_partitions() -> None:
    """Halves in one partition are exp(log 2) = 2, one kind in the other is 1."""
    two_partitions = np.array([[row % 2, 5] for row in range(6)])
    assert find_type_phrases(["Mug"] * 6, [""] * 6, two_partitions).kinds == {"mug": pytest.approx(1.5)}


def test_a_sleeve_for_notebooks_is_another_thing_that_has_the_word() -> None:
    products = described()
    found = find_type_phrases([p.title for p in products], [p.brand for p in products], kinds())
    row = NOTEBOOK_SLEEVE - 1
    assert found.others["notebook"] == [row]
    assert "notebook" not in found.of[row]
    assert found.of[0] == ["notebook"]
    assert found.of[row][0] == "padded sleeve"


def test_the_longer_name_comes_first_where_both_stay_within_as_few_kinds() -> None:
    products = described()
    found = find_type_phrases([p.title for p in products], [p.brand for p in products], kinds())
    assert found.of[40] == ["desk lamp", "desk", "lamp"]


def test_without_kinds_every_phrase_is_a_name_and_nothing_is_something_else() -> None:
    products = described()
    none = np.zeros((len(products), 0), dtype=np.int64)
    found = find_type_phrases([p.title for p in products], [p.brand for p in products], none)
    assert "notebook" in found.of[NOTEBOOK_SLEEVE - 1]
    assert found.others == {}
    assert set(found.kinds.values()) == {1.0}


def test_an_empty_catalogue_has_no_names() -> None:
    found = find_type_phrases([], [], NO_KINDS)
    assert (found.of, found.others, found.kinds) == ([], {}, {})
