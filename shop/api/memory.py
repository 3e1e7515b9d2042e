"""Answers that many requests share, kept in the process for a moment."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

Answer = TypeVar("Answer")

_caches: list[dict[Any, Any]] = []


def remembered(max_age_s: float) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """A decorator for functions of few hashable arguments: an answer is made anew when it is older than `max_age_s`.

    Two requests that come at the same moment may both make it; that costs time and nothing else.
    """

    def decorate(make: Callable[..., Answer]) -> Callable[..., Answer]:
        cache: dict[tuple[Any, ...], tuple[float, Answer]] = {}
        _caches.append(cache)

        @wraps(make)
        def recall(*args: Any) -> Answer:
            known = cache.get(args)
            if known is not None and time.monotonic() - known[0] < max_age_s:
                return known[1]
            answer = make(*args)
            cache[args] = (time.monotonic(), answer)
            return answer

        return recall

    return decorate


def forget() -> None:
    """Makes every answer anew at its next request: for tests."""
    for cache in _caches:
        cache.clear()
