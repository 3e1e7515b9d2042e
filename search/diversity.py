"""Different kinds of products on one page, for queries that are about no one kind: "gift for a toddler".

How vague a query is, its nearest products say: when no kind has much of them, every further product of a kind that is
shown already costs some score (maximal marginal relevance, Carbonell & Goldstein 1998, with "same kind" as similarity).
Queries for one kind of product are left alone.
"""

import numpy as np
import numpy.typing as npt

from search.fusion import Scores
from search.partitions import Types

VAGUE_BELOW = 0.45  # the share of the commonest kind: search/EXPERIMENTS.md, 2026-11-26
REPEAT_COST = 0.6  # of one more of a kind, in z-scores, for the vaguest query
SPREAD = 48  # places, two pages: further down nobody compares


def vagueness(shares: Scores) -> float:
    """0 for a query about one kind of product, up to 1 for one about many; `shares` is of each candidate's kind."""
    top = float(shares.max(initial=0.0))
    return 0.0 if top == 0.0 else max(0.0, 1.0 - top / VAGUE_BELOW)


def spread(order: npt.NDArray[np.intp], scores: Scores, kinds: Types, *, cost: float) -> npt.NDArray[np.intp]:
    """The same rows in a new order: the first SPREAD places are given one by one, to the best score less `cost` for
    each row of its kind that has a place. Rows without a kind (-1) cost nothing."""
    if cost <= 0 or len(order) < 3:
        return order
    value, kind_of = scores[order].astype(np.float64), kinds[order]
    chosen = []
    for _ in range(min(SPREAD, len(order))):
        best = int(value.argmax())  # the first of equals
        chosen.append(best)
        value[best] = -np.inf
        if kind_of[best] >= 0:
            value[kind_of == kind_of[best]] -= cost
    left = np.setdiff1d(np.arange(len(order)), chosen)
    return order[[*chosen, *left]]
