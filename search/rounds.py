"""A round of learning, from the log to a decision, that goes on where a killed worker left it.

The stages stand in one row (TrainingRound). Each is safe to begin again: training goes on from its last checkpoint,
files appear whole or not at all, embedding takes what is still stale, comparing changes nothing, and promoting is one
transaction together with the end of the round. One process at a time works on the round; its advisory lock goes with
its connection, so a killed one frees it.
"""

import errno
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from search import click_data
from search.challengers import StageFailed, discard, export, register, train, weights_of
from search.collecting import MIN_PRODUCTS, collect
from search.comparison import Comparison, Decision, record
from search.encoder import EncoderUnavailable
from search.gate import NotComparable, bare, choose_lexical_weight, compare, decide
from search.index import embed_version, stale_products
from search.judged_queries import ensure_forgetting_set
from search.learned_adapters import learn_adapter
from search.learned_rankers import learn_ranker
from search.learning_models import TrainingRound
from search.models import EncoderVersion
from search.promotion import PromotionRefused, clean_up, promote
from search.recipe import Recipe, RecipeInvalid, read_recipe, write_recipe
from search.slices import FORGETTING, make_slices, training_slice
from search.training_set import TrainingSetInvalid, write_training_set
from search.versions import active_version
from shop.catalog.models import Product

logger = logging.getLogger(__name__)

Stage = TrainingRound.Stage
Progress = Callable[[TrainingRound, str], object]  # called when a round has come further, with a word about it

WINDOW = timedelta(days=90)
LOCK = 7_041_030  # advisory lock: one process at a time works on a round
MAX_ATTEMPTS = 3  # of one stage: what was killed so often will be again
NEW_CLICKS = 30  # since the last round; fewer teach nothing that it did not


REFUSED_BY = (StageFailed, TrainingSetInvalid, RecipeInvalid, EncoderUnavailable, NotComparable, PromotionRefused)


class Nothing(Exception):
    """There is nothing to learn from; the message says why."""


def retrain(
    *,
    recipe: Recipe | None = None,
    even_if_nothing_new: bool = False,
    naive: bool = False,
    until: datetime | None = None,
    progress: Progress | None = None,
) -> TrainingRound | None:
    """Runs a round to its end: an unfinished one, or else a new one. None while another process is at it.

    `naive` takes clicks as they come, as if every position were looked at alike: for comparison. `until`: the end of
    the WINDOW that a new one learns from, for simulations; now by default.
    """
    with _lock() as taken:
        if not taken:
            return None
        clean_up()
        found = TrainingRound.objects.filter(finished_at__isnull=True).first() or _begin(
            recipe or Recipe(), until or timezone.now(), even_if_nothing_new=even_if_nothing_new, naive=naive
        )
        _run(found, progress or (lambda *_: None))
        return found


def resume(*, progress: Progress | None = None) -> TrainingRound | None:
    """Goes on with an unfinished round that no process is at; None where there is none."""
    if not TrainingRound.objects.filter(finished_at__isnull=True).exists():
        return None
    return retrain(progress=progress)


def round_folder(found: TrainingRound) -> Path:
    """Where its files are."""
    return Path(settings.ENCODER_DIR) / "rounds" / _key(found)


def _key(found: TrainingRound) -> str:
    """Its number alone would not do: a database that was made anew counts from 1 again, in the same ENCODER_DIR."""
    return f"{found.pk}-{found.started_at:%Y%m%d%H%M%S}"


def _begin(recipe: Recipe, until: datetime, **how: bool) -> TrainingRound:
    parameters = {
        "recipe": asdict(recipe),
        "since": (until - WINDOW).isoformat(),
        "until": until.isoformat(),
        **how,
    }
    try:
        with transaction.atomic():
            return TrainingRound.objects.create(parameters=parameters)
    except IntegrityError:  # another process began one a moment ago, and it was killed since
        return TrainingRound.objects.get(finished_at__isnull=True)


def _run(found: TrainingRound, progress: Progress) -> None:
    """Stage after stage. What cannot be done ends the round with one sentence, and search goes on as it is."""
    try:
        while found.stage not in TrainingRound.DONE:
            _attempt(found)
            progress(found, found.get_stage_display())
            STAGES[Stage(found.stage)](found, progress)
    except Nothing as nothing:
        _finish(found, Stage.SKIPPED, str(nothing))
    except REFUSED_BY as error:
        _finish(found, Stage.FAILED, str(error))
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        _finish(found, Stage.FAILED, f"The disk is full ({error.filename or settings.ENCODER_DIR}); free some space.")
    progress(found, found.message)
    discard(round_folder(found))


def _attempt(found: TrainingRound) -> None:
    if found.attempts >= MAX_ATTEMPTS:
        raise StageFailed(f"{found.get_stage_display().capitalize()} was interrupted {found.attempts} times.")
    TrainingRound.objects.filter(pk=found.pk).update(attempts=F("attempts") + 1)
    found.refresh_from_db()


def _collect(found: TrainingRound, progress: Progress) -> None:
    version = active_version(fresh=True)
    if version is None:
        raise Nothing("There is no active encoder version yet; export one first (manage.py export_encoder).")
    products = Product.objects.filter(is_active=True).count()
    if products < MIN_PRODUCTS:
        raise Nothing(f"There are {products} products; {MIN_PRODUCTS} are needed to learn what tells them apart.")
    ensure_forgetting_set()
    since, until = (datetime.fromisoformat(found.parameters[name]) for name in ("since", "until"))
    click_data.refresh_position_bias(until)
    train_until = click_data.split(since, until)
    _require_news(found, version)
    folder, recipe = round_folder(found), Recipe(**found.parameters["recipe"])
    parent = weights_of(version)
    collected = collect(
        version,
        recipe,
        since=since,
        train_until=train_until,
        replay_from=_replay_folder(version),
        naive=found.parameters["naive"],
    )
    if len(collected.training_set.examples) < recipe.batch_size:
        raise Nothing(
            f"Only {len(collected.training_set.examples)} examples could be made of the catalogue and "
            f"{collected.pairs} clicked pairs; a step takes {recipe.batch_size}."
        )
    write_training_set(collected.training_set, folder)
    write_recipe(recipe, folder)
    found.parameters |= {
        "parent": version.pk, "parent_weights": parent, "train_until": train_until.isoformat(), "card": collected.card,
    }  # fmt: skip
    _next(found, Stage.TRAINING)


def _train(found: TrainingRound, progress: Progress) -> None:
    def told(share: float, word: str) -> None:
        _came(found, share)
        progress(found, word)

    read_recipe(round_folder(found))
    train(round_folder(found), found.parameters["parent_weights"], progress=told)
    _next(found, Stage.EXPORTING)


def _export(found: TrainingRound, progress: Progress) -> None:
    parent = _parent(found)
    name = f"{parent.name.split('+')[0]}+{_key(found)}"
    export(round_folder(found), name)
    card = {
        "parent": parent.name,
        "round": found.pk,
        "training_set": _key(found),
        "window": {name: found.parameters[name] for name in ("since", "train_until", "until")},
        "recipe": found.parameters["recipe"],
        **found.parameters["card"],
    }
    found.challenger = register(name, parent, card)
    found.save(update_fields=["challenger"])
    _next(found, Stage.EMBEDDING)


def _embed(found: TrainingRound, progress: Progress) -> None:
    version = _challenger(found)
    total = max(stale_products(version).count(), 1)
    done = 0

    def told(count: int) -> None:
        nonlocal done
        done += count
        _came(found, done / total)
        progress(found, f"{done} of {total} products")

    embed_version(version, progress=told, threads=os.cpu_count() or 1)  # its process is nice: searches come first
    _next(found, Stage.COMPARING)


def _compare(found: TrainingRound, progress: Progress) -> None:
    challenger, active = _challenger(found), active_version(fresh=True)
    if active is None or active.pk != found.parameters["parent"]:
        raise StageFailed("Another version became active meanwhile; the next round starts from it.")
    held_out, training = _clicks(found)
    slices = make_slices(held_out, training)
    spared = [found for found in slices if found.name == FORGETTING]
    weight = choose_lexical_weight(bare(challenger.pk), [training_slice(training)], spared)
    EncoderVersion.objects.filter(pk=challenger.pk).update(lexical_weight=weight)
    comparison = compare(bare(active.pk), bare(challenger.pk), slices)
    decision = decide(comparison)
    EncoderVersion.objects.filter(pk=challenger.pk).update(gate=record(comparison, decision))
    _conclude(found, challenger, comparison, decision)
    try:
        learn_adapter(held_out, training)
        learn_ranker(held_out, training)
    except REFUSED_BY as error:  # what was decided stays decided
        logger.error("No adapter or no ranker was learned: %s", error)


def _conclude(found: TrainingRound, challenger: EncoderVersion, comparison: Comparison, decision: Decision) -> None:
    """The promotion, if there is one, and the end of the round happen together or not at all."""
    with transaction.atomic():
        if decision.promote:
            challenger.refresh_from_db()
            promote(challenger, by=f"round {found.pk}")
        _finish(found, Stage.PROMOTED if decision.promote else Stage.REFUSED, decision.reason)


STAGES: dict[TrainingRound.Stage, Callable[[TrainingRound, Progress], None]] = {
    Stage.COLLECTING: _collect,
    Stage.TRAINING: _train,
    Stage.EXPORTING: _export,
    Stage.EMBEDDING: _embed,
    Stage.COMPARING: _compare,
}


def _clicks(found: TrainingRound) -> tuple[list[click_data.ProductClicks], list[click_data.ProductClicks]]:
    """Held out, and of the training window."""
    since, train_until, until = (
        datetime.fromisoformat(found.parameters[name]) for name in ("since", "train_until", "until")
    )
    propensities = click_data.current()
    return (
        click_data.read_clicks(train_until, until, propensities=propensities),
        click_data.read_clicks(since, train_until, propensities=propensities),
    )


def _require_news(found: TrainingRound, version: EncoderVersion) -> None:
    """A catalogue is learned once; after that a round needs new clicks."""
    last = TrainingRound.objects.filter(stage__in=(Stage.PROMOTED, Stage.REFUSED)).first()
    if last is None or found.parameters["even_if_nothing_new"]:
        return
    since, until = (datetime.fromisoformat(rounds.parameters["until"]) for rounds in (last, found))
    clicks = click_data.read_clicks(since, until, propensities=click_data.current())
    clicked = sum(row.clicked for row in clicks)
    if clicked < NEW_CLICKS:
        raise Nothing(f"Only {clicked} clicks since the last round; {NEW_CLICKS} are needed.")


def _replay_folder(version: EncoderVersion) -> Path | None:
    """The training set that the version was made of, if a round made it."""
    key = version.card.get("training_set")
    return Path(settings.ENCODER_DIR) / "rounds" / str(key) if key else None


def _parent(found: TrainingRound) -> EncoderVersion:
    version = EncoderVersion.objects.filter(pk=found.parameters["parent"]).first()
    if version is None:
        raise StageFailed("The version that this round began with was deleted.")
    return version


def _challenger(found: TrainingRound) -> EncoderVersion:
    if found.challenger is None:
        raise StageFailed("The challenger was deleted.")
    return found.challenger


def _next(found: TrainingRound, stage: TrainingRound.Stage) -> None:
    found.stage, found.progress, found.attempts = stage, 0.0, 0
    found.save(update_fields=["stage", "progress", "attempts", "parameters", "updated_at"])


def _came(found: TrainingRound, share: float) -> None:
    found.progress = min(share, 1.0)
    found.save(update_fields=["progress", "updated_at"])


def _finish(found: TrainingRound, stage: TrainingRound.Stage, message: str) -> None:
    found.stage, found.message, found.progress, found.finished_at = stage, message, 1.0, timezone.now()
    found.save(update_fields=["stage", "message", "progress", "finished_at", "updated_at"])
    (logger.error if stage == Stage.FAILED else logger.info)("Round %d: %s", found.pk, message)


@contextmanager
def _lock() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        taken: bool = cursor.fetchone()[0]
    try:
        yield taken
    finally:
        if taken:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
