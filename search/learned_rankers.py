"""Rankers in the store: learned at night from judgments and clicks, and activated only through the gate.

Judged queries are halved by a hash, always in the same way: one half is learned from, the other half decides. Clicks
are parted by time already. Grades from clicks have positions taken out (search/slices.py), and what was not shown for
a query says nothing about it.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from django.db import transaction

from search.click_lifts import LEAST, MOST, PRIOR_CLICKS
from search.comparison import Decision, record
from search.gate import bare, compare, decide
from search.judged_queries import GradedQuery, graded_queries
from search.learned_rows import activate, delete_old
from search.learning_models import JudgedQuery, LearnedRanker
from search.models import EncoderVersion
from search.pipeline import search_products
from search.product_clicks import ProductClicks
from search.ranker import FEATURES, RankedList, Weights, features
from search.ranker_choice import WAYS, choose_way, fold
from search.score_parts import RULES, ScoreParts
from search.slices import click_queries, make_slices
from search.trees import Trees
from search.variants import RANKER, Variant
from search.versions import active_version

logger = logging.getLogger(__name__)

MIN_CLICKS = 5.0  # on a product over all queries, in clicks; of fewer its rate is noise

# How often each product was chosen, and would be if all of a query's were alike: (chosen, expected) by product.
Rates = Mapping[int, tuple[float, float]]


def learn_ranker(held_out: Sequence[ProductClicks], training: Sequence[ProductClicks]) -> Decision | None:
    """Learns one for the active version and activates it if the gate lets it pass; None where none was learned."""
    version = active_version(fresh=True)
    if version is None:
        return None
    judged = graded_queries(JudgedQuery.Source.HUMAN)
    row = ranker_from(version, training, judged=[query for query in judged if is_learned_from(query.query)])
    if row is None:
        return None
    others = [query for query in judged if not is_learned_from(query.query)]
    comparison = compare(bare(version.pk), of_ranker(row), make_slices(held_out, training, human=others))
    decision = decide(comparison)
    with transaction.atomic():
        if decision.promote:
            activate(row)
        LearnedRanker.objects.filter(pk=row.pk).update(gate=record(comparison, decision))
    logger.info("Ranker %d of %s: %s", row.pk, version, decision.reason)
    delete_old(LearnedRanker, version)
    return decision


def ranker_from(
    version: EncoderVersion, clicks: Sequence[ProductClicks], *, judged: Sequence[GradedQuery] = ()
) -> LearnedRanker | None:
    """An inactive one; None where cross-validation finds none that is better than the scores alone.

    One search for each query.
    """
    lists = ranked_lists([*judged, *click_queries(clicks)], bare(version.pk), clicks)
    way = choose_way(lists)
    if way is None:
        logger.info("No ranker: cross-validated on %d queries none is better than the scores alone.", len(lists))
        return None
    return store_ranker(version, lists, clicks, way=way)


def is_learned_from(query: str) -> bool:
    """Whether a judged query is of the half that is learned from."""
    return fold(query, 2) == 0


def ranked_lists(
    queries: Iterable[GradedQuery], variant: Variant, clicks: Sequence[ProductClicks] = ()
) -> list[RankedList]:
    """The candidates of each query as the variant scores them; those that were not shown are left out where only clicks
    grade. One search a query, which is not logged. A query for which nothing relevant is found is left out."""
    chosen = clicks_of(clicks)
    total = _rates(chosen)
    lists = []
    for query in queries:
        results = search_products(query.query, variant=variant, page_size=1, by_group=False, with_facts=True)
        found = results.trace.found
        if found.facts is None or not any(query.grades.values()):
            continue
        without_rules = results.trace.scores.without(RULES)
        lifts = lifts_of(_without(total, chosen.get(query.query, {})))
        rows = features(
            results.understood.text, found.product_ids.tolist(), found.facts, without_rules, found.cosine,
            found.is_in_stock, lifts=lifts,
        )  # fmt: skip
        lists.append(_list(query, found.product_ids.tolist(), found.passes, without_rules, rows))
    return [one for one in lists if one.grades.any()]


def _list(
    query: GradedQuery, product_ids: Sequence[int], passes: np.ndarray, parts: ScoreParts, rows: np.ndarray
) -> RankedList:
    shown = np.array([query.shown is None or pk in query.shown for pk in product_ids], dtype=np.bool_)
    kept = np.flatnonzero(passes & shown)
    kept = kept[np.argsort(np.array(product_ids, dtype=np.int64)[kept], kind="stable")]  # ties as search breaks them
    grades = np.array([float(query.grades.get(product_ids[row], 0.0)) for row in kept.tolist()])
    return RankedList(query.query, parts.total[kept], rows[kept], grades, tuple(map(float, query.grades.values())))


def clicks_of(clicks: Iterable[ProductClicks]) -> dict[str, Rates]:
    """By query and product; what is expected is the query's rate times how often the product was looked at."""
    queries: dict[str, list[ProductClicks]] = defaultdict(list)
    for row in clicks:
        queries[row.query].append(row)
    found: dict[str, Rates] = {}
    for query, rows in queries.items():
        rate = sum(row.value for row in rows) / max(sum(row.examined for row in rows), 1e-9)
        found[query] = {row.product_id: (row.value, rate * row.examined) for row in rows}
    return found


def lifts_of(rates: Rates) -> dict[int, float]:
    """The logarithm of chosen over expected, smoothed as search/click_lifts.py does, of products with MIN_CLICKS."""
    return {
        pk: min(MOST, max(LEAST, float(np.log((value + PRIOR_CLICKS) / (expected + PRIOR_CLICKS)))))
        for pk, (value, expected) in rates.items()
        if max(value, expected) >= MIN_CLICKS
    }


def _rates(chosen: Mapping[str, Rates]) -> dict[int, tuple[float, float]]:
    """Over all queries."""
    total: dict[int, tuple[float, float]] = {}
    for rates in chosen.values():
        for pk, (value, expected) in rates.items():
            before = total.get(pk, (0.0, 0.0))
            total[pk] = (before[0] + value, before[1] + expected)
    return total


def _without(total: Rates, own: Rates) -> Rates:
    """What the other queries say: a query's own clicks are what is to be learned, not what it is learned from."""
    if not own:
        return total
    return {
        pk: (value - own.get(pk, (0.0, 0.0))[0], expected - own.get(pk, (0.0, 0.0))[1])
        for pk, (value, expected) in total.items()
    }


def store_ranker(
    version: EncoderVersion, lists: Sequence[RankedList], clicks: Sequence[ProductClicks], *, way: str
) -> LearnedRanker:
    """An inactive row, learned from all lists in that way (search/ranker_choice.py)."""
    lifts = lifts_of(_rates(clicks_of(clicks)))
    scorer = WAYS[way](lists)
    return LearnedRanker.objects.create(
        version=version,
        features=list(FEATURES),
        weights=scorer.values.tolist() if isinstance(scorer, Weights) else [],
        trees=scorer.to_json() if isinstance(scorer, Trees) else None,
        product_ids=list(lifts),
        lifts=list(lifts.values()),
        card={"queries": len(lists), "way": way, "products_with_clicks": len(lifts)},
    )


def of_ranker(row: LearnedRanker) -> Variant:
    """The ranker's version with it and with nothing else that was learned."""
    return Variant(version_id=row.version_id, ranker_id=row.pk, learners=frozenset({RANKER}))
