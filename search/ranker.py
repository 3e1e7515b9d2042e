"""A learned ranker: what it reads of a candidate, the weights that it gives, and how they are learned.

It adds to the fused score (search/relevance.py), so without evidence it changes nothing: weights begin at 0, and a
strong ridge keeps them there. They are learned from pairs of one query's products of which one is better, by logistic
regression (RankNet, Burges et al. 2005), each pair weighing what swapping the two would change in DCG (LambdaRank,
Burges et al. 2006). A store with many queries may have trees in the place of weights (search/ranker_trees.py).
`features` is the one place where features are made, in training as in serving.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
import numpy.typing as npt

from search.metrics import ndcg
from search.score_parts import CATEGORY_NAME, KIND, ScoreParts, Scores
from search.words import is_chinese, split_words, stem

Features = npt.NDArray[np.float64]

FEATURES = (
    "bm25", "cosine", "cosine_gap", "kind", "category_name", "accessory", "other_noun", "head_noun", "brand", "price",
    "popularity", "clicks", "freshness", "stock", "rating",
)  # fmt: skip
FRESH_DAYS = 180.0  # after so many a product is 1 / e as fresh
USUAL_RATING, USUAL_RATINGS = 4.0, 5.0  # what a product with few ratings is taken to have, and how many such there are
PAIRS = 2000  # of a query, at random if it has more
STEPS = 25  # of Newton's method; it needs some ten
PAGE = 10

_BEFORE_OTHERS = frozenset("for with without to compatible fits from in".split())
_CUT = re.compile(r"[,;()\[\]/|–]|\s-\s")


@dataclass(frozen=True)
class ProductFacts:
    """What the catalogue says of the candidates beside their scores, each (n,); NaN where nothing is known."""

    titles: Sequence[str]
    brands: Sequence[str]
    prices: Scores  # cents
    popularity: Scores
    ratings: Scores
    rating_counts: Scores
    age_days: Scores


class Scorer(Protocol):
    """What is learned: Weights, or Trees."""

    def added(self, rows: Features) -> Scores:
        """(n, f) features to (n,) what is added to the scores."""


@dataclass(frozen=True, eq=False)
class Weights:
    """(f,) of FEATURES."""

    values: Scores

    def added(self, rows: Features) -> Scores:
        """Their weighted sum."""
        total: Scores = rows @ self.values
        return total


NOTHING = Weights(np.zeros(len(FEATURES)))


@dataclass(frozen=True)
class Ranker:
    """What was learned, and by product how much more often than expected it is chosen, whatever the query."""

    scorer: Scorer
    lifts: Mapping[int, float]

    def residual(
        self,
        query: str,
        product_ids: Sequence[int],
        facts: ProductFacts,
        parts: ScoreParts,
        cosine: Scores,
        is_in_stock: npt.NDArray[np.bool_],
    ) -> Scores:
        """(n,) what it adds to the scores."""
        found = features(query, product_ids, facts, parts, cosine, is_in_stock, lifts=self.lifts)
        return self.scorer.added(found)


@dataclass(frozen=True)
class RankedList:
    """A query's candidates as they are to be learned from: scores without a ranker (n,), features (n, f), grades (n,),
    and the grades of all products that are relevant, found or not."""

    query: str
    base: Scores
    features: Features
    grades: Scores
    ideal: tuple[float, ...]

    def value(self, scorer: Scorer) -> float:
        """nDCG@10 with what it adds; ties stay in the list's order."""
        order = np.argsort(-(self.base + scorer.added(self.features)), kind="stable")
        return ndcg(self.grades[order][:PAGE].tolist(), list(self.ideal), k=PAGE)


def features(
    query: str,
    product_ids: Sequence[int],
    facts: ProductFacts,
    parts: ScoreParts,
    cosine: Scores,
    is_in_stock: npt.NDArray[np.bool_],
    *,
    lifts: Mapping[int, float],
) -> Features:
    """(n, f) in the order of FEATURES, each of about the size of a z-score or a share."""
    n = len(product_ids)
    words, head = frozenset(split_words(query)), _query_head(query)
    about = [_about(head, title) for title in facts.titles]
    known = np.where(np.isnan(cosine), np.nanmin(cosine) if not np.isnan(cosine).all() else 0.0, cosine)
    nothing = np.zeros(n)
    rated = np.nan_to_num(facts.ratings, nan=USUAL_RATING)
    ratings = (rated * facts.rating_counts + USUAL_RATING * USUAL_RATINGS) / (facts.rating_counts + USUAL_RATINGS)
    columns = (
        parts.bm25_z,
        parts.cosine_z,
        10.0 * (known - known.max(initial=-1.0)),
        parts.parts.get(KIND, nothing),
        parts.parts.get(CATEGORY_NAME, nothing),
        np.array([float(one == "accessory") for one in about]),
        np.array([float(one == "other") for one in about]),
        np.array([float(one == "head") for one in about]),
        np.array([float(bool(own := _words(brand)) and own <= words) for brand in facts.brands]),
        _standardised(np.log1p(facts.prices)),
        _standardised(np.log1p(np.maximum(facts.popularity, 0.0))),
        np.array([lifts.get(product_id, 0.0) for product_id in product_ids]),
        np.nan_to_num(np.exp(-np.maximum(facts.age_days, 0.0) / FRESH_DAYS)),
        is_in_stock.astype(np.float64),
        ratings - USUAL_RATING,
    )
    return np.stack([np.asarray(column, dtype=np.float64) for column in columns], axis=1).reshape(n, len(FEATURES))


def train_linear(lists: Sequence[RankedList], *, ridge: float, seed: int = 5) -> Weights:
    """The weights that are best on these lists; each list counts alike, `ridge` is as many lists that say 0."""
    rng = np.random.default_rng(seed)
    pairs = [found for one in lists if (found := _pairs(one, rng)) is not None]
    weights = np.zeros(len(FEATURES))
    if not pairs:
        return NOTHING
    base, rows, importance = (np.concatenate(column) for column in zip(*pairs, strict=True))
    for _ in range(STEPS):
        wrong = 1.0 / (1.0 + np.exp(np.clip(base + rows @ weights, -30.0, 30.0)))
        gradient = ridge * weights - rows.T @ (importance * wrong)
        curvature = (rows * (importance * wrong * (1.0 - wrong))[:, None]).T @ rows + ridge * np.eye(len(weights))
        step = np.linalg.solve(curvature, gradient)
        weights = weights - step
        if np.abs(step).max() < 1e-6:
            break
    return Weights(weights)


def _pairs(one: RankedList, rng: np.random.Generator) -> tuple[Scores, Features, Scores] | None:
    """Differences of base (m,) and features (m, f) between the better and the worse of a pair, and weights that add up
    to 1; None where all products are equally good."""
    gains = 2.0**one.grades - 1.0
    better, worse = np.nonzero(gains[:, None] > gains[None, :])
    if not len(better):
        return None
    if len(better) > PAIRS:
        some = rng.choice(len(better), PAIRS, replace=False)
        better, worse = better[some], worse[some]
    discounts = np.empty(len(gains))
    discounts[np.argsort(-one.base, kind="stable")] = 1.0 / np.log2(np.arange(len(gains)) + 2.0)
    importance = (gains[better] - gains[worse]) * np.abs(discounts[better] - discounts[worse])
    return one.base[better] - one.base[worse], one.features[better] - one.features[worse], importance / importance.sum()


def _standardised(values: Scores) -> Scores:
    """(n,) z-scores, at most 3 from the mean; 0 where nothing is known or all are alike."""
    known = ~np.isnan(values)
    if not known.any():
        return np.zeros_like(values)
    deviation = float(values[known].std())
    if deviation < 1e-9:
        return np.zeros_like(values)
    scores: Scores = np.clip(np.nan_to_num((values - values[known].mean()) / deviation), -3.0, 3.0)
    return scores


@lru_cache(maxsize=20_000)
def _words(text: str) -> frozenset[str]:
    return frozenset(split_words(text))


def _query_head(query: str) -> str:
    """The stem of the word that says what is wanted, the last before "for" and the like; empty for Chinese."""
    words = split_words(query)
    end = next((at for at, word in enumerate(words) if at and word in _BEFORE_OTHERS), len(words))
    return "" if not words or is_chinese(words[end - 1]) else stem(words[end - 1])


@lru_cache(maxsize=50_000)
def _title(title: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """Stems of the words that name the thing, in order, and of those that follow "for", commas and the like."""
    first, *others = _CUT.split(title, maxsplit=1)
    words = split_words(first)
    end = next((at for at, word in enumerate(words) if at and word in _BEFORE_OTHERS), len(words))
    named = tuple(stem(word) for word in words[:end] if not any(letter.isdigit() for letter in word))
    return named, frozenset(stem(word) for word in (*words[end:], *split_words(" ".join(others))))


def _about(head: str, title: str) -> str:
    """How a title speaks of what the query wants: it is the "head", an "other" noun follows it, or the thing is its
    "accessory"; empty where it does not."""
    named, after = _title(title)
    if not head:
        return ""
    if head in named:
        return "head" if named[-1] == head else "other"
    return "accessory" if head in after else ""
