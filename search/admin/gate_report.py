"""What the page of an encoder version shows beside its fields: its model card, and the comparison that decided."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from search.admin.slice_chart import SliceChart, slice_chart
from search.comparison import Comparison, Decision, read_record
from search.gate import decides, has_lost


@dataclass(frozen=True)
class GateReport:
    """A comparison with its chart. `notes` are what is to be said of each slice, in their order."""

    comparison: Comparison
    decision: Decision
    chart: SliceChart
    notes: tuple[str, ...]

    @property
    def rows(self) -> list[tuple[Any, str]]:
        return list(zip(self.comparison.slices, self.notes, strict=True))


def gate_report(gate: Mapping[str, Any] | None) -> GateReport | None:
    """None for a version that was never compared, or by a release that wrote it otherwise."""
    try:
        comparison, decision = read_record(gate or {})
    except (KeyError, TypeError):
        return None
    lost = [found.name for found in comparison.slices if has_lost(found)]
    notes = tuple(
        "lost" if found.name in lost else "" if decides(found) else "too few"
        for found in comparison.slices
    )
    return GateReport(comparison, decision, slice_chart(comparison.slices, lost), notes)


def card_rows(card: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """(name, value) of everything in a model card; what is nested is named with its parents."""
    for name, value in card.items():
        label = f"{before} · {_words(name)}" if before else _words(name)
        if isinstance(value, Mapping):
            yield from card_rows(value, label)
        else:
            yield label, _shown(value)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.4g}" if isinstance(value, float) else "–" if value is None else str(value)
