"""Reports on the search log: numbers that a person can count by hand."""

from typing import Any

import pytest

from search.reports import (
    click_positions,
    conversions,
    low_click_queries,
    queries_without_results,
    top_queries,
)
from tests.search.search_log import ago, did, searched

pytestmark = pytest.mark.django_db


def numbers(rows: Any) -> list[tuple[Any, ...]]:
    return [
        (r.query, r.searches, r.clients, r.results, r.clicked, r.clicks, r.carts, r.purchases) for r in rows
    ]  # fmt: skip


def test_top_queries_count_clients_before_searches() -> None:
    for _ in range(50):
        searched("flood", by=1)
    for number in range(3):
        searched(" Lamp" if number else "LAMP", by=number, total=number * 10)
    searched("", by=1)
    searched("old", by=1, days_ago=8)
    assert numbers(top_queries(ago(7))) == [
        ("lamp", 3, 3, 10.0, 0, 0, 0, 0), ("flood", 50, 1, 10.0, 0, 0, 0, 0),
    ]  # fmt: skip


def test_later_pages_are_no_searches_but_their_clicks_count() -> None:
    searched("lamp", by=1)
    later = searched("lamp", by=1, first_position=25)
    did("click", later, position=30)
    did("click", later, product_id=2, position=31)
    assert numbers(top_queries(ago(7))) == [("lamp", 1, 1, 10.0, 1, 2, 0, 0)]


def test_what_came_of_a_query_is_counted_once_for_each_event() -> None:
    for number in range(4):
        search = searched("lamp", by=number)
        for action in ("click", "add_to_cart", "purchase")[:number]:
            did(action, search)
        did("impression", search)
    searched("mug", by=9)
    rows = conversions(ago(7))
    assert numbers(rows) == [("lamp", 4, 4, 10.0, 3, 3, 2, 1), ("mug", 1, 1, 10.0, 0, 0, 0, 0)]
    assert rows[0].click_share == 0.75


def test_queries_without_results_leave_out_filtered_ones() -> None:
    for number in range(2):
        searched("samovar", by=number, total=0)
    for _ in range(9):
        searched("gibberish", by=7, total=0)
    searched("lamp", by=1, total=0, filters={"brand": ["Nobody"]})
    searched("mug", by=1, total=3)
    rows = queries_without_results(ago(7))
    assert [(row.query, row.searches, row.clients) for row in rows] == [("samovar", 2, 2), ("gibberish", 9, 1)]
    assert rows[0].last_at < ago(0.9)


def test_low_click_queries_are_those_that_few_of_enough_clients_click_on() -> None:
    for number in range(10):
        loved, ignored = searched("loved", by=number), searched("ignored", by=number)
        if number < 2:
            did("click", loved)
        if number < 1:
            did("click", ignored)
            did("click", ignored, product_id=2)
        searched("nothing", by=number, total=0)
        searched("sent", by=number, mode="redirect")
    for number in range(4):
        searched("rare", by=number)
    assert [row.query for row in low_click_queries(ago(7))] == ["ignored"]
    assert [row.query for row in low_click_queries(ago(7), min_clients=4)] == ["ignored", "rare"]
    assert "sent" in [row.query for row in top_queries(ago(7))]


def test_positions_count_a_client_once_for_each() -> None:
    for number, position in ((1, 1), (2, 1), (3, 4), (4, 10), (5, 30)):
        did("click", searched("lamp", by=number), position=position)
    for _ in range(100):
        did("click", searched("lamp", by=5), position=30)
    did("click", searched("lamp", by=6), position=None)
    did("add_to_cart", searched("lamp", by=7), position=2)
    found = click_positions(ago(7))
    assert (found.clicks, found.mean, found.median) == (5, pytest.approx(46 / 5), 4.0)
    assert [bucket for bucket in found.buckets if bucket[2]] == [(1, 1, 2), (4, 4, 1), (9, 10, 1), (25, 10_000, 1)]


def test_without_a_log_reports_are_empty() -> None:
    assert (top_queries(ago(7)), low_click_queries(ago(7)), queries_without_results(ago(7))) == ([], [], [])
    found = click_positions(ago(7))
    assert (found.clicks, found.mean, found.median) == (0, None, None)


@pytest.mark.parametrize(
    "report", [top_queries, low_click_queries, conversions, queries_without_results, click_positions]
)
def test_a_report_is_one_query(report: Any, django_assert_num_queries: Any) -> None:
    searched("100% cotton", by=1)
    with django_assert_num_queries(1):
        report(ago(7))
