"""Kinds of products, found without labels: k-means over what products mean and which facts merchants state of them.

A catalogue often says nothing about types, but notebooks lie near each other in the encoder's space, and they alone
have a "touchscreen" and "cells of the battery". A signature joins both: the product's vector, and its attribute keys
projected at random (Johnson & Lindenstrauss 1984), by a hash of each key, so that nothing about keys is stored. One
clustering cuts kinds in two by chance; several of two sizes, averaged, do so rarely (search/EXPERIMENTS.md).
"""

import hashlib
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from search.encoder import Vectors

Types = npt.NDArray[np.int64]  # (n, p): the cluster of each product in each partition, -1 where it has none

KEY_DIMENSIONS = 128
KEY_WEIGHT = 0.7  # beside a unit vector: 0.5 to 1.0 are alike, 0 is worse (search/EXPERIMENTS.md, 2026-11-26)
PRODUCTS_PER_CLUSTER = (200, 100)  # two sizes of kinds ...
SEEDS = (0, 1)  # ... each from two beginnings
MIN_CLUSTERS, MAX_CLUSTERS = 4, 400
ROUNDS = 15
SAMPLE = 50_000  # about so many products are enough to find the centres


def signatures(vectors: Vectors, attribute_keys: Sequence[Iterable[str]]) -> Vectors:
    """(n, d + KEY_DIMENSIONS) float32 from (n, d) unit rows and each product's attribute keys."""
    keys = np.zeros((len(vectors), KEY_DIMENSIONS), dtype=np.float32)
    for row, names in enumerate(attribute_keys):
        for name in names:
            keys[row] += _direction(name)
    lengths = np.linalg.norm(keys, axis=1, keepdims=True)
    return np.hstack([vectors, KEY_WEIGHT * keys / np.maximum(lengths, 1e-9)]).astype(np.float32)


def find_centres(points: Vectors) -> list[Vectors]:
    """The centres (k, d) of each partition."""
    return [
        k_means(points, min(max(len(points) // size, MIN_CLUSTERS), MAX_CLUSTERS), seed=seed)
        for seed in SEEDS
        for size in PRODUCTS_PER_CLUSTER
    ]


def find_centres_near(points: Vectors, kinds: Types) -> list[Vectors]:
    """The same for points that had these kinds (n, p) before, -1 where they had none: the means of these kinds.

    Clustering anew gives other clusters, which moves nDCG@10 by 0.02 for no reason (search/EXPERIMENTS.md).
    """
    return [_means(points, column) for column in kinds.T]


def k_means(points: Vectors, clusters: int, *, seed: int) -> Vectors:
    """(clusters, d) centres (Lloyd 1982); at most one for each point."""
    rng = np.random.default_rng(seed)
    centres = points[rng.choice(len(points), min(clusters, len(points)), replace=False)]
    for _ in range(ROUNDS):
        nearest = assign(points, centres)
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest, points)
        sizes = np.bincount(nearest, minlength=len(centres))
        lost = points[rng.choice(len(points), len(centres))]  # a centre without points begins anew
        centres = np.where(sizes[:, None] > 0, sums / np.maximum(sizes, 1)[:, None], lost).astype(np.float32)
    return centres


def _means(points: Vectors, kinds: npt.NDArray[np.int64]) -> Vectors:
    """(k, d) the mean of the points of each kind; a kind without points is left out."""
    known = kinds >= 0
    _, rows = np.unique(kinds[known], return_inverse=True)
    sums = np.zeros((rows.max(initial=-1) + 1, points.shape[1]))
    np.add.at(sums, rows, points[known])
    means: Vectors = (sums / np.bincount(rows)[:, None]).astype(np.float32)
    return means


def assign(points: Vectors, centres: Vectors) -> Types:
    """(n,) number of the nearest centre."""
    nearest: Types = np.argmax(points @ centres.T - 0.5 * (centres * centres).sum(axis=1), axis=1)
    return nearest


@lru_cache(maxsize=10_000)
def _direction(key: str) -> npt.NDArray[np.float32]:
    digest = hashlib.blake2b(key.encode(), digest_size=8).digest()
    return np.random.default_rng(int.from_bytes(digest, "little")).normal(size=KEY_DIMENSIONS).astype(np.float32)
