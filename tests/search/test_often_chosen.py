"""What many shoppers chose for a query, and nothing that tells what one of them did."""

from typing import Any

import pytest

from search.often_chosen import MIN_CLIENTS, WINDOW, OftenChosen, clearly_chosen, lower_bound
from tests.search.search_log import did, searched

SHOWN = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]


@pytest.fixture
def chosen() -> OftenChosen:
    return OftenChosen(refreshes_by_itself=False)


def choose(product_id: int, *, clients: int, query: str = "kettle", action: str = "click", **fields: Any) -> None:
    for client in range(clients):
        did(action, searched(query, client, **{"product_ids": SHOWN, **fields}), product_id)


@pytest.mark.django_db
def test_a_product_that_enough_clients_chose(chosen: OftenChosen) -> None:
    choose(3, clients=MIN_CLIENTS, query="Red Kettle")
    assert chosen.products("red kettle") == frozenset()  # not read yet
    assert chosen.refresh() == 1
    assert chosen.products("  RED  kettle ") == {3}
    assert chosen.products("kettle") == frozenset()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "less",
    [
        {"clients": MIN_CLIENTS - 1},
        {"clients": MIN_CLIENTS, "action": "view"},
        {"clients": MIN_CLIENTS, "days_ago": WINDOW.days + 1},
        {"clients": MIN_CLIENTS, "query": ""},
        {"clients": MIN_CLIENTS, "product_ids": [3]},  # the only hit there was
        {"clients": MIN_CLIENTS, "product_ids": [4, 5]},  # was not shown
    ],
    ids=["few", "views", "long ago", "browsing", "no choice", "not shown"],
)
def test_what_tells_too_little_is_not_said(chosen: OftenChosen, less: dict[str, Any]) -> None:
    choose(3, **less)
    assert chosen.refresh() == 0


@pytest.mark.django_db
def test_one_client_counts_once_however_often_it_clicks(chosen: OftenChosen) -> None:
    for _ in range(20):
        did("click", searched("kettle", 1, product_ids=SHOWN), 3)
    assert chosen.refresh() == 0


@pytest.mark.django_db
def test_it_is_one_query(chosen: OftenChosen, django_assert_num_queries: Any) -> None:
    choose(3, clients=MIN_CLIENTS)
    choose(4, clients=MIN_CLIENTS, query="teapot")
    with django_assert_num_queries(1):
        chosen.refresh()
    with django_assert_num_queries(0):
        assert chosen.products("teapot") == {4}


def test_only_a_click_through_clearly_above_the_mean_counts() -> None:
    rows = [("kettle", 1, 60, 100, 0.2), ("kettle", 2, 45, 100, 0.2), ("kettle", 3, 20, 100, 0.2)]
    assert clearly_chosen(rows) == {"kettle": frozenset({1})}  # at least 0.50; 0.36; 0.13


def test_three_of_a_query_at_most_the_most_chosen_ones() -> None:
    rows = [("kettle", number, 10 * number, 100, 0.01) for number in range(3, 8)]
    assert clearly_chosen(rows) == {"kettle": frozenset({5, 6, 7})}


def test_few_searches_prove_little() -> None:
    assert lower_bound(50, 100) == pytest.approx(0.4038, abs=1e-4)  # Wilson's, as in tables
    assert lower_bound(5, 10) == pytest.approx(0.2366, abs=1e-4)
    assert lower_bound(0, 10) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.django_db(transaction=True)
def test_a_search_starts_reading_and_does_not_wait() -> None:
    chosen = OftenChosen()
    choose(3, clients=MIN_CLIENTS)
    assert chosen.products("kettle") == frozenset()
    assert chosen._thread is not None
    chosen._thread.join(timeout=10)
    assert chosen.products("kettle") == {3}
