"""The page "Speed": how fast the store is for shoppers, in the place of a list of single readings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from search.admin.read_only import ReadOnlyAdmin
from shop.metrics.charts import DayChart, day_chart
from shop.metrics.models import Reading
from shop.metrics.reports import GOOD_AND_POOR, Percentile, days, percentiles

WINDOWS = (7, 28)
DEFAULT_DAYS = 28
FEW = 30  # readings: a percentile of fewer says little


@dataclass(frozen=True)
class Figure:
    """A percentile in words; `css` is its rating, `note` what to keep in mind."""

    value: str
    rating: str
    css: str
    note: str


@dataclass(frozen=True)
class MetricCard:
    """One metric over all visits, with its days."""

    title: str
    goal: str
    figure: Figure | None
    chart: DayChart


@dataclass(frozen=True)
class Row:
    """One page on one kind of device, with a figure for each metric that has readings."""

    page: str
    device: str
    figures: tuple[Figure | None, ...]


@admin.register(Reading)
class ReadingAdmin(ReadOnlyAdmin):
    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """All of it is in four SQL queries."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        window = next((n for n in WINDOWS if str(n) == request.GET.get("days")), DEFAULT_DAYS)
        today = timezone.localdate()
        wanted = [today - timedelta(days=back) for back in reversed(range(window))]
        found = percentiles(timezone.now() - timedelta(days=window))
        context = {
            **self.admin_site.each_context(request),
            "title": "Speed on shoppers' devices",
            "opts": self.opts,
            "windows": WINDOWS,
            "days": window,
            "cards": [_card(metric, found, wanted) for metric in Reading.Metric.values],
            "headings": [metric.upper() for metric in Reading.Metric.values],
            "rows": _rows(found),
        }
        return TemplateResponse(request, "admin/metrics/speed.html", context)


def shown(metric: str, value: float) -> str:
    """In words: 1.8 s, 160 ms, 0.05."""
    if metric == Reading.Metric.CLS:
        return f"{value:.2f}"
    return f"{value / 1000:.1f} s" if metric == Reading.Metric.LCP else f"{value:.0f} ms"


def _card(metric: str, found: Sequence[Percentile], wanted: Sequence[date]) -> MetricCard:
    overall = next((one for one in found if one.metric == metric and not one.page), None)
    by_day, (good, poor) = days(metric, wanted), GOOD_AND_POOR[metric]
    words = ["" if day.p75 is None else shown(metric, day.p75) for day in by_day]
    return MetricCard(
        title=Reading.Metric(metric).label,
        goal=f"Good up to {shown(metric, good)}, poor above {shown(metric, poor)}",
        figure=_figure(overall),
        chart=day_chart(metric, by_day, words),
    )


def _rows(found: Sequence[Percentile]) -> list[Row]:
    """In the order of the choices."""
    by_place = {(one.page, one.device, one.metric): one for one in found if one.page}
    return [
        Row(page.label, device.label, tuple(_figure(by_place.get((page, device, metric))) for metric in Reading.Metric))
        for page in Reading.Page
        for device in Reading.Device
        if any((page, device, metric) in by_place for metric in Reading.Metric)
    ]


def _figure(found: Percentile | None) -> Figure | None:
    if found is None:
        return None
    note = f"{found.readings:,} visits" if found.readings >= FEW else f"{found.readings} visits: too few to judge"
    return Figure(shown(found.metric, found.p75), found.rating, found.rating.replace(" ", "-"), note)
