"""Whether a ranker is worth having, by cross-validation: of the ridges the best on queries that it has not seen.

Neither the folds nor the choice see a held-out query (nested cross-validation, Varma & Simon 2006): of so few judged
queries the best of several ridges looks better than it is. The plain fusion is a candidate like the others, and stays
unless one is better beyond chance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from search.metrics import Interval, Values, paired_bootstrap
from search.ranker import FEATURES, RankedList, train_linear
from search.score_parts import Scores

RIDGES = (1.0, 3.0, 10.0, 30.0, 100.0)
FOLDS = 5
MIN_LISTS = 20  # fewer say nothing about other queries


@dataclass(frozen=True)
class CrossValidated:
    """nDCG@10 of each query, (q,), without and with a ranker that has not seen it; the ridge chosen for each fold."""

    queries: tuple[str, ...]
    base: Values
    ranked: Values
    ridges: tuple[float | None, ...]

    @property
    def difference(self) -> Interval:
        """Paired, ranked minus base."""
        return paired_bootstrap(self.ranked, self.base)


def cross_validate(lists: Sequence[RankedList], *, folds: int = FOLDS) -> CrossValidated:
    """Nested: the ridge for a fold is chosen on the others. Some seconds for a hundred queries."""
    nothing = np.zeros(len(FEATURES))
    fold_of = np.array([fold(one.query, folds) for one in lists])
    base = np.array([one.value(nothing) for one in lists])
    ranked, ridges = base.copy(), list[float | None]()
    for number in range(folds):
        training = [one for one, of in zip(lists, fold_of, strict=True) if of != number]
        ridge = choose_ridge(training, folds=folds)
        ridges.append(ridge)
        weights = nothing if ridge is None else train_linear(training, ridge=ridge)
        for row in np.flatnonzero(fold_of == number).tolist():
            ranked[row] = lists[row].value(weights)
    return CrossValidated(tuple(one.query for one in lists), base, ranked, tuple(ridges))


def choose_ridge(lists: Sequence[RankedList], *, folds: int = FOLDS) -> float | None:
    """The ridge that is best on held-out queries; None where none is better than no ranker beyond chance."""
    if len(lists) < MIN_LISTS:
        return None
    base = np.array([one.value(np.zeros(len(FEATURES))) for one in lists])
    gains = {ridge: paired_bootstrap(held_out_values(lists, ridge, folds=folds), base) for ridge in RIDGES}
    better = [ridge for ridge, gain in gains.items() if gain.low > 0]
    return max(better, key=lambda ridge: gains[ridge].mean, default=None)


def held_out_values(lists: Sequence[RankedList], ridge: float, *, folds: int = FOLDS) -> Values:
    """(q,) nDCG@10 of each query under weights that were learned from the other folds."""
    fold_of = np.array([fold(one.query, folds) for one in lists])
    values = np.zeros(len(lists))
    for number in range(folds):
        rows = np.flatnonzero(fold_of == number).tolist()
        if rows:
            others = [one for one, of in zip(lists, fold_of, strict=True) if of != number]
            weights: Scores = train_linear(others, ridge=ridge)
            values[rows] = [lists[row].value(weights) for row in rows]
    return values


def fold(query: str, folds: int) -> int:
    """The same for a query always, whatever others there are."""
    return int.from_bytes(blake2b(query.encode(), digest_size=8).digest(), "big") % folds
