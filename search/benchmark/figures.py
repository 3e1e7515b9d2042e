"""Timings summed up: median and 95th percentile, in milliseconds."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Timing:
    """Of `n` measurements, milliseconds."""

    median_ms: float
    p95_ms: float
    n: int

    def as_json(self) -> dict[str, float]:
        return {"median_ms": round(self.median_ms, 3), "p95_ms": round(self.p95_ms, 3), "n": self.n}


def timing(laps_ms: Sequence[float]) -> Timing:
    """Zeros for no measurement."""
    if not laps_ms:
        return Timing(0.0, 0.0, 0)
    median, p95 = np.percentile(np.array(laps_ms), [50, 95])
    return Timing(float(median), float(p95), len(laps_ms))


def time_each(function: Callable[[Any], object], items: Iterable[Any]) -> Timing:
    """One call for each item, one after the other."""
    laps = []
    for item in items:
        started = perf_counter()
        function(item)
        laps.append((perf_counter() - started) * 1000)
    return timing(laps)
