"""What search is compared with, over the same products, words and vectors, in the same run.

The floor is what libraries in memory do without a database, filters or counts: exact cosine in NumPy and BM25 by
bm25s, fused as ours. The peer is LanceDB, an embedded vector database with a hybrid search of its own. Both come with
requirements-dev.txt and are not needed to run the store.
"""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from search.bm25 import K1, B
from search.encoder import Vectors
from search.fusion import fuse
from search.words import terms

CANDIDATES = 100  # a side
HITS = 24

Ids = npt.NDArray[np.int64]


class Floor:
    """Brute force over all vectors, and bm25s."""

    name = "numpy + bm25s, in memory"

    def __init__(self, texts: Sequence[str], vectors: Vectors) -> None:
        import bm25s

        self._vectors = vectors
        self._index = bm25s.BM25(k1=K1, b=B)
        self._index.index([terms(text) or [""] for text in texts], show_progress=False)

    def search(self, query: str, vector: Vectors) -> Ids:
        """Row numbers of the best HITS."""
        cosine = self._vectors @ vector
        best = np.argpartition(-cosine, CANDIDATES)[:CANDIDATES]
        known = [term for term in terms(query) if term in self._index.vocab_dict]
        bm25 = self._index.get_scores(known) if known else np.zeros(len(cosine))
        pool = np.union1d(best, np.argpartition(-bm25, CANDIDATES)[:CANDIDATES])
        scores = fuse(bm25[pool].astype(np.float64), cosine[pool].astype(np.float64))
        found: Ids = pool[np.argsort(-scores)[:HITS]]
        return found


class LanceHybrid:
    """LanceDB: HNSW over scalar-quantised vectors, its own full-text index, its own reciprocal rank fusion."""

    name = "LanceDB hybrid (IVF_HNSW_SQ + full text)"

    def __init__(self, texts: Sequence[str], vectors: Vectors) -> None:
        os.environ.setdefault("LANCE_LOG", "error")  # it warns at every search that a column's default will change
        import lancedb
        import pyarrow as pa
        from lancedb.index import FTS, HnswSq

        self._folder = tempfile.TemporaryDirectory()
        width = vectors.shape[1]
        table = pa.table(
            {
                "row": pa.array(range(len(texts)), pa.int64()),
                "text": pa.array(texts),
                "vector": pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel(), pa.float32()), width),
            }
        )
        self._table: Any = lancedb.connect(str(Path(self._folder.name))).create_table("products", table)
        self._table.create_index("vector", config=HnswSq(distance_type="dot", num_partitions=1))
        self._table.create_index("text", config=FTS(stem=True, remove_stop_words=True))

    def search(self, query: str, vector: Vectors) -> Ids:
        """Row numbers of the best HITS."""
        asked = self._table.search(query_type="hybrid").vector(vector).text(query).limit(HITS).select(["row"])
        return np.array([row["row"] for row in asked.to_list()], dtype=np.int64)

    def close(self) -> None:
        self._folder.cleanup()
