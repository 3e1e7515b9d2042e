"""Ridge regression with few entries a row, in NumPy: conjugate gradients on the normal equations.

Hestenes & Stiefel 1952, with Jacobi's preconditioner. The columns of the targets are solved for independently, a block
at a time, so that memory stays small; the same input gives the same bits.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]

ROUNDS = 30  # more change nothing that rounding to int8 leaves
BLOCK = 64  # target columns at once


@dataclass(frozen=True)
class SparseRows:
    """(rows, columns) with `values` at (row, column); every row has at least one entry, rows ascend."""

    row: Numbers
    column: Numbers
    values: Matrix
    columns: int

    @classmethod
    def of(cls, rows: Sequence[Sequence[int]], weights: Sequence[float], *, columns: int) -> "SparseRows":
        """Each row has its weight at each of its columns; a column that is named twice counts twice."""
        lengths = [len(row) for row in rows]
        return cls(
            np.repeat(np.arange(len(rows)), lengths),
            np.array([column for row in rows for column in row], dtype=np.int64),
            np.repeat(np.array(weights, dtype=np.float64), lengths),
            columns,
        )


def ridge(features: SparseRows, targets: Matrix, *, strength: float) -> Matrix:
    """(columns, d) W with the least |features W - targets|² + strength |W|²."""
    solve = _Solver(features, strength)
    blocks = [solve(targets[:, start : start + BLOCK]) for start in range(0, targets.shape[1], BLOCK)]
    return np.hstack(blocks)


class _Solver:
    def __init__(self, features: SparseRows, strength: float) -> None:
        self.features = features
        self.strength = strength
        self.row_starts = np.flatnonzero(np.diff(features.row, prepend=-1))
        self.by_column = np.argsort(features.column, kind="stable")
        ordered = features.column[self.by_column]
        self.column_starts = np.flatnonzero(np.diff(ordered, prepend=-1))
        self.used = ordered[self.column_starts]
        squares = np.bincount(features.column, features.values**2, minlength=features.columns)
        self.scale: Matrix = (1 / (squares + strength))[:, None]

    def __call__(self, targets: Matrix) -> Matrix:
        weights = np.zeros((self.features.columns, targets.shape[1]))
        rest = self._transposed_times(targets)
        direction = scaled = self.scale * rest
        size = (rest * scaled).sum(axis=0)
        for _ in range(ROUNDS):
            turned = self._transposed_times(self._times(direction)) + self.strength * direction
            step = size / np.maximum((direction * turned).sum(axis=0), 1e-30)
            weights += step * direction
            rest = rest - step * turned
            scaled = self.scale * rest
            size, before = (rest * scaled).sum(axis=0), size
            direction = scaled + size / np.maximum(before, 1e-30) * direction
        return weights

    def _times(self, weights: Matrix) -> Matrix:
        """(rows, block)."""
        found: Matrix = np.add.reduceat(
            weights[self.features.column] * self.features.values[:, None], self.row_starts, axis=0
        )
        return found

    def _transposed_times(self, targets: Matrix) -> Matrix:
        """(columns, block)."""
        own = self.features
        entries = targets[own.row[self.by_column]] * own.values[self.by_column][:, None]
        found = np.zeros((own.columns, targets.shape[1]))
        found[self.used] = np.add.reduceat(entries, self.column_starts, axis=0)
        return found
