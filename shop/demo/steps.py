"""What has to be there before the store opens. Every step first looks whether there is anything to do.

A step is a management command in a process of its own: it may need torch or a lot of memory, and Ctrl-C ends it at
once. All of them can be ended at any moment and done again.
"""

import hashlib
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.staticfiles.finders import get_finders
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from search.index import stale_products
from search.judged_queries import ensure_forgetting_set
from search.versions import active_version, encoder_folder
from shop import embedded
from shop.catalog.demo.load import is_loaded
from shop.catalog.models import Product
from shop.demo.children import child_environment
from shop.demo.terminal import Terminal

MERCHANT = "merchant@example.com"
PASSWORD = "pocketshop-demo"
AGAIN = "run `make demo` again: what is done is kept"
EXPORT_HINT = f"{AGAIN}; if it stays so, `make clean` and `make demo` begin afresh"


class StepFailed(Exception):
    """The message says which step failed, why, and what to do."""


class Stopped(Exception):
    """The demo was told to end while it prepared."""


@dataclass(frozen=True)
class Step:
    title: str
    command: list[str]
    is_needed: Callable[[], bool]
    hint: str = AGAIN
    done: Callable[[], None] = lambda: None


def prepare(terminal: Terminal, stopping: threading.Event, *, limit: int | None) -> None:
    """Brings database, catalogue, encoder and files up to date. Raises StepFailed and Stopped."""
    _start_database(terminal)
    tables, *others = _steps(limit)
    _take(tables, terminal, stopping)
    _require_demo_database()
    _make_merchant()
    for step in others:
        _take(step, terminal, stopping)
    ensure_forgetting_set()  # while the catalogue is as it came; takes a moment, and nothing from the second start on
    connections.close_all()


def merchant_password() -> str | None:
    """The demo merchant's password, None when somebody has chosen another."""
    merchant = User.objects.get(username=MERCHANT)
    return PASSWORD if merchant.check_password(PASSWORD) else None


def _steps(limit: int | None) -> list[Step]:
    limited = [f"--limit={limit}"] if limit else []
    return [
        Step("Making the tables", ["migrate", "--verbosity=0"], _has_migrations_left),
        Step("Loading the demo catalogue", ["load_demo_catalogue", *limited], lambda: not is_loaded(limit)),
        Step("Preparing the encoder", ["export_encoder"], _has_no_encoder, EXPORT_HINT),
        Step("Embedding the products", ["embed_products"], lambda: stale_products(active_version(fresh=True)).exists()),
        Step(
            "Collecting static files", ["collectstatic", "--noinput", "--clear", "--verbosity=0"],
            lambda: not _static_stamp().is_file() or _static_stamp().read_text() != _static_digest(),
            done=lambda: _keep(_static_stamp(), _static_digest()),
        ),
    ]  # fmt: skip


def _start_database(terminal: Terminal) -> None:
    if settings.EMBEDDED_POSTGRES is None:
        return
    if not settings.EMBEDDED_POSTGRES.exists():
        terminal.say("Making the database ...")
    try:
        embedded.start(settings.EMBEDDED_POSTGRES)
    except embedded.EmbeddedPostgresFailed as error:
        raise StepFailed(f"The database cannot start: {error}") from error


def _take(step: Step, terminal: Terminal, stopping: threading.Event) -> None:
    if not stopping.is_set() and step.is_needed():
        connections.close_all()
        terminal.say(f"{step.title} ...")
        _run(step, terminal, stopping)
        step.done()
    if stopping.is_set():
        raise Stopped


def _run(step: Step, terminal: Terminal, stopping: threading.Event) -> None:
    """The command's output goes to setup.log; on a terminal its progress bar is shown."""
    path = terminal.logs / "setup.log"
    with path.open("ab") as log:
        log.write(f"--- manage.py {' '.join(step.command)}\n".encode())
        log.flush()
        process = subprocess.Popen(
            [sys.executable, "manage.py", *step.command], cwd=settings.BASE_DIR, env=child_environment(),
            stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        errors = _Errors()
        reader = threading.Thread(target=errors.follow, args=(process, log, terminal))
        reader.start()
        while process.poll() is None and not stopping.wait(0.05):
            pass
        process.terminate()
        process.wait()
        reader.join()
    if stopping.is_set():
        raise Stopped
    if process.returncode:
        why = errors.last_line() or f"it ended with {process.returncode}"
        raise StepFailed(f"{step.title} failed: {why.removeprefix('CommandError: ').rstrip('.')}. "
                         f"See {path}, then {step.hint}.")  # fmt: skip


class _Errors:
    """What a command writes to stderr; its progress bar passes by."""

    _end = b""

    def follow(self, process: Any, log: BinaryIO, terminal: Terminal) -> None:
        while chunk := process.stderr.read1():
            if b"\r" in chunk or chunk == b"\n":  # a bar draws itself over itself
                terminal.draw(chunk)
            else:
                log.write(chunk)
                self._end = (self._end + chunk)[-4000:]

    def last_line(self) -> str:
        return self._end.decode(errors="replace").strip().rpartition("\n")[2].strip()


def _has_migrations_left() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _has_no_encoder() -> bool:
    version = active_version(fresh=True)
    return version is None or not (encoder_folder(version) / "model.onnx").is_file()


def _require_demo_database() -> None:
    """With DATABASE_URL the demo's products and its known password could land in a real store."""
    is_demo = User.objects.filter(username=MERCHANT).exists()
    if settings.EMBEDDED_POSTGRES is None and not is_demo and Product.objects.exists():
        raise StepFailed("The database in DATABASE_URL has a store that is not a demo; use an empty one, or unset it.")


def _make_merchant() -> None:
    """A superuser for the admin; one that exists is left as it is."""
    if not User.objects.filter(username=MERCHANT).exists():
        User.objects.create_superuser(MERCHANT, MERCHANT, PASSWORD, first_name="Demo merchant")


def _static_digest() -> str:
    """Changes with the static files that apps bring."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _static_stamp() -> Path:
    return Path(settings.STATIC_ROOT) / ".stamp"


def _keep(path: Path, text: str) -> None:
    path.write_text(text)
