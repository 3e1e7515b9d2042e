"""The score that orders the served results: words, meaning, and the kind of product that the query is about.

Weights were chosen on judged queries of one catalogue without categories and on own queries of one with them
(search/EXPERIMENTS.md, 2026-11-26).
"""

import numpy as np

from search.category_names import category_shares
from search.consensus import agreement, kind_shares
from search.encoder import Vectors
from search.fusion import fused_parts
from search.retrieval import Retrieved
from search.score_parts import CATEGORY_NAME, KIND, SOLD_OUT, ScoreParts

LEXICAL_WEIGHT = 0.5  # more than without kinds, which hold accessories back
LEAST_LEXICAL = 0.1  # of that weight stays when words and meaning speak of different categories
KIND_WEIGHT = 1.5  # of a share of 1, in z-scores
CATEGORY_NAME_WEIGHT = 1.5
SOLD_OUT_COST = {"alike": 0.0, "later": 0.3, "last": 50.0}  # taken off, by the merchant's choice
NAMED_WEIGHT = 100.0  # for a product that the query names by its number: more than anything else can be


def relevance(
    found: Retrieved, vector: Vectors | None, version_id: int | None, *, sold_out: str = "later"
) -> ScoreParts:
    """The scores of the pool, before the merchant's rules and NAMED; `sold_out` is a choice of SearchSettings.

    One more reason to rank by is one more `with_part`.
    """
    agreed = agreement(found.categories, found.bm25, found.cosine)
    weight = LEXICAL_WEIGHT * (1.0 if agreed is None else LEAST_LEXICAL + (1 - LEAST_LEXICAL) * agreed)
    scores = fused_parts(found.bm25, found.cosine, lexical_weight=weight, agreement=agreed)
    shares = kind_shares(found.categories, found.clusters, found.cosine)
    scores = scores.with_part(KIND, KIND_WEIGHT * shares)
    if vector is not None and version_id is not None and (found.categories >= 0).any():
        shares = category_shares(vector, version_id, found.categories[:, 0].tolist())
        scores = scores.with_part(CATEGORY_NAME, CATEGORY_NAME_WEIGHT * shares)
    return scores.with_part(SOLD_OUT, np.where(found.is_in_stock, 0.0, -SOLD_OUT_COST[sold_out]))
