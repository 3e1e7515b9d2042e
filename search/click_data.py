"""From the log to what learning reads: clicks a (query, product), what positions do to clicks, and a split by time.

Everything is aggregated in PostgreSQL, so the cost of learning does not grow with sessions. Robots are found first
(search/bots.py) and what counts is the same everywhere (search/clean_log.py). Whoever cares how much was left out
reads `read_click_data`; the rest reads `read_clicks`.

Impressions are most of a log: 24 a search. So only those of queries that were clicked at all are unfolded, and the
many clients that saw the same page of a query once are counted before that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.utils import timezone

from search.bots import find_bots
from search.clean_log import COUNTED, PAGES, LeftOut, left_out, parameters
from search.large_reads import large_read
from search.learning_models import PositionBias
from search.product_clicks import ProductClicks
from search.propensities import POSITIONS, Exposures, Propensities, Swapped, estimate, prior
from search.words import normal_query

__all__ = ["ClickData", "ProductClicks", "current", "normal_query", "read_click_data", "read_clicks", "read_positions",
           "refresh_position_bias", "split"]  # fmt: skip

WINDOW = timedelta(days=90)  # of the position bias: long enough for swaps to add up, short enough for a new layout
HELD_OUT_SHARE = 0.2

# Pages of queries that were clicked. `lists` are equal ones of clients that saw one page of the query: most of them.
_SHOWN = """, asked AS (
  SELECT DISTINCT words FROM counted
), shown_pages AS MATERIALIZED (
  SELECT words, client_id, language, first_position, product_ids FROM pages JOIN asked USING (words)
), repeated AS (
  SELECT words, client_id FROM shown_pages GROUP BY words, client_id HAVING count(*) > 1
), lists AS (
  SELECT s.words, s.first_position, s.product_ids, count(*) AS clients FROM shown_pages s
  WHERE NOT EXISTS (SELECT FROM repeated r WHERE r.words = s.words AND r.client_id = s.client_id)
  GROUP BY s.words, s.first_position, s.product_ids
), seen_once AS (
  SELECT words, product_id, first_position + place - 1 AS position, clients
  FROM lists CROSS JOIN LATERAL unnest(product_ids) WITH ORDINALITY AS hit(product_id, place)
), seen_again AS (
  SELECT s.words, s.client_id, hit.product_id, s.first_position + hit.place - 1 AS position
  FROM shown_pages s JOIN repeated USING (words, client_id)
  CROSS JOIN LATERAL unnest(s.product_ids) WITH ORDINALITY AS hit(product_id, place)
)"""

_CLICKS = f"""{COUNTED}{_SHOWN}, seen AS (
  SELECT words, product_id, position, clients FROM seen_once
  UNION ALL
  SELECT words, product_id, min(position), 1 FROM seen_again GROUP BY words, client_id, product_id
), shown AS (
  SELECT words, product_id, sum(clients)::int AS clients,
    sum(clients * (%(propensities)s::float8[])[least(position, %(last)s)]) AS examined,
    (sum(clients * position) / sum(clients))::float8 AS position
  FROM seen GROUP BY words, product_id
), clicks AS (
  SELECT words, product_id, count(*)::int AS clients, sum(value)::float8 AS value,
    sum(value / (%(clipped)s::float8[])[least(position, %(last)s)]) AS weighted
  FROM counted GROUP BY words, product_id
), languages AS (
  SELECT words, mode() WITHIN GROUP (ORDER BY language) AS language FROM shown_pages GROUP BY words
)
SELECT words, languages.language, product_id, shown.clients, shown.examined, coalesce(clicks.clients, 0),
  coalesce(clicks.value, 0), coalesce(clicks.weighted, 0), shown.position
FROM shown JOIN languages USING (words) LEFT JOIN clicks USING (words, product_id) ORDER BY words, product_id
"""

# A client counts once a (query, product, position). A pair tells of positions if it was clicked, and stood at several.
_EXPOSURES = f"""{COUNTED}{_SHOWN}, seen AS (
  SELECT words, product_id, position, clients FROM seen_once
  UNION ALL
  SELECT words, product_id, position, 1 FROM seen_again GROUP BY words, client_id, product_id, position
), shown AS (
  SELECT words, product_id, position, sum(clients)::int AS clients,
    count(*) OVER (PARTITION BY words, product_id) AS positions
  FROM seen JOIN (SELECT DISTINCT words, product_id FROM counted) AS pairs USING (words, product_id)
  WHERE position <= {POSITIONS} GROUP BY words, product_id, position
), clicks AS (
  SELECT words, product_id, position, count(*)::int AS clients FROM counted GROUP BY words, product_id, position
)
SELECT dense_rank() OVER (ORDER BY words, product_id) - 1, position, shown.clients, coalesce(clicks.clients, 0)
FROM shown LEFT JOIN clicks USING (words, product_id, position) WHERE positions > 1
"""

_SWAPS = f"""{PAGES}, swaps AS (
  SELECT swapped_at, count(*)::int AS searches FROM pages WHERE swapped_at IS NOT NULL GROUP BY swapped_at
), acted AS (
  SELECT DISTINCT swapped_at, words, client_id, position FROM clicked
  WHERE position IN (swapped_at, swapped_at + 1)
)
SELECT swapped_at, searches, count(position) FILTER (WHERE position = swapped_at),
  count(position) FILTER (WHERE position > swapped_at)
FROM swaps LEFT JOIN acted USING (swapped_at) GROUP BY swapped_at, searches ORDER BY swapped_at
"""

_SEARCHES = f"{PAGES} SELECT count(*) FROM pages"

_SPLIT = f"{COUNTED} SELECT percentile_disc(%(share)s) WITHIN GROUP (ORDER BY at) FROM counted"


@dataclass(frozen=True)
class ClickData:
    """The clicks of a window, and what was left out of them and why."""

    since: datetime
    until: datetime
    clicks: list[ProductClicks]
    left_out: tuple[LeftOut, ...]

    def summary(self) -> dict[str, Any]:
        """For a model's card."""
        clicked = [row for row in self.clicks if row.clicked]
        return {
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "queries": len({row.query for row in clicked}),
            "pairs": len(clicked),
            "clicks": sum(row.clicked for row in clicked),
            "left_out": {one.reason: {"clients": one.clients, "clicks": one.clicks} for one in self.left_out},
        }


@dataclass(frozen=True, eq=False)
class Positions:
    """What search/propensities.py estimates from; `searches` are the pages behind it."""

    swaps: list[Swapped]
    exposures: Exposures
    searches: int


def read_clicks(
    since: datetime, until: datetime, *, propensities: Propensities, bots: Mapping[UUID, str] | None = None
) -> list[ProductClicks]:
    """All products shown for queries that were clicked in [since, until), by query and product.

    One statement, and that of `find_bots` where its result is not given.
    """
    return _read_clicks(since, until, propensities, find_bots(since, until) if bots is None else bots)


def read_click_data(since: datetime, until: datetime, *, propensities: Propensities) -> ClickData:
    """`read_clicks` with what was left out. Three statements."""
    bots = find_bots(since, until)
    return ClickData(since, until, _read_clicks(since, until, propensities, bots), left_out(since, until, bots))


def _read_clicks(
    since: datetime, until: datetime, propensities: Propensities, bots: Mapping[UUID, str]
) -> list[ProductClicks]:
    positions = range(1, len(propensities.values) + 1)
    given = {
        **parameters(since, until, bots),
        "propensities": list(propensities.values),
        "clipped": [propensities.clipped(position) for position in positions],
        "last": len(positions),
    }
    with large_read() as cursor:
        cursor.execute(_CLICKS, given)
        return _by_normal_query(cursor)


def _by_normal_query(rows: Iterable[tuple[Any, ...]]) -> list[ProductClicks]:
    """The database knows less of letters and spaces: what is the same query after all is put together."""
    found: dict[tuple[str, int], ProductClicks] = {}
    names: dict[str, str] = {}  # one string a query, however many rows
    for words, *rest in rows:
        query = names.setdefault(words, normal_query(words))
        row = ProductClicks(query, *rest)
        known = found.get((query, row.product_id))
        found[query, row.product_id] = row if known is None else _together(known, row)
    return list(found.values())


def _together(one: ProductClicks, other: ProductClicks) -> ProductClicks:
    shown = one.shown + other.shown
    return ProductClicks(
        query=one.query,
        language=max(one, other, key=lambda row: row.shown).language,
        product_id=one.product_id,
        shown=shown,
        examined=one.examined + other.examined,
        clicked=one.clicked + other.clicked,
        value=one.value + other.value,
        weighted=one.weighted + other.weighted,
        position=(one.position * one.shown + other.position * other.shown) / shown,
    )


def read_positions(since: datetime, until: datetime) -> Positions:
    """Four statements."""
    given = parameters(since, until, find_bots(since, until))
    with large_read() as cursor:
        cursor.execute(_SWAPS, given)
        swaps = [Swapped(*row) for row in cursor.fetchall()]
        cursor.execute(_EXPOSURES, given)
        rows = np.array(cursor.fetchall(), dtype=np.int64).reshape(-1, 4)
        cursor.execute(_SEARCHES, given)
        ((searches,),) = cursor.fetchall()
    return Positions(swaps, Exposures(*rows.T), searches)


def current() -> Propensities:
    """As last estimated; until then the prior. One SQL query."""
    row = PositionBias.objects.first()
    return Propensities(tuple(row.propensities)) if row else prior()


def refresh_position_bias(until: datetime | None = None) -> PositionBias:
    """Estimates from the WINDOW of the log before `until`, which is now by default, and keeps it as the one row.

    Safe to run twice and at the same time.
    """
    until = until or timezone.now()
    positions = read_positions(until - WINDOW, until)
    found = estimate(positions.swaps, positions.exposures, searches=positions.searches)
    row, _ = PositionBias.objects.update_or_create(
        pk=1,
        defaults={
            "propensities": list(found.propensities.values),
            "method": found.method,
            "searches": found.searches,
        },
    )
    return row


def split(since: datetime, until: datetime, *, held_out_share: float = HELD_OUT_SHARE) -> datetime:
    """Until when to train: after it come the last `held_out_share` of the clicks, to test on. Two statements.

    By time, never at random: at random, clicks of one shopper and one fashion are on both sides, and a model is tested
    on what it has seen. `until` where there are no clicks.
    """
    given = parameters(since, until, find_bots(since, until))
    with large_read() as cursor:
        cursor.execute(_SPLIT, {**given, "share": 1 - held_out_share})
        ((last,),) = cursor.fetchall()
    return until if last is None else last + timedelta(microseconds=1)  # the last click to train on is before it
