"""How good a ranking is, per query, and how sure we are of a mean over queries.

nDCG@k: gain `2**grade - 1` (Burges 2005), discount `log2(rank + 1)` (Järvelin & Kekäläinen 2002). Reciprocal rank
(Voorhees 1999), precision and recall count a product as relevant from RELEVANT up. Intervals and paired differences
are percentile bootstraps over queries (Sakai 2006), with a fixed seed, so that the same run gives the same figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]

RELEVANT = 1  # the right kind of product, if not with every property that was asked for
SAMPLES = 10_000
SEED = 20_261_124


@dataclass(frozen=True)
class Interval:
    """A mean with its 95 % bootstrap interval."""

    mean: float
    low: float
    high: float


def dcg(grades: Sequence[float], *, k: int) -> float:
    """Discounted cumulative gain of the first k grades, best rank first."""
    return float(sum((2**grade - 1) / np.log2(rank + 1) for rank, grade in enumerate(grades[:k], 1)))


def ndcg(grades: Sequence[float], judged: Sequence[float], *, k: int = 10) -> float:
    """DCG of a ranking's grades over that of the best one, all `judged` grades sorted; 0 when none is relevant."""
    ideal = dcg(sorted(judged, reverse=True), k=k)
    return dcg(grades, k=k) / ideal if ideal else 0.0


def reciprocal_rank(grades: Sequence[int], *, k: int = 10) -> float:
    """1 / rank of the first relevant hit; 0 when there is none in the first k."""
    return next((1 / rank for rank, grade in enumerate(grades[:k], 1) if grade >= RELEVANT), 0.0)


def precision(grades: Sequence[int], *, k: int = 10) -> float:
    """Share of relevant hits in the first k; a shorter ranking counts as filled up with irrelevant ones."""
    return sum(grade >= RELEVANT for grade in grades[:k]) / k


def recall(grades: Sequence[int], judged: Sequence[int], *, k: int = 100) -> float:
    """Share of all relevant products that are in the first k; 0 when there is none."""
    relevant = sum(grade >= RELEVANT for grade in judged)
    return sum(grade >= RELEVANT for grade in grades[:k]) / relevant if relevant else 0.0


def bootstrap(values: Values) -> Interval:
    """(n,) per-query values to their mean and interval; NaN (a query without a value) is left out."""
    values = values[~np.isnan(values)]
    if not values.size:
        return Interval(0.0, 0.0, 0.0)
    low, high = np.percentile(_sampled_means(values), [2.5, 97.5])
    return Interval(float(values.mean()), float(low), float(high))


def paired_bootstrap(values: Values, baseline: Values) -> Interval:
    """The mean difference of two (n,) arrays over the same queries: above zero when `low` is."""
    return bootstrap(values - baseline)


def share_worse(values: Values, baseline: Values) -> float:
    """How sure it is that (n,) `values` are worse on average than `baseline`: the share of bootstrap samples where the
    mean difference is below 0; 0 without values."""
    differences = values - baseline
    return float((_sampled_means(differences) < 0).mean()) if differences.size else 0.0


def _sampled_means(values: Values) -> Values:
    """(SAMPLES,) means of samples with replacement."""
    rows = np.random.default_rng(SEED).integers(0, values.size, size=(SAMPLES, values.size))
    means: Values = values[rows].mean(axis=1)
    return means
