"""Robots and floods: each rule catches what it is for, lets shoppers be, and what it catches counts for nothing."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from search.bots import (
    BURST_CLIENTS,
    BURST_GAP_S,
    CLICKS_A_MINUTE,
    EVERYTHING_DEPTH,
    EVERYTHING_PAGES,
    SEARCHES_AN_HOUR,
    find_bots,
)
from search.clean_log import PAIRS_A_DAY, QUERIES_A_PRODUCT, REASONS
from search.click_data import ClickData, read_click_data
from search.models import SearchEvent, SearchQuery
from search.propensities import prior
from tests.search.search_log import ago, client, did, searched

pytestmark = pytest.mark.django_db

START = ago(3).replace(hour=10, minute=30, second=0, microsecond=0)  # bursts go over a full hour
SHOWN = list(range(1, 11))


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def bots() -> dict[UUID, str]:
    return dict(find_bots(ago(7), ago(0)))


def read() -> ClickData:
    return read_click_data(ago(7), ago(0), propensities=prior())


def left_out() -> dict[str, tuple[int, int]]:
    return {one.reason: (one.clients, one.clicks) for one in read().left_out}


def clicked(query: str = "lamp") -> dict[int, int]:
    return {row.product_id: row.clicked for row in read().clicks if row.query == query and row.clicked}


def search_many(by: int, times: int, *, seconds: float) -> None:
    """So many searches, evenly within so many seconds."""
    SearchQuery.objects.bulk_create(
        SearchQuery(
            query=f"q{number}", client_id=client(by), mode="hybrid", total=1, product_ids=[1], took_ms=1,
            created_at=at(number * seconds / times),
        )
        for number in range(times)
    )  # fmt: skip


def click_many(by: int, times: int, *, seconds: float, products: Sequence[int] = SHOWN) -> None:
    """So many clicks on one page, evenly within so many seconds."""
    search = searched("lamp", by=by, product_ids=list(products), created_at=at(0))
    SearchEvent.objects.bulk_create(
        SearchEvent(
            event_id=uuid4(), action_name="click", query_id=search.pk, client_id=search.client_id,
            product_id=products[number % len(products)], created_at=at(number * seconds / times),
        )
        for number in range(times)
    )  # fmt: skip


def test_too_many_searches_within_any_hour() -> None:
    search_many(1, SEARCHES_AN_HOUR + 1, seconds=3500)
    search_many(2, SEARCHES_AN_HOUR, seconds=3500)
    search_many(3, 3 * SEARCHES_AN_HOUR, seconds=4 * 3600)  # as many in the end, but never within an hour
    assert bots() == {client(1): "search_rate"}


def test_nothing_counts_of_a_client_that_searches_too_much() -> None:
    search_many(1, SEARCHES_AN_HOUR + 1, seconds=3500)
    for number in (1, 2):
        did("click", searched("lamp", by=number, product_ids=SHOWN), number)
    assert clicked() == {2: 1}
    assert {row.product_id: row.shown for row in read().clicks}[1] == 1  # client 2's search
    assert left_out() == {"search_rate": (1, 1)}


def test_too_many_clicks_within_any_minute() -> None:
    click_many(1, CLICKS_A_MINUTE + 1, seconds=55)
    click_many(2, CLICKS_A_MINUTE, seconds=55)
    click_many(3, 2 * CLICKS_A_MINUTE, seconds=180)
    assert bots() == {client(1): "click_rate"}


def click_down_to(by: int, pages: int, depth: int, *, skipping: int = 0) -> None:
    """Clicks all hits of so many pages from `skipping` + 1 to `depth`, one page an hour."""
    for page in range(pages):
        search = searched(f"q{page}", by=by, product_ids=SHOWN, created_at=at(page * 3600))
        for product_id in SHOWN[skipping:depth]:
            did("click", search, product_id)


def test_clicking_everything() -> None:
    click_down_to(1, EVERYTHING_PAGES, EVERYTHING_DEPTH)
    click_down_to(2, EVERYTHING_PAGES, 10, skipping=2)  # 8 of 10
    click_down_to(3, EVERYTHING_PAGES, 10, skipping=3)
    click_down_to(4, EVERYTHING_PAGES - 1, 10)
    click_down_to(5, 40, 1)  # always the first hit: a shopper in a hurry, 40 times
    click_down_to(6, 40, EVERYTHING_DEPTH - 1)
    assert bots() == {client(1): "clicks_everything", client(2): "clicks_everything"}


def burst(clients: int, *, gap_s: float, first: int = 100, product_id: int = 7, query: str = "lamp") -> None:
    for number in range(clients):
        search = searched(query, by=first + number, product_ids=SHOWN, created_at=at(number * gap_s))
        did("click", search, product_id)


def test_a_burst_of_clients_that_did_nothing_else_counts_as_one() -> None:
    burst(30, gap_s=1)
    assert len(bots()) == 29
    assert client(100) not in bots()
    assert clicked() == {7: 1}
    assert left_out() == {"burst": (29, 29)}
    assert {row.product_id: row.shown for row in read().clicks}[1] == 1


def test_the_same_click_by_few_or_by_and_by_is_popularity() -> None:
    burst(BURST_CLIENTS - 1, gap_s=1)
    burst(30, gap_s=BURST_GAP_S + 1, first=200, query="mug")
    for number in range(30):
        burst(1, gap_s=0, first=300 + number, product_id=1 + number % 10, query="vase")
    assert bots() == {}


def test_clients_that_did_something_else_too_are_no_burst() -> None:
    burst(30, gap_s=1)
    for number in range(30):
        searched("mug", by=100 + number, product_ids=SHOWN, created_at=at(500 + number))
    assert bots() == {}


def test_two_bursts_count_as_two() -> None:
    burst(10, gap_s=1)
    for number in range(10):
        did("click", searched("lamp", by=500 + number, product_ids=SHOWN, created_at=at(9_000 + number)), 7)
    assert clicked() == {7: 2}


def test_one_client_that_clicks_one_product_for_every_query_adds_nothing_beyond_its_one_client() -> None:
    """A poisoned log: product 7 for 40 queries, ten times each, by one client among honest ones."""
    pages = [[100 + number, 7, 200 + number] for number in range(40)]
    for number, shown in enumerate(pages):
        for shopper in range(3):
            started = at(number * 700 + 100 * shopper)
            did("click", searched(f"q{number}", by=10 + shopper, product_ids=shown, created_at=started), shown[0])
    before = {(row.query, row.product_id): row for row in read().clicks}
    for number, shown in enumerate(pages):
        for again in range(10):
            started = at(number * 700 + 60 * again)  # slow enough for every rule
            did("click", searched(f"q{number}", by=1, product_ids=shown, created_at=started), 7)
    after = {(row.query, row.product_id): row for row in read().clicks}
    gained = {key: row for key, row in after.items() if row.clicked > before[key].clicked}
    assert bots() == {}
    assert [product_id for _, product_id in gained] == [7] * QUERIES_A_PRODUCT
    assert {(row.clicked, row.value, row.shown) for row in gained.values()} == {(1, 1.0, 4)}
    assert left_out() == {"queries_a_product": (1, 40 - QUERIES_A_PRODUCT)}


def test_a_client_counts_for_so_many_pairs_a_day() -> None:
    products = list(range(1, PAIRS_A_DAY + 12))
    for place, product_id in enumerate(products[:-1]):
        did("click", searched("lamp", by=1, product_ids=products, created_at=at(place * 60)), product_id)
    did("click", searched("lamp", by=1, product_ids=products, created_at=at(86_400)), products[-1])
    assert set(clicked()) == {*products[:PAIRS_A_DAY], products[-1]}  # the first ones, and the next day's
    assert left_out() == {"pairs_a_day": (1, 10)}


def test_a_robot_without_cookies_counts_for_nothing() -> None:
    """Each request comes from a new client, so the click is of another one than the search."""
    for number in range(20):
        search = searched("lamp", by=1000 + number, product_ids=SHOWN)
        event = did("click", search, 7)
        SearchEvent.objects.filter(pk=event.pk).update(client_id=client(2000 + number))
    assert read().clicks == []


def test_an_empty_log_has_no_bots() -> None:
    assert bots() == {}


def test_every_reason_is_told_in_words() -> None:
    assert all(text and not text.endswith(".") for text in REASONS.values())
