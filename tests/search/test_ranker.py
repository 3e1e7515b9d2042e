"""What a ranker reads of candidates, and what it learns from pairs."""

import numpy as np
import pytest

from search.fusion import fused_parts
from search.metrics import ndcg
from search.ranker import (
    FEATURES,
    NOTHING,
    ProductFacts,
    RankedList,
    Ranker,
    Weights,
    features,
    train_linear,
)
from search.score_parts import CATEGORY_NAME, KIND, ScoreParts

TITLES = (
    "Acme Novo Laptop, 16 GB, Silver",
    "Acme laptop sleeve, black",
    "Sleeve for laptop, Acme",
    "Gaming laptops (refurbished)",
    "Kettle",
)


def facts(titles: tuple[str, ...] = TITLES, **fields: object) -> ProductFacts:
    n = len(titles)
    defaults = {
        "brands": ["Acme"] * n, "prices": np.full(n, 1000.0), "popularity": np.zeros(n), "ratings": np.full(n, np.nan),
        "rating_counts": np.zeros(n), "age_days": np.full(n, np.nan),
    }  # fmt: skip
    return ProductFacts(titles, **{**defaults, **fields})  # type: ignore[arg-type]


def scored(n: int = len(TITLES), cosine: np.ndarray | None = None) -> ScoreParts:
    return fused_parts(np.arange(n, dtype=np.float64), np.linspace(0.5, 0.1, n) if cosine is None else cosine)


def made(query: str, about: ProductFacts, **fields: object) -> dict[str, list[float]]:
    """Each feature of all candidates, by name."""
    n = len(about.titles)
    given = {
        "product_ids": list(range(1, n + 1)), "parts": scored(n), "cosine": np.linspace(0.5, 0.1, n),
        "is_in_stock": np.ones(n, dtype=np.bool_), "lifts": {},
    }  # fmt: skip
    rows = features(query, facts=about, **{**given, **fields})  # type: ignore[arg-type]
    assert rows.shape == (n, len(FEATURES))
    return dict(zip(FEATURES, rows.T.tolist(), strict=True))


def test_a_title_is_about_the_thing_another_noun_or_an_accessory() -> None:
    found = made("silver laptop for work", facts())
    assert found["head_noun"] == [1, 0, 0, 1, 0]
    assert found["other_noun"] == [0, 1, 0, 0, 0]
    assert found["accessory"] == [0, 0, 1, 0, 0]


def test_a_brand_counts_where_the_query_has_all_of_its_words() -> None:
    brands = ["Acme", "O'Neil & Co", "Lumen", "", "Acme Pro"]
    assert made("acme laptop", facts(brands=brands))["brand"] == [1, 0, 0, 0, 0]
    assert made("o'neil & co laptop", facts(brands=brands))["brand"] == [0, 1, 0, 0, 0]


def test_price_and_popularity_are_compared_with_those_of_the_other_candidates() -> None:
    found = made("x", facts(prices=np.array([100.0, 100.0, 100.0, 100.0, 10_000.0]), popularity=np.arange(5.0)))
    assert found["price"] == pytest.approx([-0.5, -0.5, -0.5, -0.5, 2.0], abs=1e-6)
    assert sum(found["popularity"]) == pytest.approx(0, abs=1e-9)
    assert found["popularity"] == sorted(found["popularity"])
    assert made("x", facts())["price"] == [0] * 5  # all alike


def test_few_ratings_hardly_count() -> None:
    found = made("x", facts(ratings=np.array([5.0, 5.0, 3.0, np.nan, 4.0]), rating_counts=np.array([0.0, 5, 95, 0, 9])))
    assert found["rating"] == pytest.approx([0, 0.5, -0.95, 0, 0])


def test_freshness_stock_and_lifts() -> None:
    ages = np.array([0.0, 180.0, np.nan, -5.0, 1e6])
    in_stock = np.array([True, False, True, True, True])
    found = made("x", facts(age_days=ages), is_in_stock=in_stock, lifts={2: 0.7})
    assert found["freshness"] == pytest.approx([1, np.exp(-1), 0, 1, 0])
    assert found["stock"] == [1, 0, 1, 1, 1]
    assert found["clicks"] == [0, 0.7, 0, 0, 0]


def test_scores_and_shares_are_those_that_rank() -> None:
    cosine = np.array([0.5, np.nan, 0.3, 0.2, 0.1])
    parts = scored(cosine=cosine).with_part(KIND, np.arange(5.0)).with_part(CATEGORY_NAME, np.ones(5))
    found = made("x", facts(), parts=parts, cosine=cosine)
    assert found["bm25"] == parts.bm25_z.tolist()
    assert found["cosine_gap"] == pytest.approx([0, -4, -2, -3, -4])
    assert found["kind"] == [0, 1, 2, 3, 4]
    assert found["category_name"] == [1] * 5


def test_no_candidates_give_no_rows() -> None:
    empty = np.zeros(0)
    none = facts((), prices=empty, popularity=empty, ratings=empty, rating_counts=empty, age_days=empty)
    assert set(map(len, made("laptop", none, parts=fused_parts(empty, empty), cosine=empty).values())) == {0}


def test_chinese_queries_have_no_head_noun() -> None:
    assert made("笔记本电脑", facts())["head_noun"] == [0] * 5


def test_a_ranker_without_weights_adds_nothing() -> None:
    ranker = Ranker(NOTHING, {})
    n = len(TITLES)
    added = ranker.residual("laptop", range(n), facts(), scored(), np.ones(n), np.ones(n, dtype=np.bool_))
    assert added.tolist() == [0] * n


STOCK, RATING = FEATURES.index("stock"), FEATURES.index("rating")


def lists(count: int, *, signal: float, seed: int = 1) -> list[RankedList]:
    """Of 20 products, graded by the base score and, times `signal`, by what is in stock and well rated."""
    rng = np.random.default_rng(seed)
    found = []
    for number in range(count):
        base, rows = rng.normal(size=20), rng.normal(size=(20, len(FEATURES)))
        worth = base + signal * (rows[:, STOCK] + rows[:, RATING]) + rng.normal(scale=0.5, size=20)
        grades = np.where(worth > np.quantile(worth, 0.8), 3.0, 0.0)
        found.append(RankedList(f"query {number}", base, rows, grades, tuple(grades[grades > 0].tolist())))
    return found


def test_what_shoppers_prefer_gets_the_weight() -> None:
    weights = train_linear(lists(100, signal=1.0), ridge=1.0).values
    assert sorted(np.argsort(-np.abs(weights))[:2].tolist()) == sorted([STOCK, RATING])
    assert min(weights[STOCK], weights[RATING]) > 3 * np.abs(np.delete(weights, [STOCK, RATING])).max()


def test_a_stronger_ridge_leaves_less_and_no_evidence_leaves_nothing() -> None:
    learned = lists(30, signal=1.0)
    sizes = [np.abs(train_linear(learned, ridge=ridge).values).sum() for ridge in (1.0, 10.0, 100.0, 1e9)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] < 1e-6
    alike = [RankedList("x", one.base, one.features, np.ones(20), (1.0,) * 20) for one in learned]
    assert train_linear(alike, ridge=1.0).values.tolist() == [0] * len(FEATURES)
    assert train_linear([], ridge=1.0).values.tolist() == [0] * len(FEATURES)


def test_the_weights_are_where_the_loss_is_least() -> None:
    """All pairs of three products, so that the loss can be written down."""
    grades, base = np.array([2.0, 1.0, 0.0]), np.array([0.1, 0.4, 0.2])
    rows = np.random.default_rng(2).normal(size=(3, len(FEATURES)))
    gains, discounts = 2**grades - 1, np.array([1 / np.log2(4), 1.0, 1 / np.log2(3)])  # ranked second, third, first
    pairs = [(0, 1), (0, 2), (1, 2)]
    importance = np.array([(gains[i] - gains[j]) * abs(discounts[i] - discounts[j]) for i, j in pairs])
    importance /= importance.sum()

    def loss(weights: np.ndarray) -> float:
        scores = base + rows @ weights
        margins = np.array([scores[i] - scores[j] for i, j in pairs])
        return float((importance * np.log1p(np.exp(-margins))).sum() + 0.5 * 2.0 * weights @ weights)

    weights = train_linear([RankedList("x", base, rows, grades, (2.0, 1.0))], ridge=2.0).values
    for direction in np.eye(len(FEATURES)):
        assert loss(weights) <= min(loss(weights + 1e-3 * direction), loss(weights - 1e-3 * direction))


def test_a_lists_value_is_the_ndcg_of_its_order() -> None:
    base, grades = np.array([2.0, 1.0, 0.0]), np.array([0.0, 1.0, 3.0])
    one = RankedList("x", base, np.eye(3, len(FEATURES)), grades, (1.0, 3.0, 2.0))
    assert one.value(NOTHING) == pytest.approx(ndcg([0, 1, 3], [1, 3, 2], k=10))
    last_first = np.zeros(len(FEATURES))
    last_first[2] = 5.0
    assert one.value(Weights(last_first)) == pytest.approx(ndcg([3, 0, 1], [1, 3, 2], k=10))
