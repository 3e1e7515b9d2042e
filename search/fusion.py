"""One ranking out of two: z-scores of BM25 and cosine over the union of both candidate lists, weighted.

Scores rather than ranks, because scores know by how much a product is better: weighted z-scores put a product that
was asked for by brand and number first in 95 % of cases, reciprocal ranks in 78 % (search/EXPERIMENTS.md).
"""

import math

import numpy as np
import numpy.typing as npt

from search.score_parts import MEANING, WORDS, ScoreParts, Scores

__all__ = ["LEXICAL_WEIGHT", "Scores", "fuse", "fused_parts", "rank", "z_scores"]

LEXICAL_WEIGHT = 0.4  # search/EXPERIMENTS.md, 2026-11-25


def z_scores(scores: Scores) -> Scores:
    """(n,) scores to mean 0 and deviation 1; all zeros when they are all alike. NaN (no score) counts as the least."""
    unknown = np.isnan(scores)
    if unknown.all():  # as it is of none
        return np.zeros_like(scores)
    filled = np.where(unknown, np.nanmin(scores), scores) if unknown.any() else scores
    centred = filled - filled.sum() / len(filled)
    deviation = math.sqrt(float(centred @ centred) / len(filled))  # np.std, at a third of its time
    return centred / deviation if deviation > 1e-9 else np.zeros_like(filled)


def fuse(bm25: Scores, cosine: Scores, *, lexical_weight: float = LEXICAL_WEIGHT) -> Scores:
    """(n,) fused scores of the union of candidates; both arrays hold every candidate's score on that side."""
    return fused_parts(bm25, cosine, lexical_weight=lexical_weight).total


def fused_parts(
    bm25: Scores,
    cosine: Scores,
    *,
    lexical_weight: float = LEXICAL_WEIGHT,
    agreement: float | None = None,
    coverage: float | None = None,
) -> ScoreParts:
    """The same as the sum of what words and what meaning say."""
    bm25_z, cosine_z = z_scores(bm25), z_scores(cosine)
    return ScoreParts(
        parts={WORDS: lexical_weight * bm25_z, MEANING: (1 - lexical_weight) * cosine_z},
        bm25_z=bm25_z,
        cosine_z=cosine_z,
        lexical_weight=lexical_weight,
        agreement=agreement,
        coverage=coverage,
    )


def rank(product_ids: npt.NDArray[np.int64], scores: Scores) -> npt.NDArray[np.intp]:
    """(n,) row numbers, best score first, ties by product id: the same order on every page."""
    return np.lexsort((product_ids, -scores))
