"""The demo's parts, each alone."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from shop.demo.address import PortTaken, lan_address, require_free_port
from shop.demo.announce import announce
from shop.demo.children import BACK_OFF_S, HEALTHY_S, Child
from shop.demo.running import MARK, AlreadyRuns, claim, end_leftovers
from shop.demo.steps import (
    MERCHANT,
    Step,
    StepFailed,
    Stopped,
    _make_merchant,
    _require_demo_database,
    _run,
    merchant_password,
)
from shop.demo.supervise import Supervisor
from shop.demo.terminal import LOG_KEPT, ErrorLines, Terminal, rotate
from tests.catalogue import make_product


def _sleeper(local: Path, *, program: str = "import time; time.sleep(60)") -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", program], env={**os.environ, MARK: str(local)})


def test_a_free_port_is_no_error() -> None:
    with socket.socket() as probe:
        probe.bind(("0.0.0.0", 0))
        port = probe.getsockname()[1]
    require_free_port(port)


def test_a_port_that_is_listened_to_is_refused_with_another_one_to_choose() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"^Port {port} is taken by another program; choose another: make demo"):
            require_free_port(port)


def test_the_lan_address_is_none_or_an_address_of_this_machine_that_others_can_reach() -> None:
    own = {a.address for addresses in psutil.net_if_addrs().values() for a in addresses if a.family == socket.AF_INET}
    assert lan_address() in {None, *(address for address in own if not address.startswith("127."))}


def test_only_one_demo_claims_a_folder(tmp_path: Path) -> None:
    with claim(tmp_path) as claimed:
        claimed.record(url="http://localhost:8000")
        where = rf"^The store already runs at http://localhost:8000 \(process {os.getpid()}\)"
        with pytest.raises(AlreadyRuns, match=where), claim(tmp_path):
            pass
    with claim(tmp_path):
        pass


def test_a_demo_that_is_not_open_yet_is_said_to_be_starting(tmp_path: Path) -> None:
    starting = r"^The store is being started by another `make demo`"
    with claim(tmp_path), pytest.raises(AlreadyRuns, match=starting), claim(tmp_path):
        pass


def test_leftovers_of_this_folder_end_and_those_of_another_do_not(tmp_path: Path) -> None:
    ours, other = _sleeper(tmp_path / "a"), _sleeper(tmp_path / "b")
    try:
        assert end_leftovers(tmp_path / "a") == 1
        assert ours.poll() is not None
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_error_lines_are_those_that_came_since_and_are_whole(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_text("1 ERROR old\n")
    errors = ErrorLines(log)
    with log.open("a") as file:
        file.write("2 INFO fine\n3 ERROR shop: no disk\n4 ERROR half")
    assert errors.new() == ["3 ERROR shop: no disk"]
    with log.open("a") as file:
        file.write(" a line\n")
    assert errors.new() == ["4 ERROR half a line"]
    assert errors.new() == []


def test_a_large_log_is_put_aside_and_a_small_one_kept(tmp_path: Path) -> None:
    large, small = tmp_path / "large.log", tmp_path / "small.log"
    large.write_bytes(b"x" * (LOG_KEPT + 1))
    small.write_bytes(b"x")
    rotate(large)
    rotate(small)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["large.log.1", "small.log"]


def test_the_wait_before_a_restart_grows_and_is_short_again_after_a_healthy_life(tmp_path: Path) -> None:
    child = Child("web", [], tmp_path / "web.log", patience_s=1)
    assert [child.wait_before_restart(1.0) for _ in range(8)] == [*BACK_OFF_S, 30, 30]
    assert child.wait_before_restart(HEALTHY_S + 1) == BACK_OFF_S[0]


def test_a_child_that_does_not_end_when_asked_is_killed_with_what_it_started(tmp_path: Path) -> None:
    program = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "print(subprocess.Popen(['sleep', '60']).pid, flush=True); time.sleep(60)"
    )
    child = Child("web", [sys.executable, "-c", program], tmp_path / "web.log", patience_s=0.2)
    child.start(0.0)
    while not (tmp_path / "web.log").read_text().endswith("\n"):
        time.sleep(0.02)
    child.ask_to_end()
    child.end()
    assert child.process is not None
    assert child.process.returncode == -signal.SIGKILL
    grandchild = int((tmp_path / "web.log").read_text())
    psutil.wait_procs([psutil.Process(grandchild)] if psutil.pid_exists(grandchild) else [], timeout=5)
    assert not psutil.pid_exists(grandchild) or psutil.Process(grandchild).status() == psutil.STATUS_ZOMBIE


def test_a_child_that_dies_is_started_again_and_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = "import pathlib, time; p = pathlib.Path('lives'); n = len(p.read_text()) if p.exists() else 0; "
    program = program.replace("'lives'", repr(str(tmp_path / "lives")))
    program += "p.write_text('x' * (n + 1)); n or exit(1); time.sleep(60)"
    child = Child("worker", [sys.executable, "-c", program], tmp_path / "worker.log", patience_s=5)
    stopping = threading.Event()
    supervisor = Supervisor([child], None, Terminal(tmp_path), stopping)
    supervisor.start_web()
    watching = threading.Thread(target=supervisor.watch)
    watching.start()
    lives = tmp_path / "lives"
    while not (lives.exists() and lives.read_text() == "xx"):
        time.sleep(0.05)
    stopping.set()
    watching.join()
    supervisor.close()
    assert capsys.readouterr().out == (
        f"worker ended unexpectedly; it starts again in 0.5 s (see {tmp_path / 'worker.log'}).\n"
    )


def test_a_failed_step_is_told_with_its_last_line_and_what_to_do(tmp_path: Path) -> None:
    step = Step("Counting", ["no_such_command"], lambda: True, "count again")
    with pytest.raises(StepFailed) as failure:
        _run(step, Terminal(tmp_path), threading.Event())
    assert str(failure.value) == (
        f"Counting failed: Type 'manage.py help' for usage. See {tmp_path / 'setup.log'}, then count again."
    )


def test_a_step_ends_when_the_demo_is_told_to(tmp_path: Path) -> None:
    stopping = threading.Event()
    stopping.set()
    with pytest.raises(Stopped):
        _run(Step("Serving", ["shell"], lambda: True), Terminal(tmp_path), stopping)


@pytest.mark.django_db
def test_a_real_stores_database_is_refused_and_an_empty_or_a_demos_is_not(settings: Any) -> None:
    settings.EMBEDDED_POSTGRES = None  # DATABASE_URL is set
    _require_demo_database()
    make_product("Kettle")
    with pytest.raises(StepFailed, match=r"^The database in DATABASE_URL has a store that is not a demo; use an empty"):
        _require_demo_database()
    _make_merchant()
    _require_demo_database()


@pytest.mark.django_db
def test_the_merchants_own_password_is_kept_and_not_told(django_user_model: Any) -> None:
    _make_merchant()
    assert merchant_password() == "pocketshop-demo"
    merchant = django_user_model.objects.get(username=MERCHANT)
    merchant.set_password("something else")
    merchant.save()
    _make_merchant()
    assert merchant_password() is None


def test_the_welcome_is_plain_without_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    announce(Terminal(tmp_path), 8001, lan="192.168.1.20", password="secret")
    assert capsys.readouterr().out == f"""
The store is open.

  Store   http://localhost:8001
  Admin   http://localhost:8001/admin/   merchant@example.com / secret
  API     http://localhost:8001/api/docs/
  Phone   http://192.168.1.20:8001
  Logs    {tmp_path}

Ctrl-C stops everything and keeps all data.
"""


def test_the_welcome_on_a_terminal_has_a_code_for_phones(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal(tmp_path)
    terminal.is_interactive = True
    announce(terminal, 8001, lan="192.168.1.20", password=None)
    said = capsys.readouterr().out
    assert "merchant@example.com / the password you chose" in said
    assert "▀" in said
