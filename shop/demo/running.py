"""Which demo runs in a folder, and what a killed one left behind.

Whether one runs is told by a lock, which goes with its process; which and where by what it wrote into the lock file.
Every process that a demo starts has MARK in its environment, and so have their children: leftovers are known by
that, not by process ids, which are used again.
"""

import fcntl
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psutil

MARK = "POCKETSHOP_DEMO_OF"
PATIENCE_S = 10.0  # for leftovers to end by themselves
STOP_S = 60.0  # for a running demo to end


class AlreadyRuns(Exception):
    """Another demo runs in this folder; the message says where."""


@dataclass(frozen=True)
class Claim:
    """This process's right to be the folder's demo."""

    file: IO[str]

    def record(self, **facts: Any) -> None:
        """Tells others where this demo is, and which process it is."""
        me = psutil.Process()
        self.file.seek(0)
        self.file.truncate()
        json.dump({"pid": me.pid, "created": me.create_time(), **facts}, self.file)
        self.file.flush()


@contextmanager
def claim(local: Path) -> Iterator[Claim]:
    """The folder is ours until the end of the block. Raises AlreadyRuns."""
    local.mkdir(parents=True, exist_ok=True)
    with _lock_file(local).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRuns(_where(_recorded(local))) from None
        claimed = Claim(file)
        claimed.record()
        yield claimed
        file.seek(0)
        file.truncate()


def open_demo(local: Path) -> str | None:
    """The address of the folder's demo where one runs and is past its preparations."""
    return str(_recorded(local).get("url") or "") or None if _holder(local) else None


def stop_running(local: Path) -> bool:
    """Ends the folder's demo if one runs; True when it did."""
    running = _holder(local)
    if running is None:
        return False
    with suppress(psutil.NoSuchProcess):
        running.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_S
        while running.is_running() and running.status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
            time.sleep(0.05)
        running.kill()
    return True


def end_leftovers(local: Path) -> int:
    """Ends what a killed demo left; returns how many processes. Only for whoever holds the claim."""
    left = [process for process in psutil.process_iter() if _is_of(process, local)]
    for process in left:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    _, stubborn = psutil.wait_procs(left, timeout=PATIENCE_S)
    for process in stubborn:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(stubborn, timeout=PATIENCE_S)
    return len(left)


def _is_of(process: psutil.Process, local: Path) -> bool:
    try:
        return process.pid != os.getpid() and process.environ().get(MARK) == str(local)
    except (psutil.Error, OSError):
        return False


def _holder(local: Path) -> psutil.Process | None:
    """The process that holds the folder's lock, if any does."""
    facts = _recorded(local)
    if not _lock_file(local).exists() or not facts:
        return None
    with _lock_file(local).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return None
        except BlockingIOError:
            pass
    try:
        process = psutil.Process(facts["pid"])
        return process if process.create_time() == facts["created"] else None
    except psutil.NoSuchProcess:
        return None


def _recorded(local: Path) -> dict[str, Any]:
    try:
        facts = json.loads(_lock_file(local).read_text())
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}


def _where(facts: dict[str, Any]) -> str:
    if facts.get("url"):
        return f"The store already runs at {facts['url']} (process {facts['pid']}); `make stop` stops it."
    return "The store is being started by another `make demo`; wait for it, or stop it with `make stop`."


def _lock_file(local: Path) -> Path:
    return local / "demo.lock"
