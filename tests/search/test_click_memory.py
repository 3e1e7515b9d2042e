"""What is learned from the log: from how many clients on, how much, and when."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from search import click_memory
from search.click_data import ProductClicks
from search.click_memory import MIN_CLIENTS, WINDOW, memories, refresh_click_memory, refresh_if_clicked
from search.learning_models import ClickMemory
from search.models import SearchEvent, SearchQuery
from search.remembered_clicks import memory_of
from tests.search.clicks import SHOWN, choose
from tests.search.search_log import did, searched


def remembered() -> dict[str, dict[int, float]]:
    rows = ClickMemory.objects.values_list("query", "product_ids", "lifts")
    return {query: dict(zip(product_ids, lifts, strict=True)) for query, product_ids, lifts in rows}


@pytest.mark.django_db
def test_what_is_chosen_below_beats_what_is_chosen_because_it_is_first() -> None:
    choose("kettle", {1: 6, 8: 4})
    assert refresh_click_memory() == 1
    lifts = remembered()["kettle"]
    # 10 shoppers look 10 * (1 + 1/2 + ... + 1/8) = 27.18 times and click 10 times, so of 10 looks at the first 3.68
    # clicks are expected, and of 10/8 at the eighth 0.46: log(9 / 6.68) and log(7 / 3.46)
    assert (lifts[1], lifts[8]) == (0.30, 0.70)
    assert lifts[2] == -0.48  # 5 looks, 1.84 clicks expected, none came: log(3 / 4.84)
    assert list(lifts) == [8, 1, 7, 6, 5, 4, 3, 2]


@pytest.mark.django_db
def test_a_purchase_is_worth_three_clicks_and_the_most_a_client_did_counts() -> None:
    choose("kettle", {1: 3, 2: 1})
    bought = searched("kettle", 9, product_ids=list(SHOWN))
    for action in ("click", "add_to_cart", "purchase"):
        did(action, bought, 2, 2)
    refresh_click_memory()
    # 5 shoppers look 13.59 times, what they did is worth 7; of 5 looks at the first 2.58 are expected, below it 1.29
    assert (remembered()["kettle"][1], remembered()["kettle"][2]) == (0.07, 0.49)  # log(6 / 5.58), log(7 / 4.29)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "less",
    [
        {"chosen": {3: MIN_CLIENTS - 1}},
        {"chosen": {3: MIN_CLIENTS - 1, 4: MIN_CLIENTS - 1}},
        {"chosen": {3: MIN_CLIENTS}, "days_ago": WINDOW.days + 1},
        {"chosen": {3: MIN_CLIENTS}, "query": ""},
    ],
    ids=["few", "no two the same", "long ago", "browsing"],
)
def test_what_tells_too_little_is_not_remembered(less: dict[str, Any]) -> None:
    choose(**{"query": "kettle", **less})
    assert refresh_click_memory() == 0
    assert remembered() == {}


@pytest.mark.django_db
def test_one_client_with_many_clicks_moves_nothing() -> None:
    for wording in ("red kettle", "red kettles", "Red Kettle ", "red  kettle", "red   kettle"):
        for hours in range(4):
            did("click", searched(wording, 1, product_ids=list(SHOWN), days_ago=1 + hours / 24), 3, 3)
    assert refresh_click_memory() == 0
    assert remembered() == {}


@pytest.mark.django_db
def test_one_client_moves_a_remembered_product_by_one_click_however_often_it_clicks() -> None:
    choose("kettle", {1: 5, 3: 1})
    refresh_click_memory()
    before = remembered()
    for _ in range(10):
        did("click", searched("kettle", 6, product_ids=list(SHOWN)), 3, 3)  # the client that clicked it already
    did("click", searched("Kettles", 6, product_ids=list(SHOWN)), 3, 3)  # a wording of its own does not count either
    assert refresh_click_memory() == 0
    assert remembered() == before


@pytest.mark.django_db
def test_wordings_that_enough_clients_use_share_what_they_teach() -> None:
    choose("kettle", {1: 3})
    choose("Kettles", {1: 3}, first=11)
    choose("teapot", {1: 3}, first=21)
    refresh_click_memory()
    assert set(remembered()) == {"kettle", "teapot"}
    # twice the shoppers, twice the clicks: 2.21 of 6 are expected of the first
    assert (remembered()["kettle"][1], remembered()["teapot"][1]) == (0.55, 0.38)  # log(9 / 5.21), log(6 / 4.10)
    assert memory_of("kettles") == memory_of("kettle")


def counted(query: str, product_id: int, clicked: int) -> ProductClicks:
    return ProductClicks(query, "en", product_id, 100, 50.0, clicked, float(clicked), float(clicked), 2.0)


def test_the_most_clicked_queries_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(click_memory, "MAX_QUERIES", 2)
    clicks = [counted(query, pk, n) for query, n in (("a", 9), ("b", 7), ("c", 8)) for pk, n in ((1, n), (2, 0))]
    assert set(memories(clicks)) == {"a", "c"}


@pytest.mark.django_db
def test_what_falls_out_is_deleted_and_what_stays_is_not_written() -> None:
    choose("kettle", {3: MIN_CLIENTS})
    choose("lamp", {4: MIN_CLIENTS}, days_ago=WINDOW.days - 1)
    assert refresh_click_memory() == 2
    written = ClickMemory.objects.get(query="kettle").updated_at
    assert refresh_click_memory() == 0
    later = timezone.now() + timedelta(days=2)
    assert refresh_click_memory(later) == 1
    assert remembered().keys() == {"kettle"}
    assert ClickMemory.objects.get().updated_at == written
    choose("kettle", {3: MIN_CLIENTS}, first=11)
    assert refresh_click_memory(later) == 1
    assert ClickMemory.objects.get().updated_at > written


@pytest.mark.django_db
def test_without_new_clicks_the_log_is_not_read(django_assert_num_queries: Any) -> None:
    choose("kettle", {3: MIN_CLIENTS}, days_ago=0.01)  # a quarter of an hour
    now = timezone.now()
    assert refresh_if_clicked(now) == 1
    ClickMemory.objects.all().delete()
    with django_assert_num_queries(1):
        assert refresh_if_clicked(now + timedelta(minutes=2)) == 0
    search = SearchQuery.objects.all()[0]
    did("purchase", search, 3, 3)
    SearchEvent.objects.filter(action_name="purchase").update(created_at=now - timedelta(seconds=30))  # written late
    assert refresh_if_clicked(now + timedelta(minutes=2)) == 1
    ClickMemory.objects.all().delete()
    assert refresh_if_clicked(now + timedelta(minutes=4)) == 0
    assert refresh_if_clicked(now + timedelta(minutes=63)) == 1  # every hour for what fell out of the window


@pytest.mark.django_db(transaction=True)
def test_while_one_process_refreshes_another_one_does_not() -> None:
    choose("kettle", {3: MIN_CLIENTS})
    parameters = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port", "options")
    with psycopg.connect(**{name: parameters[name] for name in names if name in parameters}) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [click_memory._LOCK])
        assert refresh_if_clicked() == 0
        assert remembered() == {}
        other.rollback()
        assert refresh_if_clicked() == 1
    assert remembered().keys() == {"kettle"}
