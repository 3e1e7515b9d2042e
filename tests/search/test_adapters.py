"""Query adapters: what they do to a vector, and what they learn."""

import numpy as np
import pytest

from search.adapter_training import MIN_QUERIES, Batch, ClickedQuery, train_adapter
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


def clicked_queries(count: int) -> tuple[list[ClickedQuery], dict[int, np.ndarray]]:
    """Shoppers care for the first four dimensions most, and the encoder does not know: one rule for all queries."""
    rng = np.random.default_rng(3)
    products = dict(enumerate(unit(rng.normal(size=(200, WIDTH)))))
    matrix = np.stack(list(products.values()))
    queries = []
    for vector in unit(rng.normal(size=(count, WIDTH))):
        wanted = vector.copy()
        wanted[:4] *= 4.0
        best = np.argsort(-(matrix @ wanted))[:3]
        shown = {*np.argsort(-(matrix @ vector))[:60].tolist(), *best.tolist()}
        queries.append(ClickedQuery(vector, {int(pk): 1.0 for pk in best}, frozenset(shown)))
    return queries, products


def gain(queries: list[ClickedQuery], products: dict[int, np.ndarray], adapter: Adapter | None) -> float:
    """The mean share of the chosen products among the three nearest ones."""
    matrix = np.stack(list(products.values()))
    found = [
        np.argsort(-(matrix @ (adapter(query.vector) if adapter else query.vector)))[:3].tolist() for query in queries
    ]
    shares = [len(query.chosen.keys() & set(best)) / 3 for query, best in zip(queries, found, strict=True)]
    return float(np.mean(shares))


def test_an_adapter_learns_what_holds_for_queries_that_it_has_not_seen() -> None:
    queries, products = clicked_queries(600)
    adapter = train_adapter(queries[:500], products, anchors=np.zeros((0, WIDTH), dtype=np.float32))
    assert gain(queries[500:], products, adapter) > gain(queries[500:], products, None) + 0.03


def test_anchors_stay_nearer_to_where_they_are() -> None:
    queries, products = clicked_queries(60)
    anchors = unit(np.random.default_rng(5).normal(size=(40, WIDTH)))
    free = train_adapter(queries, products, anchors=anchors[:0])
    anchored = train_adapter(queries, products, anchors=anchors)
    assert free is not None
    assert anchored is not None
    assert np.mean((anchored(anchors) * anchors).sum(axis=1)) > np.mean((free(anchors) * anchors).sum(axis=1))


def test_too_few_queries_give_no_adapter() -> None:
    queries, products = clicked_queries(MIN_QUERIES - 1)
    assert train_adapter(queries, products, anchors=np.zeros((0, WIDTH), dtype=np.float32)) is None


def test_the_gradients_are_those_of_the_loss() -> None:
    queries, products = clicked_queries(8)
    rng = np.random.default_rng(4)
    down, up = rng.normal(scale=0.2, size=(3, WIDTH)), rng.normal(scale=0.2, size=(WIDTH, 3))
    batch = Batch(queries, products, others=list(products)[:5], anchors=unit(rng.normal(size=(6, WIDTH))))
    for array, gradient in zip((down, up), batch.gradients(down, up), strict=True):
        for place in [(0, 0), (1, 2), (2, 1)]:
            before = array[place]
            array[place] = before + 1e-5
            above = batch.loss(down, up)
            array[place] = before - 1e-5
            below = batch.loss(down, up)
            array[place] = before
            assert gradient[place] == pytest.approx((above - below) / 2e-5, rel=1e-4, abs=1e-8)
