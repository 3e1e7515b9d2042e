"""A simulated log: the rows that shoppers would have left, few searches, and the same ones for the same seed."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from search.click_model import ClickModel
from search.event_log import REDIRECTED
from search.index import embed_stale_products
from search.models import SearchEvent, SearchQuery
from search.rule_models import MerchandisingRule
from search.shopper_needs import Need
from search.simulated_rows import Page, Simulated
from search.simulation import LEAST_SESSIONS, MOST_SESSIONS, PAUSE, first_page, poison, simulate_log
from tests.catalogue import make_product

START, END = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 8, tzinfo=UTC)
LAMP, MUG = Need("lamp", {1: 3, 5: 3}, popularity=3.0), Need("杯子", {12: 2}, "zh")
PAGES = {
    "lamp": Page((9, 1, 2, 3, 5), total=4, mode="hybrid", version_id=7, took_ms=8.0),
    "杯子": Page((11, 12), total=2, mode="lexical"),
    "nothing": Page((), total=0, mode="hybrid"),
}

pytestmark = pytest.mark.django_db


def simulate(sessions: int = 400, needs: tuple[Need, ...] = (LAMP, MUG), **fields: Any) -> Simulated:
    options: dict[str, Any] = {
        "click_model": ClickModel(), "search": PAGES.__getitem__, "start": START, "end": END, "seed": 1,
    }  # fmt: skip
    return simulate_log(needs, sessions, **{**options, **fields})


def log() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    return list(SearchQuery.objects.order_by("pk").values()), list(SearchEvent.objects.order_by("pk").values())


def clear() -> None:
    SearchEvent.objects.all().delete()
    SearchQuery.objects.all().delete()


def clicks_by_product() -> Counter[int]:
    return Counter(SearchEvent.objects.filter(action_name="click").values_list("product_id", flat=True))


def test_some_who_find_nothing_say_it_otherwise_half_a_minute_later() -> None:
    """The lamp answers "glow", but its page shows only mugs; who calls it a lamp finds it."""
    glow = Need("glow", {1: 3, 5: 3}, otherwise="lamp")
    pages = {**PAGES, "glow": PAGES["杯子"]}
    simulate(needs=(glow,), search=pages.__getitem__)
    first = {row.client_id: row for row in SearchQuery.objects.filter(query="glow").order_by("created_at")}
    again = list(SearchQuery.objects.filter(query="lamp"))
    assert 150 < len(again) < 250  # half of 400
    assert SearchQuery.objects.count() == 400 + len(again)
    assert all(row.client_id in first for row in again)
    starts = set(SearchQuery.objects.filter(query="glow").values_list("client_id", "created_at"))
    assert all((row.client_id, row.created_at - PAUSE) in starts for row in again)
    clicked = clicks_by_product()
    assert clicked[1] > clicked[12]


def test_who_finds_it_says_nothing_else() -> None:
    simulate(needs=(Need("lamp", {9: 3}, otherwise="nothing"),), click_model=ClickModel(noise=0))
    assert not SearchQuery.objects.filter(query="nothing").exists()  # it is the first hit, and everybody clicks it


def test_the_log_has_what_was_counted() -> None:
    done = simulate()
    actions = Counter(SearchEvent.objects.values_list("action_name", flat=True))
    assert (done.searches, done.queries) == (400, 2)
    assert done.searches == SearchQuery.objects.count()
    assert done.clients == SearchQuery.objects.values("client_id").distinct().count()
    assert (done.clicks, done.carts, done.purchases) == (
        actions["click"], actions["add_to_cart"], actions["purchase"],
    )  # fmt: skip
    assert done.clicks > done.carts > done.purchases > 0


def test_a_search_is_logged_as_the_store_would() -> None:
    simulate(swap_share=0)
    row = SearchQuery.objects.filter(query="lamp")[0]
    assert (row.language, row.mode, row.version_id, row.total, row.took_ms) == ("en", "hybrid", 7, 4, 8.0)
    assert (row.product_ids, row.first_position, row.swapped_at, row.filters) == ([9, 1, 2, 3, 5], 1, None, {})
    assert SearchQuery.objects.filter(query="杯子")[0].language == "zh"


def test_events_belong_to_a_hit_of_their_search() -> None:
    simulate(swap_share=0.5)
    searches = SearchQuery.objects.in_bulk()
    for event in SearchEvent.objects.all():
        search = searches[event.query_id]
        assert search.product_ids[event.position - 1] == event.product_id
        assert search.client_id == event.client_id
        assert search.created_at <= event.created_at < END


def test_searches_spread_over_the_window() -> None:
    simulate()
    days = Counter((at - START).days for at in SearchQuery.objects.values_list("created_at", flat=True))
    assert sorted(days) == [0, 1, 2, 3, 4, 5, 6]
    assert max(days.values()) < 2 * min(days.values())


def test_popular_needs_are_searched_more_often() -> None:
    simulate(4000)
    assert SearchQuery.objects.filter(query="lamp").count() / 4000 == pytest.approx(0.75, abs=0.03)


def test_clients_come_a_few_times() -> None:
    simulate()
    visits = Counter(SearchQuery.objects.values_list("client_id", flat=True))
    assert sum(count < LEAST_SESSIONS for count in visits.values()) <= 1  # the last one
    assert max(visits.values()) == MOST_SESSIONS
    assert 400 / len(visits) == pytest.approx(3.5, abs=0.5)


def test_clicks_follow_the_click_model() -> None:
    simulate(4000, (LAMP,), swap_share=0)
    clicked = clicks_by_product()
    expected = ClickModel().click_probabilities([0, 3, 0, 0, 3])
    shares = [clicked[product_id] / 4000 for product_id in PAGES["lamp"].product_ids]
    assert shares == pytest.approx(list(expected), abs=4 * np.sqrt(0.25 / 4000))


def test_each_query_is_searched_once_and_rows_are_written_in_bulk() -> None:
    asked: list[str] = []

    def search(query: str) -> Page:
        asked.append(query)
        return PAGES[query]

    with CaptureQueriesContext(connection) as queries:
        simulate(900, search=search)
    assert sorted(asked) == ["lamp", "杯子"]
    assert len(queries) < 8


def test_a_query_without_hits_is_searched_and_nothing_is_clicked() -> None:
    done = simulate(10, (Need("nothing", {}),))
    assert (done.searches, done.queries, done.clicks) == (10, 1, 0)
    assert list(SearchQuery.objects.values_list("product_ids", flat=True)) == [[]] * 10
    assert SearchEvent.objects.count() == 0


def test_a_share_of_the_searches_has_two_hits_in_a_random_order_and_half_of_them_changed_places() -> None:
    simulate(2000, (LAMP,), swap_share=0.2)
    swapped = SearchQuery.objects.filter(swapped_at__isnull=False)
    shown = list(PAGES["lamp"].product_ids)
    assert swapped.count() / 2000 == pytest.approx(0.2 * 3 / 9, abs=0.02)  # k from 1 to 9, and there are 4 hits
    assert set(swapped.values_list("swapped_at", flat=True)) == {1, 2, 3}
    moved = 0
    for row in swapped:
        first = row.swapped_at - 1
        other = [*shown[:first], shown[first + 1], shown[first], *shown[first + 2 :]]
        assert row.product_ids in (shown, other)
        moved += row.product_ids == other
    assert moved / swapped.count() == pytest.approx(0.5, abs=0.15)
    assert {tuple(row.product_ids) for row in SearchQuery.objects.filter(swapped_at=None)} == {tuple(shown)}


def test_the_same_seed_writes_the_same_log_and_another_seed_another() -> None:
    simulate()
    first = log()
    clear()
    simulate()
    assert log() == first
    clear()
    simulate(seed=2)
    assert log() != first


def test_the_same_simulation_twice_is_refused_and_changes_nothing() -> None:
    simulate()
    before = log()
    with pytest.raises(IntegrityError):
        simulate()
    assert log() == before


def test_two_weeks_with_the_same_seed_have_clients_of_their_own() -> None:
    simulate()
    earlier = set(SearchQuery.objects.values_list("client_id", flat=True))
    simulate(start=END, end=END + timedelta(days=7))
    later = set(SearchQuery.objects.filter(created_at__gte=END).values_list("client_id", flat=True))
    assert later
    assert not earlier & later


def test_shuffled_clicks_are_as_many_and_tell_nothing() -> None:
    honest = simulate(3000, (LAMP,), swap_share=0)
    clear()
    shuffled = simulate(3000, (LAMP,), swap_share=0, shuffled=True)
    clicked = clicks_by_product()
    assert shuffled.clicks == pytest.approx(honest.clicks, rel=0.1)
    assert max(clicked.values()) < 1.2 * min(clicked.values())


def test_a_poisoner_is_one_client_that_always_wants_one_product() -> None:
    done = poison(
        ["lamp", "杯子"], 2, searches_a_query=5, search=PAGES.__getitem__, start=START, end=END, seed=1
    )  # fmt: skip
    assert done == Simulated(searches=10, clients=1, queries=2, clicks=10, carts=10)
    assert set(SearchEvent.objects.values_list("product_id", "position")) == {(2, 3), (2, 2)}  # of 5 hits, of 2


def test_nobody_can_look_for_nothing() -> None:
    with pytest.raises(ValueError, match="no needs"):
        simulate(10, ())


def test_the_first_page_is_what_the_store_shows() -> None:
    lamp = make_product("Red desk lamp")
    make_product("Blue mug")
    embed_stale_products()
    page = first_page("lamp")
    assert (page.product_ids, page.total, page.mode, page.version_id) == ((lamp.pk,), 1, "lexical", None)
    assert page.took_ms > 0


def test_who_is_sent_elsewhere_sees_no_hits() -> None:
    make_product("Red desk lamp")
    embed_stale_products()
    MerchandisingRule.objects.create(name="lamps", query="lamp", redirect="/category/lamps")
    page = first_page("lamp")
    assert (page.product_ids, page.mode) == ((), REDIRECTED)
