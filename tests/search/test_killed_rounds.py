"""Whole rounds on a small store, by the real command and with the real encoder, killed at every stage."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.db import connection
from django.utils import timezone

from search import click_data, versions
from search.click_model import ClickModel
from search.comparison import Decision, read_record
from search.encoder import load_encoder
from search.export import checksum, export_encoder
from search.index import embed_stale_products, embed_version, stale_products
from search.judged_queries import ensure_forgetting_set
from search.learning_models import TrainingRound
from search.models import EncoderVersion
from search.pipeline import search_products
from search.promotion import rollback
from search.rounds import LOCK, WINDOW, retrain, round_folder
from search.shopper_needs import Need, with_popularity
from search.simulation import simulate_log
from shop.catalog.models import Product
from tests.search.small_model import save_model
from tests.search.small_store import ASKED_AS, judge, make_store
from tests.tasks.conftest import ROOT, process_environment, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

Stage = TrainingRound.Stage
PATIENCE_S = 240  # for what takes seconds on a machine that does nothing else


@pytest.fixture
def products(db: None) -> list[Product]:
    made = make_store()
    judge(made)
    return made


def registered(folder: Path, name: str, **fields: Any) -> EncoderVersion:
    return EncoderVersion.objects.create(
        name=name, path=name, checksum=checksum(folder / name / "model.onnx"), **fields
    )


@pytest.fixture
def real(encoder_dir: Path, exported_encoder: Path) -> str:
    """The folder of the real encoder."""
    shutil.copytree(exported_encoder, encoder_dir / "real")
    return "real"


@pytest.fixture
def weak(encoder_dir: Path, tmp_path: Path) -> str:
    """The folder of an encoder that has learned nothing."""
    export_encoder(save_model(tmp_path, width=384), encoder_dir / "weak", dimensions=384)
    return "weak"


def needs(products: list[Product]) -> list[Need]:
    kinds = {kind: {p.pk: 3 for p in products if p.product_type == kind} for kind in ASKED_AS}
    return with_popularity([Need(query, kinds[kind]) for kind, query in ASKED_AS.items()], seed=1)


def shop(products: list[Product], *, sessions: int = 1500, shuffled: bool = False) -> None:
    """Four weeks of simulated shoppers."""
    end = timezone.now()
    simulate_log(
        needs(products), sessions, click_model=ClickModel(), start=end - timedelta(weeks=4), end=end, seed=2,
        shuffled=shuffled,
    )  # fmt: skip


class Learner:
    """`manage.py retrain_encoder` in a process of its own."""

    def __init__(self, log: Path, encoder_dir: Path, *arguments: str) -> None:
        self.log = log
        with log.open("ab") as file:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "retrain_encoder", *arguments],
                cwd=ROOT, env=process_environment(encoder_dir), stdout=file, stderr=file,
            )  # fmt: skip

    def kill(self) -> None:
        """It alone; what it started ends by itself. Its connection ends when the server notices."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        self.process.kill()
        self.process.wait()
        _, alive = psutil.wait_procs(children, timeout=30)
        assert alive == []
        wait_until(lambda: not _is_locked(), PATIENCE_S)

    def wait(self) -> int:
        return self.process.wait(PATIENCE_S)


@pytest.fixture
def learn(tmp_path: Path, encoder_dir: Path) -> Iterator[Callable[..., Learner]]:
    """Starts the command; a test that fails leaves none running."""
    started: list[Learner] = []

    def start(*arguments: str) -> Learner:
        started.append(Learner(tmp_path / "learning.log", encoder_dir, *arguments))
        return started[-1]

    yield start
    for learner in started:
        if learner.process.poll() is None:
            learner.process.kill()
            learner.process.wait()


def _is_locked() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = %s", [LOCK])
        return cursor.fetchone() is not None


@contextmanager
def held_up(table: str) -> Iterator[None]:
    """Nobody gets to read that table."""
    with connection.cursor() as cursor:
        cursor.execute(f"BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def now() -> TrainingRound:
    return TrainingRound.objects.get()


def at(stage: str) -> Callable[[], bool]:
    return lambda: TrainingRound.objects.filter(stage=stage, attempts__gte=1).exists()


def version_folders(encoder_dir: Path) -> set[str]:
    """Those that are no rounds and not hidden; each of them can be loaded."""
    names = {path.name for path in encoder_dir.iterdir() if path.name != "rounds" and not path.name.startswith(".")}
    for name in names:
        assert load_encoder(encoder_dir / name).encode_query("mug").shape == (384,)
    return names


def serves(version: EncoderVersion) -> bool:
    assert list(EncoderVersion.objects.filter(is_active=True)) == [version]
    versions.forget()
    results = search_products("boil water for tea")
    return (results.mode, results.version_id) == ("hybrid", version.pk)


def test_a_round_that_is_killed_at_every_stage_ends_as_if_it_had_not_been(
    products: list[Product], real: str, encoder_dir: Path, learn: Callable[..., Learner]
) -> None:
    """Its clicks are shuffled, so the gate refuses what it learns."""
    base = registered(encoder_dir, real, is_active=True)
    embed_stale_products()
    shop(products, shuffled=True)
    options = ("--steps", "6", "--batch-size", "8", "--learning-rate", "2e-4", "--threads", "2")

    with held_up("search_judgedquery"):  # which it reads first
        learner = learn(*options)
        wait_until(lambda: _is_locked_by_other("search_judgedquery"), PATIENCE_S)
    learner.kill()
    assert now().stage in (Stage.COLLECTING, Stage.TRAINING)  # it may have been quick

    learner = learn()
    folder = round_folder(now())
    wait_until((folder / "progress.json").is_file, PATIENCE_S)
    assert retrain() is None  # one at a time
    learner.kill()
    assert (now().stage, version_folders(encoder_dir)) == (Stage.TRAINING, {"real"})
    assert serves(base)

    learner = learn()
    wait_until(lambda: list(encoder_dir.glob(".*.part")), PATIENCE_S)
    assert now().stage == Stage.EXPORTING
    learner.kill()
    assert version_folders(encoder_dir) == {"real"}
    assert serves(base)

    learner = learn()
    wait_until(at(Stage.EMBEDDING), PATIENCE_S)
    learner.kill()
    name = f"real+{folder.name}"
    assert version_folders(encoder_dir) == {"real", name}
    assert serves(base)

    learner = learn()
    wait_until(at(Stage.COMPARING), PATIENCE_S)
    learner.kill()
    assert serves(base)

    assert learn().wait() == 0
    found, challenger = now(), EncoderVersion.objects.get(name=name)
    assert (found.stage, found.challenger) == (Stage.REFUSED, challenger)
    assert found.finished_at is not None
    assert serves(base)
    assert list(stale_products(challenger)) == []
    assert challenger.embeddings.count() == len(products)
    assert {path.name for path in encoder_dir.iterdir()} == {"real", name, "rounds"}
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == ["tensorboard"]
    assert challenger.card["parent"] == "real"
    assert challenger.card["examples"]["clicks"] > 0
    assert read_record(challenger.gate)[1] == Decision(False, found.message)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [f"search_vectors_v{challenger.pk}"]
        )
        assert cursor.fetchall() == [(True,)]


def _is_locked_by_other(table: str) -> bool:
    """Whether somebody waits for that table; asked on the connection that holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE relation = to_regclass(%s) AND NOT granted", [table])
        return cursor.fetchone() is not None


def before_comparing(encoder_dir: Path, active: str, challenger: str) -> tuple[EncoderVersion, EncoderVersion]:
    """A round whose challenger is trained, exported and embedded."""
    one = registered(encoder_dir, active, is_active=True, activated_at=timezone.now())
    embed_stale_products()
    ensure_forgetting_set()
    other = registered(encoder_dir, challenger, parent=one)
    embed_version(other)
    until = timezone.now()
    parameters = {
        "parent": one.pk, "since": (until - WINDOW).isoformat(), "until": until.isoformat(),
        "train_until": click_data.split(until - WINDOW, until).isoformat(),
    }  # fmt: skip
    TrainingRound.objects.create(stage=Stage.COMPARING, challenger=other, parameters=parameters)
    return one, other


@pytest.mark.parametrize("delay_s", [0.0, 0.01, 0.05])
def test_a_round_that_is_killed_while_promoting_has_promoted_or_does_so_next_time(
    products: list[Product], real: str, weak: str, encoder_dir: Path, learn: Callable[..., Learner], delay_s: float
) -> None:
    old, new = before_comparing(encoder_dir, weak, real)
    learner = learn()
    wait_until(EncoderVersion.objects.filter(pk=new.pk, gate__isnull=False).exists, PATIENCE_S)
    time.sleep(delay_s)
    learner.kill()
    promoted = now().stage == Stage.PROMOTED
    assert promoted is (now().finished_at is not None)
    assert serves(new if promoted else old)
    if not promoted:
        assert now().stage == Stage.COMPARING
        assert learn().wait() == 0
    assert now().stage == Stage.PROMOTED
    assert now().message.startswith("Promoted: nDCG@10 over 24 judged and clicked queries went from ")
    assert serves(new)
    assert rollback(by="a test") == old
    assert serves(old)
