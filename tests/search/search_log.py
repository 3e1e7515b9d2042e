"""A search log by hand: who searched for what, and what they did with it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from search.models import SearchEvent, SearchQuery


def client(number: int) -> UUID:
    """The same client for the same number."""
    return UUID(int=number)


def searched(query: str, by: int, *, total: int = 10, days_ago: float = 1, **fields: Any) -> SearchQuery:
    defaults = {"mode": "hybrid", "product_ids": [], "took_ms": 4.0, "created_at": ago(days_ago)}
    return SearchQuery.objects.create(query=query, client_id=client(by), total=total, **{**defaults, **fields})


def did(action: str, search: SearchQuery, product_id: int = 1, position: int | None = 1) -> SearchEvent:
    """What the client of that search did with one of its hits, at the same time."""
    return SearchEvent.objects.create(
        event_id=uuid4(), action_name=action, query_id=search.pk, client_id=search.client_id, product_id=product_id,
        position=position, created_at=search.created_at,
    )  # fmt: skip


def ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)
