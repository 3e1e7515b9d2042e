"""`manage.py learn` as a developer runs it: on a fresh folder, again, and with Ctrl-C."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from shop import embedded

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
ARGUMENTS = ["--limit", "60", "--sessions", "200", "--steps", "2", "--needs", "40"]


@dataclass
class Learner:
    """A folder without a store, and the command that learns in it."""

    local: Path
    environment: dict[str, str]

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "manage.py", "learn", *ARGUMENTS, *arguments], cwd=ROOT, env=self.environment,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=_hears_signals,
        )  # fmt: skip

    def processes(self) -> list[str]:
        """Command lines of what still works with this folder's encoders."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                if process.environ().get("ENCODER_DIR") == self.environment["ENCODER_DIR"]:
                    found.append(" ".join(process.cmdline()))
        return found

    def is_over(self) -> bool:
        return not self.processes() and not embedded.is_running(self.local / "postgres")


def _hears_signals() -> None:
    """Also where the tests themselves run under nohup."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


@pytest.fixture(scope="module")
def learner(tmp_path_factory: pytest.TempPathFactory, exported_encoder: Path) -> Iterator[Learner]:
    folder = tmp_path_factory.mktemp("learn")
    encoders = folder / "encoders"
    encoders.mkdir()
    (encoders / exported_encoder.name).symlink_to(exported_encoder)
    hidden = {"DATABASE_URL", "CELERY_BROKER_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE", "POCKETSHOP_DEMO"}
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    environment |= {"POCKETSHOP_LOCAL": str(folder / "a store"), "ENCODER_DIR": str(encoders)}
    yield Learner(folder / "a store", environment)
    embedded.stop(folder / "a store" / "postgres")


def test_a_fresh_folder_learns_and_is_left_quiet(learner: Learner) -> None:
    running = learner.start()
    said, errors = running.communicate(timeout=300)
    assert running.returncode == 0, errors
    steps = [line.removesuffix(" ...")[3:] for line in said.splitlines() if line[1:3] == ". "]
    assert steps == [
        "Preparing the store: database, demo catalogue, encoder and embeddings",
        "Choosing what shoppers want, and measuring what they get now",
        "Sending 200 simulated shoppers over the public API",
        "Bringing the click memory up to date",
        "A round of learning: fine-tuning, embedding all products anew, and the gate",
        "Measuring again",
    ]
    assert "28 queries made of the catalogue will be searched for. 12 are held out" in said
    assert "200 sessions of " in said
    assert "Click-through by position" in said
    assert "Not promoted: there are too few queries" in said or "nDCG@10 over" in said
    for system in ("before", "with click memory", "with everything"):
        assert f"   {system} " in said
    assert f"The plot is in {learner.local / 'learn.png'}" in said
    assert (learner.local / "learn.png").read_bytes().startswith(b"\x89PNG")
    assert learner.is_over()


def test_ctrl_c_ends_everything(learner: Learner) -> None:
    running = learner.start("--sessions", "100000")
    assert running.stdout is not None
    for line in running.stdout:
        if "They visit" in line:
            break
    time.sleep(1)
    assert len(learner.processes()) > 1
    running.send_signal(signal.SIGINT)
    said, errors = running.communicate(timeout=60)
    assert running.returncode == 130, errors
    assert said.endswith("\nStopped. The clicks so far are in the log; a round that had begun goes on the next time.\n")
    assert "Traceback" not in errors
    assert learner.is_over()
