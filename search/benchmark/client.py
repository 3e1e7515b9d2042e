"""Shoppers who search over real HTTP, one after the other or many at once, each on a connection of its own."""

import http.client
import json
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from search.benchmark.figures import Timing, timing

AS_BROWSERS = {"Accept-Encoding": "gzip"}


class SearchFailed(Exception):
    """The store answered a search with something else than hits."""


@dataclass(frozen=True)
class OneClient:
    """Whole requests as the client saw them, and what the store said that each stage took (Server-Timing)."""

    total: Timing
    stages: dict[str, Timing]


@dataclass(frozen=True)
class ManyClients:
    """Requests a second of all clients together, and how long each request took."""

    per_second: float
    total: Timing


class Client:
    """A connection that stays open, as a browser's does."""

    def __init__(self, host: str, port: int) -> None:
        self._connection = http.client.HTTPConnection(host, port, timeout=30)

    def search(self, query: str, page_size: int = 24) -> tuple[dict[str, Any], str]:
        """The response and its Server-Timing header. Raises SearchFailed."""
        self._connection.request("GET", f"/api/search/?q={quote(query)}&page_size={page_size}")
        response = self._connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise SearchFailed(f"{query!r}: status {response.status}: {body[:200]!r}")
        found: dict[str, Any] = json.loads(body)
        return found, response.headers.get("Server-Timing", "")

    def request(self, query: str, path: str = "/api/search/") -> tuple[float, str]:
        """Milliseconds from the first byte sent to the last byte read, and Server-Timing."""
        started = time.perf_counter()
        self._connection.request("GET", f"{path}?q={quote(query)}", headers=AS_BROWSERS)
        response = self._connection.getresponse()
        response.read()
        took_ms = (time.perf_counter() - started) * 1000
        if response.status != 200:
            raise SearchFailed(f"{query!r}: status {response.status}")
        return took_ms, response.headers.get("Server-Timing", "")

    def close(self) -> None:
        self._connection.close()


def one_client(host: str, port: int, queries: Sequence[str]) -> OneClient:
    """Asks the queries in turn. What no stage accounts for is "http": parsing, routing, serializing, the socket."""
    client = Client(host, port)
    totals, stages = [], defaultdict(list)
    for query in queries:
        took_ms, header = client.request(query)
        laps = parsed_stages(header)
        totals.append(took_ms)
        for name, ms in laps.items():
            stages[name].append(ms)
        stages["http"].append(took_ms - sum(laps.values()))
    client.close()
    return OneClient(timing(totals), {name: timing(laps) for name, laps in stages.items()})


def while_typing(host: str, port: int, queries: Sequence[str]) -> Timing:
    """Suggestions for every beginning of the queries from two letters on, each asked once, so none is remembered."""
    client = Client(host, port)
    typed = dict.fromkeys(query[:end] for query in map(str.lower, queries) for end in range(2, len(query) + 1))
    laps = [client.request(text, "/api/suggestions/")[0] for text in typed if not text.endswith(" ")]
    client.close()
    return timing(laps)


def many_clients(host: str, port: int, queries: Sequence[str], *, clients: int, seconds: float) -> ManyClients:
    """`clients` connections ask without a pause for `seconds`, each beginning at another query."""
    laps: list[list[float]] = [[] for _ in range(clients)]
    failures: list[Exception] = []
    started = time.perf_counter()

    def ask(number: int) -> None:
        client = Client(host, port)
        place = number * len(queries) // clients
        try:
            while time.perf_counter() - started < seconds:
                laps[number].append(client.request(queries[place % len(queries)])[0])
                place += 1
        except (SearchFailed, OSError, http.client.HTTPException) as error:
            failures.append(error)
        finally:
            client.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise SearchFailed(f"{len(failures)} of {clients} clients failed: {failures[0]}")
    took_s = time.perf_counter() - started
    every = [lap for own in laps for lap in own]
    return ManyClients(len(every) / took_s, timing(every))


def parsed_stages(header: str) -> dict[str, float]:
    """`sql;dur=2.5, rank;dur=0.1` as milliseconds by name."""
    pairs = (part.strip().split(";dur=") for part in header.split(",") if ";dur=" in part)
    return {name: float(ms) for name, ms in pairs}
