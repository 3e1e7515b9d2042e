"""The WSGI application that the production server runs: `granian --interface wsgi shop.wsgi:application`."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

from shop.environment import load_settings

load_settings()
_store = get_wsgi_application()
_is_warm = False


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The store. Its first request, most often a health check, has search loaded, so that no shopper waits for it."""
    global _is_warm
    if not _is_warm:
        _is_warm = True
        from search.warming import warm_in_background

        warm_in_background()
    return _store(environ, start_response)
