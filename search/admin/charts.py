"""Sizes of charts, worked out here and drawn by templates: bars in HTML, a histogram in SVG. No script, no library."""

from collections.abc import Iterable
from dataclasses import dataclass

HEIGHT = 160
STEP = 56  # from one column to the next
GAP = 10


@dataclass(frozen=True)
class Bar:
    """A horizontal bar; `percent` of the longest one."""

    label: str
    value: str
    percent: float


@dataclass(frozen=True)
class Column:
    """A column of a histogram, in the units of an SVG that is HEIGHT high."""

    label: str
    value: int
    x: int
    y: float
    width: int
    height: float

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def above(self) -> float:
        """Where the number stands, just over the column."""
        return self.y - 6


def bars(values: Iterable[tuple[str, int]], unit: str) -> tuple[Bar, ...]:
    """One for each (label, value)."""
    given = list(values)
    most = max((value for _, value in given), default=0) or 1
    return tuple(Bar(label, f"{value:,} {unit}".strip(), round(100 * value / most, 1)) for label, value in given)


def columns(values: Iterable[tuple[str, int]]) -> tuple[Column, ...]:
    """One for each (label, value), side by side."""
    given = list(values)
    most = max((value for _, value in given), default=0) or 1
    heights = [round(HEIGHT * value / most, 1) for _, value in given]
    return tuple(
        Column(label, value, number * STEP, HEIGHT - height, STEP - GAP, height)
        for number, ((label, value), height) in enumerate(zip(given, heights, strict=True))
    )
