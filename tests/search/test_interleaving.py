"""Online tests on live searches: two versions mixed on one page, through the API."""

import logging
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from django.test import Client

from search import interleaving, item_groups, rules, versions
from search.encoder import Vectors
from search.event_log import queries
from search.index import embed_stale_products
from search.interleave import NEITHER, A, B, Result
from search.interleaving import DEPTH, interleaved, running_test
from search.learning_models import OnlineTest
from search.models import EncoderVersion, ProductEmbedding, SearchQuery
from search.online_results import online_results
from search.pipeline import search_products
from search.product_text import TEXT_VERSION
from search.rule_models import MerchandisingRule, RuleAction
from search.variants import LIVE, MEMORY, Variant
from search.versions import encoder_of
from shop.api.shopper import CLIENT_COOKIE
from shop.catalog.models import Product
from tests.catalogue import make_product
from tests.search.search_log import client
from tests.search.vectors import axis, give_vectors
from tests.shop.api.conftest import Shopper

pytestmark = pytest.mark.django_db

LAMPS = 120  # more than a pool has: of some only the words are known to match
NEAR_IN_B = (3, 110, 115, 118, 119, 120, 121, 122)  # of the products, by number; the last three are no lamps


@pytest.fixture
def products(active_encoder_version: EncoderVersion) -> list[Product]:
    """Lamps, the first of which is nearest to "lamp", and three things that only B finds; A finds by words alone."""
    made = [make_product(f"Desk lamp {number}") for number in range(LAMPS)]
    made += [make_product(f"Thing {number}") for number in range(3)]
    itself = EncoderVersion.objects.filter(pk=active_encoder_version.pk)
    itself.update(is_active=False)
    embed_stale_products()  # words only: the vectors are made by hand
    itself.update(is_active=True, relevance_floor=0.99, nonsense_ceiling=0.99)
    versions.forget()
    lamp = encoder_of(active_encoder_version).encode_query("lamp")
    embed_by_hand(made, [near(lamp, 0.98 - 0.003 * number) for number in range(len(made))], active_encoder_version)
    return made


@pytest.fixture
def challenger(products: list[Product], active_encoder_version: EncoderVersion) -> EncoderVersion:
    """The same encoder, with vectors that put some products next to "lamp" and all others far away."""
    version = EncoderVersion.objects.create(
        name="challenger", path=active_encoder_version.path, checksum="challenger", relevance_floor=0.5
    )
    lamp = encoder_of(active_encoder_version).encode_query("lamp")
    embed_by_hand(products, [lamp if number in NEAR_IN_B else -lamp for number in range(len(products))], version)
    return version


def near(vector: Vectors, cosine: float) -> Vectors:
    """(d,) a unit vector with that cosine to the unit vector."""
    other = axis(1.0) - vector[0] * vector
    return cosine * vector + np.sqrt(1 - cosine**2) * other / np.linalg.norm(other)


def embed_by_hand(products: list[Product], vectors: list[Vectors], version: EncoderVersion) -> None:
    """As fresh as if the version's encoder had made them."""
    give_vectors(products, np.array(vectors), version)
    ProductEmbedding.objects.filter(version=version).update(text_version=TEXT_VERSION)


@pytest.fixture
def online_test(active_encoder_version: EncoderVersion, challenger: EncoderVersion) -> OnlineTest:
    return run_test(Variant(active_encoder_version.pk), Variant(challenger.pk))


def run_test(a: Variant, b: Variant, *, share: float = 1.0) -> OnlineTest:
    made = OnlineTest.objects.create(
        name="Is B better?", variant_a=a.to_json(), variant_b=b.to_json(), share=share, is_running=True
    )
    interleaving.forget()
    return made


def browser(number: int) -> Shopper:
    shopper = Shopper()
    shopper.cookies[CLIENT_COOKIE] = str(client(number))
    return shopper


def search(shopper: Client, **params: Any) -> dict[str, Any]:
    response = shopper.get("/api/search/", {"q": "lamp", **params})
    assert response.status_code == 200, response.content
    return response.json()


def ids(body: dict[str, Any]) -> list[int]:
    return [hit["product"]["id"] for hit in body["hits"]]


def logged(body: dict[str, Any]) -> SearchQuery:
    queries.flush()
    return SearchQuery.objects.get(pk=UUID(body["query_id"]))


def ranking(variant: dict[str, Any], **options: Any) -> list[int]:
    found = search_products("lamp", variant=Variant.from_json(variant), **options)
    return [hit.product_id for hit in found.hits]


def live_ids(query: str = "lamp", **options: Any) -> list[int]:
    return [hit.product_id for hit in search_products(query, **options).hits]


def test_both_rankings_are_on_the_page_and_the_log_knows_whose_each_hit_is(online_test: OnlineTest) -> None:
    body = search(browser(1))
    row = logged(body)
    assert row.test_id == online_test.pk
    assert row.product_ids == ids(body)
    assert row.teams is not None
    assert [row.teams.count(side) for side in (A, B)] == [12, 12]
    for side, order in ((A, ranking(online_test.variant_a)), (B, ranking(online_test.variant_b))):
        seen: list[int] = []
        for product_id, team in zip(row.product_ids, row.teams, strict=True):
            if team == side:
                assert product_id == next(one for one in order if one not in seen)
            seen.append(product_id)
    assert [hit["position"] for hit in body["hits"]] == list(range(1, DEPTH + 1))


def test_a_client_sees_the_same_page_again_and_others_see_other_ones(online_test: OnlineTest) -> None:
    first = browser(1)
    pages = [ids(search(first)) for _ in range(2)] + [ids(search(browser(1), q="  LAMP "))]
    assert pages[0] == pages[1] == pages[2]
    assert len({tuple(ids(search(browser(number)))) for number in range(8)}) > 1


def test_a_new_shopper_keeps_the_page_of_the_first_search(online_test: OnlineTest) -> None:
    shopper = Shopper()
    assert ids(search(shopper)) == ids(search(shopper))


@pytest.mark.parametrize("page_size", [7, 24, 100])
def test_over_all_pages_nothing_is_shown_twice_or_lost(online_test: OnlineTest, page_size: int) -> None:
    shopper, shown, totals, teams = browser(1), [], set(), []
    page = pages = 1
    while page <= pages:
        body = search(shopper, page=page, page_size=page_size)
        row = logged(body)
        shown += ids(body)
        teams += (row.teams or [])[: len(body["hits"])]
        assert row.first_position == (page - 1) * page_size + 1
        totals.add(body["total"])
        page, pages = page + 1, body["pages"]
    everything = {*ranking(online_test.variant_a, page_size=1000), *ranking(online_test.variant_b)[:DEPTH]}
    assert len(shown) == len(set(shown))
    assert set(shown) == everything
    assert totals == {len(everything)}
    assert set(teams[DEPTH:]) == {NEITHER}


def test_pages_of_any_size_are_one_order(online_test: OnlineTest) -> None:
    whole = ids(search(browser(1), page_size=100))
    for page_size in (7, 24):
        pieces = [ids(search(browser(1), page=page, page_size=page_size)) for page in (1, 2, 3, 4)]
        assert [product_id for piece in pieces for product_id in piece] == whole[: 4 * page_size]


def test_filters_hold_on_both_sides(online_test: OnlineTest, products: list[Product]) -> None:
    cheap = [products[number] for number in (1, 3, 40, 121)]
    Product.objects.filter(pk__in=[product.pk for product in cheap]).update(price_cents=100)
    body = search(browser(1), price_max=500)
    assert sorted(ids(body)) == sorted(product.pk for product in cheap)
    assert body["total"] == 4
    assert logged(body).test_id == online_test.pk


def test_similar_products_that_fill_the_page_are_of_neither_side(
    online_test: OnlineTest, products: list[Product], active_encoder_version: EncoderVersion
) -> None:
    EncoderVersion.objects.filter(pk=active_encoder_version.pk).update(relevance_floor=0.0)
    press = make_product("Garlic press")
    left = [products[3].pk, products[5].pk, products[121].pk]
    Product.objects.exclude(pk__in=[*left, press.pk]).update(stock=0)
    embed_stale_products()
    body = search(browser(1), in_stock=1)
    row = logged(body)
    assert (row.test_id, body["total"], sorted(ids(body))) == (online_test.pk, 3, left)
    assert [(hit["position"], hit["product"]["id"]) for hit in body["related"]] == [(4, press.pk)]
    assert row.product_ids == [*ids(body), press.pk]
    assert (row.teams or [])[3:] == [NEITHER]
    assert search(browser(1), in_stock=1, page=2, page_size=2)["related"] == body["related"][:1]


def test_pinned_products_keep_their_places_and_count_for_neither_side(
    online_test: OnlineTest, products: list[Product]
) -> None:
    rule = MerchandisingRule.objects.create(name="Pins", query="lamp")
    pins = {2: products[50].pk, 5: products[121].pk, 30: products[90].pk}
    for position, product_id in pins.items():
        RuleAction.objects.create(rule=rule, kind="pin", product_id=product_id, position=position)
    rules.forget()
    found = [search(browser(1), page=page) for page in (1, 2)]
    shown = ids(found[0]) + ids(found[1])
    teams = (logged(found[0]).teams or []) + (logged(found[1]).teams or [])
    for position, product_id in pins.items():
        assert (shown[position - 1], teams[position - 1]) == (product_id, NEITHER)
    assert len(shown) == len(set(shown)) == 2 * DEPTH


def test_a_share_of_the_searches_is_mixed(online_test: OnlineTest) -> None:
    OnlineTest.objects.update(share=0.5)
    interleaving.forget()
    mixed = {number for number in range(60) if interleaved("lamp", client_id=client(number)).test_id}
    assert 15 <= len(mixed) <= 45  # 3.9 standard deviations
    assert {number for number in range(60) if interleaved("lamp", client_id=client(number)).test_id} == mixed
    OnlineTest.objects.update(share=0.8)
    interleaving.forget()
    more = {number for number in range(60) if interleaved("lamp", client_id=client(number)).test_id}
    assert mixed < more


@pytest.mark.parametrize("asked", [{"q": ""}, {"sort": "price_asc"}, {"explain": 1}, {"q": "nonsensicality"}])
def test_other_searches_are_not_mixed(online_test: OnlineTest, asked: dict[str, Any]) -> None:
    body = search(browser(1), **asked)
    row = logged(body)
    assert (row.test_id, row.teams) == (None, None)
    assert ids(body) == live_ids(asked.get("q", "lamp"), sort=asked.get("sort", "relevance"))


def test_a_search_that_is_sent_elsewhere_is_not_mixed(online_test: OnlineTest) -> None:
    MerchandisingRule.objects.create(name="Away", query="lamp", redirect="/lighting")
    rules.forget()
    body = search(browser(1))
    assert body["redirect"] == "/lighting"
    row = logged(body)
    assert (row.test_id, row.product_ids) == (None, [])


def test_two_settings_of_one_version_are_compared(active_encoder_version: EncoderVersion, products: object) -> None:
    plain = Variant(active_encoder_version.pk, learners=frozenset({MEMORY}), lexical_weight=2.0)
    run_test(LIVE, plain)
    assert logged(search(browser(1))).teams is not None


@pytest.mark.parametrize("fault", ["files", "deleted"])
def test_a_broken_version_leaves_the_search_to_the_active_one_and_says_so_once(
    online_test: OnlineTest, challenger: EncoderVersion, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    if fault == "files":
        EncoderVersion.objects.filter(pk=challenger.pk).update(path="nowhere", checksum="other")
    else:
        challenger.delete()
    with caplog.at_level(logging.WARNING, "search"):
        bodies = []
        for _ in range(3):
            bodies.append(search(browser(1)))
            running_test.forget()  # as after some seconds
    for body in bodies:
        assert ids(body) == live_ids()
        assert logged(body).test_id is None
    assert [record.getMessage() for record in caplog.records] == [
        "The online test “Is B better?” rests: a version of it is gone, or its encoder does not load."
    ]


def test_a_version_that_vanishes_within_the_seconds_that_a_test_is_remembered(
    online_test: OnlineTest, challenger: EncoderVersion
) -> None:
    assert logged(search(browser(1))).test_id == online_test.pk
    challenger.delete()
    body = search(browser(1))
    assert ids(body) == live_ids()
    assert logged(body).test_id is None


def test_the_test_is_asked_for_once_in_a_while(db: None, django_assert_num_queries: Any) -> None:
    interleaving.forget()
    with django_assert_num_queries(1):
        assert [running_test() for _ in range(3)] == [None] * 3


def click(shopper: Shopper, body: dict[str, Any], product_id: int, event: int) -> None:
    sent = {
        "event_id": str(UUID(int=event)), "action_name": "click", "product_id": product_id,
        "query_id": body["query_id"], "position": 1,
    }  # fmt: skip
    assert shopper.send("post", "/api/events/", {"events": [sent]}).status_code == 202


def test_clicks_decide_who_wins(online_test: OnlineTest) -> None:
    for number, sides in enumerate([(B,), (B, B, A), (A,), (A, B), (NEITHER,), ()]):
        shopper = browser(number)
        body = search(shopper)
        row = logged(body)
        teams = [NEITHER if place > 20 else team for place, team in enumerate(row.teams or [])]
        SearchQuery.objects.filter(pk=row.pk).update(teams=teams)
        chosen = {side: [pk for pk, team in zip(row.product_ids, teams, strict=True) if team == side] for side in sides}
        for nth, side in enumerate(sides):
            click(shopper, body, chosen[side].pop(), event=10 * number + nth + 1)
    assert online_results([online_test.pk]) == {online_test.pk: Result(searches=6, wins_a=1, wins_b=2, ties=1)}


def test_a_mixed_page_shows_a_product_in_one_variant_only(
    online_test: OnlineTest, products: list[Product], challenger: EncoderVersion
) -> None:
    """A's best lamp and the one that B ranks first are variants: the mixed page has the one that A shows."""
    Product.objects.filter(pk__in=[products[0].pk, products[3].pk]).update(item_group="lamp")
    item_groups.forget()
    for number in range(20):
        page = interleaved("lamp", client_id=client(number))
        shown = [hit.product_id for hit in page.hits]
        assert page.test_id == online_test.pk
        assert products[0].pk in shown
        assert products[3].pk not in shown
        assert len(shown) == len(set(shown)) == 24
