"""What shoppers chose after they had searched in vain and said it otherwise: clicks for what they typed first.

Where no right product is shown nobody can choose one, so clicks alone never teach what a query means. But who finds
nothing for "brolly" tries "umbrella" next, and what is chosen then is what was wanted (query reformulations: Boldi et
al. 2009; Huang & Efthimiadis 2009). Two searches in a row may have nothing to do with each other, so enough
clients must have gone the same way, in a good part of the vain searches, and more often than the second search
comes up without the first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from search.bots import find_bots
from search.clean_log import PAGES, TELLING, counted_of_clients, parameters
from search.large_reads import large_read
from search.words import normal_query

WITHIN = timedelta(minutes=5)  # of the search in vain
MIN_CLIENTS = 3  # who went the same way and chose something
MIN_SHARE = 0.1  # of the clients who searched in vain
MIN_LIFT = 3.0  # times the share of the second search among all others

# A search is in vain for a client who clicked nothing that it showed on any page, however often she tried it; of
# several things that she searched for next, one counts. Few clients are left then whose clicks have to be read.
_REPHRASED = f"""{PAGES}, acted AS (
  SELECT DISTINCT query_id FROM search_searchevent e WHERE {TELLING}
), turns AS (
  SELECT words, client_id, at, query_id IN (SELECT query_id FROM acted) AS is_clicked,
    lead(words) OVER turn AS next_words, lead(at) OVER turn AS next_at
  FROM pages WINDOW turn AS (PARTITION BY client_id ORDER BY at, query_id)
), vain AS MATERIALIZED (
  SELECT words, client_id, max(CASE WHEN next_words <> words AND next_at <= at + %(within)s THEN next_words END) AS next
  FROM turns GROUP BY words, client_id HAVING NOT bool_or(is_clicked)
), seekers AS MATERIALIZED (
  SELECT DISTINCT client_id FROM vain WHERE next IS NOT NULL
){counted_of_clients("seekers")}, searchers AS (
  SELECT words, count(*) AS clients FROM vain GROUP BY words
), asked AS (
  SELECT words, count(*) AS pages, sum(count(*)) OVER () AS of_all FROM turns GROUP BY words
), chosen AS (
  SELECT v.words, v.next, v.client_id, c.product_id, c.value
  FROM vain v JOIN counted c ON c.words = v.next AND c.client_id = v.client_id
), ways AS (
  SELECT words, next, count(DISTINCT client_id)::int AS clients FROM chosen GROUP BY words, next
)
SELECT w.words, w.next, w.clients, w.clients::float8 / searchers.clients, c.product_id, sum(c.value)::float8
FROM ways w JOIN searchers ON searchers.words = w.words JOIN asked a ON a.words = w.next
  JOIN chosen c ON c.words = w.words AND c.next = w.next
WHERE w.clients >= %(min_clients)s AND w.clients >= %(min_share)s * searchers.clients
  AND w.clients >= %(min_lift)s * searchers.clients
    * (a.pages - w.clients) / greatest(a.of_all - 2 * w.clients, 1)
GROUP BY w.words, w.next, w.clients, searchers.clients, c.product_id ORDER BY w.words, w.next, c.product_id
"""


@dataclass(frozen=True)
class Rephrased:
    """What became of searching for `query` in vain: so many clients went on to `then` and did `value` with a product.

    They are `share` of those who searched in vain; `value` is the sum over clients of the most that each did, as in
    ProductClicks.
    """

    query: str
    then: str
    clients: int
    share: float
    product_id: int
    value: float


def read_rephrased(
    since: datetime, until: datetime, *, bots: Mapping[UUID, str] | None = None
) -> Sequence[Rephrased]:
    """By query, what was searched for next, and product; both queries in their normal form.

    One statement, and that of `find_bots` where its result is not given.
    """
    given = {
        **parameters(since, until, find_bots(since, until) if bots is None else bots),
        "within": WITHIN,
        "min_clients": MIN_CLIENTS,
        "min_share": MIN_SHARE,
        "min_lift": MIN_LIFT,
    }
    with large_read() as cursor:
        cursor.execute(_REPHRASED, given)
        rows = cursor.fetchall()
    return [Rephrased(normal_query(words), normal_query(then), *rest) for words, then, *rest in rows]
