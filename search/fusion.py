"""One ranking out of two: z-scores of BM25 and cosine over the union of both candidate lists, weighted.

Scores rather than ranks, because scores know by how much a product is better: weighted z-scores put a product that
was asked for by brand and number first in 95 % of cases, reciprocal ranks in 78 % (search/EXPERIMENTS.md).
"""

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64]

LEXICAL_WEIGHT = 0.4  # search/EXPERIMENTS.md, 2026-11-25


def z_scores(scores: Scores) -> Scores:
    """(n,) scores to mean 0 and deviation 1; all zeros when they are all alike. NaN (no score) counts as the least."""
    if not scores.size or np.isnan(scores).all():
        return np.zeros_like(scores)
    filled = np.where(np.isnan(scores), np.nanmin(scores), scores)
    deviation = filled.std()
    return (filled - filled.mean()) / deviation if deviation > 1e-9 else np.zeros_like(filled)


def fuse(bm25: Scores, cosine: Scores, *, lexical_weight: float = LEXICAL_WEIGHT) -> Scores:
    """(n,) fused scores of the union of candidates; both arrays hold every candidate's score on that side."""
    return lexical_weight * z_scores(bm25) + (1 - lexical_weight) * z_scores(cosine)


def rank(product_ids: npt.NDArray[np.int64], scores: Scores) -> npt.NDArray[np.intp]:
    """(n,) row numbers, best score first, ties by product id: the same order on every page."""
    return np.lexsort((product_ids, -scores))
