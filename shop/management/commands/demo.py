"""Runs the whole store here: database, demo catalogue, embeddings, workers and web server."""

import signal
import sys
import threading
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from shop import embedded
from shop.demo.address import PortTaken, lan_address, require_free_port
from shop.demo.announce import announce
from shop.demo.children import store_children
from shop.demo.running import AlreadyRuns, Claim, claim, end_leftovers, stop_running
from shop.demo.steps import StepFailed, Stopped, merchant_password, prepare
from shop.demo.supervise import NeverOpened, Supervisor
from shop.demo.terminal import Terminal, rotate


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []  # `make demo` again is up in seconds

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="the store's port (8000)")
        parser.add_argument("--limit", type=int, help="only so many demo products")
        parser.add_argument("--stop", action="store_true", help="stop what a demo left running, the database too")

    def handle(self, *args: Any, **options: Any) -> None:
        local = Path(settings.LOCAL_DIR)
        try:
            if options["stop"]:
                self._stop(local)
            else:
                with claim(local) as claimed:
                    self._run(local, claimed, options["port"], options["limit"])
        except AlreadyRuns as error:
            self.stdout.write(str(error))
        except (PortTaken, StepFailed, NeverOpened) as error:
            sys.exit(f"The demo stopped: {error}")
        except OSError as error:
            sys.exit(f"The demo stopped: {error.filename or local} cannot be used ({error.strerror}); "
                     "POCKETSHOP_LOCAL names another folder.")  # fmt: skip

    def _stop(self, local: Path) -> None:
        stopped = stop_running(local)
        with claim(local):
            stopped |= bool(end_leftovers(local))
            if settings.EMBEDDED_POSTGRES:
                stopped |= embedded.stop(settings.EMBEDDED_POSTGRES)
        self.stdout.write("The store is stopped." if stopped else "No store was running.")

    def _run(self, local: Path, claimed: Claim, port: int, limit: int | None) -> None:
        end_leftovers(local)
        require_free_port(port)
        logs = local / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        for log in ("demo.log", "setup.log"):
            rotate(logs / log)
        terminal = Terminal(logs)
        stopping = _told_to_end()
        supervisor = Supervisor(store_children(port, logs), settings.EMBEDDED_POSTGRES, terminal, stopping)
        try:
            prepare(terminal, stopping, limit=limit)
            url = f"http://localhost:{port}"
            claimed.record(url=url)
            supervisor.open(url)
            if not stopping.is_set():
                _warm_pictures()
                announce(terminal, port, lan=lan_address(), password=merchant_password())
            supervisor.watch()
        except Stopped:
            pass
        finally:
            terminal.say("\nStopping ...")
            supervisor.close()
        terminal.say("The store is closed; `make demo` opens it again.")


def _warm_pictures() -> None:
    from tasks.pictures import warm_renditions

    warm_renditions.apply_async(expires=3600)


def _told_to_end() -> threading.Event:
    """Set by Ctrl-C, SIGTERM and a closed terminal; from here on none of them ends us half-way."""
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN:
            continue  # nohup
        signal.signal(number, lambda *_: stopping.set())
    return stopping
