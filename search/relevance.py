"""The score that orders the served results: words, meaning, and the kind of product that the query is about.

Weights were chosen on judged queries of one catalogue without categories and on own queries of one with them
(search/EXPERIMENTS.md, 2026-11-26).
"""

from collections.abc import Set

import numpy as np

from search.category_names import category_shares
from search.consensus import agreement, coverage, kind_shares, voters
from search.fusion import fused_parts
from search.models import KIND_WEIGHT, LEXICAL_WEIGHT
from search.retrieval import Retrieved, SemanticQuery
from search.score_parts import CATEGORY_NAME, KIND, SOLD_OUT, ScoreParts, Scores

LEAST_LEXICAL = 0.1  # of that weight stays when words and meaning speak of different categories
# Sentences ("my laptop gets too hot") have few words that products have: of that weight stays LEAST_COVERED where the
# best product has COVERED[0] of the query's words or less, and all from COVERED[1] on.
COVERED, LEAST_COVERED = (0.4, 0.6), 0.2
CATEGORY_NAME_WEIGHT = 1.5
SAID_SHARE = 1.0  # of a category that the query names
SOLD_OUT_COST = {"alike": 0.0, "later": 0.3, "last": 50.0}  # taken off, by the merchant's choice
NAMED_WEIGHT = 100.0  # for a product that the query names by its number: more than anything else can be


def relevance(
    found: Retrieved,
    semantic: SemanticQuery | None,
    *,
    enough: float,
    said: Set[int] = frozenset(),
    sold_out: str = "later",
) -> ScoreParts:
    """The scores of the pool, before the merchant's rules and NAMED.

    `enough` is the score of a product that says all of the query or enough of it (search/lexical.py), `said` are the
    categories that the query names, `sold_out` is a choice of SearchSettings. One more reason to rank by is one more
    `with_part`.
    """
    by = voters(found.cosine)
    agreed = agreement(found.categories, found.bm25, by)
    weight = semantic.lexical_weight if semantic else LEXICAL_WEIGHT
    weight *= 1.0 if agreed is None else LEAST_LEXICAL + (1 - LEAST_LEXICAL) * agreed
    covered = coverage(found.bm25, enough)
    weight *= 1.0 if covered is None else float(np.interp(covered, COVERED, (LEAST_COVERED, 1.0)))
    scores = fused_parts(found.bm25, found.cosine, lexical_weight=weight, agreement=agreed, coverage=covered)
    shares = kind_shares(found.categories, found.clusters, by)
    scores = scores.with_part(KIND, (semantic.kind_weight if semantic else KIND_WEIGHT) * shares)
    if (found.categories >= 0).any():
        shares = _name_shares(found.categories[:, 0].tolist(), semantic, said)
        scores = scores.with_part(CATEGORY_NAME, CATEGORY_NAME_WEIGHT * shares)
    return scores.with_part(SOLD_OUT, np.where(found.is_in_stock, 0.0, -SOLD_OUT_COST[sold_out]))


def _name_shares(categories: list[int], semantic: SemanticQuery | None, said: Set[int]) -> Scores:
    """(n,) how likely each candidate's category is by its name: what the encoder makes of it, and what is said."""
    named = np.array([SAID_SHARE if category in said else 0.0 for category in categories])
    if semantic is None:
        return named
    meant: Scores = np.maximum(named, category_shares(semantic.vector, semantic.version_id, categories))
    return meant
