"""Learns a query adapter (search/adapters.py) from clicks: seconds, because products keep their vectors.

Each query is moved towards the products that were chosen for it, by a softmax over all products that the queries of a
batch showed and some others (InfoNCE, van den Oord et al. 2018); full gradients in NumPy, Adam (Kingma & Ba 2015). A
few dozen clicked queries say nothing about most directions of the space, and without more they would turn all of it.
So queries made of the catalogue are anchors: moving them costs. Whether the result is better, the gate decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.adapters import Adapter
from search.encoder import Vectors

# search/EXPERIMENTS.md, 2026-11-26, for all of them.
RANK = 16
TEMPERATURE = 0.05
LEARNING_RATE = 1e-3
STEPS = 40
ANCHOR_WEIGHT = 30.0  # of the mean squared length by which anchors move
BATCH = 256  # queries
MIN_QUERIES = 20  # that were clicked; fewer say nothing about others

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ClickedQuery:
    """A query's vector (d,), the weights of the products chosen for it, and all that it showed."""

    vector: Vectors
    chosen: Mapping[int, float]
    shown: frozenset[int]


def train_adapter(
    queries: Sequence[ClickedQuery],
    vectors: Mapping[int, Vectors],
    *,
    anchors: Vectors,
    others: Sequence[int] = (),
    seed: int = 13,
) -> Adapter | None:
    """None where there are too few queries to learn from.

    `vectors` has the (d,) vector of every product that was chosen or shown, and of the `others`, which are negatives
    of all queries. `anchors` (m, d) are queries that should stay where they are.
    """
    if len(queries) < MIN_QUERIES:
        return None
    rng = np.random.default_rng(seed)
    width = len(queries[0].vector)
    down = rng.normal(scale=width**-0.5, size=(RANK, width))
    up = np.zeros((width, RANK))  # begins as no change at all
    adam = _Adam([down, up])
    for _ in range(STEPS):
        rows = rng.choice(len(queries), min(BATCH, len(queries)), replace=False)
        batch = Batch([queries[row] for row in rows], vectors, others=others, anchors=anchors)
        adam.step(batch.gradients(down, up))
    return Adapter(down.astype(np.float32), up.astype(np.float32))


class Batch:
    """Queries (b, d), and the union of what they showed with the others (n, d); `targets` (b, n) are shares of what
    was chosen."""

    def __init__(
        self,
        queries: Sequence[ClickedQuery],
        vectors: Mapping[int, Vectors],
        *,
        others: Sequence[int],
        anchors: Vectors,
    ) -> None:
        ids = sorted({pk for query in queries for pk in (*query.shown, *query.chosen)} | set(others))
        column = {pk: place for place, pk in enumerate(ids)}
        self.queries: Floats = np.stack([query.vector for query in queries]).astype(np.float64)
        self.products: Floats = np.stack([vectors[pk] for pk in ids]).astype(np.float64)
        self.anchors: Floats = anchors.astype(np.float64)
        self.targets: Floats = np.zeros((len(queries), len(ids)))
        for row, query in enumerate(queries):
            for pk, weight in query.chosen.items():
                self.targets[row, column[pk]] = weight
        self.targets /= np.maximum(self.targets.sum(axis=1, keepdims=True), 1e-12)

    def loss(self, down: Floats, up: Floats) -> float:
        """Mean cross-entropy of what was chosen, and what moving the anchors costs."""
        log_shares = self._forward(down, up)[-1]
        moved = self.anchors @ down.T @ up.T  # (m, d)
        anchored = ANCHOR_WEIGHT * float((moved * moved).sum()) / max(len(moved), 1)
        return anchored - float((self.targets * log_shares).sum(axis=1).mean())

    def gradients(self, down: Floats, up: Floats) -> list[Floats]:
        """Of the loss, for `down` (r, d) and `up` (d, r)."""
        hidden, unit, length, log_shares = self._forward(down, up)
        scores = (np.exp(log_shares) - self.targets) / (TEMPERATURE * len(self.queries))  # (b, n)
        units = scores @ self.products  # (b, d)
        moved = (units - unit * (units * unit).sum(axis=1, keepdims=True)) / length  # through the normalisation
        anchor_hidden = self.anchors @ down.T  # (m, r)
        anchor_moved = 2 * ANCHOR_WEIGHT / max(len(self.anchors), 1) * (anchor_hidden @ up.T)  # (m, d)
        return [
            (moved @ up).T @ self.queries + (anchor_moved @ up).T @ self.anchors,
            moved.T @ hidden + anchor_moved.T @ anchor_hidden,
        ]

    def _forward(self, down: Floats, up: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        hidden = self.queries @ down.T  # (b, r)
        moved = self.queries + hidden @ up.T  # (b, d)
        length = np.linalg.norm(moved, axis=1, keepdims=True)
        unit = moved / length
        logits = unit @ self.products.T / TEMPERATURE  # (b, n)
        logits -= logits.max(axis=1, keepdims=True)
        return hidden, unit, length, logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))


class _Adam:
    """Moves the arrays in place."""

    def __init__(self, arrays: Sequence[Floats]) -> None:
        self._arrays = arrays
        self._means = [np.zeros_like(array) for array in arrays]
        self._squares = [np.zeros_like(array) for array in arrays]
        self._steps = 0

    def step(self, gradients: Sequence[Floats]) -> None:
        self._steps += 1
        for array, mean, square, gradient in zip(self._arrays, self._means, self._squares, gradients, strict=True):
            mean += 0.1 * (gradient - mean)
            square += 0.001 * (gradient * gradient - square)
            unbiased = mean / (1 - 0.9**self._steps), square / (1 - 0.999**self._steps)
            array -= LEARNING_RATE * unbiased[0] / (np.sqrt(unbiased[1]) + 1e-8)
