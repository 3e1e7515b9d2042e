"""What a process remembers of a small table: read at most every few seconds, so an edit reaches every process soon.

For what merchants edit by hand (categories, synonyms, rules, settings): no message between processes, no invalidation
that can be lost, and no SQL query in most searches.
"""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

MAX_AGE_S = 5.0

T = TypeVar("T")


class Remembered(Generic[T]):
    """Calls `read` when what it gave is older than `max_age_s`."""

    def __init__(self, read: Callable[[], T], *, max_age_s: float = MAX_AGE_S) -> None:
        self._read = read
        self._max_age_s = max_age_s
        self._kept: tuple[float, T] | None = None

    def __call__(self) -> T:
        if self._kept is None or time.monotonic() - self._kept[0] > self._max_age_s:
            self._kept = (time.monotonic(), self._read())
        return self._kept[1]

    def forget(self) -> None:
        """Reads anew the next time: for tests, after an edit in this process, and in another database."""
        self._kept = None
