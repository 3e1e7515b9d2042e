"""What ends a round before it has learned anything: one clear sentence, and the store goes on as it is."""

import errno
import json
import os
import shutil
import subprocess
import threading
from dataclasses import asdict
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from search import rounds, versions
from search.export import checksum
from search.index import embed_stale_products
from search.learning_models import TrainingRound
from search.models import EncoderVersion, ProductEmbedding
from search.pipeline import search_products
from search.recipe import Recipe
from search.rounds import MAX_ATTEMPTS, NEW_CLICKS, WINDOW, retrain, round_folder
from shop.catalog.models import Product
from tests.catalogue import make_product
from tests.search.clicks import choose
from tests.search.small_store import make_store

Stage = TrainingRound.Stage
LISTS = Recipe(loss="listwise", steps=4, batch_size=8)  # without clicks there is nothing to learn


@pytest.fixture
def base(db: None, encoder_dir: Path, exported_encoder: Path) -> EncoderVersion:
    """The real encoder, active."""
    shutil.copytree(exported_encoder, encoder_dir / "base")
    return EncoderVersion.objects.create(
        name="base", path="base", checksum=checksum(encoder_dir / "base/model.onnx"), is_active=True
    )


@pytest.fixture
def store(base: EncoderVersion) -> list[Product]:
    """72 products, embedded."""
    products = make_store()
    embed_stale_products()
    return products


def unfinished(stage: str = Stage.COLLECTING, *, recipe: Recipe = LISTS, **fields: Any) -> TrainingRound:
    """A round whose process was killed at that stage."""
    until = timezone.now()
    parameters = {
        "recipe": asdict(recipe), "since": (until - WINDOW).isoformat(), "until": until.isoformat(),
        "train_until": until.isoformat(), "even_if_nothing_new": False, "naive": False,
        **fields.pop("parameters", {}),
    }  # fmt: skip
    return TrainingRound.objects.create(stage=stage, parameters=parameters, **fields)


def ended(found: TrainingRound | None) -> tuple[str, str]:
    """Stage and message of a round that has ended, and that nothing else has changed."""
    assert found is not None
    found.refresh_from_db()
    assert found.finished_at is not None
    assert not TrainingRound.objects.filter(finished_at__isnull=True).exists()
    return found.stage, found.message


def goes_on_serving(version: EncoderVersion) -> bool:
    versions.forget()
    results = search_products("boil water for tea")
    kinds = set(Product.objects.filter(pk=results.hits[0].product_id).values_list("product_type", flat=True))
    assert list(EncoderVersion.objects.filter(is_active=True)) == [version]
    return (results.mode, results.version_id, kinds) == ("hybrid", version.pk, {"Kettle"})


def test_without_an_encoder_there_is_nothing_to_learn(db: None, encoder_dir: Path) -> None:
    assert ended(retrain()) == (
        "skipped", "There is no active encoder version yet; export one first (manage.py export_encoder).",
    )  # fmt: skip


def test_a_few_products_are_not_learned_from(base: EncoderVersion) -> None:
    for number in range(49):
        make_product(f"Mug {number}")
    make_product("Not for sale", is_active=False)
    assert ended(retrain()) == (
        "skipped", "There are 49 products; 50 are needed to learn what tells them apart.",
    )  # fmt: skip


def test_an_empty_log_has_no_lists_to_learn_from(base: EncoderVersion, store: list[Product]) -> None:
    assert ended(retrain(recipe=LISTS)) == (
        "skipped", "Only 0 examples could be made of the catalogue and 0 clicked pairs; a step takes 8.",
    )  # fmt: skip
    assert goes_on_serving(base)


def after_a_round(at: datetime) -> None:
    until = at.isoformat()
    TrainingRound.objects.create(stage=Stage.REFUSED, finished_at=at, parameters={"until": until})


def test_a_few_new_clicks_do_not_make_a_round(base: EncoderVersion, store: list[Product]) -> None:
    after_a_round(timezone.now() - WINDOW / 2)
    choose("mug", {store[0].pk: NEW_CLICKS - 1}, shown=[store[0].pk])
    assert ended(retrain()) == ("skipped", "Only 29 clicks since the last round; 30 are needed.")
    assert goes_on_serving(base)


def test_clicks_before_the_last_round_are_not_new(base: EncoderVersion, store: list[Product]) -> None:
    choose("mug", {store[0].pk: NEW_CLICKS}, shown=[store[0].pk], days_ago=3)
    after_a_round(timezone.now())
    assert ended(retrain())[1] == "Only 0 clicks since the last round; 30 are needed."


def test_enough_new_clicks_or_somebodys_wish_make_a_round(base: EncoderVersion, store: list[Product]) -> None:
    """Which ends here, because three lists of clicks are not enough for it."""
    after_a_round(timezone.now() - WINDOW / 2)
    few = "Only 0 examples could be made of the catalogue and 0 clicked pairs; a step takes 8."
    assert ended(retrain(recipe=LISTS, even_if_nothing_new=True)) == ("skipped", few)
    choose("mug", {store[0].pk: NEW_CLICKS}, shown=[store[0].pk, store[1].pk])
    assert "clicks since" not in ended(retrain(recipe=LISTS))[1]


def test_a_skipped_round_is_not_the_last_one(base: EncoderVersion, store: list[Product]) -> None:
    """Else a store that is skipped each night would never have enough new clicks."""
    after_a_round(timezone.now() - WINDOW / 2)
    choose("mug", {store[0].pk: 20}, shown=[store[0].pk], days_ago=3)
    assert ended(retrain())[1] == "Only 20 clicks since the last round; 30 are needed."
    choose("mug", {store[0].pk: 15}, shown=[store[0].pk], first=100, days_ago=0)
    assert "clicks since" not in ended(retrain(recipe=LISTS))[1]


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ('{"hidden_size": 768}', "give 768 dimensions, the database stores 384; see 'Another encoder'"),
        ("{", "cannot be read (Expecting property name"),
        (None, "cannot be read ([Errno 2] No such file or directory"),
    ],
)
def test_unfit_weights_end_a_round(
    base: EncoderVersion, store: list[Product], encoder_dir: Path, config: str | None, message: str
) -> None:
    (encoder_dir / "base/weights").mkdir()
    if config is not None:
        (encoder_dir / "base/weights/config.json").write_text(config)
    stage, said = ended(retrain())
    assert stage == "failed"
    assert said.startswith(f"The weights in {encoder_dir}/base/weights {message}")
    assert goes_on_serving(base)


def test_lost_weights_end_a_round(base: EncoderVersion, store: list[Product], encoder_dir: Path) -> None:
    config = json.loads((encoder_dir / "base/encoder.json").read_text())
    gone = {**config, "model": str(encoder_dir / "rounds/1-2/weights")}
    (encoder_dir / "base/encoder.json").write_text(json.dumps(gone))
    stage, said = ended(retrain())
    assert (stage, said.partition(";")[0]) == (
        "failed", f"The weights of base are not in {encoder_dir}/base/weights any more",
    )  # fmt: skip
    assert goes_on_serving(base)


def test_a_full_disk_ends_a_round(base: EncoderVersion, store: list[Product], encoder_dir: Path) -> None:
    """The file that it writes to is a device that is always full."""
    found = unfinished(recipe=Recipe(steps=4, batch_size=8))
    round_folder(found).mkdir(parents=True)
    (round_folder(found) / "products.jsonl.part").symlink_to("/dev/full")
    assert ended(retrain()) == ("failed", f"The disk is full ({encoder_dir}); free some space.")
    assert goes_on_serving(base)


@pytest.mark.slow
def test_a_small_disk_ends_a_round_before_it_trains(
    base: EncoderVersion, store: list[Product], encoder_dir: Path
) -> None:
    folder = encoder_dir / "rounds"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=60m", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("this user may not mount a small disk")
    try:
        found = retrain(recipe=Recipe(steps=4, batch_size=8))
        stage, said = ended(found)
    finally:
        subprocess.run(["umount", str(folder)], check=True)
    assert stage == "failed"
    assert said.startswith("Training takes ")
    assert said.endswith((" 63 MB are free.", " 62 MB are free."))
    assert goes_on_serving(base)


def test_another_error_of_the_disk_is_not_taken_for_a_full_one(
    base: EncoderVersion, store: list[Product], encoder_dir: Path
) -> None:
    """It is raised for the log, and the round waits for the next try."""
    found = unfinished(recipe=Recipe(steps=4, batch_size=8))
    (encoder_dir / "rounds").write_text("in the way")
    with pytest.raises(OSError) as error:
        retrain()
    assert error.value.errno == errno.ENOTDIR
    found.refresh_from_db()
    assert (found.stage, found.attempts, found.finished_at) == ("collecting", 1, None)
    (encoder_dir / "rounds").unlink()


def test_a_stage_that_is_interrupted_again_and_again_is_given_up(base: EncoderVersion, store: list[Product]) -> None:
    unfinished(Stage.TRAINING, attempts=MAX_ATTEMPTS)
    assert ended(retrain()) == ("failed", "Training was interrupted 3 times.")
    assert goes_on_serving(base)


def test_a_round_whose_files_are_gone_is_given_up(base: EncoderVersion, store: list[Product]) -> None:
    found = unfinished(Stage.TRAINING, parameters={"parent_weights": "x"})
    stage, said = ended(retrain())
    assert (stage, said.partition(" cannot")[0]) == ("failed", str(round_folder(found) / "recipe.json"))


def test_a_round_whose_parent_was_deleted_is_given_up(base: EncoderVersion) -> None:
    unfinished(Stage.EXPORTING, parameters={"parent": base.pk + 1})
    assert ended(retrain()) == ("failed", "The version that this round began with was deleted.")


def test_a_round_whose_challenger_was_deleted_is_given_up(base: EncoderVersion) -> None:
    unfinished(Stage.EMBEDDING)
    assert ended(retrain()) == ("failed", "The challenger was deleted.")


def test_a_challenger_of_a_version_that_is_not_active_any_more_is_given_up(
    base: EncoderVersion, store: list[Product]
) -> None:
    challenger = EncoderVersion.objects.create(name="late", path="late", checksum="x")
    unfinished(Stage.COMPARING, challenger=challenger, parameters={"parent": challenger.pk})
    assert ended(retrain()) == (
        "failed", "Another version became active meanwhile; the next round starts from it.",
    )  # fmt: skip
    assert goes_on_serving(base)


def test_a_challenger_that_cannot_be_loaded_is_given_up(base: EncoderVersion, store: list[Product]) -> None:
    challenger = EncoderVersion.objects.create(name="lost", path="lost", checksum="x", parent=base)
    unfinished(Stage.EMBEDDING, challenger=challenger)
    stage, said = ended(retrain())
    assert stage == "failed"
    assert "lost/encoder.json is missing" in said
    assert goes_on_serving(base)


def test_an_unfinished_round_goes_on_before_another_begins(base: EncoderVersion, store: list[Product]) -> None:
    found = unfinished()
    assert retrain(recipe=Recipe(steps=9)) == found
    assert TrainingRound.objects.get().parameters["recipe"]["steps"] == 4


def test_a_round_is_told_as_it_goes(db: None, encoder_dir: Path) -> None:
    told: list[str] = []
    retrain(progress=lambda _, word: told.append(word))
    assert told == [
        "collecting clicks", "There is no active encoder version yet; export one first (manage.py export_encoder).",
    ]  # fmt: skip


def test_the_first_round_of_a_new_database_does_not_take_the_folder_of_an_old_one(db: None) -> None:
    """Both are number 1."""
    one = TrainingRound.objects.create(pk=1, finished_at=timezone.now())
    TrainingRound.objects.filter(pk=1).update(started_at=one.started_at - WINDOW)
    other = TrainingRound.objects.get(pk=1)
    assert round_folder(one) != round_folder(other)


@pytest.mark.django_db(transaction=True)
def test_one_process_at_a_time_works_on_a_round(encoder_dir: Path) -> None:
    taken, done = threading.Event(), threading.Event()

    def other_process() -> None:
        with rounds._lock() as is_ours:
            assert is_ours
            taken.set()
            done.wait(60)
        connection.close()

    thread = threading.Thread(target=other_process)
    thread.start()
    try:
        assert taken.wait(60)
        assert retrain() is None
        with pytest.raises(CommandError, match="Another process is at a round of learning"):
            run("retrain_encoder")
        assert not TrainingRound.objects.exists()
    finally:
        done.set()
        thread.join()
    assert ended(retrain())[0] == "skipped"


def run(*arguments: str) -> str:
    """A command in this process, which stays as nice as it is."""
    said, nice = StringIO(), os.getpriority(os.PRIO_PROCESS, 0)
    try:
        call_command(*arguments, stdout=said, stderr=StringIO())
    finally:
        if os.getuid() == 0:
            os.setpriority(os.PRIO_PROCESS, 0, nice)
    return said.getvalue().strip()


def test_the_command_says_what_came_of_it(db: None, encoder_dir: Path) -> None:
    assert run("retrain_encoder") == (
        "There is no active encoder version yet; export one first (manage.py export_encoder)."
    )


def test_the_command_fails_where_the_round_does(base: EncoderVersion) -> None:
    unfinished(Stage.EMBEDDING)
    with pytest.raises(CommandError, match=r"^The challenger was deleted\.$"):
        run("retrain_encoder")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--steps", "0"], "steps is 0; it must be at least 1."),
        (["--batch-size", "-1"], "batch_size is -1; it must be at least 1."),
        (["--learning-rate", "nan"], "learning_rate is nan; it must be above 0."),
        (["--average", "2"], "average is 2.0; it must be above 0 and at most 1."),
        (["--threads", "-2"], "threads is -2; it must be at least 0."),
        (["--steps", "many"], "Error: argument --steps: invalid int value: 'many'"),
        (["--loss", "triplet"], "Error: argument --loss: invalid choice: 'triplet'"),
        (["--adapter", "x"], "Error: argument --adapter: invalid choice: 'x'"),
    ],
)
def test_the_command_names_an_option_that_makes_no_sense(db: None, arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError) as error:
        run("retrain_encoder", *arguments)
    assert str(error.value).partition(" (choose from")[0] == message
    assert not TrainingRound.objects.exists()


def test_the_recipe_of_the_command_is_the_rounds(db: None, encoder_dir: Path) -> None:
    run("retrain_encoder", "--loss", "listwise", "--steps", "7", "--average", "0.5", "--even-if-nothing-new")
    parameters = TrainingRound.objects.get().parameters
    assert parameters["recipe"] == asdict(Recipe(loss="listwise", steps=7, average=0.5))
    assert parameters["even_if_nothing_new"] is True


def test_embeddings_of_the_active_version_are_left_alone(base: EncoderVersion, store: list[Product]) -> None:
    retrain(recipe=LISTS)
    assert ProductEmbedding.objects.filter(version=base).count() == 72
