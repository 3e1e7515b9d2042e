"""Which hits many shoppers chose for a query, from the log of the last WINDOW: a line on the card, nothing else.

A process remembers them, as search/suggestions.py does with popular queries, and reads them anew every REFRESH_S in a
thread of its own, so that no search waits. Privacy: a product counts only when at least MIN_CLIENTS clients clicked it
after the same query; who they were is never read, only how many.
"""

import logging
import math
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.db import DatabaseError, connection
from django.utils import timezone

from search.words import normal_query

logger = logging.getLogger(__name__)

REFRESH_S = 300.0
WINDOW = timedelta(days=90)
MIN_CLIENTS = 5
MAX_SEARCHES = 100_000  # the latest ones, so that reading stays cheap however busy the store is
MAX_QUERIES = 500
MOST_PRODUCTS = 3  # of one query: what is often chosen is few
CLEARLY = 2.0  # times the mean click-through of the query's hits
Z = 1.96  # of the lower bound: 95 % certain

_CHOSEN = """
WITH latest AS MATERIALIZED (
  SELECT query_id, client_id, lower(query) AS query, product_ids FROM search_searchquery
  WHERE created_at >= %(since)s AND query <> '' AND total > 0 ORDER BY created_at DESC LIMIT %(searches)s),
clicks AS (
  SELECT l.query, e.product_id, count(DISTINCT l.client_id) AS clients, count(DISTINCT l.query_id) AS clicked
  FROM search_searchevent e JOIN latest l ON l.query_id = e.query_id
  WHERE e.action_name = 'click' AND e.product_id = ANY(l.product_ids) GROUP BY l.query, e.product_id),
popular AS (
  SELECT query, sum(clicked) AS clicked FROM clicks GROUP BY query HAVING max(clients) >= %(clients)s
  ORDER BY max(clients) DESC, query LIMIT %(queries)s),
asked AS MATERIALIZED (SELECT l.query, l.product_ids FROM latest l JOIN popular USING (query)),
shown AS (SELECT query, sum(cardinality(product_ids)) AS impressions FROM asked GROUP BY query),
pairs AS (SELECT c.* FROM clicks c JOIN popular USING (query) WHERE c.clients >= %(clients)s)
SELECT p.query, p.product_id, p.clicked, count(*), (popular.clicked / shown.impressions)::float8
FROM pairs p JOIN asked a ON a.query = p.query AND p.product_id = ANY(a.product_ids)
JOIN popular ON popular.query = p.query JOIN shown ON shown.query = p.query
GROUP BY p.query, p.product_id, p.clicked, popular.clicked, shown.impressions
"""


class OftenChosen:
    """What is remembered; `refreshes_by_itself` False for tests, which call `refresh`."""

    def __init__(self, *, refreshes_by_itself: bool = True) -> None:
        self.refreshes_by_itself = refreshes_by_itself
        self._thread: threading.Thread | None = None
        self.forget()

    def forget(self) -> None:
        """Knows nothing until the next refresh."""
        self._products: Mapping[str, frozenset[int]] = {}
        self._read_at = float("-inf")

    def products(self, query: str) -> frozenset[int]:
        """The ids of what is often chosen for this query, at most MOST_PRODUCTS; never waits for the database."""
        if self.refreshes_by_itself and time.monotonic() - self._read_at > REFRESH_S:
            self._read_at = time.monotonic()
            self._thread = threading.Thread(target=self._refresh_alone, name="often-chosen", daemon=True)
            self._thread.start()
        return self._products.get(normal_query(query), frozenset())

    def refresh(self) -> int:
        """Reads the log; one SQL query. Returns how many queries have something that is often chosen."""
        with connection.cursor() as cursor:
            cursor.execute(
                _CHOSEN,
                {
                    "since": timezone.now() - WINDOW,
                    "searches": MAX_SEARCHES,
                    "clients": MIN_CLIENTS,
                    "queries": MAX_QUERIES,
                },
            )
            self._products = clearly_chosen(cursor.fetchall())
        return len(self._products)

    def _refresh_alone(self) -> None:
        """In the thread: what is known stays while the database is away."""
        try:
            self.refresh()
        except DatabaseError as error:
            logger.warning("What is often chosen could not be read: %s", error)
        finally:
            connection.close()


def clearly_chosen(rows: Iterable[tuple[str, int, int, int, float]]) -> dict[str, frozenset[int]]:
    """Product ids by query, from (query, product, searches with a click on it, searches that showed it, mean CTR)."""
    found: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for query, product_id, clicked, shown, mean in rows:
        least = lower_bound(clicked, shown)
        if least > CLEARLY * mean:
            found[normal_query(query)].append((-least, product_id))
    return {query: frozenset(pk for _, pk in sorted(best)[:MOST_PRODUCTS]) for query, best in found.items()}


def lower_bound(clicked: int, shown: int) -> float:
    """The click-through that a product has at least, for all that chance may do (Wilson 1927)."""
    share, spread = clicked / shown, Z * Z / shown
    wobble = Z * math.sqrt(share * (1 - share) / shown + spread / (4 * shown))
    return (share + spread / 2 - wobble) / (1 + spread)


often_chosen = OftenChosen()


def forget() -> None:
    """For tests."""
    often_chosen.forget()
