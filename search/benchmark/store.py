"""A store to measure: web process and Celery worker as in production, on the database that this process uses."""

import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
from django.conf import settings
from django.db import connection

START_S = 60.0


class StoreDidNotStart(Exception):
    """The message has the last lines of what the process said."""


@dataclass(frozen=True)
class Store:
    """A running store; `web` is its first process, `broker` the folder of its queues."""

    host: str
    port: int
    web: psutil.Process
    broker: Path

    def memory_mb(self) -> float:
        """Resident memory of the largest web process: the one that answers requests."""
        processes = [self.web, *self.web.children(recursive=True)]
        return float(max(process.memory_info().rss for process in processes)) / 1e6


@contextmanager
def running_store(web: Sequence[str], *others: Sequence[str], port: int, query_cache: int) -> Iterator[Store]:
    """Starts these commands, waits for the web process to answer, and ends them. Raises StoreDidNotStart.

    They use the database of this process, and no queue, port or file of another store on it.
    """
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "shop.settings",
            "DATABASE_URL": database_url(),
            "POCKETSHOP_DEMO": "1",  # plain http on this machine
            "POCKETSHOP_LOCAL": folder,  # queues of its own: no other store's worker takes its tasks
            "CELERY_BROKER_URL": "filesystem://",
            "ENCODER_DIR": str(settings.ENCODER_DIR),
            "SEARCH_QUERY_CACHE": str(query_cache),
            "LOG_LEVEL": "WARNING",
        }
        log = Path(folder) / "processes.log"
        started: list[subprocess.Popen[bytes]] = []
        try:
            with log.open("wb") as output:
                for command in (web, *others):
                    process = subprocess.Popen(
                        command, cwd=settings.BASE_DIR, env=environment, stdin=subprocess.DEVNULL, stdout=output,
                        stderr=output, start_new_session=True,
                    )  # fmt: skip
                    started.append(process)
            _wait(started[0], port, log)
            yield Store("127.0.0.1", port, psutil.Process(started[0].pid), Path(folder) / "broker")
        finally:
            for process in started:
                _end(process)


def free_port() -> int:
    """A port of this machine that nobody listens to now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def database_url() -> str:
    """The database that this process uses, for another process."""
    own = connection.settings_dict
    user, password = quote(own["USER"], safe=""), quote(own["PASSWORD"], safe="")
    where = f"postgresql://{user}:{password}@/{own['NAME']}?host={quote(own['HOST'] or 'localhost', safe='')}"
    return f"{where}&port={own['PORT']}" if own["PORT"] else where


def _wait(web: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + START_S
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
            if web.poll() is not None or time.monotonic() > deadline:
                said = " / ".join(log.read_text(errors="replace").splitlines()[-5:])
                raise StoreDidNotStart(f"The web process does not answer ({error}): {said}") from error
        time.sleep(0.1)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Asks it to end; what is left of it and of what it started is killed."""
    if process.poll() is None:
        process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(10)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
