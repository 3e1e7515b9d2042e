"""How `manage.py learn` begins and ends: beside a demo or without one, with Ctrl-C or at its end.

It claims the demo's folder only while it prepares the store. Meanwhile a demo cannot start, and afterwards one may come
and go as it likes.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.db import connections

from shop import embedded
from shop.demo.running import claim, open_demo
from shop.demo.steps import prepare
from shop.demo.supervise import other_users
from shop.demo.terminal import Terminal

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interruption:
    """Ctrl-C, SIGTERM or a closed terminal: sets `stopping`, and once `raises` is set also raises KeyboardInterrupt.

    Only the first of them counts: what ends then is not interrupted in turn.
    """

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.raises = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if not self.stopping.is_set():
            self.stopping.set()
            if self.raises:
                raise KeyboardInterrupt


@contextmanager
def interruptible() -> Iterator[Interruption]:
    """Hears the signals until the end of the block; those that were ignored before (nohup) are ignored."""
    heard = [number for number in SIGNALS if signal.getsignal(number) != signal.SIG_IGN]
    interruption = Interruption()
    before = {number: signal.signal(number, interruption) for number in heard}
    try:
        yield interruption
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def own_database() -> Iterator[None]:
    """After the block the embedded server is stopped if it was not running before, and nobody else uses it."""
    folder = settings.EMBEDDED_POSTGRES
    was_running = folder is None or embedded.is_ready(folder)
    try:
        yield
    finally:
        connections.close_all()
        if folder is not None and not was_running and not other_users(folder):
            embedded.stop(folder)


def prepare_store(terminal: Terminal, stopping: threading.Event, *, limit: int | None) -> None:
    """What `make demo` does before it opens, unless one is open. Raises AlreadyRuns, StepFailed and Stopped."""
    local = Path(settings.LOCAL_DIR)
    if url := open_demo(local):
        terminal.say(f"   The demo at {url} is open, and goes on meanwhile.")
        return
    with claim(local):
        prepare(terminal, stopping, limit=limit)
