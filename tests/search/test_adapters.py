"""Query adapters: what they do to a vector, and what they learn."""

import numpy as np
import pytest

from search.adapter_training import MIN_QUERIES, ClickedQuery, _Batch, train_adapter
from search.adapters import Adapter

WIDTH = 24


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


def test_an_adapter_adds_what_its_two_matrices_say_and_keeps_the_length() -> None:
    down = np.array([[1, 0, 0]], dtype=np.float32)
    up = np.array([[0], [1], [0]], dtype=np.float32)
    adapted = Adapter(down, up)(np.array([1, 0, 0], dtype=np.float32))
    assert adapted == pytest.approx([2**-0.5, 2**-0.5, 0])
    assert adapted.dtype == np.float32


def test_an_adapter_that_learned_nothing_changes_nothing() -> None:
    vectors = unit(np.random.default_rng(1).normal(size=(5, WIDTH)))
    adapter = Adapter(np.ones((4, WIDTH), dtype=np.float32), np.zeros((WIDTH, 4), dtype=np.float32))
    assert adapter(vectors) == pytest.approx(vectors, abs=1e-6)


def test_an_adapter_survives_the_database() -> None:
    rng = np.random.default_rng(2)
    adapter = Adapter(
        rng.normal(size=(4, WIDTH)).astype(np.float32), rng.normal(size=(WIDTH, 4)).astype(np.float32)
    )
    again = Adapter.from_bytes(adapter.down.tobytes(), adapter.up.tobytes(), rank=4)
    assert np.array_equal(again.down, adapter.down)
    assert np.array_equal(again.up, adapter.up)
    with pytest.raises(ValueError):
        Adapter.from_bytes(adapter.down.tobytes(), adapter.up.tobytes()[:-4], rank=4)


def clicked_queries(count: int, *, shuffled: bool = False) -> tuple[list[ClickedQuery], dict[int, np.ndarray]]:
    """Shoppers care for the first four dimensions most, and the encoder does not know: one rule for all queries."""
    rng = np.random.default_rng(3)
    products = dict(enumerate(unit(rng.normal(size=(200, WIDTH)))))
    matrix = np.stack(list(products.values()))
    queries = []
    for vector in unit(rng.normal(size=(count, WIDTH))):
        wanted = vector.copy()
        wanted[:4] *= 4.0
        shown = np.argsort(-(matrix @ vector))[:60]
        best = shown[np.argsort(-(matrix[shown] @ wanted))[:3]]
        chosen = rng.choice(shown, 3, replace=False) if shuffled else best
        queries.append(ClickedQuery(vector, {int(pk): 1.0 for pk in chosen}, frozenset(shown.tolist())))
    return queries, products


def test_an_adapter_learns_what_holds_for_queries_that_it_has_not_seen() -> None:
    queries, products = clicked_queries(150)
    adapter = train_adapter(queries[:120], products)
    assert adapter is not None
    learned = adapter.down.astype(np.float64), adapter.up.astype(np.float64)
    unseen = _Batch(queries[120:], products)
    without = unseen.gains(np.zeros_like(learned[0]), np.zeros_like(learned[1]))
    assert unseen.gains(*learned).mean() > without.mean() + 0.1


def test_clicks_at_random_and_too_few_queries_give_no_adapter() -> None:
    assert train_adapter(*clicked_queries(MIN_QUERIES - 1)) is None
    assert train_adapter(*clicked_queries(120, shuffled=True)) is None


def test_the_gradients_are_those_of_the_loss() -> None:
    queries, products = clicked_queries(8)
    rng = np.random.default_rng(4)
    down, up = rng.normal(scale=0.2, size=(3, WIDTH)), rng.normal(scale=0.2, size=(WIDTH, 3))
    batch = _Batch(queries, products)
    for array, gradient in zip((down, up), batch.gradients(down, up), strict=True):
        for place in [(0, 0), (1, 2), (2, 1)]:
            before = array[place]
            array[place] = before + 1e-5
            above = batch.loss(down, up)
            array[place] = before - 1e-5
            below = batch.loss(down, up)
            array[place] = before
            assert gradient[place] == pytest.approx((above - below) / 2e-5, rel=1e-4, abs=1e-8)
