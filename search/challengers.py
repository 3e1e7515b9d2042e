"""A challenger's files and row: from trained weights to an inactive version, and where its parent's weights are.

Training and export need torch. They run in processes of their own, so that a worker gives their memory back, and so
that killing one loses no more than its stage.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings

from search.encoder import EncoderUnavailable, load_encoder
from search.export import checksum, model_folder
from search.models import DIMENSIONS, EncoderVersion
from search.training_files import PARENT, PROGRESS, WEIGHTS
from search.versions import encoder_folder

ROOT = Path(settings.BASE_DIR)
CARD = "card.json"
POLL_S = 0.5
TOLD = 400  # characters of what a failed process said last
# Times the weights, on the disk. Training: four checkpoints with two moments of each weight (Adam), and the result.
TRAINING_SPACE, EXPORT_SPACE = 14, 3
DISK_FULL = "No space left on device"  # as Python, torch and safetensors say it

Progress = Callable[[float, str], object]  # share of the stage that is done, and a word about it


class StageFailed(Exception):
    """A stage of a round cannot be done; the message is one sentence for the log and the admin."""


def weights_of(version: EncoderVersion) -> str:
    """The folder of the weights that the version was exported from. Raises StageFailed where they are unfit."""
    own = encoder_folder(version) / WEIGHTS
    try:
        name = str(own) if own.is_dir() else model_folder(load_encoder(encoder_folder(version)).config.model)
    except EncoderUnavailable as error:
        raise StageFailed(f"{error}") from error
    if Path(name).is_dir():
        _check_weights(Path(name))
    elif Path(name).is_absolute():
        raise StageFailed(f"The weights of {version} are not in {own} any more; go back to a version that has its own.")
    return name


def train(folder: Path, parent: str, *, progress: Progress) -> None:
    """Runs search/training.py in the round's folder; goes on where an interrupted one stopped."""
    _require_space(folder, TRAINING_SPACE * _size(Path(parent)), "Training")
    (folder / PARENT).write_text(parent)

    def look() -> None:
        try:
            told = json.loads((folder / PROGRESS).read_text())
        except (OSError, ValueError):
            return
        progress(told["step"] / max(told["steps"], 1), f"step {told['step']} of {told['steps']}, loss {told['loss']}")

    _run(["search.training", str(folder), "--with-parent"], look)


def export(folder: Path, name: str) -> Path:
    """Exports the round's weights as the version of that name, and moves them beside it; returns its folder."""
    target = Path(settings.ENCODER_DIR) / name
    if not (target / WEIGHTS).is_dir():  # the move is the last step
        _require_space(folder, EXPORT_SPACE * _size(folder / WEIGHTS), "Exporting")
        _run(["search.export", str(folder / WEIGHTS), str(target), str(DIMENSIONS)], lambda: None)
        (folder / WEIGHTS).rename(target / WEIGHTS)
    return target


def register(name: str, parent: EncoderVersion, card: dict[str, Any]) -> EncoderVersion:
    """The inactive version of these files, with its card in the database and beside the weights."""
    folder = Path(settings.ENCODER_DIR) / name
    (folder / CARD).write_text(json.dumps(card, indent=2, ensure_ascii=False))
    version, _ = EncoderVersion.objects.update_or_create(
        name=name,
        defaults={
            "path": name,
            "checksum": checksum(folder / "model.onnx"),
            "dimensions": DIMENSIONS,
            "parent": parent,
            "lexical_weight": parent.lexical_weight,
            "kind_weight": parent.kind_weight,
            "card": card,
        },
    )
    return version


def discard(folder: Path) -> None:
    """What a round leaves behind that nobody needs: all but its training set, which the next one replays."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_dir() and path.name != "tensorboard":
            shutil.rmtree(path, ignore_errors=True)


def _check_weights(folder: Path) -> None:
    """A wrong width would only show after an hour of training."""
    try:
        width = json.loads((folder / "config.json").read_text())["hidden_size"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StageFailed(f"The weights in {folder} cannot be read ({error}); export the encoder again.") from error
    if width != DIMENSIONS:
        raise StageFailed(
            f"The weights in {folder} give {width} dimensions, the database stores {DIMENSIONS}; "
            "see 'Another encoder' in CONTRIBUTING.md."
        )


def _require_space(folder: Path, needed: int, what: str) -> None:
    """What it left there when it was interrupted counts as free."""
    free = shutil.disk_usage(folder).free + _size(folder)
    if free < needed:
        raise StageFailed(f"{what} takes {needed / 1e6:.0f} MB in {folder}, {free / 1e6:.0f} MB are free.")


def _size(folder: Path) -> int:
    """Bytes of all files in it; 0 where there is none."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _run(arguments: list[str], look: Callable[[], None]) -> None:
    """Runs a module of ours until it ends; it ends with this process, whose end of its stdin closes then."""
    command = [sys.executable, "-m", *arguments]
    with tempfile.TemporaryFile() as said:  # a pipe that nobody reads would fill up
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said)
        _wait(process, look)
        said.seek(0)
        last = last_line(said.read().decode(errors="replace"))
    if DISK_FULL in last:
        raise StageFailed(f"The disk is full ({settings.ENCODER_DIR}); free some space.")
    if process.returncode != 0:
        raise StageFailed(f"{arguments[0]} stopped: {last or f'exit status {process.returncode}'}")


def last_line(said: str) -> str:
    """What a process said last that is no progress bar: with Python, the error."""
    lines = [line.strip() for line in re.split(r"[\r\n]", said) if line.strip() and "%|" not in line]
    return lines[-1][:TOLD] if lines else ""


def _wait(process: "subprocess.Popen[bytes]", look: Callable[[], None]) -> None:
    try:
        while process.poll() is None:
            look()
            time.sleep(POLL_S)
    finally:
        process.kill()  # nothing happens to one that has ended
        process.communicate()
