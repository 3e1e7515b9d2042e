"""The store's processes: how each is started, and how it ends.

For 2 cores:
- web: granian, two workers with 2 threads each. With 8 clients they answer a fifth to a third more searches a second
  than one worker with 4 (search/EXPERIMENTS.md, 2026-11-25) and take 200 MB each. 64 requests may be inside each, more
  wait in the socket's backlog.
- worker, background and learning (queues edits, background, learning) are three processes with the solo pool. An edit
  then never waits for pictures, nor pictures for a training of minutes, there is one encoder in memory instead of one
  a pool process, nothing is forked, so a killed worker leaves nothing behind, and the two others can be nice.
- beat: only sends messages.
"""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from shop.demo.running import MARK
from shop.demo.terminal import ErrorLines, rotate

BACK_OFF_S = (0.5, 1, 2, 5, 10, 30)  # before the first, second ... start after an end
HEALTHY_S = 60.0  # who lived so long starts with the first wait again


@dataclass
class Child:
    """One process of the store, in a session of its own: only we tell it when to end."""

    name: str
    command: list[str]
    log: Path
    patience_s: float  # to end what it is doing
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    failures: int = 0
    errors: ErrorLines = field(init=False)

    def __post_init__(self) -> None:
        rotate(self.log)
        self.errors = ErrorLines(self.log)

    def start(self, now: float) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=settings.BASE_DIR, env=child_environment(), stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, start_new_session=True,
            )  # fmt: skip
        self.started_at = now

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def wait_before_restart(self, now: float) -> float:
        """Seconds; longer each time, unless it lived well."""
        self.failures = 0 if now - self.started_at > HEALTHY_S else self.failures
        self.failures += 1
        return BACK_OFF_S[min(self.failures, len(BACK_OFF_S)) - 1]

    def ask_to_end(self) -> None:
        if self.process is not None:
            self.process.terminate()

    def end(self) -> None:
        """Waits after it was asked; kills it and what it started if that takes too long."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(self.patience_s)
        self.kill_group()
        self.process.wait()

    def kill_group(self) -> None:
        """Also after its first process died: granian's workers would keep the port."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


def store_children(port: int, logs: Path) -> list[Child]:
    """In the order in which they end."""
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "-A", "tasks.celery"]
    worker = [*celery, "worker", "--pool", "solo", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    return [
        Child("web", web_command(port), logs / "web.log", patience_s=10),
        Child("beat", [*celery, "beat"], logs / "beat.log", patience_s=5),
        Child("worker", [*worker, "-Q", "edits", "-n", "edits@%h"], logs / "worker.log", patience_s=10),
        Child(
            "background", ["nice", "-n", "10", *worker, "-Q", "background", "-n", "background@%h"],
            logs / "background.log", patience_s=1,  # what it does is done again
        ),
        Child(
            "learning", ["nice", "-n", "15", *worker, "-Q", "learning", "-n", "learning@%h"],
            logs / "learning.log", patience_s=1,  # a round goes on where it was
        ),
    ]  # fmt: skip


def web_command(port: int, *, host: str = "0.0.0.0") -> list[str]:
    """The web process; to be reached from other machines too, unless `host` is an address of this one only."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--host", host, "--port", str(port),
        "--workers", "2", "--blocking-threads", "2", "--blocking-threads-idle-timeout", "600",
        "--backpressure", "64", "--respawn-failed-workers", "--workers-kill-timeout", "5", "shop.wsgi:application",
    ]  # fmt: skip


def child_environment() -> dict[str, str]:
    """The demo's settings for whatever it starts, whichever folder and mode it was started in."""
    local = str(settings.LOCAL_DIR)
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "shop.settings",
        "POCKETSHOP_DEMO": "1",
        "POCKETSHOP_LOCAL": local,
        "PYTHONUNBUFFERED": "1",
        MARK: local,
    }
