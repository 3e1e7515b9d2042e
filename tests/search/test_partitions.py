"""Clusters of products, against blobs whose kinds are known."""

import numpy as np

from search.encoder import Vectors
from search.partitions import KEY_DIMENSIONS, KEY_WEIGHT, assign, find_centres, k_means, signatures

BLOBS = 5


def blobs(count: int = 200) -> tuple[Vectors, list[int]]:
    """(count, 16) points around BLOBS far-off centres, and which centre each belongs to."""
    rng = np.random.default_rng(11)
    centres = 10 * np.eye(BLOBS, 16)
    kinds = rng.integers(BLOBS, size=count)
    return (centres[kinds] + 0.1 * rng.normal(size=(count, 16))).astype(np.float32), kinds.tolist()


def groups(labels: list[int]) -> set[frozenset[int]]:
    return {frozenset(i for i, other in enumerate(labels) if other == label) for label in set(labels)}


def test_a_signature_is_the_vector_and_the_direction_of_the_keys() -> None:
    vectors = np.eye(3, 8, dtype=np.float32)
    found = signatures(vectors, [["ram", "screen"], ["screen", "ram"], []])
    assert found.shape == (3, 8 + KEY_DIMENSIONS)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found[:, :8], vectors)
    np.testing.assert_allclose(found[0, 8:], found[1, 8:], rtol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(found[:, 8:], axis=1), [KEY_WEIGHT, KEY_WEIGHT, 0], rtol=1e-5)


def test_other_keys_point_elsewhere() -> None:
    one, other = signatures(np.zeros((2, 1), dtype=np.float32), [["ram"], ["heel height"]])[:, 1:]
    assert abs(float(one @ other)) < 0.5 * KEY_WEIGHT**2


def test_no_products_have_no_signatures() -> None:
    assert signatures(np.zeros((0, 8), dtype=np.float32), []).shape == (0, 8 + KEY_DIMENSIONS)


def test_k_means_finds_the_blobs() -> None:
    points, kinds = blobs()
    # four times as many centres as blobs: one may be cut, but none is mixed with another
    nearest = assign(points, k_means(points, 4 * BLOBS, seed=0)).tolist()
    assert all(len({kinds[i] for i in group}) == 1 for group in groups(nearest))


def test_the_same_seed_finds_the_same_centres() -> None:
    points, _ = blobs()
    np.testing.assert_array_equal(k_means(points, 7, seed=3), k_means(points, 7, seed=3))
    assert not np.array_equal(k_means(points, 7, seed=3), k_means(points, 7, seed=4))


def test_there_are_never_more_centres_than_points() -> None:
    points, _ = blobs(3)
    assert [len(centres) for centres in find_centres(points)] == [3, 3, 3, 3]


def test_the_nearest_centre_by_hand() -> None:
    centres = np.array([[0.0, 0.0], [2.0, 0.0]], dtype=np.float32)
    points = np.array([[0.9, 5.0], [1.1, -5.0]], dtype=np.float32)
    assert assign(points, centres).tolist() == [0, 1]
