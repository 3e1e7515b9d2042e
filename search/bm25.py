"""BM25 split in two, so that PostgreSQL can score with an inner product.

score(q, d) = sum over terms t of idf(t) * tf / (tf + k1 * (1 - b + b * |d| / avg|d|))   (Robertson 2009; the idf of
Lucene, which is never negative). The document keeps the fraction of each of its terms, the query carries idf, and
their inner product is the score. An edit then rewrites one row, and a changed document frequency rewrites none.
"""

import math
from collections.abc import Mapping, Sequence
from itertools import combinations

K1 = 0.6  # product texts are short and a repeated word says little: search/EXPERIMENTS.md, 2026-11-25
B = 0.75  # Robertson 2009
DIMENSIONS = 1_000_000_000  # of the sparse vectors: the most that pgvector allows, so term ids never run out

COVERAGE = 0.7  # a product with this share of the query's idf matches it, whatever its rank
MAX_COVERING_TERMS = 6  # the rarest words decide; more would mean hundreds of combinations


def idf(document_frequency: int, documents: int) -> float:
    """Lucene's inverse document frequency; positive for every word that is in fewer documents than there are."""
    return math.log(1 + (documents - document_frequency + 0.5) / (document_frequency + 0.5))


def document_weights(counts: Sequence[int], *, length: int, average_length: float) -> list[float]:
    """The document's part of BM25 for each of its terms, given how often each occurs; every value is in (0, 1)."""
    norm = K1 * (1 - B + B * length / average_length) if average_length else K1
    return [count / (count + norm) for count in counts]


def covering_sets(idfs: Mapping[int, float]) -> list[list[int]]:
    """The smallest sets of term ids that carry COVERAGE of the query's idf: a product with any of them matches."""
    rarest = sorted(idfs, key=lambda term: (-idfs[term], term))[:MAX_COVERING_TERMS]
    needed = COVERAGE * sum(idfs[term] for term in rarest)
    found: list[list[int]] = []
    for size in range(1, len(rarest) + 1):
        for terms in combinations(sorted(rarest), size):
            enough = sum(idfs[term] for term in terms) >= needed - 1e-9
            if enough and not any(set(smaller) <= set(terms) for smaller in found):
                found.append(list(terms))
    return found
