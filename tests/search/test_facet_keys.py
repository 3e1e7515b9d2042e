"""Which attributes become filters, and the ids of their values."""

import pytest

from search.facet_keys import (
    MAX_KEYS,
    MAX_VALUE_LENGTH,
    MAX_VALUES,
    facet_value_ids,
    known_facet_ids,
    propose_facet_keys,
)
from search.models import FacetKey, FacetValue

pytestmark = pytest.mark.django_db


def proposed() -> list[str]:
    return list(FacetKey.objects.values_list("key", flat=True))


def test_a_few_values_that_many_products_share_make_a_filter() -> None:
    assert propose_facet_keys([{"color": color} for color in ("red", "blue") * 3]) == 1
    assert proposed() == ["color"]


@pytest.mark.parametrize(
    "sets",
    [
        [{"serial": str(number)} for number in range(30)],  # every product has its own
        [{"color": "red"}] * 30,  # nothing to choose
        [{"color": "red"}, {"color": "blue"}, {"color": "red"}],  # too few products
        [{"note": "x" * (MAX_VALUE_LENGTH + 1)}, *[{"note": note} for note in "ab" * 9]],  # prose
        [{"code": str(number)} for number in range(MAX_VALUES + 1)] * 4,  # a search of its own
        [{"k" * 81: value} for value in "ab" * 9],  # longer than the column
        [{"empty": ""}, {"empty": None}] * 9,
    ],
)
def test_other_attributes_make_none(sets: list[dict[str, str]]) -> None:
    assert propose_facet_keys(sets) == 0
    assert proposed() == []


def test_a_key_that_a_merchant_switched_off_stays_off() -> None:
    FacetKey.objects.create(key="color", is_active=False)
    assert propose_facet_keys([{"color": color} for color in ("red", "blue") * 3]) == 0
    assert not FacetKey.objects.get().is_active


def test_there_are_no_more_keys_than_a_store_can_show() -> None:
    FacetKey.objects.bulk_create(FacetKey(key=f"k{number}") for number in range(MAX_KEYS - 1))
    assert propose_facet_keys([{"a": value, "b": value, "c": value} for value in ("1", "2") * 9]) == 1
    assert propose_facet_keys([{"d": value} for value in ("1", "2") * 9]) == 0


def test_values_get_one_id_each_and_only_of_active_keys() -> None:
    FacetKey.objects.bulk_create([FacetKey(key="color"), FacetKey(key="old", is_active=False)])
    first = facet_value_ids([{"color": ["red", "blue"], "old": "x", "other": "y"}, {"color": "red"}, {}])
    names = dict(FacetValue.objects.values_list("id", "value"))
    assert [[names[pk] for pk in ids] for ids in first] == [["red", "blue"], ["red"], []]
    assert facet_value_ids([{"color": "red"}]) == [first[1]]
    assert FacetValue.objects.count() == 2


def test_a_value_too_long_to_show_is_no_filter_value() -> None:
    FacetKey.objects.create(key="color")
    assert facet_value_ids([{"color": "x" * (MAX_VALUE_LENGTH + 1)}]) == [[]]


def test_chosen_values_are_found_by_key_and_value() -> None:
    FacetKey.objects.bulk_create([FacetKey(key="color"), FacetKey(key="size")])
    ((red,), (large,)) = facet_value_ids([{"color": "red"}, {"size": "red"}])
    assert known_facet_ids([("color", "red"), ("color", "plaid"), ("size", "huge")]) == {"color": [red], "size": []}
    assert large != red


def test_nothing_chosen_costs_no_query(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert known_facet_ids([]) == {}
