"""The kinds of products in memory: a search needs those of its pool, and a join for them costs a search 0.3 ms.

A process reads them all once and then, at most every few seconds, those that were given since; all again when the
kinds were found anew. A product of a moment ago has none yet: that holds its share back for seconds, not its hit.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from django.db.models import Max

from search.models import ProductKinds, TypePartition
from search.partitions import Types

MAX_AGE_S = 5.0
OVERLAP = timedelta(seconds=60)  # rows of a transaction that took so long are still seen


@dataclass
class _Known:
    partition: int  # the latest; another one means that all kinds are new
    read_at: float
    latest: datetime | None
    kinds: dict[int, tuple[int, ...]] = field(default_factory=dict)


_lock = threading.Lock()
_known: dict[int, _Known] = {}


def kinds_of(version_id: int, product_ids: Sequence[int]) -> Types:
    """(n, p) the kinds of these products under the version, -1 where there are none; at times two SQL queries."""
    kinds = _fresh(version_id).kinds
    width = len(next(iter(kinds.values()), ()))
    unknown = (-1,) * width
    rows = [kinds.get(product_id, unknown) for product_id in product_ids]
    return np.array(rows, dtype=np.int64).reshape(len(rows), width)


def _fresh(version_id: int) -> _Known:
    known = _known.get(version_id)
    if known is not None and time.monotonic() - known.read_at < MAX_AGE_S:
        return known
    with _lock:  # one thread reads, the others wait for it the first time and go on with what there is later
        known = _known.get(version_id)
        if known is None or time.monotonic() - known.read_at >= MAX_AGE_S:
            known = _read(version_id, known)
            for other in list(_known)[:-1]:  # of versions that were active before; a test has two of them
                if other != version_id:
                    del _known[other]
            _known[version_id] = known
    return known


def _read(version_id: int, before: _Known | None) -> _Known:
    partition = TypePartition.objects.filter(version=version_id).aggregate(latest=Max("id"))["latest"] or 0
    rows = ProductKinds.objects.filter(version=version_id)
    if before is not None and before.partition == partition:
        kinds, latest = before.kinds, before.latest
        if latest is not None:
            rows = rows.filter(embedded_at__gt=latest - OVERLAP)
    else:
        kinds, latest = {}, None
    for product_id, own, embedded_at in rows.values_list("product_id", "kinds", "embedded_at").iterator():
        kinds[product_id] = tuple(own)  # the garbage collector lets tuples of numbers be
        latest = embedded_at if latest is None or embedded_at > latest else latest
    return _Known(partition, time.monotonic(), latest, kinds)


def forget() -> None:
    """Reads the kinds anew: for tests, and in another database."""
    _known.clear()
