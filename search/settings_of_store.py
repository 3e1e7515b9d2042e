"""The merchant's settings of search, kept in the process for a few seconds."""

import time

from search.models import SearchSettings

MAX_AGE_S = 5.0

_cached: tuple[float, SearchSettings] | None = None


def search_settings() -> SearchSettings:
    """The settings, at most MAX_AGE_S old; the defaults until a merchant has saved some."""
    global _cached
    if _cached is None or time.monotonic() - _cached[0] > MAX_AGE_S:
        _cached = (time.monotonic(), SearchSettings.objects.first() or SearchSettings())
    return _cached[1]


def forget() -> None:
    """Reads the settings anew: for tests, and in another database."""
    global _cached
    _cached = None
