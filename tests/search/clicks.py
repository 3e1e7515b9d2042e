"""Shoppers who search, and click on one of the hits."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.search.search_log import did, searched

SHOWN = (1, 2, 3, 4, 5, 6, 7, 8)


def choose(
    query: str, chosen: Mapping[int, int], *, shown: Sequence[int] = SHOWN, first: int = 1, **fields: Any
) -> None:
    """Each product is clicked by as many clients; each client, numbered from `first`, searches and clicks once."""
    clicks = [product_id for product_id, clients in chosen.items() for _ in range(clients)]
    for client, product_id in enumerate(clicks, first):
        search = searched(query, client, product_ids=list(shown), **fields)
        did("click", search, product_id, list(shown).index(product_id) + 1)
