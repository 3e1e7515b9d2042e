"""The part of the log that counts: pages that shoppers saw ranked by relevance, and clicks on what those showed.

PAGES and COUNTED begin each statement that reads clicks (search/click_data.py), so all of them leave out the same. What
a client can do is bounded, whoever it is: once a (query, product), so many pairs a day, so many queries a product. The
statement of `left_out` counts what that removes, each event under the first reason that holds.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from search.bots import RULES
from search.event_log import REDIRECTED
from search.large_reads import large_read

PAIRS_A_DAY = 50  # (query, product) pairs of one client on one day (UTC)
QUERIES_A_PRODUCT = 5  # queries for which one client's clicks on one product count: nobody rephrases more often

NO_SEARCH, OTHER_CLIENT, NOT_RANKED, NOT_SHOWN = "no_search", "other_client", "not_ranked", "not_shown"
MANY_PAIRS, MANY_QUERIES = "pairs_a_day", "queries_a_product"
REASONS = {
    **RULES,
    NO_SEARCH: "the search is not in the window",
    OTHER_CLIENT: "another client searched",
    NOT_RANKED: "the page was sorted otherwise, browsed or not seen",
    NOT_SHOWN: "the product was not on the page",
    MANY_PAIRS: f"beyond {PAIRS_A_DAY} products of one client on a day",
    MANY_QUERIES: f"beyond {QUERIES_A_PRODUCT} queries for which one client clicked the same product",
}

_IN_WINDOW = "{0}.created_at >= %(since)s AND {0}.created_at < %(until)s"
_ACTED = "e.action_name IN ('click', 'add_to_cart', 'purchase') AND e.query_id IS NOT NULL"
TELLING = f"{_ACTED} AND {_IN_WINDOW.format('e')}"
_RANKED = "q.sort = 'relevance' AND q.mode <> %(redirected)s AND q.query <> ''"

# A page's impressions are `product_ids`, from `first_position` on. Clicks after the window are not known yet, so clicks
# are of the window too: what is held out by time stays unseen.
PAGES = f"""
WITH bots AS MATERIALIZED (
  SELECT * FROM unnest(%(bots)s::uuid[], %(rules)s::text[]) AS bot(client_id, rule)
), pages AS NOT MATERIALIZED (
  SELECT q.query_id, q.client_id, lower(btrim(regexp_replace(q.query, '[[:space:]]+', ' ', 'g'))) AS words, q.language,
    q.first_position, q.product_ids, q.swapped_at, q.created_at AS at
  FROM search_searchquery q
  WHERE {_IN_WINDOW.format("q")} AND {_RANKED}
    AND NOT EXISTS (SELECT FROM bots WHERE bots.client_id = q.client_id)
), clicked AS NOT MATERIALIZED (
  SELECT p.words, e.product_id, p.client_id, p.swapped_at, e.created_at AS at,
    p.first_position + array_position(p.product_ids, e.product_id) - 1 AS position,
    CASE e.action_name WHEN 'purchase' THEN 3 WHEN 'add_to_cart' THEN 2 ELSE 1 END AS value
  FROM search_searchevent e JOIN pages p ON p.query_id = e.query_id AND p.client_id = e.client_id
  WHERE {TELLING} AND e.product_id = ANY(p.product_ids)
)"""

# One row a (query, product, client): the best position at which it was clicked, and the most that the client did. What
# bounds a client looks at no other client, so {0} may be the clicks of some only.
_BOUNDED = f""", once AS (
  SELECT words, product_id, client_id, min(position) AS position, max(value) AS value, min(at) AS at
  FROM {{0}} GROUP BY words, product_id, client_id
), numbered AS (
  SELECT *, row_number() OVER (PARTITION BY client_id, (at AT TIME ZONE 'UTC')::date ORDER BY at, words, product_id)
      AS pair_of_day,
    row_number() OVER (PARTITION BY client_id, product_id ORDER BY at, words) AS query_of_product
  FROM once
), counted AS MATERIALIZED (
  SELECT * FROM numbered WHERE pair_of_day <= {PAIRS_A_DAY} AND query_of_product <= {QUERIES_A_PRODUCT}
)"""
COUNTED = f"{PAGES}{_BOUNDED.format('clicked')}"

_LEFT_OUT = f"""{COUNTED}, reasons AS (
  SELECT e.client_id, CASE
    WHEN q.query_id IS NULL THEN '{NO_SEARCH}'
    WHEN bots.rule IS NOT NULL THEN bots.rule
    WHEN q.client_id <> e.client_id THEN '{OTHER_CLIENT}'
    WHEN NOT ({_RANKED}) THEN '{NOT_RANKED}'
    WHEN NOT coalesce(e.product_id = ANY(q.product_ids), false) THEN '{NOT_SHOWN}'
  END AS reason
  FROM search_searchevent e
  LEFT JOIN search_searchquery q ON q.query_id = e.query_id AND {_IN_WINDOW.format("q")}
  LEFT JOIN bots ON bots.client_id = e.client_id
  WHERE {TELLING}
  UNION ALL
  SELECT client_id, CASE WHEN pair_of_day > {PAIRS_A_DAY} THEN '{MANY_PAIRS}' ELSE '{MANY_QUERIES}' END
  FROM numbered WHERE pair_of_day > {PAIRS_A_DAY} OR query_of_product > {QUERIES_A_PRODUCT}
)
SELECT reason, count(DISTINCT client_id), count(*) FROM reasons WHERE reason IS NOT NULL GROUP BY reason
"""


def counted_of_clients(clients: str) -> str:
    """`counted` as in COUNTED, of the clients in the CTE of that name only; it comes after PAGES and that CTE."""
    return _BOUNDED.format(f"clicked JOIN {clients} USING (client_id)")


@dataclass(frozen=True)
class LeftOut:
    """What one reason (of REASONS) removed: `clicks` are events, or pairs where a client had too many."""

    reason: str
    clients: int
    clicks: int


def parameters(since: datetime, until: datetime, bots: Mapping[UUID, str]) -> dict[str, Any]:
    """What PAGES and COUNTED need."""
    return {
        "since": since,
        "until": until,
        "redirected": REDIRECTED,
        "bots": list(bots),
        "rules": list(bots.values()),
    }


def left_out(since: datetime, until: datetime, bots: Mapping[UUID, str]) -> tuple[LeftOut, ...]:
    """In the order of REASONS; of bots all clients count, also those that clicked nothing. One statement."""
    with large_read() as cursor:
        cursor.execute(_LEFT_OUT, parameters(since, until, bots))
        found = {reason: (clients, clicks) for reason, clients, clicks in cursor.fetchall()}
    for rule, clients in Counter(bots.values()).items():
        found[rule] = (clients, found.get(rule, (0, 0))[1])
    return tuple(LeftOut(reason, *found[reason]) for reason in REASONS if reason in found)
