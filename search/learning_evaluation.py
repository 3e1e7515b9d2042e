"""How much the store learns from clicks: simulated shoppers on some judged queries, measured on these and on others.

For each seed the log and all that was learned are deleted, shoppers search for the first set of queries, and each
learner gets its turn with the code that runs at night: click memory, query adapter, ranker, fine-tuned encoder, and
all together. The gate has the grades of the first set as a merchant's judgments, beside the held-out clicks. What is
measured is what shoppers would get (`search_products`). Three groups of queries: those that were logged ("seen"), those
that were not ("test"), and of these the ones that share no word stem with a logged one ("unrelated"), because a query
that only rephrases another says little about generalising.
"""

import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

import numpy as np
from django.db import connection
from django.utils import timezone

from search import click_data, click_memory
from search.click_model import ClickModel
from search.evaluation_database import REMEMBERING
from search.gate import bare
from search.judged_queries import GradedQuery
from search.learned_adapters import adapter_from_clicks, of_adapter, store_adapter
from search.learned_rankers import of_ranker, ranker_from
from search.learning_models import (
    ClickMemory,
    JudgedQuery,
    LearnedRanker,
    PositionBias,
    QueryAdapter,
    TrainingRound,
)
from search.metrics import RELEVANT, Interval, Values, bootstrap, paired_bootstrap
from search.models import EncoderVersion, SearchEvent, SearchQuery
from search.promotion import drop_vector_index
from search.propensities import POSITIONS
from search.recipe import Recipe
from search.rounds import retrain, round_folder
from search.shopper_needs import Need, with_popularity
from search.side_by_side import page_of, page_values
from search.simulation import simulate_log
from search.variants import LEARNERS, MEMORY, Variant
from search.versions import active_version, encoder_folder
from search.words import query_terms

WEEKS = 4  # over which the sessions are spread
SEEN, TEST, UNRELATED = "seen", "test", "unrelated"
BEFORE, TOGETHER = "before", "together"
MEMORY_LEARNER, ADAPTER_LEARNER, RANKER_LEARNER, ENCODER_LEARNER = "memory", "adapter", "ranker", "encoder"
NAIVE = ", naive"  # clicks as they come, without propensities

Say = Callable[[str], object]


@dataclass
class SeedResult:
    """Of one seed: nDCG@10 of every query by learner and group, seconds by step, and what the gate said."""

    values: dict[str, dict[str, Values]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    gate: str = ""
    is_promoted: bool = False
    sessions: int = 0
    clicks: int = 0


@dataclass(frozen=True)
class LearningReport:
    """Means over seeds of each query's value, with intervals over queries; differences are to BEFORE, paired."""

    queries: dict[str, int]
    means: dict[str, dict[str, Interval]]  # by learner, then group
    differences: dict[str, dict[str, Interval]]
    seeds: tuple[SeedResult, ...]


def evaluate_learning(
    logged: Sequence[GradedQuery],
    test: Sequence[GradedQuery],
    *,
    sessions: int,
    seeds: int,
    recipe: Recipe,
    naive_encoder: bool = False,
    say: Say = lambda _: None,
) -> LearningReport:
    """In the database that is connected, whose log and learned state are deleted. Minutes a seed."""
    groups = {
        name: [query for query in found if any(grade >= RELEVANT for grade in query.grades.values())]
        for name, found in ((SEEN, logged), (TEST, test), (UNRELATED, unrelated(test, logged)))
    }  # a query without a relevant product tells nothing about a ranking
    results = [
        _one_seed(groups, logged, sessions=sessions, seed=seed, recipe=recipe, naive_encoder=naive_encoder, say=say)
        for seed in range(seeds)
    ]
    forget_learning()
    learners = list(results[0].values)
    values = {
        learner: {
            name: np.mean([result.values[learner][name] for result in results], axis=0) for name in groups
        }
        for learner in learners
    }
    return LearningReport(
        queries={name: len(queries) for name, queries in groups.items()},
        means={learner: {name: bootstrap(found) for name, found in of.items()} for learner, of in values.items()},
        differences={
            learner: {name: paired_bootstrap(found, values[BEFORE][name]) for name, found in of.items()}
            for learner, of in values.items()
            if learner != BEFORE
        },
        seeds=tuple(results),
    )


def unrelated(queries: Sequence[GradedQuery], to: Sequence[GradedQuery]) -> list[GradedQuery]:
    """Those that share no word stem with any of the others."""
    known = {term for query in to for term in query_terms(query.query)}
    return [query for query in queries if known.isdisjoint(query_terms(query.query))]


def forget_learning() -> None:
    """Deletes the log and everything that was learned; the version that was exported first is active again."""
    first = EncoderVersion.objects.order_by("created_at").first()
    for model in (QueryAdapter, LearnedRanker, ClickMemory, PositionBias):
        model.objects.all().delete()
    JudgedQuery.objects.filter(source=JudgedQuery.Source.HUMAN).delete()
    if first is not None:
        _begin_again(first)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {SearchQuery._meta.db_table}, {SearchEvent._meta.db_table}")
    for module in REMEMBERING:
        module.forget()


def _one_seed(
    groups: Mapping[str, Sequence[GradedQuery]],
    logged: Sequence[GradedQuery],
    *,
    sessions: int,
    seed: int,
    recipe: Recipe,
    naive_encoder: bool,
    say: Say,
) -> SeedResult:
    forget_learning()
    version = active_version(fresh=True)
    if version is None:
        raise ValueError("There is no active version; export an encoder first.")
    _judge(logged)
    result = SeedResult()
    result.values[BEFORE] = _measure(groups, bare(version.pk))
    _simulate(logged, sessions, seed, result, say)
    _learn_memory(groups, version, result, say)
    _learn_from_all_clicks(groups, version, result, say)
    seeded = replace(recipe, seed=recipe.seed + seed)
    if naive_encoder:
        _learn_encoder(groups, seeded, result, ENCODER_LEARNER + NAIVE, naive=True, say=say)
        _begin_again(version)
    _learn_encoder(groups, seeded, result, ENCODER_LEARNER, naive=False, say=say)
    result.values[TOGETHER] = _measure(groups, _as_the_night_left_it())
    for learner, of in result.values.items():  # a run of several seeds takes long, and may be interrupted
        means = ", ".join(f"{name} {found.mean():.4f}" for name, found in of.items())
        say(f"Seed {seed}, {learner}: {means}")
    return result


def _judge(logged: Sequence[GradedQuery]) -> None:
    """What a merchant has judged: the queries that are searched for."""
    JudgedQuery.objects.bulk_create(
        JudgedQuery(
            source=JudgedQuery.Source.HUMAN,
            query=query.query,
            language=query.language,
            grades={str(pk): grade for pk, grade in query.grades.items()},
        )
        for query in logged
    )


def _simulate(logged: Sequence[GradedQuery], sessions: int, seed: int, result: SeedResult, say: Say) -> None:
    needs = with_popularity(
        [
            Need(query.query, {pk: int(grade) for pk, grade in query.grades.items()}, query.language)
            for query in logged
        ],
        seed=seed,
    )
    end = timezone.now()
    with _timed(result, "simulate", say):
        made = simulate_log(
            needs, sessions, click_model=ClickModel(), start=end - timedelta(weeks=WEEKS), end=end, seed=seed
        )
        click_data.refresh_position_bias()
    result.sessions, result.clicks = made.searches, made.clicks


def _learn_memory(
    groups: Mapping[str, Sequence[GradedQuery]], version: EncoderVersion, result: SeedResult, say: Say
) -> None:
    only = Variant(version_id=version.pk, learners=frozenset({MEMORY}))
    with _flat_propensities():
        click_memory.refresh_click_memory()
        result.values[MEMORY_LEARNER + NAIVE] = _measure(groups, only)
    with _timed(result, "memory", say):
        click_memory.refresh_click_memory()
    result.values[MEMORY_LEARNER] = _measure(groups, only)


def _learn_from_all_clicks(
    groups: Mapping[str, Sequence[GradedQuery]], version: EncoderVersion, result: SeedResult, say: Say
) -> None:
    """Adapter and ranker, each alone; where none is learned, search stays as it is. Neither is activated."""
    now = timezone.now()
    clicks = click_data.read_clicks(now - click_memory.WINDOW, now, propensities=click_data.current())
    with _timed(result, ADAPTER_LEARNER, say):
        adapter = adapter_from_clicks(version, clicks)
    variant = of_adapter(store_adapter(version, adapter, card={})) if adapter else bare(version.pk)
    result.values[ADAPTER_LEARNER] = _measure(groups, variant)
    with _timed(result, RANKER_LEARNER, say):
        ranker = ranker_from(version, clicks)
    result.values[RANKER_LEARNER] = _measure(groups, of_ranker(ranker) if ranker else bare(version.pk))


def _learn_encoder(
    groups: Mapping[str, Sequence[GradedQuery]],
    recipe: Recipe,
    result: SeedResult,
    name: str,
    *,
    naive: bool,
    say: Say,
) -> None:
    """A whole round as at night: training, export, embedding, gate. Raises RuntimeError where it ends before that."""
    began, stage = time.monotonic(), ""

    def told(found: TrainingRound, word: str) -> None:
        nonlocal began, stage
        if found.stage != stage:
            if stage:
                result.seconds[f"{name}: {stage}"] = round(time.monotonic() - began, 1)
                say(f"{name}: {stage}, {time.monotonic() - began:.0f} s")
            began, stage = time.monotonic(), found.stage

    found = retrain(recipe=recipe, even_if_nothing_new=True, naive=naive, progress=told)
    if found is None or found.challenger is None:
        raise RuntimeError(found.message if found else "Another process is at a round of learning.")
    if not naive:
        result.gate, result.is_promoted = found.message, found.stage == TrainingRound.Stage.PROMOTED
        say(found.message)
    result.values[name] = _measure(groups, bare(found.challenger.pk))


def _as_the_night_left_it() -> Variant:
    """What shoppers get: the version that the gate left active, the memory, an adapter and a ranker if they passed."""
    version = active_version(fresh=True)
    assert version is not None  # a round never leaves none
    adapter, ranker = (
        model.objects.filter(version=version, is_active=True).first() for model in (QueryAdapter, LearnedRanker)
    )
    return Variant(
        version_id=version.pk,
        adapter_id=adapter.pk if adapter else None,
        ranker_id=ranker.pk if ranker else None,
        learners=LEARNERS,
    )


def _begin_again(version: EncoderVersion) -> None:
    """The state before all rounds, with the same log; their files are deleted, too."""
    for found in TrainingRound.objects.all():
        shutil.rmtree(round_folder(found), ignore_errors=True)
    TrainingRound.objects.all().delete()
    for other in EncoderVersion.objects.exclude(pk=version.pk):
        if "round" in other.card:
            shutil.rmtree(encoder_folder(other), ignore_errors=True)
        drop_vector_index(other)
        other.delete()
    EncoderVersion.objects.filter(pk=version.pk).update(is_active=True)
    for module in REMEMBERING:
        module.forget()


def _measure(groups: Mapping[str, Sequence[GradedQuery]], variant: Variant) -> dict[str, Values]:
    queries = dict.fromkeys(query.query for found in groups.values() for query in found)
    pages = {query: page_of(query, variant) for query in queries}
    return {name: page_values(found, pages) for name, found in groups.items()}


@contextmanager
def _flat_propensities() -> Iterator[None]:
    """As if every position were looked at alike: what a store does that knows nothing of position bias."""
    kept = PositionBias.objects.get(pk=1)
    PositionBias.objects.filter(pk=1).update(propensities=[1.0] * POSITIONS)
    try:
        yield
    finally:
        PositionBias.objects.filter(pk=1).update(propensities=kept.propensities)


@contextmanager
def _timed(result: SeedResult, name: str, say: Say) -> Iterator[None]:
    started = time.monotonic()
    yield
    result.seconds[name] = round(time.monotonic() - started, 1)
    say(f"{name}, {result.seconds[name]:.1f} s")
