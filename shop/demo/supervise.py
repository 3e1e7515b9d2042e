"""Keeps the store's processes alive until it is told to end."""

import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connections

from shop import embedded
from shop.demo.children import Child
from shop.demo.terminal import Terminal

TICK_S = 0.25
OPENS_S = 60.0  # the most that the web process may take to answer
SHOWN_ERRORS = 3  # lines a process and tick; the rest is in its log


class NeverOpened(Exception):
    """The web process does not answer; the message says what to look at."""


@dataclass
class Supervisor:
    """The children in the order in which they end; then the database, where it is ours."""

    children: list[Child]
    database: Path | None
    terminal: Terminal
    stopping: threading.Event
    _due: dict[str, float] = field(default_factory=dict)  # name -> when it is started again
    _database_failures: int = 0

    def start_web(self) -> None:
        """The web process first and alone: it is up a second sooner than among four that start at once."""
        self.children[0].start(time.monotonic())

    def wait_open(self, url: str) -> None:
        """Starts the rest when the store answers; returns then, or when told to end. Raises NeverOpened."""
        web, *others = self.children
        deadline = time.monotonic() + OPENS_S
        while not _answers(f"{url}/healthz"):
            if self.stopping.wait(0.05):
                return
            if web.has_ended() or time.monotonic() > deadline:
                raise NeverOpened(f"The web process does not answer; see {web.log}.")
        for child in others:
            child.start(time.monotonic())

    def watch(self) -> None:
        """Until it is told to end."""
        while not self.stopping.wait(TICK_S):
            self._tend_database()
            for child in self.children:
                self._tend(child)

    def close(self) -> None:
        """Web first, then beat and workers, last the database unless others use it."""
        web, *others = self.children
        for group in ([web], others):
            for child in group:
                child.ask_to_end()
            for child in group:
                child.end()
        connections.close_all()
        if self.database is None:
            return
        if users := other_users(self.database):
            self.terminal.say(f"The database keeps running: other programs have {users} connections to it.")
        else:
            embedded.stop(self.database)

    def _tend(self, child: Child) -> None:
        errors = child.errors.new()
        for line in errors[:SHOWN_ERRORS]:
            self.terminal.say(f"[{child.name}] {line}")
        if len(errors) > SHOWN_ERRORS:
            self.terminal.say(f"[{child.name}] {len(errors) - SHOWN_ERRORS} more errors are in {child.log}")
        now = time.monotonic()
        if child.name in self._due:
            if now >= self._due[child.name]:
                del self._due[child.name]
                child.start(now)
        elif child.has_ended():
            child.kill_group()
            wait_s = child.wait_before_restart(now)
            self._due[child.name] = now + wait_s
            self.terminal.say(f"{child.name} ended unexpectedly; it starts again in {wait_s:g} s (see {child.log}).")

    def _tend_database(self) -> None:
        if self.database is None or embedded.is_running(self.database):
            return
        if self._due.get("database", 0.0) > time.monotonic():
            return
        if not (self.database / "PG_VERSION").exists():
            self.terminal.say(f"{self.database} was removed, so the store ends; `make demo` makes a new one.")
            self.stopping.set()
            return
        self.terminal.say("The database ended unexpectedly; it starts again.")
        try:
            embedded.start(self.database)
            self._database_failures = 0
        except embedded.EmbeddedPostgresFailed as error:
            self._database_failures += 1
            self._due["database"] = time.monotonic() + min(30.0, 2.0**self._database_failures)
            self.terminal.say(f"The database cannot start: {error}")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def other_users(database: Path) -> int:
    """Connections that are not ours: those of ended children go within moments."""
    if not embedded.is_ready(database):
        return 0
    deadline = time.monotonic() + 2
    while (count := embedded.other_sessions(database)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return count
