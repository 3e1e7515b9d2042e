"""The processes of the embedded PostgreSQL: which live, and how they end.

A postmaster.pid is no proof of a server: ids are used again, and a dead process keeps its id until its parent asks
for it. A process of ours is called postgres, is no zombie, and works in the data folder.
"""

import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

_launched: dict[Path, "subprocess.Popen[bytes]"] = {}  # by data folder: our children are ours to reap


def launch_server(command: Sequence[Any], real: Path, **options: Any) -> None:
    """In a session of its own, so that Ctrl-C in our terminal is not its end."""
    _launched[real] = subprocess.Popen(command, start_new_session=True, **options)


def is_launched(real: Path) -> bool:
    """Whether a server that this process launched lives."""
    child = _launched.get(real)
    if child is not None and child.poll() is not None:
        del _launched[real]
    return real in _launched


def postmaster_of(real: Path) -> psutil.Process | None:
    """The server's first process, if it lives."""
    try:
        pid = int((real / "postmaster.pid").read_text().split("\n", 1)[0])
        process = psutil.Process(pid)
        return process if _works_in(process, real) else None
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
        return None


def end_server(postmaster: psutil.Process) -> None:
    """A fast shutdown; an immediate one, whose next start recovers, when that takes too long."""
    for number, patience_s in ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        try:
            postmaster.send_signal(number)
        except psutil.NoSuchProcess:
            return
        if _ended([postmaster], patience_s):
            return


def end_orphans(real: Path, *, patience_s: float) -> None:
    """What a killed postmaster left notices its end by itself, or could write on: nothing is left of it after this."""
    orphans = [process for process in psutil.process_iter() if _works_in(process, real)]
    for number in (signal.SIGQUIT, signal.SIGKILL):
        for process in filter(_lives, orphans):
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)
        if _ended(orphans, patience_s):
            return


def _works_in(process: psutil.Process, real: Path) -> bool:
    try:
        return process.name() == "postgres" and _lives(process) and process.cwd() == str(real)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _ended(processes: Sequence[psutil.Process], patience_s: float) -> bool:
    deadline = time.monotonic() + patience_s
    while any(_lives(process) for process in processes):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    for real in list(_launched):
        is_launched(real)
    return True
