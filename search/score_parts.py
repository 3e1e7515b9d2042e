"""A score as the sum of named parts, so that it can be told why a product stands where it stands.

Whoever has something to say about the order adds a part (`with_part`); nobody else needs to know of it. What explains
a search (search/explain.py) reads the parts that ranked it, and computes nothing a second time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64]

WORDS, MEANING, KIND, CATEGORY_NAME = "words", "meaning", "kind", "category_name"
LEARNED = "learned"  # search/ranker.py
SOLD_OUT, RULES, RARE_WORD, NAMED = "sold_out", "rules", "rare_word", "named"
CLICKS, CLICKED_KIND = "clicks", "clicked_kind"  # search/click_parts.py


@dataclass(frozen=True)
class ScoreParts:
    """Each part is (n,), of every candidate; `total` adds them in their order, so the sum is exact.

    `lexical_weight` is what the z-scores of BM25 were multiplied by, `agreement` that of words and meaning, 0 to 1,
    `coverage` how much of the query's words a product has at most (search/consensus.py); None where they are not known.
    """

    parts: Mapping[str, Scores]
    bm25_z: Scores
    cosine_z: Scores
    lexical_weight: float
    agreement: float | None = None
    coverage: float | None = None

    @property
    def total(self) -> Scores:
        """(n,) the scores that are ranked by."""
        first, *others = self.parts.values()
        scores = first.copy()
        for part in others:
            scores += part
        return scores

    def with_part(self, name: str, part: Scores) -> "ScoreParts":
        """The same with one part more."""
        return replace(self, parts={**self.parts, name: part})

    def without(self, name: str) -> "ScoreParts":
        """The same without that part, if it is there."""
        return replace(self, parts={key: part for key, part in self.parts.items() if key != name})

    def of(self, row: int) -> dict[str, float]:
        """The parts of one candidate, in the order in which they are added."""
        return {name: float(part[row]) for name, part in self.parts.items()}
