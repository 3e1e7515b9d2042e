"""How good search is: runs queries through the code that serves shoppers, and measures the rankings.

Three readings of one ranking (search/metrics.py has the formulas). `ndcg@10`, the main one: over all judgments, a
rule's included, unlisted products count as 0. `judged_ndcg@10`: only what people graded, unrated hits taken out;
nearly saturated. `unjudged0_ndcg@10`: only what people graded, unrated hits count as 0; it rewards copying the engine
that the judged pool came from, so it is a guard and not a target (Buckley & Voorhees 2004). A query for which no
product is relevant tells nothing about a ranking: it has no value (NaN), and means are over the others, as at TREC.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from search.datasets import Grades, Judgments, Run
from search.metrics import (
    RELEVANT,
    Interval,
    Values,
    bootstrap,
    ndcg,
    paired_bootstrap,
    precision,
    recall,
    reciprocal_rank,
)
from search.pipeline import SYSTEMS, search_products
from shop.catalog.models import Product

DEPTH = 100
BASELINE = "hybrid"
MEASURES = (
    "ndcg@10", "judged_ndcg@10", "unjudged0_ndcg@10", "judged@10", "p@10", "mrr@10", "recall@100", "no_relevant@10",
)  # fmt: skip


@dataclass(frozen=True)
class SystemReport:
    """Per-query values by measure, each (queries,), their means, and the paired differences to the plain hybrid."""

    values: dict[str, Values]
    means: dict[str, Interval]
    differences: dict[str, Interval]

    def is_measured(self, measure: str) -> bool:
        """Whether any query has a value: without grades by people, some measures have none."""
        return not np.isnan(self.values[measure]).all()


@dataclass(frozen=True)
class Report:
    """What `evaluate` found; `queries` in the order of every array of values."""

    products: int
    queries: tuple[str, ...]
    systems: dict[str, SystemReport]


def run_queries(
    queries: Sequence[str], *, system: str = "served", progress: Callable[[int], object] | None = None
) -> Run:
    """The first DEPTH products (by SKU) of each query, as a shopper sees them: hits, then what fills a short page.

    Only variants stand each for itself: they are judged one by one.
    """
    skus = dict(Product.objects.values_list("id", "sku"))
    run = {}
    for query in queries:
        results = search_products(query, page_size=DEPTH, system=system, by_group=False)
        run[query] = [(skus[hit.product_id], hit.score) for hit in (*results.hits, *results.related)]
        if progress:
            progress(1)
    return run


def evaluate(
    judgments: Judgments, *, systems: Sequence[str] = SYSTEMS, progress: Callable[[int], object] | None = None
) -> Report:
    """Runs every judged query through every system. A search costs what it costs a shopper."""
    queries = tuple(judgments.completed)
    runs = {system: run_queries(queries, system=system, progress=progress) for system in systems}
    values = {system: measure(run, judgments) for system, run in runs.items()}
    baseline = values.get(BASELINE, {})
    return Report(
        products=Product.objects.filter(is_active=True).count(),
        queries=queries,
        systems={
            system: SystemReport(
                values=found,
                means={name: bootstrap(found[name]) for name in MEASURES},
                differences={
                    name: paired_bootstrap(found[name], baseline[name])
                    for name in baseline
                    if system != BASELINE
                },
            )
            for system, found in values.items()
        },
    )


def measure(run: Run, judgments: Judgments) -> dict[str, Values]:
    """Every measure for every query of the judgments, in their order."""
    rows = [
        _query_values(
            [product_id for product_id, _ in run.get(query, ())], completed, judgments.human.get(query, {})
        )
        for query, completed in judgments.completed.items()
    ]
    return {name: np.array([row[name] for row in rows]) for name in MEASURES}


def _query_values(ranking: Sequence[str], completed: Grades, human: Grades) -> dict[str, float]:
    values = dict.fromkeys(MEASURES, np.nan)
    values["judged@10"] = sum(product_id in human for product_id in ranking[:10]) / 10
    if any(grade >= RELEVANT for grade in completed.values()):
        grades, judged = _grades(ranking, completed), list(completed.values())
        values["ndcg@10"] = ndcg(grades, judged)
        values["p@10"] = precision(grades)
        values["mrr@10"] = reciprocal_rank(grades)
        values["recall@100"] = recall(grades, judged)
        values["no_relevant@10"] = float(reciprocal_rank(grades) == 0)
    if any(grade >= RELEVANT for grade in human.values()):
        rated = [human[product_id] for product_id in ranking if product_id in human]
        values["judged_ndcg@10"] = ndcg(rated, list(human.values()))
        values["unjudged0_ndcg@10"] = ndcg(_grades(ranking, human), list(human.values()))
    return values


def _grades(ranking: Sequence[str], known: Mapping[str, int]) -> list[int]:
    return [known.get(product_id, 0) for product_id in ranking]
