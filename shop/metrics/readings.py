"""Keeps readings of the last KEPT_DAYS: writes what browsers measured, and deletes what is older."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from shop.metrics.models import Reading

KEPT_DAYS = 30


def log_readings(values: Mapping[str, float], *, page: str, device: str, at: datetime | None = None) -> int:
    """Writes one visit's values by metric; returns how many. One SQL query."""
    when = at or timezone.now()
    rows = [
        Reading(metric=metric, page=page, device=device, value=value, created_at=when)
        for metric, value in values.items()
    ]
    return len(Reading.objects.bulk_create(rows))


def delete_old_readings() -> int:
    """Deletes what is older than KEPT_DAYS; returns how many there were."""
    deleted, _ = Reading.objects.filter(created_at__lt=timezone.now() - timedelta(days=KEPT_DAYS)).delete()
    return deleted
