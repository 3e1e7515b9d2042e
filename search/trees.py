"""Boosted regression trees as arrays: LightGBM grows them (search/ranker_trees.py), NumPy is enough to serve them.

So the web process neither imports LightGBM nor holds its memory. All trees are walked at once, one level a step.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Trees:
    """Nodes of all trees in one row, each (m,): at a node rows with `features` <= `thresholds` go `left`, the others
    `right`; a leaf leads to itself and has a value. `roots` (t,) are numbers of nodes."""

    features: Numbers
    thresholds: Floats
    left: Numbers
    right: Numbers
    values: Floats
    roots: Numbers

    def added(self, rows: Floats) -> Floats:
        """(n, f) features to (n,) sums of the leaves that each row ends in."""
        at = np.broadcast_to(self.roots, (len(rows), len(self.roots)))
        flat, starts = rows.ravel(), np.arange(len(rows))[:, None] * rows.shape[1]
        for _ in range(self._depth):  # take: a third of the time of two-dimensional indices
            is_left = flat.take(starts + self.features.take(at)) <= self.thresholds.take(at)
            at = np.where(is_left, self.left.take(at), self.right.take(at))
        total: Floats = self.values.take(at).sum(axis=1)
        return total

    def splits(self) -> dict[int, int]:
        """How many nodes ask for each feature, by its number."""
        inner = self.left != np.arange(len(self.left))
        numbers, counts = np.unique(self.features[inner], return_counts=True)
        return dict(zip(numbers.tolist(), counts.tolist(), strict=True))

    @cached_property
    def _depth(self) -> int:
        """Steps until every walk has come to a leaf."""
        level, depth = set(self.roots.tolist()), 0
        while inner := {node for node in level if self.left[node] != node}:
            level = {int(child[node]) for node in inner for child in (self.left, self.right)}
            depth += 1
        return depth

    def to_json(self) -> dict[str, list[float]]:
        """For a row of the database."""
        return {name: getattr(self, name).tolist() for name in _FIELDS}

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> "Trees":
        """The inverse of `to_json`."""
        return cls(**{name: np.array(fields[name], dtype=kind) for name, kind in _FIELDS.items()})


_FIELDS: Mapping[str, type] = {
    "features": np.intp, "thresholds": np.float64, "left": np.intp, "right": np.intp, "values": np.float64,
    "roots": np.intp,
}  # fmt: skip
