"""Rows of the log for simulated shoppers (search/simulation.py): what was searched, shown and done."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from django.db import transaction

from search.click_model import Levels, actions_of
from search.models import SearchEvent, SearchQuery
from search.shopper_needs import Need

BATCH = 1_000
SECONDS_A_STEP = 7.0  # from one action of a session to the next


@dataclass(frozen=True)
class Page:
    """What a search shows: products in their order, none where a rule sends the shopper elsewhere."""

    product_ids: tuple[int, ...]
    total: int
    mode: str
    version_id: int | None = None
    took_ms: float = 0.0


@dataclass(frozen=True)
class Simulated:
    """How many rows of each kind were written, of how many clients, for how many different queries."""

    searches: int = 0
    clients: int = 0
    queries: int = 0
    clicks: int = 0
    carts: int = 0
    purchases: int = 0


def new_id(rng: np.random.Generator) -> uuid.UUID:
    return uuid.UUID(bytes=rng.bytes(16), version=4)


def search_row(
    need: Need,
    page: Page,
    *,
    product_ids: Sequence[int],
    client_id: uuid.UUID,
    at: datetime,
    rng: np.random.Generator,
    swapped_at: int | None = None,
) -> SearchQuery:
    """A search for the need that found the page; `product_ids` as it was shown to this client."""
    return SearchQuery(
        query_id=new_id(rng),
        client_id=client_id,
        query=need.query[:500],
        language=need.language,
        mode=page.mode,
        version_id=page.version_id,
        total=page.total,
        product_ids=list(product_ids),
        swapped_at=swapped_at,
        took_ms=page.took_ms,
        created_at=at,
    )


def event_rows(searched: SearchQuery, levels: Levels, *, end: datetime, rng: np.random.Generator) -> list[SearchEvent]:
    """What the session did, one thing after the other, and all of it before `end`."""
    rows, last = [], end - timedelta(microseconds=1)
    for number, action in enumerate(actions_of(levels), 1):
        at = min(last, searched.created_at + timedelta(seconds=number * SECONDS_A_STEP))
        product_id = searched.product_ids[action.position - 1]
        rows.append(event_row(searched, action.action_name, product_id, action.position, at=at, rng=rng))
    return rows


def event_row(
    searched: SearchQuery, action_name: str, product_id: int, position: int, *, at: datetime, rng: np.random.Generator
) -> SearchEvent:
    return SearchEvent(
        event_id=new_id(rng),
        action_name=action_name,
        query_id=searched.query_id,
        client_id=searched.client_id,
        product_id=product_id,
        position=position,
        created_at=at,
    )


def write_rows(searches: Sequence[SearchQuery], events: Sequence[SearchEvent]) -> Simulated:
    """All of them or none. Raises IntegrityError where the log has one of them already."""
    with transaction.atomic():
        SearchQuery.objects.bulk_create(searches, batch_size=BATCH)
        SearchEvent.objects.bulk_create(events, batch_size=BATCH)
    counts = {name: sum(event.action_name == name for event in events) for name in SearchEvent.Action.values}
    return Simulated(
        searches=len(searches),
        clients=len({searched.client_id for searched in searches}),
        queries=len({searched.query for searched in searches}),
        clicks=counts["click"],
        carts=counts["add_to_cart"],
        purchases=counts["purchase"],
    )
