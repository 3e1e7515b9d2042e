"""A challenger's files: its parent's weights, how they are trained and exported, and what is said when they are not."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from search.catalogue_pairs import QueryMaker
from search.challengers import StageFailed, discard, export, last_line, register, train, weights_of
from search.encoder import load_encoder
from search.export import checksum, model_folder
from search.models import EncoderVersion
from search.recipe import Recipe, write_recipe
from search.training_files import CHECKPOINTS, PARENT, WEIGHTS
from search.training_set import write_training_set
from tests.search.described import described, kinds
from tests.search.small_model import save_model

pytestmark = pytest.mark.django_db


@pytest.fixture
def encoder_dir(tmp_path: Path, settings: Any) -> Path:
    settings.ENCODER_DIR = tmp_path / "encoders"
    settings.ENCODER_DIR.mkdir()
    return Path(settings.ENCODER_DIR)


@pytest.fixture
def version(encoder_dir: Path, exported_encoder: Path) -> EncoderVersion:
    """The real encoder, in files of its own."""
    shutil.copytree(exported_encoder, encoder_dir / "base")
    return EncoderVersion.objects.create(name="base", path="base", checksum=checksum(encoder_dir / "base/model.onnx"))


def own_weights(encoder_dir: Path, config: str | None) -> Path:
    folder = encoder_dir / "base" / WEIGHTS
    folder.mkdir()
    if config is not None:
        (folder / "config.json").write_text(config)
    return folder


def refused(version: EncoderVersion) -> str:
    with pytest.raises(StageFailed) as failed:
        weights_of(version)
    return str(failed.value)


def test_the_first_version_has_the_weights_of_its_model(version: EncoderVersion) -> None:
    assert weights_of(version) == model_folder("sentence-transformers/all-MiniLM-L6-v2")
    assert (Path(weights_of(version)) / "config.json").is_file()


def test_a_version_that_was_trained_has_its_own(version: EncoderVersion, encoder_dir: Path) -> None:
    own_weights(encoder_dir, '{"hidden_size": 384}')
    assert weights_of(version) == str(encoder_dir / "base" / WEIGHTS)


def test_weights_of_another_width_are_refused(version: EncoderVersion, encoder_dir: Path) -> None:
    folder = own_weights(encoder_dir, '{"hidden_size": 768}')
    assert refused(version) == (
        f"The weights in {folder} give 768 dimensions, the database stores 384; "
        "see 'Another encoder' in CONTRIBUTING.md."
    )


@pytest.mark.parametrize("config", ["{", "[]", "{}", None])
def test_weights_that_say_nothing_about_themselves_are_refused(
    version: EncoderVersion, encoder_dir: Path, config: str | None
) -> None:
    folder = own_weights(encoder_dir, config)
    said = refused(version)
    assert said.startswith(f"The weights in {folder} cannot be read (")
    assert said.endswith("); export the encoder again.")


def test_weights_that_were_deleted_are_missed_before_the_training(version: EncoderVersion, encoder_dir: Path) -> None:
    """An exported challenger says that it was made of its round's folder, which is moved beside it."""
    said = json.loads((encoder_dir / "base/encoder.json").read_text())
    (encoder_dir / "base/encoder.json").write_text(json.dumps({**said, "model": str(encoder_dir / "rounds/1/weights")}))
    assert refused(version) == (
        f"The weights of base are not in {encoder_dir}/base/weights any more; go back to a version that has its own."
    )


def test_a_version_whose_files_are_gone_says_so(version: EncoderVersion, encoder_dir: Path) -> None:
    shutil.rmtree(encoder_dir / "base")
    assert "encoder.json is missing; run `python manage.py export_encoder`" in refused(version)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("", ""),
        ("\n \n", ""),
        ("Traceback\n  File x\nValueError: no\n", "ValueError: no"),
        ("ValueError: no\n\r 10%|#   | 1/10\r 20%|##  | 2/10\n", "ValueError: no"),
        ("x" * 900, "x" * 400),
    ],
)
def test_the_last_line_is_what_a_process_said_last_that_is_no_bar(said: str, expected: str) -> None:
    assert last_line(said) == expected


def test_a_challenger_is_registered_once_and_inactive(version: EncoderVersion, encoder_dir: Path) -> None:
    shutil.copytree(encoder_dir / "base", encoder_dir / "base+1")
    EncoderVersion.objects.filter(pk=version.pk).update(lexical_weight=0.4)
    version.refresh_from_db()
    challenger = register("base+1", version, {"round": 1, "words": "中文"})
    assert (challenger.path, challenger.parent, challenger.is_active) == ("base+1", version, False)
    assert (challenger.checksum, challenger.lexical_weight) == (version.checksum, 0.4)
    assert json.loads((encoder_dir / "base+1/card.json").read_text()) == challenger.card
    assert register("base+1", version, {"round": 1}) == challenger
    assert EncoderVersion.objects.get(name="base+1").card == {"round": 1}


def test_what_is_left_of_a_round_is_what_it_learned_from(tmp_path: Path) -> None:
    for name in (CHECKPOINTS, WEIGHTS, "tensorboard"):
        (tmp_path / name).mkdir()
    (tmp_path / "examples.jsonl.gz").touch()
    discard(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["examples.jsonl.gz", "tensorboard"]
    discard(tmp_path / "never was")


def test_too_little_space_is_noticed_before_the_training(tmp_path: Path) -> None:
    huge = tmp_path / "parent"
    huge.mkdir()
    with (huge / "model.safetensors").open("wb") as file:
        file.truncate(shutil.disk_usage(tmp_path).free // 10)  # takes no space by itself
    (tmp_path / "round").mkdir()
    with pytest.raises(StageFailed, match=rf"Training takes \d+ MB in {tmp_path}/round, \d+ MB are free\."):
        train(tmp_path / "round", str(huge), progress=lambda *_: None)
    assert list((tmp_path / "round").iterdir()) == []


@pytest.mark.slow
def test_a_disk_that_fills_up_while_training_is_said_to_be_full(tmp_path: Path, settings: Any) -> None:
    """The file of the progress is a device that is always full."""
    settings.ENCODER_DIR = tmp_path
    folder = prepared(tmp_path)
    (folder / "progress.part").symlink_to("/dev/full")
    with pytest.raises(StageFailed) as failed:
        train(folder, save_model(tmp_path, width=32), progress=lambda *_: None)
    assert str(failed.value) == f"The disk is full ({tmp_path}); free some space."


@pytest.mark.slow
def test_a_training_tells_how_far_it_is(tmp_path: Path) -> None:
    told: list[tuple[float, str]] = []
    folder = prepared(tmp_path, steps=200)
    train(folder, save_model(tmp_path, width=32), progress=lambda share, word: told.append((share, word)))
    assert (folder / WEIGHTS / "model.safetensors").is_file()
    assert (folder / PARENT).read_text() == str(tmp_path / "Small Model")
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert 0 < shares[0] <= shares[-1] <= 1
    assert all(word.startswith("step ") and " of 200, loss " in word for _, word in told)


@pytest.mark.slow
def test_what_training_cannot_use_ends_it_with_its_sentence(tmp_path: Path) -> None:
    folder = prepared(tmp_path)
    (folder / "examples.jsonl.gz").write_bytes(b"broken")
    with pytest.raises(StageFailed, match=r"^search\.training stopped: .*jsonl\.gz cannot be read: Not a gzip"):
        train(folder, save_model(tmp_path, width=32), progress=lambda *_: None)


@pytest.mark.slow
def test_weights_are_exported_once_and_move_beside_the_graph(encoder_dir: Path, tmp_path: Path) -> None:
    folder = tmp_path / "round"
    folder.mkdir()
    shutil.move(save_model(tmp_path, width=384), folder / WEIGHTS)
    (encoder_dir / ".base+1.part").mkdir()  # of an export that was killed
    target = export(folder, "base+1")
    assert target == encoder_dir / "base+1"
    assert [path.name for path in encoder_dir.iterdir()] == ["base+1"]
    assert list(folder.iterdir()) == []
    assert sorted(path.name for path in target.iterdir()) == ["encoder.json", "model.onnx", "tokenizer.json", WEIGHTS]
    assert load_encoder(target).encode_query("mug").shape == (384,)
    written = (target / "model.onnx").stat().st_mtime_ns
    assert export(folder, "base+1") == target  # nothing is left to do
    assert (target / "model.onnx").stat().st_mtime_ns == written


@pytest.mark.slow
def test_weights_that_cannot_be_exported_leave_no_version(encoder_dir: Path, tmp_path: Path) -> None:
    folder = tmp_path / "round"
    folder.mkdir()
    shutil.move(save_model(tmp_path, width=64), folder / WEIGHTS)
    with pytest.raises(StageFailed, match=r"^search\.export stopped: .* gives 64 dimensions, the database stores 384"):
        export(folder, "base+1")
    assert list(encoder_dir.iterdir()) == []


def prepared(tmp_path: Path, *, steps: int = 4) -> Path:
    """A round's folder with all that a training needs."""
    folder = tmp_path / "round"
    write_training_set(QueryMaker(described(), kinds()).examples(60, seed=1), folder)
    write_recipe(Recipe(steps=steps, batch_size=4, max_tokens=16, threads=1, patience=99), folder)
    return folder
