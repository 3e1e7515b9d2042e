"""`manage.py demo` as a person runs it: a real store in a folder of its own."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from shop import embedded
from shop.demo.running import MARK
from shop.embedded_processes import postmaster_of

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
OPEN = "The store is open."
STEPS = ("Making the tables", "Loading the demo catalogue", "Embedding the products", "Collecting static files")


@dataclass
class Demo:
    """A store of 20 products in a folder."""

    local: Path
    port: int
    environment: dict[str, str]

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", "demo", "--port", str(self.port), "--limit", "20", *arguments],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    @contextlib.contextmanager
    def open(self) -> Iterator["subprocess.Popen[str]"]:
        output = self.local.parent / "output"
        with output.open("w") as file:
            demo = subprocess.Popen(
                [sys.executable, "manage.py", "demo", "--port", str(self.port), "--limit", "20"],
                cwd=ROOT, env=self.environment, stdout=file, stderr=subprocess.STDOUT, text=True,
                preexec_fn=_hears_the_terminal_close,
            )  # fmt: skip
        try:
            wait_until(lambda: OPEN in self.said() or demo.poll() is not None)
            assert OPEN in self.said(), self.said()
            yield demo
        finally:
            demo.terminate()
            demo.wait(60)

    def said(self) -> str:
        return (self.local.parent / "output").read_text()

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(f"http://localhost:{self.port}{path}", timeout=10) as response:
            return json.load(response)

    def answers(self) -> bool:
        with contextlib.suppress(OSError):
            return bool(self.get("/healthz") == {"status": "ok"})
        return False

    def processes(self, word: str = "") -> list[psutil.Process]:
        """What the demo started, the database left out, whose command line has `word`."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                if process.environ().get(MARK) == str(self.local) and word in " ".join(process.cmdline()):
                    found.append(process)
        return found


def wait_until(holds: Callable[[], object], timeout_s: float = 90) -> None:
    deadline = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, exported_encoder: Path) -> Iterator[Demo]:
    local = tmp_path_factory.mktemp("demo") / "a store"
    hidden = {"DATABASE_URL", "CELERY_BROKER_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE"}
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    environment |= {"POCKETSHOP_LOCAL": str(local), "ENCODER_DIR": str(exported_encoder.parent)}
    demo = Demo(local, free_port(), environment)
    yield demo
    demo.command("--stop")


@pytest.fixture(scope="module")
def prepared(demo: Demo) -> Demo:
    """The store after its first start."""
    with demo.open():
        pass
    return demo


def test_a_taken_port_is_said_before_anything_is_made(demo: Demo) -> None:
    with socket.socket() as other:
        other.bind(("0.0.0.0", demo.port))
        other.listen()
        refused = demo.command()
    assert refused.returncode == 1
    assert refused.stderr == (
        f"The demo stopped: Port {demo.port} is taken by another program; choose another: "
        f"make demo PORT={demo.port + 1}\n"
    )
    assert not (demo.local / "postgres").exists()


def test_opens_a_store_whose_search_understands_meaning(demo: Demo) -> None:
    with demo.open():
        assert demo.get("/api/search/?q=warm")["mode"] == "hybrid"
        with urllib.request.urlopen(f"http://localhost:{demo.port}/admin/login/", timeout=10) as page:
            assert b"/static/unfold/css/styles." in page.read()  # collected, under hashed names
    assert "merchant@example.com / pocketshop-demo" in demo.said()


def test_the_second_start_redoes_nothing(prepared: Demo) -> None:
    with prepared.open():
        assert not [step for step in STEPS if step in prepared.said()]


def _hears_the_terminal_close() -> None:
    """Also where the tests themselves run under nohup, which the demo would inherit and respect."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything_in_order(prepared: Demo, number: signal.Signals) -> None:
    with prepared.open() as running:
        wait_until(lambda: len(prepared.processes("tasks.celery")) == 4)
        running.send_signal(number)
        assert running.wait(60) == 0
    assert prepared.processes() == []
    assert not embedded.is_running(prepared.local / "postgres")
    assert prepared.said().endswith("\nStopping ...\nThe store is closed; `make demo` opens it again.\n")


def test_a_second_demo_says_where_the_first_one_is(prepared: Demo) -> None:
    with prepared.open() as running:
        second = prepared.command()
        assert second.returncode == 0
        assert second.stdout == (
            f"The store already runs at http://localhost:{prepared.port} (process {running.pid}); "
            "`make stop` stops it.\n"
        )
        assert prepared.answers()


def test_opens_again_after_kill_9(prepared: Demo) -> None:
    with prepared.open() as running:
        running.kill()
        running.wait()
        left = prepared.processes()
        assert len(left) >= 2
        with prepared.open():
            assert prepared.answers()
            assert not [process for process in left if process.is_running()]


def test_stop_ends_what_a_killed_demo_left(prepared: Demo) -> None:
    with prepared.open() as running:
        running.kill()
        running.wait()
        assert prepared.command("--stop").stdout == "The store is stopped.\n"
    assert prepared.processes() == []
    assert not embedded.is_running(prepared.local / "postgres")
    assert prepared.command("--stop").stdout == "No store was running.\n"


def test_stop_ends_a_running_demo(prepared: Demo) -> None:
    with prepared.open() as running:
        assert prepared.command("--stop").stdout == "The store is stopped.\n"
        assert running.wait(60) == 0
    assert prepared.processes() == []


def test_processes_that_are_killed_start_again(prepared: Demo) -> None:
    with prepared.open():
        wait_until(lambda: len(prepared.processes("tasks.celery")) == 4)
        for word in ("granian", "edits@"):
            for process in prepared.processes(word):
                process.kill()
        postmaster = postmaster_of((prepared.local / "postgres").resolve())
        assert postmaster is not None
        postmaster.kill()
        wait_until(lambda: "web ended unexpectedly" in prepared.said() and "worker ended" in prepared.said())
        wait_until(prepared.answers)
        wait_until(lambda: prepared.get("/api/search/?q=warm")["mode"] == "hybrid")
        assert "The database ended unexpectedly; it starts again." in prepared.said()


def test_a_failing_step_ends_the_demo_with_a_sentence(prepared: Demo) -> None:
    static = prepared.local / "static"
    static.rename(prepared.local / "kept")
    static.write_text("in the way")
    failed = prepared.command()
    static.unlink()
    (prepared.local / "kept").rename(static)
    assert failed.returncode == 1
    assert failed.stderr.startswith("The demo stopped: Collecting static files failed: ")
    assert failed.stderr.count("\n") == 1
    assert not embedded.is_running(prepared.local / "postgres")
