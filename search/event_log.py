"""The log of searches and of what shoppers did with the hits (names of User Behavior Insights).

A search is logged without waiting: its row goes into a bounded queue, and a thread writes the queue every FLUSH_S
in one insert. While the database is away rows wait in the queue; when it overflows the oldest go, and the log says how
many. Events are few and precious (money follows them), so they are written at once, and once: by their own id.
"""

import atexit
import logging
import threading
import time
import uuid
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from search.models import SearchEvent, SearchQuery

logger = logging.getLogger(__name__)

FLUSH_S = 0.2
MAX_WAITING = 20_000  # rows of about 1 KB


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
    """The queue of searches that are not written yet."""

    def __init__(self) -> None:
        self._rows: deque[SearchQuery] = deque()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._dropped = 0

    def add(self, row: SearchQuery) -> None:
        with self._lock:
            self._rows.append(row)
            if len(self._rows) > MAX_WAITING:
                self._rows.popleft()
                self._dropped += 1
            if self._thread is None or not self._thread.is_alive():  # the first time, and after a fork
                self._thread = threading.Thread(target=self._run, name="query-log", daemon=True)
                self._thread.start()

    def flush(self) -> int:
        """Writes what waits; rows that cannot be written now wait on. Returns how many were written."""
        with self._lock:
            rows = list(self._rows)
            self._rows.clear()
        if not rows:
            return 0
        try:
            SearchQuery.objects.bulk_create(rows, ignore_conflicts=True)
        except (DatabaseError, InterfaceError) as error:
            logger.warning("%d searches wait to be logged: %s", len(rows), error)
            with self._lock:
                self._rows.extendleft(reversed(rows))
            connection.close()
            return 0
        if self._dropped:
            logger.error("%d searches were not logged: the database was away for too long.", self._dropped)
            self._dropped = 0
        return len(rows)

    def _run(self) -> None:
        while True:
            time.sleep(FLUSH_S)
            self.flush()


queries = QueryLog()
atexit.register(queries.flush)


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
        created_at=timezone.now(),
    )
    queries.add(row)
    return row.query_id


def log_events(events: Sequence[Event], *, at: datetime | None = None) -> int:
    """Writes events, each once however often it is sent; returns how many were new."""
    rows = [
        SearchEvent(
            event_id=event.event_id,
            action_name=event.action_name,
            query_id=event.query_id,
            client_id=event.client_id,
            product_id=event.product_id,
            position=event.position,
            created_at=at or timezone.now(),
        )
        for event in events
    ]
    if not rows:
        return 0
    before = set(SearchEvent.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    SearchEvent.objects.bulk_create(rows, ignore_conflicts=True)
    return len({row.pk for row in rows} - before)
