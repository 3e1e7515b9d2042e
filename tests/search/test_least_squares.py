"""Ridge regression against NumPy's direct solution."""

import numpy as np

from search.pack.least_squares import SparseRows, ridge


def test_it_is_the_direct_solution() -> None:
    rng = np.random.default_rng(2)
    rows = [sorted(rng.choice(12, size=rng.integers(1, 4), replace=False).tolist()) for _ in range(80)]
    weights = rng.uniform(0.3, 2, size=80).tolist()
    dense = np.zeros((80, 12))
    for number, (row, weight) in enumerate(zip(rows, weights, strict=True)):
        dense[number, row] = weight
    targets = rng.normal(size=(80, 70))  # more columns than one block
    direct = np.linalg.solve(dense.T @ dense + 0.1 * np.eye(12), dense.T @ targets)
    found = ridge(SparseRows.of(rows, weights, columns=12), targets, strength=0.1)
    assert np.allclose(found, direct, atol=1e-9)


def test_a_column_of_no_row_stays_zero() -> None:
    found = ridge(SparseRows.of([[0], [0]], [1.0, 1.0], columns=2), np.ones((2, 3)), strength=0.5)
    assert np.allclose(found, [[0.8] * 3, [0.0] * 3])  # 2 / (2 + 0.5)


def test_a_column_named_twice_counts_twice() -> None:
    found = ridge(SparseRows.of([[0, 0]], [1.0], columns=1), np.array([[4.0]]), strength=0.0001)
    assert np.allclose(found, [[2.0]], atol=1e-3)
