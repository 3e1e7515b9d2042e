"""What the demo says: on the terminal, and in demo.log for whoever looks later."""

import re
import sys
import time
from contextlib import suppress
from pathlib import Path

LOG_KEPT = 5_000_000  # bytes; a larger log becomes NAME.log.1 at the next start
_ERROR = re.compile(r"\b(ERROR|CRITICAL)\b")


class Terminal:
    """Never raises: a closed terminal or a full disk must not keep the store from ending cleanly."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.is_interactive = sys.stdout.isatty()

    def say(self, text: str) -> None:
        with suppress(OSError):
            sys.stdout.write(f"{text}\n")
            sys.stdout.flush()
        self.note(text)

    def note(self, text: str) -> None:
        """In the log only."""
        with suppress(OSError), (self.logs / "demo.log").open("a") as file:
            file.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {text.strip()}\n")

    def draw(self, bar: bytes) -> None:
        """A progress bar's bytes as they come, where somebody looks."""
        if self.is_interactive:
            with suppress(OSError):
                sys.stdout.buffer.write(bar)
                sys.stdout.flush()


def rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_KEPT:
        log.replace(log.with_name(f"{log.name}.1"))


class ErrorLines:
    """The lines that report errors, of what a log gains."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._read = log.stat().st_size if log.exists() else 0

    def new(self) -> list[str]:
        """Since the last call; whole lines only."""
        if not self._log.exists() or self._log.stat().st_size <= self._read:
            return []
        with self._log.open("rb") as file:
            file.seek(self._read)
            whole = file.read(1_000_000).rpartition(b"\n")
        self._read += len(whole[0]) + len(whole[1])
        return [line for line in whole[0].decode(errors="replace").splitlines() if _ERROR.search(line)]
