"""The log of searches and of what shoppers did with the hits (names of User Behavior Insights).

A search is logged without waiting: its row goes into a bounded queue, and a thread writes the queue every FLUSH_S
in one insert. While the database is away rows wait in the queue; when it overflows the oldest go, and the log
says how many. Events are few and precious (money follows them), so they are written at once, and once: by their id.
"""

import atexit
import logging
import os
import threading
import time
import uuid
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.utils import timezone

from search.models import SearchEvent, SearchQuery

logger = logging.getLogger(__name__)

FLUSH_S = 0.2
MAX_WAITING = 20_000  # rows of about 1 KB
BATCH = 1_000
REDIRECTED = "redirect"  # a query's mode where a rule sent the shopper elsewhere: its hits were not seen
COMPLAIN_S = 60.0  # the log says at most so often that rows were lost


@dataclass(frozen=True)
class Event:
    """One action on one product; `event_id` makes sending it again harmless."""

    event_id: uuid.UUID
    action_name: str
    product_id: int
    client_id: uuid.UUID
    query_id: uuid.UUID | None = None
    position: int | None = None


class QueryLog:
    """The queue of searches that are not written yet, and the thread that writes them."""

    def __init__(self, *, max_waiting: int = MAX_WAITING, writes_by_itself: bool = True) -> None:
        self.writes_by_itself = writes_by_itself
        self._rows: deque[SearchQuery] = deque()
        self._max_waiting = max_waiting
        self.dropped = 0  # since the process started
        self._complained_at = float("-inf")
        self.start_afresh()

    def start_afresh(self) -> None:
        """Forgets what waits, and the thread: in a forked child, whose parent writes it."""
        self._rows.clear()
        self._lock = threading.Lock()
        self._flushing = threading.Lock()
        self._thread: threading.Thread | None = None

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, row: SearchQuery) -> None:
        with self._lock:
            self._rows.append(row)
            self._shorten()
            if self.writes_by_itself and (self._thread is None or not self._thread.is_alive()):
                self._thread = threading.Thread(target=self._run, name="query-log", daemon=True)
                self._thread.start()

    def flush(self) -> int:
        """Writes what waits; rows that cannot be written now wait on. Returns how many were written."""
        written = 0
        with self._flushing:
            while batch := self._take():
                try:
                    written += _write(batch)
                except (OperationalError, InterfaceError) as error:
                    self._put_back(batch)
                    connection.close()
                    self._complain(error)
                    break
        return written

    def _take(self) -> list[SearchQuery]:
        with self._lock:
            return [self._rows.popleft() for _ in range(min(BATCH, len(self._rows)))]

    def _put_back(self, rows: list[SearchQuery]) -> None:
        with self._lock:
            self._rows.extendleft(reversed(rows))
            self._shorten()

    def _shorten(self) -> None:
        while len(self._rows) > self._max_waiting:
            self._rows.popleft()
            self.dropped += 1

    def _complain(self, error: Exception) -> None:
        if time.monotonic() - self._complained_at >= COMPLAIN_S:
            self._complained_at = time.monotonic()
            logger.error("%d searches wait to be logged, %d were lost: %s", len(self), self.dropped, error)

    def _run(self) -> None:
        """For as long as it is this log's thread; then it lets go of its connection."""
        while self._thread is threading.current_thread():
            time.sleep(FLUSH_S)
            if self._thread is threading.current_thread():  # else what waits is not this thread's any more
                self.flush()
        connection.close()


def _write(rows: Sequence[SearchQuery]) -> int:
    """Inserts the rows; one that the database refuses for good is left out, so that it does not hold up the rest."""
    try:
        return len(SearchQuery.objects.bulk_create(rows, ignore_conflicts=True))
    except (OperationalError, InterfaceError):
        raise
    except DatabaseError as error:
        if len(rows) == 1:
            logger.error("A search could not be logged: %s", error)
            return 0
        half = len(rows) // 2
        return _write(rows[:half]) + _write(rows[half:])


queries = QueryLog()
atexit.register(queries.flush)
os.register_at_fork(after_in_child=queries.start_afresh)


def log_query(
    *,
    query: str,
    client_id: uuid.UUID,
    user_id: int | None,
    language: str,
    filters: dict[str, Any],
    sort: str,
    mode: str,
    version_id: int | None,
    total: int,
    first_position: int,
    product_ids: Sequence[int],
    took_ms: float,
    swapped_at: int | None = None,
    test_id: int | None = None,
    teams: Sequence[int] | None = None,
) -> uuid.UUID:
    """Queues one search with its impressions, and returns its query_id; never waits for the database."""
    row = SearchQuery(
        query_id=uuid.uuid4(),
        client_id=client_id,
        user_id=user_id,
        query=query[:500],
        language=language,
        filters=filters,
        sort=sort,
        mode=mode,
        version_id=version_id,
        total=total,
        first_position=first_position,
        product_ids=list(product_ids),
        took_ms=took_ms,
        swapped_at=swapped_at,
        test_id=test_id,
        teams=list(teams) if teams is not None else None,
        created_at=timezone.now(),
    )
    queries.add(row)
    return row.query_id


def log_events(events: Sequence[Event], *, at: datetime | None = None) -> int:
    """Writes events, each once however often it is sent; returns how many were new. One SQL query."""
    if not events:
        return 0
    when = at or timezone.now()
    table = SearchEvent._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (event_id, action_name, query_id, client_id, product_id, position, created_at) "
            "SELECT *, %s::timestamptz "
            "FROM unnest(%s::uuid[], %s::text[], %s::uuid[], %s::uuid[], %s::bigint[], %s::int[]) "
            "ON CONFLICT DO NOTHING",
            [
                when,
                [event.event_id for event in events],
                [event.action_name for event in events],
                [event.query_id for event in events],
                [event.client_id for event in events],
                [event.product_id for event in events],
                [event.position for event in events],
            ],
        )
        new: int = cursor.rowcount
    return new
