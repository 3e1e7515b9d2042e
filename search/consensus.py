"""Which kinds of products a query is about: what its nearest products agree on.

"laptops" is nearest to notebooks, although only bags have the word in their titles. The weight that the nearest
products of a kind have among all the nearest is the kind's share; a candidate gets the share of its own kind.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.partitions import Types
from search.score_parts import Scores

NEAREST = 30
TEMPERATURE = 0.1  # of the cosines; 15 to 60 nearest and 0.05 to 0.2 are alike: search/EXPERIMENTS.md, 2026-11-26


@dataclass(frozen=True)
class Voters:
    """The rows of the NEAREST best by cosine, and their weights; none where there are no vectors."""

    rows: npt.NDArray[np.intp]
    weights: Scores


def voters(cosine: Scores) -> Voters:
    """Who votes on the kind that is meant; `cosine` (n,) has NaN where nothing is known."""
    unknown = np.isnan(cosine)
    nearest = np.argsort(np.where(unknown, 2.0, -cosine), kind="stable")[:NEAREST]
    nearest = nearest[~unknown[nearest]]
    return Voters(nearest, np.exp((cosine[nearest] - cosine[nearest].max(initial=-2.0)) / TEMPERATURE))


def kind_shares(categories: Types, clusters: Types, by: Voters) -> Scores:
    """(n,) the share of each candidate's kind among the nearest ones, 0 to 1.

    The merchant's category counts as much as all clusters together, where the nearest products have one. `categories`
    (n, 1) and `clusters` (n, p) have -1 where nothing is known.
    """
    found = [
        np.mean([_shares(column, by.rows, by.weights) for column in known], axis=0)
        for types in (categories, clusters)
        if (known := [column for column in types.T if (column[by.rows] >= 0).any()])
    ]
    return np.mean(found, axis=0) if found else np.zeros(len(categories))


def column_shares(column: Types, cosine: Scores) -> Scores:
    """(n,) the share of each candidate's kind among the nearest ones, by one column (n,) of kinds."""
    by = voters(cosine)
    return np.array(_shares(column, by.rows, by.weights))


def agreement(categories: Types, bm25: Scores, by: Voters) -> float | None:
    """How alike the categories of the best by words and of the nearest are (Bhattacharyya 1943), 0 to 1.

    "tv" is in the titles of mounts, while televisions are nearest: where both sides speak of other things, the word is
    an accessory's. A word that few products have is a name, and says what is meant whatever is near: the fewer than
    NEAREST have any, the less disagreement counts. None where either side knows no category.
    """
    column = categories[:, 0]
    if not (column[by.rows] >= 0).any():
        return None
    words = np.where(np.isnan(bm25), 0.0, bm25)
    best = np.argsort(-words, kind="stable")[:NEAREST]
    best = best[words[best] > 0]
    if not (column[best] >= 0).any():
        return None
    by_meaning = _mass(column, by.rows, by.weights)
    by_words = _mass(column, best, np.ones(len(best)))
    alike = sum(math.sqrt(share * by_words.get(kind, 0.0)) for kind, share in by_meaning.items())
    return 1.0 - (1.0 - alike) * len(best) / NEAREST


def coverage(bm25: Scores, enough: float) -> float | None:
    """The share of the query's words, by their weight, that the product with most of them has; above 1 at times.

    `enough` is the score of a product that says all that counts. None where there are no words.
    """
    known = bm25[~np.isnan(bm25)]
    return float(known.max()) / enough if enough > 0 and known.size else None


def _shares(column: Types, rows: npt.NDArray[np.intp], weights: Scores) -> list[float]:
    """The share of each candidate's kind in the weight of those rows, 0 for those without a kind."""
    mass = _mass(column, rows, weights)
    return [mass.get(kind, 0.0) for kind in column.tolist()]


def _mass(column: Types, rows: npt.NDArray[np.intp], weights: Scores) -> dict[int, float]:
    """The share of each kind in the weight of those rows. For 30 rows a dictionary is faster than NumPy."""
    mass: dict[int, float] = {}
    for kind, weight in zip(column[rows].tolist(), weights.tolist(), strict=True):
        mass[kind] = mass.get(kind, 0.0) + weight
    total = float(weights.sum())
    return {kind: weight / total for kind, weight in mass.items() if kind >= 0}
