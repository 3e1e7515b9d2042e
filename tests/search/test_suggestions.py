"""What is offered while a shopper types."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from search import suggested_products, suggestions
from search.index import embed_stale_products
from search.models import SearchQuery
from search.suggested_names import MIN_CLIENTS
from search.suggestions import suggest
from shop.catalog.models import Product
from tests.catalogue import make_category, make_product

pytestmark = pytest.mark.django_db


def searched(query: str, *, clients: int = MIN_CLIENTS, **fields: Any) -> None:
    """That many people searched for it a moment ago."""
    defaults = {"mode": "hybrid", "total": 5, "product_ids": [], "took_ms": 1, "created_at": timezone.now()}
    SearchQuery.objects.bulk_create(
        SearchQuery(query=query, **{**defaults, "client_id": uuid.uuid4(), **fields}) for _ in range(clients)
    )


def offered(text: str, language: str = "en") -> list[tuple[str, str]]:
    return [(suggestion.kind, suggestion.text) for suggestion in suggest(text, language=language)]


@pytest.fixture
def store() -> dict[str, Product]:
    home = make_category("home", translations={"zh": {"name": "家居"}})
    lamps = make_category("lamps", parent=home, translations={"zh": {"name": "灯具"}})
    made = {
        title: make_product(title, category=lamps, brand="Lumen", popularity=by, product_type="Lights > Lamp shades")
        for title, by in (("Desk lamp", 1), ("Lava lamp", 9))
    }
    made["zh"] = make_product("Floor light", translations={"zh": {"title": "落地灯"}}, brand="Lumen")
    embed_stale_products()
    return made


def test_names_come_before_products_and_departments_before_types(store: dict[str, Product]) -> None:
    searched("lamp shade red")
    assert offered("lam") == [
        ("query", "lamp shade red"), ("category", "Lamps"), ("type", "Lamp shades"),
        ("product", "Lava lamp"), ("product", "Desk lamp"),
    ]  # fmt: skip
    assert offered("lum")[0] == ("brand", "Lumen")


def test_a_suggested_category_and_product_can_be_opened(store: dict[str, Product]) -> None:
    found = {suggestion.kind: suggestion for suggestion in suggest("desk lamp")}
    assert found["product"].product_id == store["Desk lamp"].pk
    assert next(s.slug for s in suggest("lamps") if s.kind == "category") == "lamps"


def test_all_words_must_be_there_the_last_one_as_a_beginning(store: dict[str, Product]) -> None:
    assert offered("desk la") == [("product", "Desk lamp")]
    assert offered("lamp de") == [("product", "Desk lamp")]
    assert offered("sofa la") == []


def test_chinese_is_found_and_shown(store: dict[str, Product]) -> None:
    assert offered("灯", "zh") == [("category", "灯具")]
    assert offered("落地", "zh") == [("product", "落地灯")]
    assert ("category", "灯具") in offered("lam", "zh")


def test_an_empty_text_offers_popular_queries_then_departments(store: dict[str, Product]) -> None:
    searched("kettle", clients=MIN_CLIENTS)
    searched("Lava Lamp", clients=MIN_CLIENTS + 2)
    assert offered("") == [("query", "lava lamp"), ("query", "kettle"), ("category", "Home"), ("category", "Lamps")]
    assert offered("", "zh")[2:] == [("category", "家居"), ("category", "灯具")]


@pytest.mark.parametrize(
    "why",
    [
        {"clients": MIN_CLIENTS - 1},
        {"total": 0},
        {"created_at": timezone.now() - timedelta(days=91)},
        {"first_position": 25},
    ],
)
def test_what_few_people_searched_for_or_found_is_not_offered(why: dict[str, Any]) -> None:
    searched("my secret", **why)
    assert offered("my") == offered("") == []


def test_one_person_searching_often_is_one_person() -> None:
    searched("my secret", clients=50, client_id=uuid.uuid4())
    assert offered("my") == []


def test_products_not_for_sale_are_not_offered_and_sold_out_ones_come_last(store: dict[str, Product]) -> None:
    Product.objects.filter(pk=store["Lava lamp"].pk).update(stock=0)
    assert [text for kind, text in offered("lamp") if kind == "product"] == ["Desk lamp", "Lava lamp"]
    suggestions.forget()
    Product.objects.filter(pk=store["Lava lamp"].pk).update(is_active=False)
    assert [text for kind, text in offered("lamp") if kind == "product"] == ["Desk lamp"]


@pytest.mark.parametrize("text", ["%", "_", "\\", "l%mp", "l_mp", "'", "🙂", "؟", "a" * 500, "-- ;", "١٢٣"])
def test_signs_mean_themselves(store: dict[str, Product], text: str) -> None:
    assert offered(text) == []


def test_there_are_at_most_eight(store: dict[str, Product]) -> None:
    for number in range(20):
        make_product(f"Lamp {number}", brand=f"Lamp brand {number}", product_type=f"Lamp type {number}")
        searched(f"lamp {number}")
    embed_stale_products()
    kinds = [kind for kind, _ in offered("lamp")]
    assert kinds == ["query"] * 3 + ["category"] + ["type"] + ["product"] * 3


def test_an_answer_is_remembered(store: dict[str, Product], django_assert_num_queries: Any) -> None:
    first = offered("lam")
    with django_assert_num_queries(0):
        assert offered(" LAM ") == first


@pytest.mark.parametrize("text", ["a", "ab", "c", "zz", "l"])
def test_one_or_two_letters_give_what_sorting_all_matches_gives(
    store: dict[str, Product], monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    for number in range(30):
        word = ("able", "abacus", "car", "cab zz")[number % 4]
        stock, active = number % 5, number % 7 > 0
        make_product(f"{word} {number}", popularity=number % 6, stock=stock, is_active=active)
    embed_stale_products()
    quick = offered(text)
    monkeypatch.setattr(suggested_products, "SHORT", 0)
    suggestions.forget()
    assert quick == offered(text)


def test_a_hidden_product_takes_no_place(store: dict[str, Product]) -> None:
    for text in ("la", "lamp"):
        first = suggested_products.suggested_products(text, "en", most=1)
        others = suggested_products.suggested_products(text, "en", most=1, without=[store["Lava lamp"].pk])
        assert [one.text for one in (*first, *others)] == ["Lava lamp", "Desk lamp"]


def test_what_is_in_several_departments_can_be_searched_for_in_each(store: dict[str, Product]) -> None:
    camping = make_category("camping", translations={"zh": {"name": "露营"}})
    make_product("Camping lamp", category=camping, popularity=5)
    embed_stale_products()
    departments = [(one.text, one.slug) for one in suggest("lamp") if one.kind == "department"]
    assert departments == [("lamp", "home"), ("lamp", "camping")]
    assert [one for one in suggest("lam") if one.kind == "department"] == []  # half a word would find nothing
    assert [one for one in suggest("desk lamp") if one.kind == "department"] == []  # all in one


def test_a_department_is_offered_with_the_query_that_others_searched_for(store: dict[str, Product]) -> None:
    camping = make_category("camping")
    make_product("Camping lamp", category=camping)
    embed_stale_products()
    searched("lamp red")
    assert offered("lam")[:3] == [("query", "lamp red"), ("department", "lamp red"), ("department", "lamp red")]
