"""Clicks become graded queries, and queries fall into slices; all by hand."""

from typing import Any

import pytest

from search.judged_queries import GradedQuery
from search.learning_models import JudgedQuery
from search.product_clicks import ProductClicks
from search.slices import (
    ALLOWANCE,
    CLICKS,
    FORGETTING,
    FORGETTING_ALLOWANCE,
    HEAD,
    HUMAN,
    MAIN,
    MOST_CLICK_QUERIES,
    NATURAL,
    NEW,
    NEW_WORDS,
    SECOND_LANGUAGE,
    TAIL,
    TYPOS,
    Slice,
    click_grades,
    click_queries,
    is_natural,
    make_slices,
    training_slice,
    with_typos,
)
from shop.catalog.models import Product
from tests.catalogue import make_product


def clicks(query: str, product_id: int, *, shown: int = 20, clicked: int = 10, **fields: float) -> ProductClicks:
    """Shown at the first position to everybody, unless told otherwise."""
    given: dict[str, Any] = {"language": "en", "examined": float(shown), "value": float(clicked), "weighted": 0.0}
    given |= {"product_id": product_id, "shown": shown, "clicked": clicked, "position": 1.0}
    return ProductClicks(query, **{**given, **fields})


def graded(query: str, grade: int = 3, product_id: int = 1) -> GradedQuery:
    return GradedQuery(query, "zh" if not query.isascii() else "en", {product_id: grade})


@pytest.fixture
def lamp(db: None) -> Product:
    return make_product("Lamp")


def texts(slices: list[Slice]) -> dict[str, list[str]]:
    return {found.name: [query.query for query in found.queries] for found in slices}


def test_grades_are_shares_of_the_best_rate_above_the_slips() -> None:
    # 19 of 76 looks: usually a quarter chose, which is added to each with one more look.
    rows = [
        clicks("lamp", 1, shown=19, value=9.75),  # 10 / 20, the best
        clicks("lamp", 2, shown=19, value=5.75),  # 6 / 20 is 0.6 of it: 5 of 9 above the slips, a tenth
        clicks("lamp", 3, shown=19, value=2.75),  # 0.3, so 2 of 9
        clicks("lamp", 4, shown=19, value=0.75),  # 0.1 are slips
        clicks("lamp", 6, shown=18, clicked=0, examined=0.0),  # nobody looked: as the usual one, half of the best
    ]
    assert click_grades(rows) == {1: 3.0, 2: 2.29, 3: 1.354, 6: 2.04}  # log2(1 + 7 * share)


def test_a_position_that_is_seldom_looked_at_needs_fewer_clicks() -> None:
    rows = [
        clicks("lamp", 1, shown=19, value=9.5), clicks("lamp", 2, shown=19, clicked=2, value=1.5, examined=3.0),
    ]  # fmt: skip
    assert click_grades(rows) == {1: 3.0, 2: 3.0}  # 2 / 4, as good as 10 / 20, with half a click more for each


def test_a_purchase_counts_more_than_a_click() -> None:
    rows = [clicks("lamp", 1, shown=18, clicked=5, value=15.0), clicks("lamp", 2, shown=18, clicked=5)]
    assert click_grades(rows) == {1: 3.0, 2: 1.585}  # 5.56 / 15.56 of the rate, 2 of 7 above the slips


def test_what_one_client_clicked_is_no_measure_for_the_others() -> None:
    rows = [clicks("lamp", 1, shown=18, clicked=3), clicks("lamp", 2, shown=18, clicked=1, examined=0.2)]
    assert click_grades(rows) == {1: 3.0, 2: 3.0}


def test_queries_need_clients_and_clicks(lamp: Product) -> None:
    rows = [
        clicks("lamp", lamp.pk, shown=5, clicked=3), clicks("few clients", lamp.pk, shown=4, clicked=4),
        clicks("few clicks", lamp.pk, shown=9, clicked=2), clicks("gone", 999_999, shown=9, clicked=9),
        clicks("desk lamp", lamp.pk, shown=6, clicked=3),
    ]  # fmt: skip
    assert [query.query for query in click_queries(rows)] == ["desk lamp", "lamp"]  # most clients first
    assert dict(click_queries(rows)[0].grades) == {lamp.pk: 3}


def test_a_busy_store_is_sampled_evenly(lamp: Product) -> None:
    rows = [clicks(f"query {number:04}", lamp.pk, shown=5000 - number) for number in range(MOST_CLICK_QUERIES + 1)]
    found = [query.query for query in click_queries(rows)]
    assert found == [f"query {number:04}" for number in range(0, MOST_CLICK_QUERIES + 1, 2)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("red lamp", False), ("red desk lamp", False), ("red desk lamp led", True), ("lamp for desk", True),
        ("What is bright", True), ("红色台灯", False), ("", False),
    ],
)  # fmt: skip
def test_natural_language(query: str, expected: bool) -> None:
    assert is_natural(query) is expected


def test_typos_keep_the_grades_and_are_always_the_same() -> None:
    queries = [graded("keyboard", product_id=4), graded("tv"), graded("red lamp", 2)]
    made = with_typos(queries)
    assert [dict(query.grades) for query in made] == [{4: 3}, {1: 2}]
    assert not {query.query for query in made} & {"keyboard", "red lamp"}
    assert made == with_typos(queries)


def test_each_query_is_in_its_slices(lamp: Product) -> None:
    pk = lamp.pk
    JudgedQuery.objects.create(source="forgetting", query="台灯", grades={str(pk): 3})
    held_out = [
        clicks("desk lamp", pk, shown=40), clicks("lamps", pk, shown=30), clicks("lantern", pk, shown=20),
        clicks("something to read by at night", pk, shown=10),
    ]  # fmt: skip
    human = [graded(f"query x{number:02}", product_id=pk) for number in range(16)]
    training = [clicks("lamp", pk), clicks("desk lamp", pk)]
    slices = make_slices(held_out, training, human=[*human, graded("Lamps", 1, pk)])
    found = texts(slices)
    named = [query.query for query in human]
    assert found[HUMAN] == [*named, "Lamps"]
    assert found[CLICKS] == ["desk lamp", "lamps", "lantern", "something to read by at night"]
    assert found[MAIN] == [*named, "Lamps", "desk lamp", "lantern", "something to read by at night"]
    assert (found[HEAD], found[TAIL]) == (found[CLICKS][:2], found[CLICKS][2:])
    assert found[NEW] == [*named, "Lamps", "lantern", "something to read by at night"]
    assert found[NEW_WORDS] == [*named, "lantern", "something to read by at night"]
    assert found[NATURAL] == ["something to read by at night"]
    assert len(found[TYPOS]) == 20
    assert (found[SECOND_LANGUAGE], found[FORGETTING]) == (["台灯"], ["台灯"])
    assert {found.name: found.allowance for found in slices if found.allowance != ALLOWANCE} == {
        FORGETTING: FORGETTING_ALLOWANCE
    }
    (lamps,) = (query for query in slices[0].queries if query.query == "Lamps")
    assert dict(lamps.grades) == {pk: 1}  # people's grades, not those of clicks


def test_with_few_queries_of_people_the_forgetting_set_gets_the_typos(lamp: Product) -> None:
    JudgedQuery.objects.create(source="forgetting", query="bright lamp for reading", grades={str(lamp.pk): 3})
    JudgedQuery.objects.create(source="human", query="lantern", grades={str(lamp.pk): 3})
    found = texts(make_slices())
    assert found[MAIN] == ["lantern"]
    assert (found[NEW], found[NEW_WORDS]) == ([], [])  # nothing was learned from
    assert found[NATURAL] == ["bright lamp for reading"]
    assert len(found[TYPOS]) == 1


def test_a_store_without_anything_has_empty_slices(db: None) -> None:
    assert set(map(len, texts(make_slices()).values())) == {0}


def test_the_training_slice_has_the_queries_of_training(lamp: Product) -> None:
    found = training_slice([clicks("lamp", lamp.pk), clicks("rare", lamp.pk, shown=1, clicked=1)])
    assert [query.query for query in found.queries] == ["lamp"]
