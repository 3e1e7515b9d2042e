"""The log of searches waits for nobody, survives the database, and writes each row and event once."""

import logging
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from search import event_log
from search.event_log import Event, QueryLog, log_events
from search.models import SearchEvent, SearchQuery
from tests.catalogue import make_product


def search_row(query: str = "lamp") -> SearchQuery:
    return SearchQuery(
        query=query,
        client_id=uuid.uuid4(),
        mode="hybrid",
        total=1,
        product_ids=[7],
        took_ms=1,
        created_at=timezone.now(),
    )


@contextmanager
def locked_table() -> Iterator[None]:
    """Nobody can write a search meanwhile."""
    parameters = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port", "options")
    with psycopg.connect(**{name: parameters[name] for name in names if name in parameters}) as other:
        other.execute("LOCK TABLE search_searchquery IN ACCESS EXCLUSIVE MODE")
        yield
        other.rollback()


def wait_for(count: int, seconds: float = 20) -> int:
    """The number of logged searches, as soon as it is `count`."""
    deadline = time.monotonic() + seconds
    while SearchQuery.objects.count() != count and time.monotonic() < deadline:
        time.sleep(0.05)
    return SearchQuery.objects.count()


@pytest.fixture
def writer() -> Iterator[None]:
    """The log writes by itself, and its thread is gone before the test's database is."""
    event_log.queries.writes_by_itself = True
    yield
    thread = event_log.queries._thread
    event_log.queries.start_afresh()
    assert thread is not None
    thread.join(timeout=20)
    assert not thread.is_alive()


@pytest.mark.django_db(transaction=True)
def test_a_search_is_answered_while_the_log_cannot_be_written(client: Client, writer: None) -> None:
    make_product("Lamp")
    with locked_table():
        response = client.get("/api/search/?q=lamp")
        assert response.status_code == 200
        again = client.get("/api/search/?q=lamp")
        assert again.json()["query_id"] != response.json()["query_id"]
    assert wait_for(2) == 2
    assert SearchQuery.objects.filter(pk=response.json()["query_id"]).exists()


@pytest.mark.django_db(transaction=True)
def test_rows_wait_while_the_database_is_away(caplog: pytest.LogCaptureFixture) -> None:
    log = QueryLog(writes_by_itself=False)
    log.add(search_row("first"))
    log.add(search_row("second"))
    with locked_table(), caplog.at_level(logging.WARNING):
        for _ in range(3):
            with connection.cursor() as cursor:  # a flush closes the connection it failed on
                cursor.execute("SET lock_timeout = '20ms'")
            assert log.flush() == 0
    assert len(log) == 2
    assert len([record for record in caplog.records if record.name == "search.event_log"]) == 1
    assert log.flush() == 2
    assert sorted(SearchQuery.objects.values_list("query", flat=True)) == ["first", "second"]


@pytest.mark.django_db(transaction=True)
def test_a_row_that_can_never_be_written_does_not_hold_up_the_rest() -> None:
    log = QueryLog(writes_by_itself=False)
    for query in ("one", "nul\x00", "two", "three"):
        log.add(search_row(query))
    assert log.flush() == 3
    assert sorted(SearchQuery.objects.values_list("query", flat=True)) == ["one", "three", "two"]
    assert len(log) == 0


@pytest.mark.django_db
def test_a_full_queue_loses_the_oldest_and_counts_them() -> None:
    log = QueryLog(max_waiting=2, writes_by_itself=False)
    for query in ("one", "two", "three"):
        log.add(search_row(query))
    assert (len(log), log.dropped) == (2, 1)
    assert log.flush() == 2
    assert sorted(SearchQuery.objects.values_list("query", flat=True)) == ["three", "two"]


@pytest.mark.django_db
def test_flushing_twice_writes_once() -> None:
    log = QueryLog(writes_by_itself=False)
    log.add(search_row())
    assert (log.flush(), log.flush()) == (1, 0)
    assert SearchQuery.objects.count() == 1


def test_a_forked_child_leaves_its_parents_rows_to_the_parent() -> None:
    event_log.queries.add(search_row())
    child = os.fork()
    if child == 0:
        os._exit(len(event_log.queries))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert len(event_log.queries) == 1


@pytest.mark.django_db
def test_events_are_written_once_and_a_batch_in_one_query(django_assert_num_queries: Any) -> None:
    client_id, query_id = uuid.uuid4(), uuid.uuid4()
    events = [Event(uuid.uuid4(), "click", number, client_id, query_id, number) for number in (1, 2)]
    with django_assert_num_queries(1):
        assert log_events(events) == 2
    assert log_events([events[0], events[0], Event(uuid.uuid4(), "view", 3, client_id)]) == 1
    assert SearchEvent.objects.count() == 3
    written = SearchEvent.objects.get(pk=events[1].event_id)
    assert (written.action_name, written.product_id, written.query_id, written.position) == ("click", 2, query_id, 2)


@pytest.mark.django_db
def test_no_events_cost_no_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert log_events([]) == 0
