"""Trees as arrays: they answer as by hand, and as LightGBM, which grew them."""

import numpy as np
import pytest

from search.metrics import paired_bootstrap
from search.ranker import FEATURES, NOTHING, RankedList
from search.ranker_choice import choose_way, held_out_values
from search.ranker_trees import TREES, train_trees
from search.trees import Trees

PRICE, RATING, STOCK = (FEATURES.index(name) for name in ("price", "rating", "stock"))

# The first tree: price <= 1 ? (stock <= 0 ? 1 : 2) : 4. The second is one leaf of 10.
TWO = Trees(
    features=np.array([PRICE, STOCK, 0, 0, 0, 0]),
    thresholds=np.array([1.0, 0.0, 0.0, 0.0, 0.0, 0.0]),
    left=np.array([1, 2, 2, 3, 4, 5]),
    right=np.array([4, 3, 2, 3, 4, 5]),
    values=np.array([0.0, 0.0, 1.0, 2.0, 4.0, 10.0]),
    roots=np.array([0, 5]),
)


def rows(*pairs: tuple[float, float]) -> np.ndarray:
    """Of price and stock."""
    found = np.zeros((len(pairs), len(FEATURES)))
    found[:, PRICE], found[:, STOCK] = zip(*pairs, strict=True)
    return found


def lists(count: int, *, seed: int) -> list[RankedList]:
    """Of 20 products; cheap ones are wanted if well rated, dear ones if badly rated, which no weights can say."""
    rng = np.random.default_rng(seed)
    found = []
    for number in range(count):
        base, features = rng.normal(size=20), rng.normal(size=(20, len(FEATURES)))
        worth = base + 2.0 * np.sign(features[:, PRICE]) * np.sign(features[:, RATING])
        grades = np.where(worth > np.quantile(worth, 0.8), 2.5, 0.0)  # grades from clicks are no whole numbers
        found.append(RankedList(f"query {number}", base, features, grades, tuple(grades[grades > 0].tolist())))
    return found


def test_rows_end_in_the_leaves_that_they_lead_to() -> None:
    assert TWO.added(rows((1, 0), (1, 0.5), (1.5, 0), (0, -3))).tolist() == [11, 12, 14, 11]
    assert TWO.added(np.zeros((0, len(FEATURES)))).tolist() == []


def test_no_trees_add_nothing() -> None:
    none = Trees(*(np.zeros(0, dtype=kind) for kind in (np.intp, float, np.intp, np.intp, float, np.intp)))
    assert none.added(rows((1, 1))).tolist() == [0]
    assert none.splits() == {}


def test_they_are_the_same_after_the_database() -> None:
    again = Trees.from_json(TWO.to_json())
    assert again.to_json() == TWO.to_json()
    assert again.added(rows((1, 0.5))).tolist() == [12]
    assert again.splits() == {PRICE: 1, STOCK: 1}


def test_what_no_weights_can_say_is_learned(trees_grow: None) -> None:
    some = lists(500, seed=1)
    assert choose_way(some) == "trees"
    trees, weights = (held_out_values(some, way) for way in ("trees", "ridge 1"))
    nothing = np.array([one.value(NOTHING) for one in some])
    assert paired_bootstrap(trees, weights).low > 0.1
    assert paired_bootstrap(weights, nothing).high < 0.02


def test_the_arrays_answer_as_lightgbm_does(trees_grow: None, monkeypatch: pytest.MonkeyPatch) -> None:
    import lightgbm

    grown = []
    train = lightgbm.train
    monkeypatch.setattr(lightgbm, "train", lambda *a, **k: grown.append(train(*a, **k)) or grown[-1])
    some = lists(100, seed=2)
    trees = train_trees(some)
    features = np.concatenate([one.features for one in lists(20, seed=3)])
    assert trees.added(features) == pytest.approx(grown[0].predict(features, raw_score=True))
    assert len(trees.roots) == TREES
    assert set(trees.splits()) >= {PRICE, RATING}


def test_they_are_grown_alike_every_time(trees_grow: None) -> None:
    some = lists(60, seed=4)
    assert train_trees(some).to_json() == train_trees(some).to_json()
