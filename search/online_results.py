"""What came of online tests, read from the log: who wins the searches that were mixed.

A client's searches of one query count as one, and a product that was clicked on several times counts once, so neither
reloading nor clicking again makes a result. Of one client no more than MOST_OF_CLIENT queries count: a bot is one
opinion. A click counts for the side whose hit it was on the page that was logged, not for a position that is sent with
the event.
"""

from collections import defaultdict
from collections.abc import Sequence

from django.db import connection

from search.interleave import Result, tally

MOST_OF_CLIENT = 20  # queries; hardly any shopper searches for more in one test

# `searches`: one row a (client, query). `sides`: how many products of each side were clicked on in it.
_STATEMENT = """
WITH pages AS (
  SELECT test_id, query_id, client_id, lower(btrim(query)) AS words, product_ids, teams, created_at
  FROM search_searchquery WHERE test_id = ANY(%(tests)s::bigint[])
), searches AS (
  SELECT test_id, client_id, words, row_number() OVER (PARTITION BY test_id, client_id ORDER BY min(created_at)) AS nth
  FROM pages GROUP BY test_id, client_id, words
), clicked AS (
  SELECT DISTINCT p.test_id, p.client_id, p.words, e.product_id,
    p.teams[array_position(p.product_ids, e.product_id)] AS team
  FROM pages p JOIN search_searchevent e
    ON e.query_id = p.query_id AND e.client_id = p.client_id AND e.action_name = 'click'
), sides AS (
  SELECT test_id, client_id, words,
    count(*) FILTER (WHERE team = 0)::int AS clicks_a, count(*) FILTER (WHERE team = 1)::int AS clicks_b
  FROM clicked GROUP BY test_id, client_id, words
)
SELECT test_id, coalesce(clicks_a, 0), coalesce(clicks_b, 0), count(*)
FROM searches LEFT JOIN sides USING (test_id, client_id, words) WHERE nth <= %(most)s GROUP BY 1, 2, 3
"""


def online_results(test_ids: Sequence[int]) -> dict[int, Result]:
    """The result of each of these tests by its id. One SQL query."""
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"tests": list(test_ids), "most": MOST_OF_CLIENT})
        rows: list[tuple[int, int, int, int]] = cursor.fetchall()
    found = defaultdict(list)
    for test_id, clicks_a, clicks_b, searches in rows:
        found[test_id].append((clicks_a, clicks_b, searches))
    return {test_id: tally(found[test_id]) for test_id in test_ids}
