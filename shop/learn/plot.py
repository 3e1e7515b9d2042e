"""What came of learning, as a picture: bars before and after, and what the gate saw."""

import textwrap
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from search.comparison import Comparison
from search.gate import has_lost
from search.metrics import Interval
from shop.learn.measuring import Measured

SIZE = (12.0, 5.5)  # inches
DPI = 120
COLORS = (("#c3cad3", "#222222"), ("#4c8bb8", "#ffffff"), ("#1f5f8b", "#ffffff"))  # a system's bar, and text on it
LOST, KEPT = "#b3423a", "#1f5f8b"


def save_plot(path: Path, found: Measured, comparison: Comparison | None, decision: str) -> None:
    """A PNG of both; without a comparison its half says why. Raises OSError."""
    figure = Figure(figsize=SIZE, layout="constrained")
    FigureCanvasAgg(figure)  # draws without a screen
    bars, slices = figure.subplots(1, 2)
    _draw_bars(bars, found)
    if comparison is not None:
        _draw_slices(slices, comparison)
    else:
        slices.set_axis_off()
    figure.suptitle("\n".join(textwrap.wrap(decision, 130)), fontsize=10)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=DPI, format="png")


def _draw_bars(axes: Axes, found: Measured) -> None:
    """A group of bars for each group of queries, one for each system, with 95 % intervals."""
    groups, width = list(found.queries), 0.8 / len(found.means)
    for number, (system, means) in enumerate(found.means.items()):
        places = [place + (number - (len(found.means) - 1) / 2) * width for place in range(len(groups))]
        heights = [means[group].mean for group in groups]
        color, ink = COLORS[number % len(COLORS)]
        axes.bar(places, heights, width * 0.94, color=color, label=system)
        errors = _errors([means[group] for group in groups])
        axes.errorbar(places, heights, yerr=errors, fmt="none", ecolor="#222222", capsize=3, linewidth=1)
        for place, height in zip(places, heights, strict=True):
            axes.text(place, 0.02, f"{height:.3f}", ha="center", fontsize=8, color=ink)
    axes.set_xticks(range(len(groups)), [f"{group}\n{found.queries[group]} queries" for group in groups])
    axes.set_ylim(0, 1.15)  # above the bars is room for the legend
    axes.set_yticks([0, 0.2, 0.4, 0.6, 0.8, 1])
    axes.set_ylabel("nDCG@10")
    axes.set_title("What shoppers get")
    axes.legend(loc="upper center", ncols=len(found.means), fontsize=8, frameon=False)
    axes.spines[["top", "right"]].set_visible(False)


def _draw_slices(axes: Axes, comparison: Comparison) -> None:
    """The difference of each slice with its interval, the first on top, and a mark at what it may lose."""
    shown = [found for found in comparison.slices if found.queries]
    for place, found in enumerate(shown):
        axes.errorbar(
            [found.difference.mean], [place], xerr=_errors([found.difference]), fmt="o", capsize=3,
            color=LOST if has_lost(found) else KEPT,
        )  # fmt: skip
        axes.plot([found.allowance], [place], marker="|", markersize=14, color=LOST)
    axes.axvline(0, color="#222222", linewidth=0.8)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.set_yticks(range(len(shown)), [f"{found.name} ({found.queries})" for found in shown])
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.set_xlabel("nDCG@10 of the challenger, less that of the active version")
    axes.set_title("What the gate saw (red mark: the loss it allows)")
    axes.spines[["top", "right"]].set_visible(False)


def _errors(intervals: list[Interval]) -> list[list[float]]:
    """Below and above the means, as matplotlib wants them: never below 0, which rounding can make them."""
    return [[max(0.0, one.mean - one.low) for one in intervals], [max(0.0, one.high - one.mean) for one in intervals]]
