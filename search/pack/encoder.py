"""The phone's query encoder: one small vector a word or pair of words, summed.

Trained so that the sum points where the real encoder's query vector does, in the space that matters: the principal
components of the products' vectors. A sum that is not sure stays short, so that words decide. Averaging untrained
vectors of words finds far less (search/EXPERIMENTS.md). Numbers are rounded to steps of one size everywhere:
then coding them by how often each occurs is nearly the best there is (Gish & Pierce 1968), and gzip does that.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from search.encoder import Vectors
from search.pack.least_squares import SparseRows, ridge
from search.pack.tokens import features, fold, pieces

Bytes = npt.NDArray[np.int8]
Whole = npt.NDArray[np.float64]  # whole numbers, exact

DIMENSIONS = 256  # of 384: nDCG@10 0.707 with the real encoder's query on Icecat, 0.711 with all; 192 give 0.694
PRODUCT_STEP = 0.02  # 94 bytes a product; 0.04 would be 66, and cost 0.01
TOKEN_STEP = 0.04  # 76 bytes a token
STRENGTH = 0.1  # of the ridge; 0.03 and 0.3 give the same
MIN_PAIR_QUERIES = 3  # queries in which two words stand side by side, to have a vector of their own
MOST_PAIRS = 3000
QUERY_SCALE = 4096  # a query's numbers are whole too, so that every machine gets the same sums


@dataclass(frozen=True, eq=False)
class Space:
    """The principal components of product vectors: `mean` (d,), `components` (d, DIMENSIONS or less)."""

    mean: Vectors
    components: Vectors

    @classmethod
    def of(cls, vectors: Vectors) -> "Space":
        """Of (n, d) unit rows."""
        mean = vectors.mean(axis=0)
        _, axes = np.linalg.eigh((vectors - mean).T @ (vectors - mean))  # ascending
        axes = axes[:, ::-1][:, : min(DIMENSIONS, len(vectors))]
        signs = np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
        return cls(mean.astype(np.float32), (axes * signs).astype(np.float32))

    def products(self, vectors: Vectors) -> Bytes:
        """(n, dimensions) in PRODUCT_STEPs."""
        return whole((vectors - self.mean) @ self.components, PRODUCT_STEP)

    def queries(self, vectors: Vectors) -> npt.NDArray[np.float64]:
        """(n, dimensions). The mean adds the same to all products of a query, so it is left out."""
        return (vectors @ self.components).astype(np.float64)


@dataclass(frozen=True, eq=False)
class PackEncoder:
    """`table` (tokens, dimensions) in TOKEN_STEPs; `others` are words that have no vector, but are no typos either."""

    tokens: tuple[str, ...]
    table: Bytes
    others: tuple[str, ...] = ()

    @cached_property
    def rows(self) -> dict[str, int]:
        return {token: row for row, token in enumerate(self.tokens)}

    @cached_property
    def _others(self) -> frozenset[str]:
        return frozenset(self.others)

    def knows(self, word: str) -> bool:
        return self.token_of(word) is not None or word in self._others or fold(word) in self._others

    def token_of(self, word: str) -> str | None:
        """The word as the table has it: as it is, or in its other number."""
        return next((form for form in (word, fold(word), f"{word}s") if form in self.rows), None)

    def encode(self, words: Sequence[str]) -> Whole:
        """(dimensions,) whole numbers of 1 / QUERY_SCALE; zeros where no word is known."""
        tokens = [token for word in words if (token := self.token_of(word))]
        rows = [self.rows[feature] for feature in features(tokens) if feature in self.rows]
        total: Whole = self.table[rows].sum(axis=0, dtype=np.float64)
        factor = TOKEN_STEP * QUERY_SCALE / math.sqrt(max(len(tokens), 1))
        return np.floor(total * factor + 0.5)


def train(
    words: Sequence[str], queries: Counter[str], vectors: Vectors, space: Space, *, others: Sequence[str] = ()
) -> PackEncoder:
    """A table of these words, and of pairs that queries have.

    `vectors` (words + queries, d) are the real encoder's: of each word, then of each query. A query counts by the
    square root of how often it occurs; one with an unknown word teaches nothing.
    """
    place = {word: row for row, word in enumerate(words)}
    split = {query: pieces(query) for query in queries}
    known = [query for query in queries if split[query] and all(word in place for word in split[query])]
    tokens = (*words, *_pairs([split[query] for query in known]))
    rows_of = {token: row for row, token in enumerate(tokens)}
    texts = [[word] for word in words] + [split[query] for query in known]
    importance = np.array([1.0] * len(words) + [queries[query] ** 0.5 for query in known]) ** 0.5
    row_in_vectors = {query: len(words) + number for number, query in enumerate(queries)}
    chosen = [*range(len(words)), *(row_in_vectors[query] for query in known)]
    found = ridge(
        SparseRows.of(
            [[rows_of[feature] for feature in features(text) if feature in rows_of] for text in texts],
            [weight / len(text) ** 0.5 for text, weight in zip(texts, importance.tolist(), strict=True)],
            columns=len(tokens),
        ),
        importance[:, None] * space.queries(vectors[chosen]),
        strength=STRENGTH,
    )
    return PackEncoder(tokens, whole(found, TOKEN_STEP), tuple(others))


def whole(values: npt.NDArray[np.floating], step: float) -> Bytes:
    rounded: Bytes = np.clip(np.rint(values / step), -127, 127).astype(np.int8)
    return rounded


def _pairs(texts: Sequence[Sequence[str]]) -> list[str]:
    counted = Counter(pair for text in texts for pair in set(features(text)) - set(text))
    often = [pair for pair, count in counted.items() if count >= MIN_PAIR_QUERIES]
    return sorted(sorted(often, key=lambda pair: (-counted[pair], pair))[:MOST_PAIRS])
