"""Clients whose clicks are no shopper's: found by how fast, how much and how alike they click, one rule each.

A log that learns is worth poisoning. These rules catch what no shopper does; what stays below them is bounded, not
caught (search/click_data.py): a client counts once a (query, product), for so many pairs a day, and for so many
queries a product. A robot that refuses cookies is a new client with each request, so its clicks and its searches never
meet and count for nothing. What is looked at (volume, rates, click-through, repetition) follows Buehrer et al. 2008;
the limits are far above what a busy shopper does.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from search.large_reads import large_read

SEARCHES_AN_HOUR = 200  # pages and filters count too; one each 18 seconds for an hour
CLICKS_A_MINUTE = 20  # one each 3 seconds
# Clicks everything: on so many pages it got down to so deep a hit, and clicked so much of all down to there.
EVERYTHING_PAGES = 5
EVERYTHING_DEPTH = 5
EVERYTHING_SHARE = 0.8
# A burst: so many clients that did nothing but one search and this click, none longer after the one before than that.
BURST_CLIENTS = 5
BURST_GAP_S = 10

SEARCH_RATE = "search_rate"
CLICK_RATE = "click_rate"
EVERYTHING = "clicks_everything"
BURST = "burst"
RULES = {  # the first that holds is the one that is told
    SEARCH_RATE: f"more than {SEARCHES_AN_HOUR} searches within an hour",
    CLICK_RATE: f"more than {CLICKS_A_MINUTE} clicks within a minute",
    EVERYTHING: "clicks nearly everything that it is shown",
    BURST: "one of many clients that did the same single click within seconds",
}

# One row a (client, rule). The rates look back from each search and click, so no burst hides between two clock hours;
# only clients with enough in the whole window are looked at in that detail.
_BOTS = f"""
WITH acts AS MATERIALIZED (
  SELECT e.client_id, e.query_id, e.product_id, e.created_at, e.action_name = 'click' AS is_click
  FROM search_searchevent e
  WHERE e.action_name IN ('click', 'add_to_cart', 'purchase') AND e.query_id IS NOT NULL
    AND e.created_at >= %(since)s AND e.created_at < %(until)s
), searched AS (
  SELECT client_id, created_at FROM search_searchquery
  WHERE created_at >= %(since)s AND created_at < %(until)s AND client_id IN (
    SELECT client_id FROM search_searchquery WHERE created_at >= %(since)s AND created_at < %(until)s
    GROUP BY client_id HAVING count(*) > {SEARCHES_AN_HOUR})
), search_rates AS (
  SELECT client_id, count(*) OVER (PARTITION BY client_id ORDER BY created_at
    RANGE BETWEEN interval '1 hour' PRECEDING AND CURRENT ROW) AS searches FROM searched
), click_rates AS (
  SELECT client_id, count(*) OVER (PARTITION BY client_id ORDER BY created_at
    RANGE BETWEEN interval '1 minute' PRECEDING AND CURRENT ROW) AS clicks FROM acts WHERE is_click
), pages AS (
  SELECT a.client_id, a.query_id, count(DISTINCT a.product_id) AS clicked,
    max(array_position(q.product_ids, a.product_id)) AS depth
  FROM acts a JOIN search_searchquery q ON q.query_id = a.query_id AND q.client_id = a.client_id
  WHERE a.product_id = ANY(q.product_ids) GROUP BY a.client_id, a.query_id
), single AS (
  SELECT a.client_id, min(a.product_id) AS product_id, min(a.created_at) AS at FROM acts a
  GROUP BY a.client_id HAVING min(a.product_id) = max(a.product_id)
), lone AS (
  SELECT s.client_id, s.product_id, s.at, min(lower(btrim(q.query))) AS words
  FROM single s JOIN search_searchquery q ON q.client_id = s.client_id
  WHERE q.created_at >= %(since)s AND q.created_at < %(until)s
  GROUP BY s.client_id, s.product_id, s.at HAVING min(lower(btrim(q.query))) = max(lower(btrim(q.query)))
), gaps AS (
  SELECT *, at - lag(at) OVER same > interval '{BURST_GAP_S} seconds' AS is_apart FROM lone
  WINDOW same AS (PARTITION BY words, product_id ORDER BY at, client_id)
), runs AS (
  SELECT *, count(*) FILTER (WHERE is_apart) OVER (PARTITION BY words, product_id ORDER BY at, client_id) AS run
  FROM gaps
), bursts AS (
  SELECT client_id, count(*) OVER run AS clients, row_number() OVER (run ORDER BY at, client_id) AS place FROM runs
  WINDOW run AS (PARTITION BY words, product_id, run)
)
SELECT client_id, '{SEARCH_RATE}' FROM search_rates GROUP BY client_id HAVING max(searches) > {SEARCHES_AN_HOUR}
UNION ALL
SELECT client_id, '{CLICK_RATE}' FROM click_rates GROUP BY client_id HAVING max(clicks) > {CLICKS_A_MINUTE}
UNION ALL
SELECT client_id, '{EVERYTHING}' FROM pages WHERE depth >= {EVERYTHING_DEPTH} GROUP BY client_id
HAVING count(*) >= {EVERYTHING_PAGES} AND sum(clicked) >= {EVERYTHING_SHARE} * sum(depth)
UNION ALL
SELECT client_id, '{BURST}' FROM bursts WHERE clients >= {BURST_CLIENTS} AND place > 1
"""


def find_bots(since: datetime, until: datetime) -> Mapping[UUID, str]:
    """The rule by client id, for searches and events of [since, until). One statement.

    Of a burst the first client is not there: all of it counts as one.
    """
    with large_read() as cursor:
        cursor.execute(_BOTS, {"since": since, "until": until})
        found: list[tuple[UUID, str]] = cursor.fetchall()
    order = list(RULES)
    return dict(sorted(found, key=lambda row: -order.index(row[1])))
