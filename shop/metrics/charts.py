"""Sizes of the chart of days, worked out here and drawn in SVG by the template."""

from collections.abc import Sequence
from dataclasses import dataclass

from shop.metrics.reports import GOOD_AND_POOR, Day, rating

WIDTH, HEIGHT = 640, 140
GAP = 0.25  # of a day's width


@dataclass(frozen=True)
class DayBar:
    """A day's percentile in the units of an SVG of WIDTH by HEIGHT; `title` is what a pointer is told."""

    title: str
    css: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class DayChart:
    """`good_y` is where the line of the good threshold is; `first` and `last` are the ends of its days."""

    bars: tuple[DayBar, ...]
    good_y: float
    first: str
    last: str


def day_chart(metric: str, days: Sequence[Day], shown: Sequence[str]) -> DayChart:
    """One bar for each day with readings; `shown` are their values in words."""
    good = GOOD_AND_POOR[metric][0]
    most = max([good * 1.25, *(day.p75 for day in days if day.p75 is not None)])
    step = WIDTH / len(days)
    bars = tuple(
        DayBar(
            title=f"{day.day:%Y-%m-%d}: {words}",
            css=rating(metric, day.p75).replace(" ", "-"),
            x=round(number * step + step * GAP / 2, 1),
            y=round(HEIGHT * (1 - day.p75 / most), 1),
            width=round(step * (1 - GAP), 1),
            height=round(HEIGHT * day.p75 / most, 1),
        )
        for number, (day, words) in enumerate(zip(days, shown, strict=True))
        if day.p75 is not None
    )
    return DayChart(bars, round(HEIGHT * (1 - good / most), 1), f"{days[0].day:%b %-d}", f"{days[-1].day:%b %-d}")
