"""Query adapters: a low-rank correction of the query's vector, learned from clicks within seconds.

Products keep their vectors, so nothing is embedded anew: q' = unit(q + up(down(q))). An adapter belongs to one encoder
version; a new version starts without one (it was trained on the same clicks). Residual adapters: Houlsby et al. 2019.
"""

from dataclasses import dataclass

import numpy as np

from search.encoder import Vectors


@dataclass(frozen=True)
class Adapter:
    """`down` (rank, d) and `up` (d, rank), both float32."""

    down: Vectors
    up: Vectors

    def __call__(self, vectors: Vectors) -> Vectors:
        """(n, d) or (d,) unit rows to adapted unit rows."""
        moved = vectors + (vectors @ self.down.T) @ self.up.T
        norms = np.linalg.norm(moved, axis=-1, keepdims=True)
        unit: Vectors = (moved / np.maximum(norms, 1e-9)).astype(np.float32)
        return unit

    @classmethod
    def from_bytes(cls, down: bytes, up: bytes, *, rank: int) -> "Adapter":
        """Of the columns of a QueryAdapter. Raises ValueError where they do not fit the rank."""
        return cls(
            np.frombuffer(bytes(down), dtype=np.float32).reshape(rank, -1),
            np.frombuffer(bytes(up), dtype=np.float32).reshape(-1, rank),
        )
