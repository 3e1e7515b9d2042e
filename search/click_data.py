"""What shoppers were shown for their queries and what they did with it, counted from the log."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from search.learning_models import PositionBias
from search.propensities import PRIOR, Propensities

LEAST_PROPENSITY = 0.1  # of a click: a lower one would let a single click weigh too much

_CLICKS = r"""
WITH did AS (
  SELECT query_id, product_id,
    max(CASE action_name WHEN 'purchase' THEN 3 WHEN 'add_to_cart' THEN 2 ELSE 1 END) AS value
  FROM search_searchevent
  WHERE action_name IN ('click', 'add_to_cart', 'purchase') AND created_at >= %(since)s AND query_id IS NOT NULL
  GROUP BY query_id, product_id
), seen AS (
  SELECT lower(btrim(regexp_replace(q.query, '\s+', ' ', 'g'))) AS words, q.language, q.client_id, shown.product_id,
    (q.first_position + shown.place - 1)::int AS position, did.value
  FROM search_searchquery q CROSS JOIN unnest(q.product_ids) WITH ORDINALITY AS shown(product_id, place)
  LEFT JOIN did ON did.query_id = q.query_id AND did.product_id = shown.product_id
  WHERE q.created_at >= %(since)s AND q.created_at < %(until)s AND q.query <> ''
), by_client AS (
  SELECT words, language, product_id, client_id, min(position) AS best, max(value) AS value,
    min(position) FILTER (WHERE value IS NOT NULL) AS clicked_at
  FROM seen GROUP BY words, language, product_id, client_id
), weighed AS (
  SELECT *, (%(propensities)s::float8[])[least(best, %(last)s)] AS propensity,
    greatest((%(propensities)s::float8[])[least(clicked_at, %(last)s)], %(least)s) AS clicked_propensity
  FROM by_client
)
SELECT words, language, product_id, count(*), sum(propensity), count(value), coalesce(sum(value), 0)::float8,
  coalesce(sum(value / clicked_propensity), 0)::float8, avg(best)::float8
FROM weighed GROUP BY words, language, product_id ORDER BY words, language, product_id
"""


@dataclass(frozen=True)
class ProductClicks:
    """What became of showing one product for one query in a window. A client counts once a (query, product)."""

    query: str  # in its normal form: `normal_query`
    language: str
    product_id: int
    shown: int  # clients that were shown it
    examined: float  # sum over those clients of the propensity of the best position at which it was shown to them
    clicked: int  # clients that clicked it
    value: float  # clicked, weighted by what followed: click 1, add_to_cart 2, purchase 3 (the most a client did)
    weighted: float  # sum over clicking clients of what they did / propensity of the position clicked (clipped)
    position: float  # mean position at which it was shown


def normal_query(query: str) -> str:
    """Lower case, single spaces."""
    return " ".join(query.lower().split())


def read_clicks(since: datetime, until: datetime, *, propensities: Propensities) -> list[ProductClicks]:
    """What was shown from `since` until before `until`; one SQL query."""
    with connection.cursor() as cursor:
        cursor.execute(
            _CLICKS,
            {
                "since": since,
                "until": until,
                "propensities": list(propensities.values),
                "last": len(propensities.values),
                "least": LEAST_PROPENSITY,
            },
        )
        return [ProductClicks(*row) for row in cursor.fetchall()]


def current() -> Propensities:
    """The propensities of the store's own log, or the prior of 1/rank."""
    bias = PositionBias.objects.first()
    return Propensities(tuple(bias.propensities)) if bias and bias.propensities else PRIOR
