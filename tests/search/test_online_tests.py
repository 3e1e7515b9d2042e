"""Starting and stopping online tests, the freshness of what they compare, and their results from the log."""

from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from search import index
from search.index import embed_stale_products, stale_products
from search.interleave import Result
from search.learning_models import OnlineTest
from search.models import EncoderVersion, ProductEmbedding, SearchQuery
from search.online_results import MOST_OF_CLIENT, online_results
from search.online_tests import CannotStart, start, stop
from search.pipeline import search_products
from search.variants import MEMORY, Variant
from search.versions import versions_under_test
from shop.catalog.models import Product
from tests.catalogue import make_product
from tests.search.search_log import did, searched

pytestmark = pytest.mark.django_db


@pytest.fixture
def challenger(active_encoder_version: EncoderVersion) -> EncoderVersion:
    return EncoderVersion.objects.create(name="challenger", path=active_encoder_version.path, checksum="challenger")


def make_test(a: EncoderVersion, b: EncoderVersion, *, name: str = "Is B better?", **fields: Any) -> OnlineTest:
    variants = {"variant_a": Variant(a.pk).to_json(), "variant_b": Variant(b.pk).to_json()}
    return OnlineTest.objects.create(name=name, **{**variants, **fields})


def test_an_edit_during_a_test_is_found_under_both_versions(
    active_encoder_version: EncoderVersion, challenger: EncoderVersion
) -> None:
    product = make_product("Red kettle")
    make_product("Garlic press")
    test = make_test(active_encoder_version, challenger)
    embed_stale_products()
    start(test)
    Product.objects.filter(pk=product.pk).update(title="Desk lamp", sku="L", updated_at=timezone.now())
    embed_stale_products()
    for fields in (test.variant_a, test.variant_b):
        hit = search_products("lighting", variant=Variant.from_json(fields)).hits[0]
        assert hit.product_id == product.pk
        assert hit.lexical == 0.0  # found by its vector alone
        assert hit.semantic is not None
        assert hit.semantic > 0.3


def test_versions_are_kept_fresh_from_the_making_of_a_test_until_its_end(
    active_encoder_version: EncoderVersion, challenger: EncoderVersion
) -> None:
    make_product("Red kettle")
    test = make_test(active_encoder_version, challenger)
    assert versions_under_test() == [challenger]
    start_after_embedding(test)
    assert versions_under_test() == [challenger]
    stop(test)
    assert versions_under_test() == []
    make_product("Blue kettle")
    assert embed_stale_products() == 1
    assert stale_products(challenger).count() == 1


def start_after_embedding(test: OnlineTest) -> None:
    embed_stale_products()
    start(test)


def test_the_active_version_does_not_wait_for_one_that_is_tested(
    active_encoder_version: EncoderVersion, challenger: EncoderVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "BATCH_SIZE", 2)
    for number in range(5):
        make_product(f"Kettle {number}")
    embed_stale_products()
    make_test(active_encoder_version, challenger)
    edited: list[Product] = []
    fresh: list[bool] = []

    def edit_once(_: int) -> None:
        """After the first batch of the challenger a product comes, and is embedded before the second."""
        if not edited:
            edited.append(make_product("Desk lamp"))
        else:
            embedded = ProductEmbedding.objects.filter(product=edited[0], version=active_encoder_version)
            fresh.append(embedded.exists())

    embed_stale_products(progress=edit_once)
    assert fresh[0] is True
    assert [stale_products(version).count() for version in (active_encoder_version, challenger)] == [0, 0]


def test_a_tested_version_gets_its_vector_index(
    active_encoder_version: EncoderVersion, challenger: EncoderVersion
) -> None:
    make_product("Red kettle")
    make_test(active_encoder_version, challenger)
    embed_stale_products()
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"search_vectors_v{challenger.pk}"])
        assert cursor.fetchone() == (True,)


def test_a_tested_version_that_does_not_load_holds_nothing_up(active_encoder_version: EncoderVersion) -> None:
    broken = EncoderVersion.objects.create(name="broken", path="nowhere", checksum="x")
    make_test(active_encoder_version, broken)
    make_product("Red kettle")
    assert embed_stale_products() == 1
    assert list(stale_products(active_encoder_version)) == []


def test_a_test_starts_when_all_products_are_embedded(
    active_encoder_version: EncoderVersion, challenger: EncoderVersion
) -> None:
    make_product("Red kettle")
    test = make_test(active_encoder_version, challenger)
    index.embed_version(active_encoder_version)
    with pytest.raises(CannotStart, match="not embedded under “challenger” yet: 1"):
        start(test)
    assert not OnlineTest.objects.get().is_running
    embed_stale_products()
    start(test)
    started = OnlineTest.objects.get()
    assert started.is_running
    assert started.started_at is not None


def test_only_one_test_runs_at_a_time(active_encoder_version: EncoderVersion) -> None:
    first = make_test(active_encoder_version, active_encoder_version, name="First")
    second = make_test(active_encoder_version, active_encoder_version, name="Second")
    start(first)
    with pytest.raises(CannotStart, match="“First” is running"):
        start(second)
    assert stop(first) is True
    start(second)
    assert list(OnlineTest.objects.order_by("id").values_list("is_running", flat=True)) == [False, True]


def test_a_test_starts_and_ends_once(active_encoder_version: EncoderVersion) -> None:
    test = make_test(active_encoder_version, active_encoder_version)
    assert stop(test) is False
    start(test)
    with pytest.raises(CannotStart, match="started before"):
        start(test)
    assert [stop(test), stop(test)] == [True, False]
    with pytest.raises(CannotStart, match="started before"):
        start(test)


def test_a_version_that_is_gone_or_does_not_load_is_named(active_encoder_version: EncoderVersion) -> None:
    broken = EncoderVersion.objects.create(name="broken", path="nowhere", checksum="x")
    test = make_test(active_encoder_version, broken)
    with pytest.raises(CannotStart, match="The encoder of “broken” cannot be loaded"):
        start(test)
    broken.delete()
    with pytest.raises(CannotStart, match="was deleted"):
        start(test)


SHOWN = {"product_ids": [11, 12, 13, 14], "teams": [-1, 0, 1, -1]}  # of 11 to 14 A has 12, and B 13


def mixed(query: str, by: int, *, test_id: int = 7, **fields: Any) -> SearchQuery:
    return searched(query, by, test_id=test_id, **{**SHOWN, **fields})


def test_clicks_count_for_the_side_that_picked_the_product() -> None:
    did("click", mixed("lamp", 1), 12, 2)
    did("click", mixed("lamp", 2), 13, 2)  # the position that is sent does not matter
    both = mixed("lamp", 3)
    for product_id in (12, 13):
        did("click", both, product_id)
    for nothing in (11, 14, 99):  # both sides', similar, not shown
        did("click", mixed("lamp", 4), nothing)
    did("view", mixed("lamp", 5), 13)
    did("click", searched("lamp", 6, **SHOWN), 13)  # of no test
    did("click", mixed("lamp", 7, test_id=8), 13)
    assert online_results([7]) == {7: Result(searches=5, wins_a=1, wins_b=1, ties=1)}


def test_a_search_is_won_by_more_products_over_all_its_pages() -> None:
    first = mixed("lamp", 1)
    did("click", first, 12)
    second = mixed(" LAMP", 1, product_ids=[15, 16], teams=[1, 1], first_position=5)
    for product_id in (15, 16):
        did("click", second, product_id)
    assert online_results([7]) == {7: Result(searches=1, wins_a=0, wins_b=1, ties=0)}


def test_a_client_counts_once_a_query_however_often_it_reloads_and_clicks() -> None:
    for _ in range(30):
        flood = mixed("lamp", 1)
        did("click", flood, 13)
        did("click", flood, 13)
    did("click", mixed("lamp", 2), 12)
    assert online_results([7]) == {7: Result(searches=2, wins_a=1, wins_b=1, ties=0)}


def test_a_client_counts_with_its_first_queries_only() -> None:
    for number in range(50):
        did("click", mixed(f"lamp {number}", 1, days_ago=1 - number / 1000), 13 if number < MOST_OF_CLIENT else 12)
    assert online_results([7]) == {7: Result(searches=MOST_OF_CLIENT, wins_a=0, wins_b=MOST_OF_CLIENT, ties=0)}


def test_an_event_of_another_client_does_not_count() -> None:
    search = mixed("lamp", 1)
    event = did("click", search, 13)
    type(event).objects.filter(pk=event.pk).update(client_id=search.query_id)
    assert online_results([7]) == {7: Result(searches=1, wins_a=0, wins_b=0, ties=0)}


def test_results_of_several_tests_are_one_query(django_assert_num_queries: Any) -> None:
    did("click", mixed("lamp", 1), 12)
    did("click", mixed("lamp", 1, test_id=8), 13)
    with django_assert_num_queries(1):
        found = online_results([7, 8, 9])
    assert found == {7: Result(1, 1, 0, 0), 8: Result(1, 0, 1, 0), 9: Result(0, 0, 0, 0)}


def test_a_variant_is_stored_as_it_was_chosen(active_encoder_version: EncoderVersion) -> None:
    chosen = Variant(active_encoder_version.pk, learners=frozenset({MEMORY}), lexical_weight=0.7)
    test = make_test(active_encoder_version, active_encoder_version, variant_b=chosen.to_json())
    test.refresh_from_db()
    assert Variant.from_json(test.variant_b) == chosen
