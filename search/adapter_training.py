"""Learns a query adapter (search/adapters.py) from clicks: seconds, because products keep their vectors.

Each query is moved towards the products that were chosen for it and away from those that were shown beside them: a
softmax over the products that it showed (Cao et al. 2007, with a temperature), full gradients in NumPy, Adam (Kingma &
Ba 2015). Products of other queries are no negatives: to tell them apart is what every click at random would teach. A
tenth of the queries is held out to choose how long to train, by the order of what they showed (the loss would also fall
by being less sure); where that is not clearly better there is no adapter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.adapters import Adapter
from search.encoder import Vectors

RANK = 16  # 4 to 32 are alike: search/EXPERIMENTS.md
TEMPERATURE = 0.05
LEARNING_RATE = 3e-3
STEPS = 200
VALIDATE_EVERY = 20
BATCH = 256  # queries
WEIGHT_DECAY = 1e-3  # times the learning rate, a step
MIN_QUERIES = 20  # that were clicked; fewer say nothing about others

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ClickedQuery:
    """A query's vector (d,), the weights of the products chosen for it, and all that it showed."""

    vector: Vectors
    chosen: Mapping[int, float]
    shown: frozenset[int]


def train_adapter(
    queries: Sequence[ClickedQuery], vectors: Mapping[int, Vectors], *, rank: int = RANK, seed: int = 13
) -> Adapter | None:
    """None where there is too little to learn from, or where held-out queries do not gain.

    `vectors` has the (d,) vector of every product that was chosen or shown.
    """
    if len(queries) < MIN_QUERIES:
        return None
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(queries))
    held_out = [queries[row] for row in order[: max(len(queries) // 10, 5)]]
    training = [queries[row] for row in order[len(held_out) :]]
    width = len(queries[0].vector)
    down = rng.normal(scale=width**-0.5, size=(rank, width))
    up = np.zeros((width, rank))  # begins as no change at all
    adam = _Adam([down, up])
    validation = _Batch(held_out, vectors)
    before = validation.gains(down, up)
    best, chosen = 0.0, None
    for step in range(1, STEPS + 1):
        rows = rng.choice(len(training), min(BATCH, len(training)), replace=False)
        batch = _Batch([training[row] for row in rows], vectors)
        adam.step(batch.gradients(down, up))
        if step % VALIDATE_EVERY:
            continue
        better = validation.gains(down, up) - before  # (b,)
        error = float(better.std() / len(better) ** 0.5)
        if better.mean() > max(best, error):
            best, chosen = float(better.mean()), Adapter(down.astype(np.float32), up.astype(np.float32))
    return chosen


class _Batch:
    """Queries (b, d) and the union of what they showed (n, d); `targets` (b, n) are shares of what was chosen, and
    `unseen` (b, n) is far below zero for what a query did not show."""

    def __init__(self, queries: Sequence[ClickedQuery], vectors: Mapping[int, Vectors]) -> None:
        ids = sorted({pk for query in queries for pk in (*query.shown, *query.chosen)})
        column = {pk: place for place, pk in enumerate(ids)}
        self.queries: Floats = np.stack([query.vector for query in queries]).astype(np.float64)
        self.products: Floats = np.stack([vectors[pk] for pk in ids]).astype(np.float64)
        self.targets: Floats = np.zeros((len(queries), len(ids)))
        self.unseen: Floats = np.full((len(queries), len(ids)), -1e9)
        for row, query in enumerate(queries):
            self.unseen[row, [column[pk] for pk in (*query.shown, *query.chosen)]] = 0.0
            for pk, weight in query.chosen.items():
                self.targets[row, column[pk]] = weight
        self.targets /= np.maximum(self.targets.sum(axis=1, keepdims=True), 1e-12)

    def loss(self, down: Floats, up: Floats) -> float:
        """Mean cross-entropy of what was chosen."""
        _, _, _, log_shares = self._forward(down, up)
        return -float((self.targets * log_shares).sum(axis=1).mean())

    def gains(self, down: Floats, up: Floats) -> Floats:
        """(b,) discounted gain of what was chosen in the order of the scores, 1 with all of it in front."""
        _, _, _, log_shares = self._forward(down, up)
        discounts = 1 / np.log2(np.arange(2, log_shares.shape[1] + 2))
        order = np.argsort(-log_shares, axis=1, kind="stable")
        found: Floats = (np.take_along_axis(self.targets, order, axis=1) * discounts).sum(axis=1)
        best: Floats = (-np.sort(-self.targets, axis=1) * discounts).sum(axis=1)
        return found / np.maximum(best, 1e-12)

    def gradients(self, down: Floats, up: Floats) -> list[Floats]:
        """Of the loss, for `down` (r, d) and `up` (d, r)."""
        hidden, unit, length, log_shares = self._forward(down, up)
        scores = (np.exp(log_shares) - self.targets) / (TEMPERATURE * len(self.queries))  # (b, n)
        units = scores @ self.products  # (b, d)
        moved = (units - unit * (units * unit).sum(axis=1, keepdims=True)) / length  # through the normalisation
        return [(moved @ up).T @ self.queries, moved.T @ hidden]

    def _forward(self, down: Floats, up: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        hidden = self.queries @ down.T  # (b, r)
        moved = self.queries + hidden @ up.T  # (b, d)
        length = np.linalg.norm(moved, axis=1, keepdims=True)
        unit = moved / length
        logits = unit @ self.products.T / TEMPERATURE + self.unseen  # (b, n)
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
            array -= LEARNING_RATE * (unbiased[0] / (np.sqrt(unbiased[1]) + 1e-8) + WEIGHT_DECAY * array)
