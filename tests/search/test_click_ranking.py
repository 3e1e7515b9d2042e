"""What shoppers choose for a query rises for that query, and for no other: through the code that serves searches."""

from collections.abc import Sequence
from html import unescape
from typing import Any

import pytest
from django.test import Client

from search import corrections
from search.click_memory import refresh_click_memory
from search.explain import explain
from search.index import embed_stale_products
from search.models import EncoderVersion
from search.pipeline import search_products
from search.rule_models import MerchandisingRule, RuleAction
from search.score_parts import CLICKS
from search.variants import ADAPTER, MEMORY, Variant
from shop.catalog.models import Product
from tests.catalogue import make_category, make_product
from tests.merchant import Merchant
from tests.search.clicks import choose

pytestmark = pytest.mark.django_db


def found_ids(query: str, **options: Any) -> list[int]:
    return [hit.product_id for hit in search_products(query, **options).hits]


@pytest.fixture
def kettles() -> list[Product]:
    """Eight that are alike, so they come by id."""
    products = [make_product("Kettle", sku=f"K-{number}") for number in range(8)]
    embed_stale_products()
    return products


def ids(products: Sequence[Product]) -> list[int]:
    return [product.pk for product in products]


def test_what_was_chosen_rises_for_that_query_and_for_no_other(kettles: list[Product]) -> None:
    before = ids(kettles)
    assert found_ids("kettle") == before
    choose("kettle", {before[4]: 10}, shown=before)
    refresh_click_memory()
    # nobody chose the others: the more often one was looked at, the lower it is
    assert found_ids("kettle") == [before[4], *(pk for pk in reversed(before) if pk != before[4])]
    assert found_ids("kettles") == found_ids("KETTLE ") == found_ids("kettle")
    assert found_ids("a kettle") == before
    assert search_products("kettle").total == 8


@pytest.mark.parametrize(
    "options",
    [{"variant": Variant(learners=frozenset({ADAPTER}))}, {"variant": Variant(learners=frozenset())},
     {"system": "hybrid"}, {"sort": "price_asc"}],
    ids=["another learner", "no learner", "ablation", "a chosen sort"],
)  # fmt: skip
def test_without_the_memory_the_order_is_as_before(kettles: list[Product], options: dict[str, Any]) -> None:
    before = found_ids("kettle", **options)
    choose("kettle", {before[4]: 10}, shown=before)
    refresh_click_memory()
    assert found_ids("kettle", variant=Variant(learners=frozenset({MEMORY})))[0] == before[4]
    assert found_ids("kettle", **options) == before


def test_a_search_costs_as_many_queries_as_before(kettles: list[Product], django_assert_num_queries: Any) -> None:
    shown = ids(kettles)
    choose("kettle", {shown[4]: 10}, shown=shown)
    refresh_click_memory()
    search_products("kettle")
    for query in ("kettle", "a kettle"):
        with django_assert_num_queries(2):  # the query's words, the one statement
            search_products(query)


def test_others_of_the_chosen_kind_rise() -> None:
    stove, electric = make_category("stove-kettles"), make_category("electric-kettles")
    products = [make_product("Kettle", sku=f"K-{n}", category=[stove, electric][n % 2]) for n in range(8)]
    embed_stale_products()
    shown = ids(products)
    assert found_ids("kettle") == shown
    choose("kettle", {shown[1]: 5}, shown=shown[:4])
    refresh_click_memory()
    found = found_ids("kettle")
    assert found[:3] == [shown[1], shown[5], shown[7]]  # the one chosen, and two that nobody was shown


def test_a_rules_pin_stays_in_its_place(kettles: list[Product]) -> None:
    shown = ids(kettles)
    rule = MerchandisingRule.objects.create(name="kettle", query="kettle")
    RuleAction.objects.create(rule=rule, kind="pin", product=kettles[6], position=1)
    choose("kettle", {shown[4]: 10}, shown=shown)
    refresh_click_memory()
    assert found_ids("kettle")[:2] == [shown[6], shown[4]]


def test_the_parts_are_explained_and_add_up(kettles: list[Product]) -> None:
    shown = ids(kettles)
    choose("kettle", {shown[4]: 10}, shown=shown)
    refresh_click_memory()
    hits = explain(search_products("kettle")).hits
    assert [sum(hit.parts.values()) for hit in hits] == pytest.approx([hit.score for hit in hits])
    assert [hit.parts[CLICKS] > 0 for hit in hits] == [True, *[False] * 7]


def test_a_misspelt_query_has_the_memory_of_both_its_spellings(active_encoder_version: EncoderVersion) -> None:
    mice = ids([make_product("Wireless optical mouse", sku=f"M-{number}") for number in range(30)])
    embed_stale_products()
    corrections.refresh_vocabulary()
    assert search_products("wireles mosue").understood.text == "wireless mouse"
    choose("wireless mouse", {mice[6]: 10}, shown=mice[:8])
    refresh_click_memory()
    assert found_ids("wireles mosue")[0] == mice[6]
    choose("wireles mosue", {mice[7]: 40}, shown=mice[:8])
    refresh_click_memory()
    assert found_ids("wireles mosue")[:2] == [mice[7], mice[6]]
    assert found_ids("wireless mouse")[0] == mice[6]


def test_a_query_with_a_price_has_the_memory_of_the_query_without(kettles: list[Product]) -> None:
    shown = ids(kettles)
    choose("kettle", {shown[4]: 10}, shown=shown)
    refresh_click_memory()
    assert found_ids("kettle under $50")[0] == shown[4]


def test_merchants_and_developers_are_told(kettles: list[Product], client: Client) -> None:
    shown = ids(kettles)
    choose("kettle", {shown[4]: 10}, shown=shown)
    refresh_click_memory()
    page = unescape(Merchant().get("/admin/search/searchquery/why/", {"q": "kettle"}).content.decode())
    assert page.count("Shoppers who searched for this often choose it.") == 1
    assert "because shoppers who searched for this choose it less often" in page
    told, untold = (
        client.get("/api/search/", {"q": query, "explain": "1"}).json()["explain"]["hits"]
        for query in ("kettle", "a kettle")
    )
    assert [hit["parts"]["clicks"] > 0 for hit in told] == [True, *[False] * 7]
    assert "clicks" not in untold[0]["parts"]
