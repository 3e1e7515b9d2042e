"""Fine-tuning a small encoder: it learns, can be killed and goes on, and leaves weights that anything can read."""

import json
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from search.catalogue_pairs import QueryMaker
from search.challengers import last_line
from search.recipe import Recipe, write_recipe
from search.training_files import CHECKPOINTS, PARENT, PROGRESS, WEIGHTS
from search.training_set import Example, TrainingSet, write_training_set
from tests.search.described import described, kinds
from tests.search.small_model import save_model
from tests.tasks.conftest import ROOT, wait_until

pytestmark = pytest.mark.slow

RECIPE = Recipe(steps=6, batch_size=4, learning_rate=2e-3, max_tokens=16, validate_every=3, threads=1, patience=99)
Weights = dict[str, np.ndarray]


@pytest.fixture(scope="module")
def parent(tmp_path_factory: pytest.TempPathFactory) -> str:
    return save_model(tmp_path_factory.mktemp("parent"), width=32)


@pytest.fixture(scope="module")
def examples() -> TrainingSet:
    return QueryMaker(described(), kinds()).examples(60, seed=1)


@pytest.fixture
def folder(tmp_path: Path, parent: str, examples: TrainingSet) -> Path:
    """All that a training needs, but for the recipe."""
    write_training_set(examples, tmp_path)
    (tmp_path / PARENT).write_text(parent)
    return tmp_path


def train(folder: Path, recipe: Recipe = RECIPE) -> Weights:
    from search.training import fine_tune

    write_recipe(recipe, folder)
    assert fine_tune(folder) == folder / WEIGHTS
    return weights_in(folder / WEIGHTS)


def weights_in(model: Path) -> Weights:
    from safetensors.numpy import load_file

    return load_file(str(model / "model.safetensors"))


def learned_from(before: Weights, after: Weights) -> set[str]:
    assert before.keys() == after.keys()
    return {name for name in before if not np.array_equal(before[name], after[name])}


def margin(model: str, training_set: TrainingSet) -> float:
    """How much nearer queries are to their positives than to what does not answer them, in cosine, on average."""
    from sentence_transformers import SentenceTransformer

    encoder = SentenceTransformer(model, device="cpu")
    ids = list(training_set.products)
    products = encoder.encode([training_set.products[pk].views[0] for pk in ids], normalize_embeddings=True)
    queries = encoder.encode([one.query for one in training_set.examples], normalize_embeddings=True)
    cosines = queries @ products.T
    found = []
    for row, example in zip(cosines, training_set.examples, strict=True):
        among = example.shown or ids
        wrong = [at for at, pk in enumerate(ids) if pk in among and not training_set.answers(example, pk)]
        if wrong:
            found.append(row[ids.index(example.positive)] - row[wrong].mean())
    return float(np.mean(found))


def start(folder: Path, *arguments: str, **options: Any) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "search.training", str(folder), *arguments], cwd=ROOT,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **options,
    )  # fmt: skip


def ended(process: "subprocess.Popen[bytes]") -> str:
    """The error with which it ended, if there is one."""
    _, said = process.communicate(timeout=120)
    return last_line(said.decode()) if process.returncode else ""


def step(folder: Path) -> int:
    try:
        return int(json.loads((folder / PROGRESS).read_text())["step"])
    except FileNotFoundError:
        return 0


def test_queries_come_nearer_to_what_answers_them(folder: Path, parent: str, examples: TrainingSet) -> None:
    before = margin(parent, examples)
    after = train(folder)
    assert margin(str(folder / WEIGHTS), examples) > before + 0.02
    assert learned_from(weights_in(Path(parent)), after)
    assert not (folder / CHECKPOINTS).exists()  # nobody needs them any more
    assert json.loads((folder / PROGRESS).read_text())["step"] == 6
    assert len(list((folder / "tensorboard").rglob("events.out.tfevents.*"))) == 1


def test_it_can_be_served_like_its_parent(folder: Path, parent: str) -> None:
    """The shorter texts of training are no property of the model."""
    from sentence_transformers import SentenceTransformer

    train(folder)
    old, new = SentenceTransformer(parent, device="cpu"), SentenceTransformer(str(folder / WEIGHTS), device="cpu")
    assert new.max_seq_length == old.max_seq_length == 64
    assert new.encode(["mug"]).shape == (1, 32)


def test_weights_averaged_by_half_lie_halfway(folder: Path, parent: str, tmp_path_factory: Any) -> None:
    other = tmp_path_factory.mktemp("half")
    for path in folder.iterdir():
        shutil.copy(path, other)
    before, whole, half = weights_in(Path(parent)), train(folder), train(other, replace(RECIPE, average=0.5))
    moved = learned_from(before, whole)
    assert moved
    for name in moved:
        assert half[name] == pytest.approx((before[name] + whole[name]) / 2, abs=1e-6)


def test_low_rank_learning_leaves_plain_weights(folder: Path, parent: str) -> None:
    after = train(folder, replace(RECIPE, adapter="lora", learning_rate=2e-2))
    moved = learned_from(weights_in(Path(parent)), after)
    assert moved
    assert all(name.endswith("weight") and ("attention" in name or "dense" in name) for name in moved)
    assert not list((folder / WEIGHTS).rglob("adapter*"))


def test_lists_that_were_shown_are_learned_from(folder: Path, parent: str, examples: TrainingSet) -> None:
    shown = tuple(examples.products)[:8]
    clicked = tuple(
        Example(f"{colour} thing {n}", chosen, shown=shown, source="clicks")
        for n in range(12)
        for colour, chosen in (("red", shown[0]), ("blue", shown[1]))
    )
    found = TrainingSet(clicked, examples.products)
    write_training_set(found, folder)
    before = margin(parent, found)
    train(folder, replace(RECIPE, loss="listwise", steps=30))
    assert margin(str(folder / WEIGHTS), found) > before + 0.02


def test_few_queries_are_trained_on_without_validating(folder: Path, examples: TrainingSet) -> None:
    write_training_set(TrainingSet(examples.examples[:5], examples.products), folder)
    train(folder)
    assert step(folder) == 6


def test_once_done_it_does_nothing(folder: Path) -> None:
    train(folder)
    written = (folder / WEIGHTS / "model.safetensors").stat().st_mtime_ns
    (folder / PROGRESS).unlink()
    train(folder)
    assert (folder / WEIGHTS / "model.safetensors").stat().st_mtime_ns == written
    assert not (folder / PROGRESS).exists()


@pytest.mark.parametrize("adapter", ["full", "lora"])
def test_a_killed_training_goes_on_from_its_checkpoint(
    folder: Path, parent: str, adapter: str, tmp_path_factory: Any
) -> None:
    recipe = replace(RECIPE, steps=60, validate_every=5, adapter=adapter)
    write_recipe(recipe, folder)
    whole = tmp_path_factory.mktemp("whole")
    for path in folder.iterdir():
        shutil.copy(path, whole)
    process = start(folder)
    wait_until(lambda: (folder / CHECKPOINTS / "checkpoint-5" / "trainer_state.json").is_file())
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert not (folder / WEIGHTS).exists()
    (folder / PROGRESS).unlink()
    again, steps = start(folder), []
    while again.poll() is None:
        steps.append(step(folder))
        time.sleep(0.005)
    assert (ended(again), again.returncode) == ("", 0)
    first = next(number for number in steps if number)
    assert 5 < first < 60
    uninterrupted = train(whole, recipe)
    resumed = weights_in(folder / WEIGHTS)
    assert learned_from(weights_in(Path(parent)), resumed)
    for name, values in uninterrupted.items():
        assert resumed[name] == pytest.approx(values, abs=1e-3)


def test_a_checkpoint_that_was_cut_short_is_dropped(tmp_path: Path) -> None:
    from search.training import _checkpoint

    for number, state in ((5, '{"global_step": 5}'), (10, '{"global_st'), (15, None)):
        checkpoint = tmp_path / f"checkpoint-{number}"
        checkpoint.mkdir()
        if state is not None:
            (checkpoint / "trainer_state.json").write_text(state)
    assert _checkpoint(tmp_path) == str(tmp_path / "checkpoint-5")
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint-5"]


def test_without_any_checkpoint_it_begins_anew(tmp_path: Path) -> None:
    from search.training import _checkpoint

    assert _checkpoint(tmp_path / "missing") is None
    assert _checkpoint(tmp_path) is None


def test_it_ends_with_the_process_that_started_it(folder: Path) -> None:
    write_recipe(replace(RECIPE, steps=100_000), folder)
    process = start(folder, "--with-parent", stdin=subprocess.PIPE)
    wait_until(lambda: step(folder) > 0)
    assert process.stdin is not None
    process.stdin.close()  # as the end of the other process does
    process.wait(10)
    assert process.returncode == 1
    assert not (folder / WEIGHTS).exists()


def test_the_parents_answers_are_known_for_what_the_catalogue_asks(examples: TrainingSet, folder: Path) -> None:
    """Not without clicks, not for what shoppers clicked for, nor in Chinese."""
    from sentence_transformers import SentenceTransformer

    from search.training import _before, _negatives

    parent = SentenceTransformer((folder / PARENT).read_text().strip(), device="cpu")
    assert _before(parent, examples, _negatives(examples.examples)) == {}
    clicked, asked, *others = examples.examples[:5]
    some = (
        replace(clicked, query="clicked", source="clicks"), replace(asked, query="asked"),
        replace(others[0], query="红色水壶"), replace(others[1], query="clicked"),
    )  # fmt: skip
    known = _before(parent, TrainingSet(some, examples.products), _negatives(some))
    assert {"clicked", "asked", "红色水壶"} & known.keys() == {"asked"}
    texts = {examples.view(one.positive, number) for number, one in enumerate(some)}
    assert texts <= known.keys()
    assert known["asked"].numpy() == pytest.approx(parent.encode("asked", normalize_embeddings=True), abs=1e-5)


def test_a_second_process_waits_for_the_first(folder: Path) -> None:
    import fcntl

    write_recipe(RECIPE, folder)
    with (folder / "training.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        process = start(folder)
        wait_until(lambda: str(folder / "training.lock") in _open_files(process.pid))
        time.sleep(1)
        assert not (folder / CHECKPOINTS).exists()
    assert (ended(process), process.returncode) == ("", 0)
    assert (folder / WEIGHTS / "model.safetensors").is_file()


def _open_files(pid: int) -> set[str]:
    return {file.path for file in psutil.Process(pid).open_files()}


def test_what_is_broken_is_said_in_one_line(folder: Path, examples: TrainingSet) -> None:
    from search.training import main

    write_training_set(TrainingSet((), examples.products), folder)
    write_recipe(RECIPE, folder)
    with pytest.raises(SystemExit) as ended:
        main([str(folder)])
    assert ended.value.code == f"{folder}/examples.jsonl.gz has no example to train on."
    write_training_set(examples, folder)
    write_recipe(replace(RECIPE, learning_rate=1e38), folder)
    with pytest.raises(SystemExit) as ended:
        main([str(folder)])
    assert ended.value.code == "learning_rate is 1e+38; with that the weights are no numbers any more."
    assert not (folder / WEIGHTS).exists()
    (folder / "recipe.json").write_text("{")
    with pytest.raises(SystemExit) as ended:
        main([str(folder)])
    assert str(ended.value.code).startswith(f"{folder}/recipe.json cannot be read")
