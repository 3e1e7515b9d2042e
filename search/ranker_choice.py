"""Which ranker is worth having, by cross-validation: of several ways to learn one the best on queries it has not seen.

Neither the folds nor the choice see a held-out query (nested cross-validation, Varma & Simon 2006): of so few judged
queries the best of several ways looks better than it is. The plain fusion is a candidate like the others, and stays
unless one is better beyond chance.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b

import numpy as np

from search.metrics import Interval, Values, paired_bootstrap
from search.ranker import NOTHING, RankedList, Scorer, train_linear
from search.ranker_trees import can_grow, train_trees

Train = Callable[[Sequence[RankedList]], Scorer]

RIDGES = (1.0, 3.0, 10.0, 30.0, 100.0)
LINEAR: dict[str, Train] = {f"ridge {ridge:g}": partial(train_linear, ridge=ridge) for ridge in RIDGES}
TREES: dict[str, Train] = {"trees": train_trees}
WAYS = LINEAR | TREES  # to learn a ranker, by name
FOLDS = 5
MIN_LISTS = 20  # fewer say nothing about other queries
TREE_LISTS = 400  # fewer, and trees are no better than weights (search/EXPERIMENTS.md); a fold leaves a fifth out


@dataclass(frozen=True)
class CrossValidated:
    """nDCG@10 of each query, (q,), without and with a ranker that has not seen it; the way chosen for each fold."""

    queries: tuple[str, ...]
    base: Values
    ranked: Values
    chosen: tuple[str | None, ...]

    @property
    def difference(self) -> Interval:
        """Paired, ranked minus base."""
        return paired_bootstrap(self.ranked, self.base)


def cross_validate(lists: Sequence[RankedList], *, folds: int = FOLDS) -> CrossValidated:
    """Nested: the way for a fold is chosen on the others. Some seconds for a hundred queries."""
    fold_of = np.array([fold(one.query, folds) for one in lists])
    base = _values(lists, NOTHING)
    ranked, chosen = base.copy(), list[str | None]()
    for number in range(folds):
        training = [one for one, of in zip(lists, fold_of, strict=True) if of != number]
        way = choose_way(training, folds=folds)
        chosen.append(way)
        scorer = NOTHING if way is None else WAYS[way](training)
        for row in np.flatnonzero(fold_of == number).tolist():
            ranked[row] = lists[row].value(scorer)
    return CrossValidated(tuple(one.query for one in lists), base, ranked, tuple(chosen))


def choose_way(lists: Sequence[RankedList], *, folds: int = FOLDS) -> str | None:
    """The way that is best on held-out queries; None where none is better than no ranker beyond chance."""
    if len(lists) < MIN_LISTS:
        return None
    base = _values(lists, NOTHING)
    gains = {way: paired_bootstrap(held_out_values(lists, way, folds=folds), base) for way in ways_for(len(lists))}
    better = [way for way, gain in gains.items() if gain.low > 0]
    return max(better, key=lambda way: gains[way].mean, default=None)


def ways_for(lists: int) -> list[str]:
    """Those that so many queries are enough for, and that this machine can go."""
    return list(WAYS if lists >= TREE_LISTS and can_grow() else LINEAR)


def held_out_values(lists: Sequence[RankedList], way: str, *, folds: int = FOLDS) -> Values:
    """(q,) nDCG@10 of each query by a ranker that was learned from the other folds."""
    fold_of = np.array([fold(one.query, folds) for one in lists])
    values = np.zeros(len(lists))
    for number in range(folds):
        rows = np.flatnonzero(fold_of == number).tolist()
        if rows:
            others = [one for one, of in zip(lists, fold_of, strict=True) if of != number]
            values[rows] = _values([lists[row] for row in rows], WAYS[way](others))
    return values


def _values(lists: Sequence[RankedList], scorer: Scorer) -> Values:
    return np.array([one.value(scorer) for one in lists])


def fold(query: str, folds: int) -> int:
    """The same for a query always, whatever others there are."""
    return int.from_bytes(blake2b(query.encode(), digest_size=8).digest(), "big") % folds
