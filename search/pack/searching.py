"""How the phone answers: nearness to what was meant, and the words that are there.

    score = cosine of query and product, without their common part + LEXICAL_WEIGHT * share of the query's words

A word's part in that share is its idf (Robertson & Spärck Jones 1976) over the products that it may mean. This is the
reference of `frontend/src/pack/search.ts`: sums are of whole numbers, so both give the same order.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.pack.encoder import PRODUCT_STEP, QUERY_SCALE, Bytes, PackEncoder
from search.pack.index import PackIndex, Reading

LEXICAL_WEIGHT = 0.2  # nDCG@10 on Icecat is within 0.004 from 0.05 to 0.3; more helps while a word is unfinished
MIN_COSINE = 0.2  # of a product with none of the words; nonsense rarely gets above, on the demo catalogue
MICRO = 1_000_000  # scores are compared in millionths; equal ones stay in the pack's order, the most popular first

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PackSearch:
    """`vectors` (n, dimensions) of the products of the index, in its order."""

    encoder: PackEncoder
    index: PackIndex
    vectors: Bytes

    def search(self, text: str, most: int) -> list[int]:
        """Rows of at most `most` products, best first."""
        readings = self.index.read(text)
        if not readings or not self.index.products:
            return []
        lexical = self.lexical(readings)
        cosines = self.cosines([reading.meant for reading in readings])
        scores = np.floor((cosines + LEXICAL_WEIGHT * lexical) * MICRO + 0.5)
        matches = np.flatnonzero((lexical > 0) | (cosines >= MIN_COSINE))
        best = matches[np.argsort(-scores[matches], kind="stable")]
        return [int(row) for row in best[:most]]

    def cosines(self, words: Sequence[str]) -> Scores:
        """(n,), centred."""
        query = self.encoder.encode(words)
        return (self.vectors.astype(np.float64) @ query) * (PRODUCT_STEP / QUERY_SCALE)

    def lexical(self, readings: Sequence[Reading]) -> Scores:
        """(n,) from 0 to 1."""
        total, possible = np.zeros(self.index.products), 0.0
        for reading in readings:
            best = np.zeros(self.index.products)
            for number, weight in reading.words:
                rows = self.index.postings[number]
                best[rows] = np.maximum(best[rows], weight)
            idf = self._idf(int(np.count_nonzero(best)))
            total += idf * best
            possible += idf
        return total / possible

    def _idf(self, matches: int) -> float:
        return math.log(1 + (self.index.products - matches + 0.5) / (matches + 0.5))
