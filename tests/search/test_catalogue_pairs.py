"""Queries made of the catalogue: the same ones for a seed, answered by their product, none that is kept to measure."""

import random
from dataclasses import replace

import numpy as np
import pytest

from search.catalogue_pairs import CatalogueProduct, QueryMaker, kinds_or_none, misspell
from search.training_set import Example, TrainingSet
from search.words import stem
from tests.search.described import LAMPS, NOTEBOOK_SLEEVE, NOTEBOOKS, described, kinds

MAKER = QueryMaker(described(), kinds())
MADE = MAKER.examples(1000, seed=5)


def about(query: str, made: TrainingSet = MADE) -> list[Example]:
    found = [example for example in made.examples if example.query == query]
    assert found, f"no example asks for {query!r}"
    return found


def test_as_many_as_wanted_are_made_and_all_their_products_are_there() -> None:
    assert len(MADE.examples) == 1000
    used = {pk for one in MADE.examples for pk in (one.positive, one.negative) if pk is not None}
    assert set(MADE.products) == used


def test_a_seed_makes_the_same_examples_again_and_another_one_others() -> None:
    again = QueryMaker(described(), kinds()).examples(1000, seed=5)
    assert again == MADE
    assert QueryMaker(described(), kinds()).examples(1000, seed=6).examples != MADE.examples


def test_a_sleeve_for_notebooks_is_a_hard_negative_of_notebook_and_never_answers_it() -> None:
    asked = [*about("notebook"), *about("notebooks")]
    assert {example.negative for example in asked} == {None, NOTEBOOK_SLEEVE}
    assert {example.positive for example in asked} <= set(NOTEBOOKS)
    of_type = [example for example in asked if frozenset({"is:notebook"}) in example.excuses]  # not a piece of a title
    assert of_type
    assert not any(MADE.answers(example, NOTEBOOK_SLEEVE) for example in of_type)


def test_other_products_of_the_type_are_excused_and_others_are_not() -> None:
    example = next(one for one in about("notebook") if frozenset({"is:notebook"}) in one.excuses)
    others = [pk for pk in MADE.products if pk != example.positive]
    assert {pk for pk in others if MADE.answers(example, pk)} == set(NOTEBOOKS) & set(others)


def test_a_query_with_a_property_excuses_what_has_it() -> None:
    for example in about("red notebook"):
        answering = {pk for pk in MADE.products if MADE.answers(example, pk)}
        assert answering == {pk for pk in NOTEBOOKS if pk % 2 == 0} & set(MADE.products)
        assert example.positive in answering


def test_every_query_has_a_word_of_its_product_unless_it_is_misspelt() -> None:
    """The positive's own traits have at least one word of the query; a typo has one random edit of such a query."""
    foreign = [
        one
        for one in MADE.examples
        if not {f"w:{stem(word)}" for word in one.query.split()} & MADE.products[one.positive].traits
    ]
    assert len(foreign) / len(MADE.examples) < 0.1  # the share of typos


def test_queries_that_are_kept_to_measure_are_not_made() -> None:
    kept = frozenset({"notebook", "red notebook", "desk lamp"})
    made = QueryMaker(described(), kinds(), never=kept).examples(1000, seed=5)
    assert {"notebook", "red notebook", "desk lamp"} <= {example.query for example in MADE.examples}
    assert not kept & {" ".join(example.query.lower().split()) for example in made.examples}


def test_products_of_rare_kinds_come_up_by_the_square_root() -> None:
    """16 lamps weigh 16 / sqrt(16) = 4 together, the only notebook 1: it is a fifth of the examples."""
    products = [replace(one, types=("Things",), description="") for one in (*described()[:1], *described()[30:46])]
    sizes = np.array([[0]] + [[1]] * 16)
    made = QueryMaker(products, sizes).examples(2000, seed=1)
    notebooks = sum(example.positive in NOTEBOOKS for example in made.examples)
    assert notebooks / len(made.examples) == pytest.approx(0.2, abs=0.04)  # four standard errors


def test_the_merchants_types_are_names_too() -> None:
    products = [replace(product, types=("Portable Computers",)) for product in described()[:20]]
    made = QueryMaker(products, kinds()[:20]).examples(200, seed=2)
    assert about("portable computers", made)


def test_chinese_texts_make_chinese_queries() -> None:
    lamps = [replace(product, chinese=("台灯", "红色,金属")) for product in described()[30:]]
    made = QueryMaker(lamps, kinds()[30:]).examples(500, seed=3)
    chinese = [example for example in made.examples if not example.query.isascii()]
    assert {example.query for example in chinese} == {"台灯", "红色", "金属"}
    assert 0.15 < len(chinese) / len(made.examples) < 0.25
    assert all(made.answers(chinese[0], pk) for pk in set(LAMPS) & set(made.products))  # all of them say so


def test_a_catalogue_without_kinds_makes_queries_without_hard_negatives() -> None:
    maker = QueryMaker(described(), kinds_or_none(np.full((50, 4), -1), 50))
    made = maker.examples(300, seed=4)
    assert len(made.examples) == 300
    assert {example.negative for example in made.examples} == {None}


def test_an_empty_catalogue_makes_nothing() -> None:
    made = QueryMaker([], np.zeros((0, 0), dtype=np.int64)).examples(10, seed=1)
    assert (made.examples, made.products) == ((), {})


def test_products_that_say_nothing_make_nothing() -> None:
    silent = [CatalogueProduct(pk, "", "", "", (), (), ("",)) for pk in range(5)]
    assert QueryMaker(silent, np.zeros((5, 0), dtype=np.int64)).examples(10, seed=1).examples == ()


def test_kinds_count_only_where_every_product_has_them() -> None:
    known = np.array([[1, 2], [0, 1]])
    assert kinds_or_none(known, 2) is known
    assert kinds_or_none(np.array([[1, 2], [-1, -1]]), 2).shape == (2, 0)
    assert kinds_or_none(np.zeros((0, 0), dtype=np.int64), 0).shape == (0, 0)


def test_a_typo_is_one_edit() -> None:
    rng = random.Random(1)
    lengths = {len(misspell("notebook", rng)) for _ in range(200)}
    assert lengths == {7, 8, 9}
    assert {misspell("mug", rng) for _ in range(50)} == {"mug"}  # too short to be recognised


def test_a_typo_never_leaves_letters_out_of_place_by_more_than_one() -> None:
    rng = random.Random(2)
    for _ in range(200):
        typed = misspell("notebook", rng)
        assert _edits("notebook", typed) <= 1


def _edits(a: str, b: str) -> int:
    """Optimal string alignment distance (Damerau 1964), by its definition."""
    if not a or not b:
        return len(a) + len(b)
    best = min(_edits(a[1:], b) + 1, _edits(a, b[1:]) + 1, _edits(a[1:], b[1:]) + (a[0] != b[0])) if a[0] != b[0] else (
        _edits(a[1:], b[1:])
    )
    if len(a) > 1 and len(b) > 1 and a[0] == b[1] and a[1] == b[0]:
        best = min(best, _edits(a[2:], b[2:]) + 1)
    return best
