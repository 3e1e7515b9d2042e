"""A shopper's browser, as far as the store's public API goes: it searches, tells of clicks, and fills a cart.

It keeps the cookies that the store sets, so the store takes it for one client from its first search on.
"""

import http.client
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

TIMEOUT_S = 30.0
CSRF_COOKIE = "csrftoken"


class StoreFailed(Exception):
    """A request that did not do what it should; the message says why, alike for requests that failed alike."""


@dataclass(frozen=True)
class Shown:
    """A page of hits as a shopper sees it, from position 1; none where a rule leads elsewhere."""

    query_id: str
    total: int
    product_ids: tuple[int, ...]


class Browser:
    """One shopper at the store of that address, `http://localhost:8000`. Raises ValueError for what is none."""

    def __init__(self, url: str) -> None:
        if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
            raise ValueError(f"{url!r} is not the address of a store; http://localhost:8000 is one.")
        self._url = url.rstrip("/")
        self._cookies = CookieJar()
        self._opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(self._cookies))

    def search(self, query: str, language: str = "en") -> Shown:
        """The first page. Raises StoreFailed."""
        body = self._send(f"/api/search/?{urlencode({'q': query, 'lang': language})}")
        try:
            hits = () if body["redirect"] else (*body["hits"], *body["related"])
            product_ids = tuple(int(hit["product"]["id"]) for hit in hits)
            return Shown(str(body["query_id"]), int(body["total"]), product_ids)
        except (KeyError, TypeError, ValueError) as error:
            raise StoreFailed("the response to a search has no hits; is this a Pocketshop store?") from error

    def click(self, shown: Shown, positions: Sequence[int]) -> None:
        """Tells of clicks on the hits at these positions. Raises StoreFailed."""
        events = [
            {
                "event_id": str(uuid.uuid4()),
                "action_name": "click",
                "query_id": shown.query_id,
                "product_id": shown.product_ids[position - 1],
                "position": position,
            }
            for position in positions
        ]
        self._send("/api/events/", {"events": events})

    def add_to_cart(self, shown: Shown, position: int) -> None:
        """Raises StoreFailed."""
        product_id = shown.product_ids[position - 1]
        item = {"product_id": product_id, "query_id": shown.query_id, "position": position}
        self._send("/api/cart/items/", item)

    def _send(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The response's JSON; a body makes it a POST."""
        headers = {"Accept": "application/json", **self._token()}
        if body is not None:
            headers["Content-Type"] = "application/json"
        content = None if body is None else json.dumps(body).encode()
        request = Request(f"{self._url}{path}", data=content, headers=headers)
        try:
            with self._opener.open(request, timeout=TIMEOUT_S) as response:
                return json.load(response)
        except HTTPError as error:
            error.close()
            raise StoreFailed(f"{request.get_method()} {urlsplit(path).path}: status {error.code}") from error
        except ValueError as error:  # of JSON and of UTF-8
            raise StoreFailed(f"{request.get_method()} {urlsplit(path).path}: the response is not JSON") from error
        except (URLError, OSError, http.client.HTTPException) as error:
            reason = error.reason if isinstance(error, URLError) else error
            raise StoreFailed(f"no answer from {self._url} ({reason}); is the store running?") from error

    def _token(self) -> dict[str, str]:
        """What a write within a session must show (the cart makes one), as the storefront does."""
        token = next((cookie.value for cookie in self._cookies if cookie.name == CSRF_COOKIE), None)
        return {"X-CSRFToken": token} if token else {}
