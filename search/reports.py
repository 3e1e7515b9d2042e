"""Search reports: what shoppers search for, what they do not find, and where they click. One SQL query a report.

Searches and events are joined by query_id. Clients are counted beside searches, and rates are rates of clients, so
that one client that searches a thousand times (a bot, a test) counts once. Queries are compared in lower case.
Searches that a rule sent elsewhere show no results, so they count as searches but not as chances to click.

Each statement first reduces the log to one row a (query, client), which hashes, and reads indexes that have all it
needs. Of 1,000,000 searches by 200,000 clients and 400,000 events in 90 days, the three reports by query take 5 s for
all of it and 0.4 s for a week; the other two take 0.2 s (two cores, 2026-11-26).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from search.event_log import REDIRECTED

LIMIT = 100  # rows of a report: what a person reads
LOW_CLICKS_SHARE = 0.2  # of the clients; fewer that click is worth a look
MIN_CLIENTS = 5
BUCKETS = ((1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 6), (7, 7), (8, 8), (9, 10), (11, 15), (16, 24), (25, 10_000))


@dataclass(frozen=True)
class QueryRow:
    """One query in a window. `clicked`, `added` and `bought` count clients; the events are those of all of them."""

    query: str
    searches: int
    clients: int
    results: float  # found, on average
    clicked: int
    clicks: int
    carts: int
    purchases: int

    @property
    def click_share(self) -> float:
        """The share of the clients that clicked, 0 to 1."""
        return self.clicked / self.clients if self.clients else 0.0


@dataclass(frozen=True)
class EmptyRow:
    """A query that found nothing."""

    query: str
    searches: int
    clients: int
    last_at: datetime


@dataclass(frozen=True)
class Positions:
    """Where clicks are. Each client counts once for each position; `buckets` are (first, last, how many)."""

    clicks: int
    mean: float | None
    median: float | None
    buckets: tuple[tuple[int, int, int], ...]


# One row a (query, client): its first pages, and what came of its searches on whatever page. Sums of integers, because
# those of bigint are numeric, which takes twice as long.
_QUERIES = """
WITH acted AS (
  SELECT query_id, count(*) FILTER (WHERE action_name = 'click')::int AS clicks,
    count(*) FILTER (WHERE action_name = 'add_to_cart')::int AS carts,
    count(*) FILTER (WHERE action_name = 'purchase')::int AS purchases
  FROM search_searchevent
  WHERE action_name IN ('click', 'add_to_cart', 'purchase') AND created_at >= %(since)s AND query_id IS NOT NULL
  GROUP BY query_id
), by_client AS (
  SELECT lower(btrim(q.query)) AS words, q.client_id, count(*) FILTER (WHERE q.first_position = 1)::int AS searches,
    avg(q.total::float8) AS results, coalesce(sum(a.clicks), 0)::int AS clicks, coalesce(sum(a.carts), 0)::int AS carts,
    coalesce(sum(a.purchases), 0)::int AS purchases
  FROM search_searchquery q LEFT JOIN acted a ON a.query_id = q.query_id
  WHERE q.created_at >= %(since)s AND q.query <> '' AND (q.mode <> %(redirected)s OR %(with_redirected)s)
  GROUP BY 1, 2
)
SELECT words, sum(searches), count(*), avg(results), count(*) FILTER (WHERE clicks > 0),
  sum(clicks), sum(carts), sum(purchases)
FROM by_client GROUP BY words
"""


def top_queries(since: datetime) -> list[QueryRow]:
    """What most clients search for."""
    return _query_rows(f"{_QUERIES} ORDER BY count(*) DESC, sum(searches) DESC, words LIMIT {LIMIT}", since, True)


def low_click_queries(since: datetime, *, min_clients: int = MIN_CLIENTS) -> list[QueryRow]:
    """Queries that find something which few of at least `min_clients` clients click on; most disappointed first."""
    statement = (
        f"{_QUERIES} HAVING count(*) >= %(min_clients)s AND max(results) > 0 "
        "AND count(*) FILTER (WHERE clicks > 0) < %(share)s * count(*) "
        f"ORDER BY count(*) FILTER (WHERE clicks = 0) DESC, words LIMIT {LIMIT}"
    )
    return _query_rows(statement, since, False, min_clients=min_clients, share=LOW_CLICKS_SHARE)


def conversions(since: datetime) -> list[QueryRow]:
    """Queries by what came of them: most purchases, then carts, then clicks first."""
    order = "sum(purchases) DESC, sum(carts) DESC, sum(clicks) DESC, words"
    return _query_rows(f"{_QUERIES} ORDER BY {order} LIMIT {LIMIT}", since, False)


def queries_without_results(since: datetime) -> list[EmptyRow]:
    """Queries that found nothing without any filter, those of most clients first."""
    rows = _rows(
        "WITH by_client AS (SELECT lower(btrim(query)) AS words, client_id, count(*) AS searches, "
        "max(created_at) AS last_at FROM search_searchquery "
        "WHERE total = 0 AND query <> '' AND created_at >= %(since)s AND filters = '{}' GROUP BY 1, 2) "
        "SELECT words, sum(searches)::bigint, count(*), max(last_at) FROM by_client GROUP BY words "
        f"ORDER BY count(*) DESC, sum(searches) DESC, words LIMIT {LIMIT}",
        {"since": since},
    )
    return [EmptyRow(*row) for row in rows]


def click_positions(since: datetime) -> Positions:
    """Where clients click: mean, median and a histogram."""
    counts = ", ".join(f"count(*) FILTER (WHERE position BETWEEN {first} AND {last})" for first, last in BUCKETS)
    ((clicks, mean, median, *found),) = _rows(
        "SELECT count(*), avg(position)::float8, percentile_cont(0.5) WITHIN GROUP (ORDER BY position), "
        f"{counts} FROM (SELECT DISTINCT client_id, position FROM search_searchevent "
        "WHERE action_name = 'click' "
        "AND created_at >= %(since)s AND query_id IS NOT NULL AND position >= 1) AS clicked",
        {"since": since},
    )
    return Positions(clicks, mean, median, tuple((*ends, n) for ends, n in zip(BUCKETS, found, strict=True)))


def _query_rows(statement: str, since: datetime, with_redirected: bool, **more: Any) -> list[QueryRow]:
    given = {"since": since, "redirected": REDIRECTED, "with_redirected": with_redirected, **more}
    return [QueryRow(*row) for row in _rows(statement, given)]


def _rows(statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
