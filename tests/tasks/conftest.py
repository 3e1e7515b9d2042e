"""Real worker processes on the test's own database and broker."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def process_environment(encoder_dir: Path) -> dict[str, str]:
    """For another process of the store on the test's own database and broker."""
    database = connection.settings_dict
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "shop.settings",
        "DATABASE_URL": f"postgresql://postgres@/{database['NAME']}?host={quote(str(database['HOST']))}",
        "POCKETSHOP_DEMO": "1",
        "POCKETSHOP_LOCAL": str(settings.BROKER_DIR.parent),
        "ENCODER_DIR": str(encoder_dir),
    }


class Worker:
    """A Celery worker for one queue, started as the demo starts it."""

    def __init__(self, log: Path, exported_encoder: Path, queue: str) -> None:
        environment = process_environment(exported_encoder.parent)
        self.log = log
        with log.open("ab") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "tasks.celery", "worker", "--pool", "solo", "-Q", queue,
                 "-n", f"{log.stem}@%h", "--without-gossip", "--without-mingle", "--without-heartbeat"],
                cwd=ROOT, env=environment, stdout=file, stderr=file,
            )  # fmt: skip

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(20)
        self.kill()


class StartWorker(Protocol):
    def __call__(self, name: str, queue: str = ...) -> AbstractContextManager[Worker]: ...


@pytest.fixture
def start_worker(tmp_path: Path, exported_encoder: Path) -> StartWorker:
    """start_worker("name") as worker: it runs until the block ends."""

    @contextlib.contextmanager
    def start(name: str, queue: str = "edits") -> Iterator[Worker]:
        worker = Worker(tmp_path / f"{name}.log", exported_encoder, queue)
        try:
            yield worker
        finally:
            worker.stop()

    return start


def wait_until(holds: Callable[[], object], timeout_s: float = 60) -> None:
    deadline = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
