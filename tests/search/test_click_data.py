"""What learning reads of the log: rows that a person can count by hand, and a split by time."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from search.click_data import (
    current,
    read_click_data,
    read_clicks,
    read_positions,
    refresh_position_bias,
    split,
)
from search.event_log import queries
from search.index import embed_stale_products
from search.learning_models import PositionBias
from search.models import SearchEvent, SearchQuery
from search.product_clicks import ProductClicks
from search.propensities import Propensities, prior
from tests.catalogue import make_product
from tests.search.search_log import ago, did, searched
from tests.search.search_log import client as client_id

pytestmark = pytest.mark.django_db

KNOWN = Propensities((1.0, 0.5, 0.05))
A, B, C = 11, 12, 13


def clicks(days: float = 7, **given: Any) -> list[ProductClicks]:
    return read_clicks(ago(days), ago(0), **{"propensities": KNOWN, **given})


def row(query: str, product_id: int, days: float = 7) -> ProductClicks:
    return next(one for one in clicks(days) if (one.query, one.product_id) == (query, product_id))


def left_out(days: float = 7) -> dict[str, tuple[int, int]]:
    found = read_click_data(ago(days), ago(0), propensities=KNOWN).left_out
    return {one.reason: (one.clients, one.clicks) for one in found}


def test_every_product_shown_for_a_query_that_was_clicked() -> None:
    did("click", searched("lamp", by=1, product_ids=[A, B, C]), B)
    searched("lamp", by=2, product_ids=[B, A])
    searched("mug", by=3, product_ids=[A])
    assert clicks() == [
        ProductClicks("lamp", "en", A, 2, 1.5, 0, 0.0, 0.0, 1.5),
        ProductClicks("lamp", "en", B, 2, 1.5, 1, 1.0, 2.0, 1.5),
        ProductClicks("lamp", "en", C, 1, 0.05, 0, 0.0, 0.0, 3.0),
    ]


def test_a_client_counts_once_where_it_saw_and_clicked_a_product_best() -> None:
    for ids in ([C, B, A], [C, A, B], [A, C, B]):
        search = searched("lamp", by=1, product_ids=ids)
        if ids[0] == C:
            did("click", search, A)
            did("click", search, A)
    found = row("lamp", A)
    assert (found.shown, found.clicked, found.value) == (1, 1, 1.0)
    assert (found.examined, found.position) == (1.0, 1.0)  # was shown to it first, at best
    assert found.weighted == 2.0  # and clicked second, at best


def test_what_a_client_did_most_is_the_value() -> None:
    for number, actions in enumerate((["click"], ["click", "add_to_cart"], ["add_to_cart", "purchase"], ["view"])):
        search = searched("lamp", by=number, product_ids=[B, A])
        for action in ("impression", *actions):
            did(action, search, A)
    found = row("lamp", A)
    assert (found.shown, found.clicked, found.value, found.weighted) == (4, 3, 1 + 2 + 3, 12.0)


def test_what_the_api_logs_is_what_is_read(client: Client) -> None:
    """A search and a click as a browser makes them: one client, one query_id, the position that was answered."""
    lamps = [make_product(f"Desk lamp {number}", popularity=9 - number) for number in range(3)]
    embed_stale_products()
    body = client.get("/api/search/", {"q": "Desk  LAMP"}).json()
    hit = body["hits"][2]
    event = {
        "event_id": str(uuid4()), "action_name": "click", "query_id": body["query_id"],
        "product_id": hit["product"]["id"], "position": hit["position"],
    }  # fmt: skip
    assert client.post("/api/events/", {"events": [event]}, content_type="application/json").status_code == 202
    queries.flush()
    found = {one.product_id: one for one in read_clicks(ago(1), ago(-1), propensities=KNOWN)}
    assert set(found) == {lamp.pk for lamp in lamps}
    assert {one.query for one in found.values()} == {"desk lamp"}
    clicked = found[hit["product"]["id"]]
    assert (clicked.shown, clicked.clicked, clicked.position, clicked.weighted) == (1, 1, 3.0, 10.0)
    assert sum(one.clicked for one in found.values()) == 1


def test_a_click_far_down_counts_ten_times_at_most() -> None:
    did("click", searched("lamp", by=1, product_ids=[B, C, A]), A)
    assert row("lamp", A).weighted == 10.0


def test_positions_of_later_pages_go_on() -> None:
    did("click", searched("lamp", by=1, product_ids=[B, A], first_position=25), A, position=2)
    assert (row("lamp", A).position, row("lamp", A).examined) == (26.0, 0.05)


def test_queries_that_differ_in_case_or_spaces_are_one() -> None:
    for number, query in enumerate(("Desk Lamp", " desk  lamp", "DESK LAMP ", "desk lämp", "DESK LÄMP")):
        did("click", searched(query, by=number, product_ids=[A, B]), A)
    found = {(one.query, one.product_id): (one.shown, one.clicked, one.weighted, one.position) for one in clicks()}
    assert found == {
        ("desk lamp", A): (3, 3, 3.0, 1.0), ("desk lamp", B): (3, 0, 0.0, 2.0),
        ("desk lämp", A): (2, 2, 2.0, 1.0), ("desk lämp", B): (2, 0, 0.0, 2.0),
    }  # fmt: skip


def test_the_language_is_that_of_most_searches() -> None:
    for number, language in enumerate(("zh", "en", "zh")):
        did("click", searched("iphone", by=number, product_ids=[A], language=language), A)
    assert [(one.language, one.clicked) for one in clicks()] == [("zh", 3)]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"product_ids": [B]}, "not_shown"),
        ({"product_ids": []}, "not_shown"),
        ({"product_ids": [A], "sort": "price_asc"}, "not_ranked"),
        ({"product_ids": [A], "mode": "redirect"}, "not_ranked"),
        ({"product_ids": [A], "query": ""}, "not_ranked"),
        ({"product_ids": [A], "days_ago": 8}, "no_search"),
    ],
)
def test_clicks_that_do_not_count_and_why(fields: dict[str, Any], reason: str) -> None:
    search = searched(**{"query": "lamp", "by": 1, **fields})
    event = did("click", search, A)
    type(event).objects.filter(pk=event.pk).update(created_at=ago(1))
    assert clicks() == []
    assert left_out() == {reason: (1, 1)}


def test_a_click_of_another_client_does_not_count() -> None:
    event = did("click", searched("lamp", by=1, product_ids=[A]), A)
    type(event).objects.filter(pk=event.pk).update(client_id=client_id(2))
    assert (clicks(), left_out()) == ([], {"other_client": (1, 1)})


def test_what_happens_after_the_window_is_not_known_in_it() -> None:
    search = searched("lamp", by=1, product_ids=[A], days_ago=3)
    event = did("click", search, A)
    type(event).objects.filter(pk=event.pk).update(created_at=ago(1))
    assert read_clicks(ago(7), ago(2), propensities=KNOWN) == []
    assert len(clicks()) == 1


def test_an_empty_log() -> None:
    data = read_click_data(ago(7), ago(0), propensities=KNOWN)
    assert (data.clicks, data.left_out) == ([], ())
    assert (data.summary()["queries"], data.summary()["pairs"], data.summary()["clicks"]) == (0, 0, 0)
    found = read_positions(ago(7), ago(0))
    assert (found.swaps, found.exposures.pairs.tolist(), found.searches) == ([], [], 0)
    until = ago(0)
    assert split(ago(7), until) == until
    assert (refresh_position_bias().method, current()) == ("prior", prior())


def test_a_summary_for_the_card() -> None:
    for number in range(3):
        did("click", searched("lamp", by=number, product_ids=[A, B]), A)
    did("click", searched("mug", by=4, product_ids=[A, B]), B)
    did("click", searched("mug", by=4, product_ids=[A]), B)
    since, until = ago(7), ago(0)
    assert read_click_data(since, until, propensities=KNOWN).summary() == {
        "since": since.isoformat(), "until": until.isoformat(), "queries": 2, "pairs": 2, "clicks": 4,
        "left_out": {"not_shown": {"clients": 1, "clicks": 1}},
    }  # fmt: skip


def test_it_is_two_statements_and_three_with_what_was_left_out() -> None:
    did("click", searched("100% cotton", by=1, product_ids=[A]), A)
    assert statements(clicks) == 2
    assert statements(lambda: read_click_data(ago(7), ago(0), propensities=KNOWN)) == 3
    assert statements(lambda: read_positions(ago(7), ago(0))) == 4


def statements(read: Callable[[], object]) -> int:
    """How often the log is read."""
    with CaptureQueriesContext(connection) as captured:
        read()
    return sum("search_searchquery" in query["sql"] for query in captured)


def test_many_clients_of_one_page_are_counted_like_one_by_one() -> None:
    """Against a count in Python, with clients that search again, pages that differ, and clicks here and there."""
    rng = np.random.default_rng(3)
    shown: dict[tuple[int, int], list[int]] = {}
    clicked: dict[tuple[int, int], list[int]] = {}
    for minute in range(300):
        number, ids = int(rng.integers(1, 120)), rng.permutation([1, 2, 3, 4]).tolist()
        search = searched("lamp", by=number, product_ids=ids, days_ago=1 + minute / 24 / 60)
        for position, product_id in enumerate(ids, 1):
            shown.setdefault((product_id, number), []).append(position)
            if rng.random() < 0.1:
                did("click", search, product_id)
                clicked.setdefault((product_id, number), []).append(position)
    for found in clicks():
        best = [min(positions) for (product_id, _), positions in shown.items() if product_id == found.product_id]
        best_clicked = [min(at) for (product_id, _), at in clicked.items() if product_id == found.product_id]
        assert (found.shown, found.clicked) == (len(best), len(best_clicked))
        assert found.examined == pytest.approx(sum(map(KNOWN.of, best)))
        assert found.weighted == pytest.approx(sum(1 / KNOWN.clipped(position) for position in best_clicked))
        assert found.position == pytest.approx(sum(best) / len(best))


def test_exposures_are_of_pairs_that_were_clicked_and_stood_at_several_positions() -> None:
    did("click", searched("lamp", by=1, product_ids=[A, B]), A)
    did("click", searched("lamp", by=2, product_ids=[B, A]), A)
    searched("lamp", by=3, product_ids=[A, C])
    did("click", searched("mug", by=4, product_ids=[C, A, B]), A)
    found = read_positions(ago(7), ago(0))
    rows = zip(found.exposures.positions, found.exposures.shown, found.exposures.clicked, strict=True)
    assert sorted((int(at), int(shown), int(clicked)) for at, shown, clicked in rows) == [(1, 2, 1), (2, 1, 1)]
    assert (set(found.exposures.pairs.tolist()), found.searches) == ({0}, 4)


def test_a_client_is_exposed_once_at_each_position() -> None:
    for ids in ([A, B], [A, B], [B, A]):
        search = searched("lamp", by=1, product_ids=ids)
    did("click", search, A)
    found = read_positions(ago(7), ago(0)).exposures
    assert sorted(zip(found.positions.tolist(), found.shown.tolist(), found.clicked.tolist(), strict=True)) == [
        (1, 1, 0), (2, 1, 1),
    ]  # fmt: skip


def test_swaps_count_clicks_at_the_two_places_only() -> None:
    ids = [A, B, C]
    for number, (swapped_at, product_id) in enumerate([(1, A), (1, A), (1, B), (1, C), (2, C), (2, None), (None, A)]):
        search = searched("lamp", by=number, product_ids=ids, swapped_at=swapped_at)
        for _ in range(2):
            if product_id:
                did("click", search, product_id)
    found = read_positions(ago(7), ago(0)).swaps
    assert [(one.position, one.searches, one.clicks, one.clicks_below) for one in found] == [(1, 4, 2, 1), (2, 2, 0, 1)]


def test_position_bias_is_kept_as_one_row_and_the_same_when_estimated_again() -> None:
    for number in range(40):
        did("click", searched("lamp", by=number, product_ids=[A, B], swapped_at=1), B if number % 4 else A)
    first, second = refresh_position_bias(), refresh_position_bias()
    assert (first.pk, first.propensities, first.method) == (second.pk, second.propensities, second.method)
    assert PositionBias.objects.count() == 1
    assert second.method == "prior"  # 40 clicks are not enough
    assert current().values == tuple(second.propensities)


def test_position_bias_of_enough_swaps_is_what_holds_from_then_on() -> None:
    """Of three clicks two are at the first place, whichever product is there: the second is looked at half as often."""
    rows = [
        SearchQuery(
            query="lamp", client_id=client_id(number), mode="hybrid", total=2, took_ms=1, swapped_at=1,
            product_ids=[A, B] if number % 2 else [B, A], created_at=ago(1 + number / 24 / 60),
        )
        for number in range(2_100)
    ]  # fmt: skip
    SearchQuery.objects.bulk_create(rows)
    SearchEvent.objects.bulk_create(
        SearchEvent(
            event_id=uuid4(), action_name="click", query_id=search.pk, client_id=search.client_id,
            product_id=search.product_ids[number % 3 // 2], created_at=search.created_at,
        )
        for number, search in enumerate(rows)
    )  # fmt: skip
    row = refresh_position_bias()
    assert (row.method, row.searches) == ("swaps", 2_100)
    assert current().of(2) == pytest.approx(0.5, abs=1e-3)


def test_the_split_is_the_time_until_which_the_share_of_clicks_was_made() -> None:
    for day in range(10):
        did("click", searched("lamp", by=day, product_ids=[A], days_ago=20 - day), A)
    for _ in range(50):
        searched("lamp", by=99, product_ids=[A], days_ago=2)
    since, until = ago(30), ago(0)
    at = split(since, until)
    training = read_clicks(since, at, propensities=KNOWN)
    held_out = read_clicks(at, until, propensities=KNOWN)
    assert ([one.clicked for one in training], [one.clicked for one in held_out]) == ([8], [2])
    half = split(since, until, held_out_share=0.5)
    assert [one.clicked for one in read_clicks(since, half, propensities=KNOWN)] == [5]


def test_nothing_of_the_future_is_trained_on() -> None:
    """The held-out clicks are all later than the last one that is trained on."""
    rng = np.random.default_rng(1)
    events = [
        did("click", searched(f"q{number % 7}", by=number, product_ids=[A], days_ago=float(rng.uniform(1, 29))), A)
        for number in range(50)
    ]
    at = split(ago(30), ago(0))
    before = [event for event in events if event.created_at < at]
    assert len(before) == 40
    assert max(event.created_at for event in before) == at - timedelta(microseconds=1)
