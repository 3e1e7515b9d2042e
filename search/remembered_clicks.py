"""The click memory within a process: what shoppers chose for a query is looked up in a dictionary, without SQL.

A process reads all of it at the first search and then, every REFRESH_S and in a thread of its own, the rows that were
written since; rows that are gone show in the count. The writer takes turns and stamps its rows by the database's clock
(search/click_memory.py), so none is older than what a process has read. A query's products and lifts are one string of
bytes: 20,000 queries of 40 products each take 12 MB, as dictionaries they would take 90 MB.
"""

import logging
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from django.db import DatabaseError, connection

from search.click_lifts import memory_key
from search.learning_models import ClickMemory

logger = logging.getLogger(__name__)

REFRESH_S = 10.0
_ID, _LIFT = np.dtype(np.int64), np.dtype(np.float32)


@dataclass
class _Known:
    """The packed products of each query, the time of the latest row among them, and when it was read."""

    packed: dict[str, bytes] = field(default_factory=dict)
    latest: datetime | None = None
    read_at: float | None = None


class RememberedClicks:
    """Products and their lifts by query; `refreshes_by_itself` False for tests, whose transactions no thread sees."""

    def __init__(self, *, refreshes_by_itself: bool = True) -> None:
        self.refreshes_by_itself = refreshes_by_itself
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._known = _Known()

    def forget(self) -> None:
        """Reads everything anew at the next search; a thread that is still reading goes on for nothing."""
        self._known = _Known()

    def __len__(self) -> int:
        """How many queries are known."""
        return len(self._known.packed)

    def of(self, query: str) -> dict[int, float]:
        """The lift of each product that clicks say something about; mostly none. SQL only the first time."""
        packed = self._fresh().packed.get(memory_key(query))
        return {} if packed is None else _unpacked(packed)

    def refresh(self) -> None:
        """Takes what was written and what was deleted since the last time; two SQL queries, three after deletions."""
        _read(self._known)

    def _fresh(self) -> _Known:
        known = self._known
        if known.read_at is None:
            with self._lock:  # the first searches wait for the one that reads
                if known.read_at is None:
                    _read(known)
        elif self.refreshes_by_itself and time.monotonic() - known.read_at > REFRESH_S and not self._is_reading():
            known.read_at = time.monotonic()
            self._thread = threading.Thread(target=self._refresh_alone, name="remembered-clicks", daemon=True)
            self._thread.start()
        return known

    def _is_reading(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _refresh_alone(self) -> None:
        """In the thread: what is known stays while the database is away."""
        try:
            self.refresh()
        except DatabaseError as error:
            logger.warning("What shoppers chose could not be read: %s", error)
        finally:
            connection.close()


remembered = RememberedClicks()
forget = remembered.forget


def memory_of(*texts: str) -> dict[int, float]:
    """The lifts of products for a query in its wordings (as typed, as understood); of two lifts the one that says more.

    Empty for a query that few shoppers searched for.
    """
    found: dict[int, float] = {}
    for text in dict.fromkeys(texts):
        for product_id, lift in remembered.of(text).items():
            if abs(lift) > abs(found.get(product_id, 0.0)):
                found[product_id] = lift
    return found


def _read(known: _Known) -> None:
    rows = ClickMemory.objects.values_list("query", "product_ids", "lifts", "updated_at")
    newer = rows if known.latest is None else rows.filter(updated_at__gt=known.latest)
    latest = known.latest
    for query, product_ids, lifts, updated_at in newer.iterator():
        known.packed[query] = _packed(product_ids, lifts)
        latest = updated_at if latest is None else max(latest, updated_at)
    known.latest = latest  # not before all were read: the rows of one refresh have the same time
    if ClickMemory.objects.count() != len(known.packed):
        for query in known.packed.keys() - set(ClickMemory.objects.values_list("query", flat=True)):
            del known.packed[query]
    known.read_at = time.monotonic()


def _packed(product_ids: list[int], lifts: list[float]) -> bytes:
    return np.array(product_ids, dtype=_ID).tobytes() + np.array(lifts, dtype=_LIFT).tobytes()


def _unpacked(packed: bytes) -> dict[int, float]:
    count = len(packed) // (_ID.itemsize + _LIFT.itemsize)
    ids = np.frombuffer(packed, dtype=_ID, count=count)
    lifts = np.frombuffer(packed, dtype=_LIFT, offset=count * _ID.itemsize)
    return dict(zip(ids.tolist(), lifts.tolist(), strict=True))
