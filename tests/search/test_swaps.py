"""Two neighbours in a random order, seen through the API: what shoppers get, what the log keeps, and where never."""

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from search import rules
from search.event_log import queries
from search.index import embed_stale_products
from search.models import SearchQuery
from search.pipeline import search_products
from search.rule_models import MerchandisingRule, RuleAction
from search.swaps import LAST_POSITION, SWAP_SHARE, Swaps, swaps
from shop.catalog.models import Product
from tests.catalogue import make_product

pytestmark = pytest.mark.django_db
SEARCHES = 60


@pytest.fixture(autouse=True)
def always() -> Iterator[None]:
    """Every search may be swapped, as a seed decides."""
    before = swaps.share, swaps.chance
    swaps.share, swaps.chance = 1.0, random.Random(7)
    yield
    swaps.share, swaps.chance = before


@pytest.fixture
def kettles() -> list[Product]:
    """Twelve kettles that fit equally well, so they come by id."""
    made = [
        make_product(f"Kettle {number:02}", sku=f"TK-{number:03}x", price_cents=100 * number) for number in range(12)
    ]
    embed_stale_products()
    return made


def search(client: Client, **params: Any) -> dict[str, Any]:
    response = client.get("/api/search/", {"q": "kettle", **params})
    assert response.status_code == 200
    body: dict[str, Any] = response.json()
    return body


def logged() -> list[SearchQuery]:
    queries.flush()
    return list(SearchQuery.objects.order_by("created_at"))


def swapped(ids: list[int], position: int) -> list[int]:
    return [*ids[: position - 1], ids[position], ids[position - 1], *ids[position + 1 :]]


def test_neighbours_change_places_by_a_coin_and_the_log_has_both_outcomes(
    client: Client, kettles: list[Product]
) -> None:
    ranked = [product.pk for product in kettles]
    bodies = [search(client) for _ in range(SEARCHES)]
    outcomes = set()
    for body, row in zip(bodies, logged(), strict=True):
        assert row.swapped_at is not None
        shown = [hit["product"]["id"] for hit in body["hits"]]
        assert [hit["position"] for hit in body["hits"]] == list(range(1, 13))
        assert row.product_ids == shown
        assert shown in (ranked, swapped(ranked, row.swapped_at))
        outcomes.add((row.swapped_at, shown == ranked))
    assert {position for position, _ in outcomes} == set(range(1, LAST_POSITION + 1))
    assert {stayed for _, stayed in outcomes} == {True, False}


def test_the_coin_is_fair(kettles: list[Product]) -> None:
    results = search_products("kettle")
    fair = Swaps(share=1.0, chance=random.Random(1))
    outcomes = [fair.applied(results)[0] is results for _ in range(2_000)]
    assert 900 < sum(outcomes) < 1_100  # 1,000 and 4.5 standard deviations


def test_only_a_small_share_of_searches(kettles: list[Product]) -> None:
    results = search_products("kettle")
    usual = Swaps(chance=random.Random(1))
    positions = [usual.applied(results)[1] for _ in range(10_000)]
    assert usual.share == SWAP_SHARE
    assert 140 < sum(position is not None for position in positions) < 260  # 200 and 4.3 standard deviations


def test_what_is_measured_is_never_swapped(kettles: list[Product]) -> None:
    for _ in range(20):
        assert [hit.product_id for hit in search_products("kettle").hits] == [product.pk for product in kettles]


@pytest.mark.parametrize(
    "params",
    [{"sort": "price_desc"}, {"page": 2, "page_size": 6}, {"q": ""}, {"explain": 1}],
    ids=["chosen sort", "later page", "browsing", "explained"],
)
def test_pages_whose_order_is_not_the_rankings_alone(
    client: Client, kettles: list[Product], params: dict[str, Any]
) -> None:
    first = search(client, **params)["hits"]
    for _ in range(SEARCHES):
        assert search(client, **params)["hits"] == first
    assert {row.swapped_at for row in logged()} == {None}


def test_where_a_rule_sends_the_shopper_elsewhere(client: Client, kettles: list[Product]) -> None:
    MerchandisingRule.objects.create(name="Kettles", query="kettle", redirect="/category/kettles")
    rules.forget()
    for _ in range(SEARCHES):
        search(client)
    assert {row.swapped_at for row in logged()} == {None}


def test_pins_stay_where_the_merchant_put_them(client: Client, kettles: list[Product]) -> None:
    made = MerchandisingRule.objects.create(name="Kettles", query="kettle")
    RuleAction.objects.create(rule=made, kind="pin", product=kettles[-1], position=3)
    rules.forget()
    for _ in range(SEARCHES):
        assert search(client)["hits"][2]["product"]["id"] == kettles[-1].pk
    positions = {row.swapped_at for row in logged()}
    assert positions == {None, 1, 4, 5, 6, 7, 8, 9}  # 2 and 3 would move the pin


def test_a_product_that_is_named_by_its_number_stays_first(client: Client, kettles: list[Product]) -> None:
    for _ in range(SEARCHES):
        assert search(client, q="kettle TK-004x")["hits"][0]["product"]["id"] == kettles[4].pk
    assert 1 not in {row.swapped_at for row in logged()}


def test_a_page_that_an_online_test_mixes_is_the_tests(kettles: list[Product]) -> None:
    mixed = replace(search_products("kettle"), test_id=1, teams=(0, 1) * 6)
    assert {swaps.applied(mixed)[1] for _ in range(SEARCHES)} == {None}


@pytest.mark.parametrize("size", [0, 1, 2])
def test_short_pages(kettles: list[Product], size: int) -> None:
    results = search_products("kettle")
    short = replace(results, hits=results.hits[:size])
    found = [swaps.applied(short) for _ in range(200)]
    assert {position for _, position in found} == ({None, 1} if size == 2 else {None})
    assert {len(page.hits) for page, _ in found} == {size}


def test_a_swap_costs_no_sql_query(kettles: list[Product], django_assert_num_queries: Any) -> None:
    results = search_products("kettle")
    with django_assert_num_queries(0):
        for _ in range(SEARCHES):
            swaps.applied(results)
