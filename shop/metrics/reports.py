"""The 75th percentile of readings, by page and device and by day: what three of four visits are no worse than.

That percentile and the thresholds are those of the Core Web Vitals
(https://web.dev/articles/defining-core-web-vitals-thresholds).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.utils import timezone

GOOD_AND_POOR = {"lcp": (2500.0, 4000.0), "inp": (200.0, 500.0), "cls": (0.1, 0.25)}


@dataclass(frozen=True)
class Percentile:
    """Of one metric; `page` and `device` are empty where they are all taken together."""

    metric: str
    page: str
    device: str
    p75: float
    readings: int

    @property
    def rating(self) -> str:
        return rating(self.metric, self.p75)


@dataclass(frozen=True)
class Day:
    """`p75` is None on a day without readings."""

    day: date
    p75: float | None


def rating(metric: str, value: float) -> str:
    """good, needs improvement or poor; a value on a threshold is still on its better side."""
    good, poor = GOOD_AND_POOR[metric]
    if value <= good:
        return "good"
    return "needs improvement" if value <= poor else "poor"


def percentiles(since: datetime) -> list[Percentile]:
    """Of every metric for all visits, then for each page and device. One SQL query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT metric, coalesce(page, ''), coalesce(device, ''), "
            "percentile_cont(0.75) WITHIN GROUP (ORDER BY value), count(*) "
            "FROM metrics_reading WHERE created_at >= %s "
            "GROUP BY GROUPING SETS ((metric), (metric, page, device)) ORDER BY 1, 2, 3",
            [since],
        )
        return [Percentile(*row) for row in cursor.fetchall()]


def days(metric: str, wanted: Sequence[date]) -> list[Day]:
    """Its percentile on each of the days, in the store's time zone. One SQL query."""
    zone = timezone.get_current_timezone_name()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (created_at AT TIME ZONE %s)::date AS day, percentile_cont(0.75) WITHIN GROUP (ORDER BY value) "
            "FROM metrics_reading WHERE metric = %s AND created_at >= (%s::date)::timestamp AT TIME ZONE %s GROUP BY 1",
            [zone, metric, min(wanted), zone],
        )
        found = dict(cursor.fetchall())
    return [Day(day, found.get(day)) for day in wanted]
