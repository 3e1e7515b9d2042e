"""Sizes of the chart of a comparison: for each slice a bar for either version, and their difference. Drawn as SVG.

In the SVG's units from left to right: names, bars from 0 to 1, differences around 0.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from search.comparison import SliceResult
from search.metrics import Interval

ROW = 52
BARS_AT, BARS_WIDTH = 190, 360
DIFFERENCES_AT, DIFFERENCES_WIDTH = 640, 300
LEAST_SCALE = 0.01  # of differences

Scale = Callable[[float], float]


@dataclass(frozen=True)
class Whisker:
    """A mean and the ends of its interval as x, and the mean in words."""

    mean: float
    low: float
    high: float
    text: str


@dataclass(frozen=True)
class SliceRow:
    """One slice; `state` is better, lost, or same where neither is sure."""

    name: str
    queries: int
    y: int
    active: Whisker
    challenger: Whisker
    difference: Whisker
    allowance: float
    state: str


@dataclass(frozen=True)
class SliceChart:
    """`bars` is the x where bars begin, `zero` that of no difference; `ends` are (x, words) of both scales."""

    rows: tuple[SliceRow, ...]
    height: int
    bars: int
    zero: float
    ends: tuple[tuple[float, str], ...]


def slice_chart(slices: Sequence[SliceResult], lost: Iterable[str]) -> SliceChart:
    """Of the slices that have queries; `lost` are the names of those that speak against a promotion."""
    shown, names = [found for found in slices if found.queries], set(lost)
    reached = [abs(end) for found in shown for end in (found.difference.low, found.difference.high)]
    most = max([*reached, *(-2 * found.allowance for found in shown), LEAST_SCALE])

    def bar(value: float) -> float:
        return round(BARS_AT + BARS_WIDTH * value, 1)

    def difference(value: float) -> float:
        return round(DIFFERENCES_AT + DIFFERENCES_WIDTH * (value + most) / (2 * most), 1)

    rows = tuple(
        SliceRow(
            found.name,
            found.queries,
            y=number * ROW,
            active=_whisker(found.active, bar, "{:.3f}"),
            challenger=_whisker(found.challenger, bar, "{:.3f}"),
            difference=_whisker(found.difference, difference, "{:+.3f}"),
            allowance=difference(found.allowance),
            state="lost" if found.name in names else "better" if found.difference.low > 0 else "same",
        )
        for number, found in enumerate(shown)
    )
    ends = [(bar(0.0), "0"), (bar(1.0), "1"), (difference(0.0), "0")]
    ends += [(difference(value), f"{value:+.2f}") for value in (-most, most)]
    return SliceChart(rows, len(shown) * ROW, BARS_AT, difference(0.0), tuple(ends))


def _whisker(interval: Interval, scale: Scale, form: str) -> Whisker:
    return Whisker(scale(interval.mean), scale(interval.low), scale(interval.high), form.format(interval.mean))
