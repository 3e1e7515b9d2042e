"""Setting up: a step is done once, and again only when what it is made from changes."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from shop import bootstrap

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of its own, with one source file."""
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    (tmp_path / "source.txt").write_text("first")
    return tmp_path


@pytest.fixture
def make(root: Path) -> Callable[..., int]:
    """make(): does the step if it is needed; returns how often it was done so far."""
    done: list[str] = []

    def make(fails: bool = False, salt: str = "") -> int:
        def action() -> None:
            done.append("done")
            if fails:
                raise bootstrap.SetupFailed("no network")

        bootstrap.step("Making", root / "stamp", bootstrap._files([root / "source.txt", root / "more"]), action, salt)
        return len(done)

    return make


def test_a_step_is_done_once(make: Callable[..., int]) -> None:
    assert (make(), make()) == (1, 1)


def test_a_step_is_done_again_when_a_source_changes(make: Callable[..., int], root: Path) -> None:
    make()
    (root / "source.txt").write_text("second")
    assert (make(), make()) == (2, 2)


def test_a_step_is_not_done_again_when_only_a_files_time_changes(make: Callable[..., int], root: Path) -> None:
    make()
    os.utime(root / "source.txt", (1, 1))
    assert make() == 1


def test_a_step_is_done_again_when_a_file_comes_or_gets_another_name(make: Callable[..., int], root: Path) -> None:
    make()
    (root / "more" / "deep").mkdir(parents=True)
    (root / "more" / "deep" / "new.ts").write_text("")
    assert make() == 2
    (root / "more" / "deep" / "new.ts").rename(root / "more" / "deep" / "other.ts")
    assert make() == 3


def test_a_step_is_done_again_when_the_version_that_it_installs_changes(make: Callable[..., int]) -> None:
    assert (make(salt="node 1"), make(salt="node 2")) == (1, 2)


def test_a_step_that_failed_is_done_again(make: Callable[..., int], root: Path) -> None:
    make()
    (root / "source.txt").write_text("second")
    with pytest.raises(bootstrap.SetupFailed):
        make(fails=True)
    (root / "source.txt").write_text("first")
    assert make() == 3


def test_a_step_says_what_it_does_only_when_it_does_it(
    make: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    make()
    make()
    assert capsys.readouterr().out == "Making ...\n"


@pytest.mark.parametrize(
    ("text", "version"), [("v22.14.0\n", (22, 14)), ("v20.19.5", (20, 19)), ("v18.1.0", (18, 1)), (None, ())]
)
def test_nodes_version_is_read(text: str | None, version: tuple[int, ...]) -> None:
    assert bootstrap._version(text) == version


def _system_with_node(folder: Path, version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.mkdir()
    for name in ("node", "npm"):
        (folder / name).write_text(f"#!/bin/sh\necho {version}\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_the_systems_node_is_used_where_it_is_new_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _system_with_node(tmp_path / "bin", "v20.19.0", monkeypatch)
    assert bootstrap.node()["PATH"] == str(tmp_path / "bin")


@pytest.mark.parametrize("version", ["v20.18.3", "v18.20.0", ""])
def test_pypis_node_goes_before_a_systems_that_is_too_old(
    root: Path, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _system_with_node(root / "bin", version, monkeypatch)
    monkeypatch.setattr(bootstrap, "VENV", root)
    (root / ".stamp-node").write_text(hashlib.sha256(bootstrap.NODE_WHEEL.encode()).hexdigest())  # it is installed
    assert bootstrap.node()["PATH"] == f"{root / 'node'}:{root / 'bin'}"


def test_a_program_that_is_not_there_is_said_with_what_to_do() -> None:
    with pytest.raises(bootstrap.SetupFailed, match=r"^no-such-program cannot be started .* Install it\.$"):
        bootstrap._run(["no-such-program"], "Install it.")


def test_setup_needs_nothing_installed() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(ROOT / "shop" / "bootstrap.py"), "--help"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_make_demo_without_a_python_says_which_one_it_needs() -> None:
    done = subprocess.run(["make", "demo", "PYTHON="], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == (
        "Pocketshop needs Python 3.11 or newer; none was found (PYTHON=/path/to/python3 names one)."
    )
