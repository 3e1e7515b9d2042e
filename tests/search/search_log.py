"""A search log by hand: who searched for what, and what they clicked."""

from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from search.models import SearchEvent, SearchQuery


def searched(query: str, *, by: int, **fields: Any) -> SearchQuery:
    """One search of client number `by`."""
    defaults = {"mode": "hybrid", "product_ids": [], "took_ms": 4.0, "total": 10, "created_at": timezone.now()}
    return SearchQuery.objects.create(query=query, client_id=UUID(int=by + 1), **{**defaults, **fields})


def clicked(search: SearchQuery, product_id: int, action: str = "click") -> SearchEvent:
    return SearchEvent.objects.create(
        event_id=uuid4(), action_name=action, query_id=search.pk, client_id=search.client_id, product_id=product_id,
        position=1, created_at=search.created_at,
    )  # fmt: skip
