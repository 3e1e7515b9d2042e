"""Shoppers who search, and click on one of the hits."""

from collections.abc import Mapping, Sequence

from tests.search.search_log import did, searched

SHOWN = (1, 2, 3, 4, 5, 6, 7, 8)
APART_DAYS = 5 / (24 * 60)


def choose(
    query: str,
    chosen: Mapping[int, int],
    *,
    shown: Sequence[int] = SHOWN,
    first: int = 1,
    days_ago: float = 1,
) -> None:
    """Each product is clicked by as many clients; each client, numbered from `first`, searches and clicks once.

    Five minutes lie between two of them: at the same time they would be one robot.
    """
    clicks = [product_id for product_id, clients in chosen.items() for _ in range(clients)]
    for client, product_id in enumerate(clicks, first):
        search = searched(query, client, product_ids=list(shown), days_ago=days_ago + client * APART_DAYS)
        did("click", search, product_id, list(shown).index(product_id) + 1)
