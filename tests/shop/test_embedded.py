"""The embedded PostgreSQL: real servers in folders of their own."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from shop import embedded
from shop.embedded_files import EmbeddedPostgresFailed, account_for
from shop.embedded_processes import postmaster_of

pytestmark = pytest.mark.slow  # together; `make check` stays under two minutes

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """In a folder with a space and a long name, which other accounts may enter."""
    parent = Path(tempfile.mkdtemp(prefix="pocket shop "))
    parent.chmod(0o755)
    folder = parent / ("a long folder name " * 5).strip() / "postgres"
    yield folder
    real = folder.resolve()
    embedded.stop(folder)
    shutil.rmtree(parent)
    shutil.rmtree(real, ignore_errors=True)
    shutil.rmtree(real.with_name(f"{real.name}.previous"), ignore_errors=True)
    shutil.rmtree(embedded.socket_dir(folder), ignore_errors=True)


def _query(data_dir: Path, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(embedded.database_url(data_dir), autocommit=True) as connection:
        cursor = connection.execute(query)
        return cursor.fetchall() if cursor.description else []


def _kill(data_dir: Path) -> None:
    postmaster = postmaster_of(data_dir.resolve())
    assert postmaster is not None
    postmaster.send_signal(signal.SIGKILL)


def test_starts_once_and_stops(data_dir: Path) -> None:
    assert embedded.start(data_dir) is True
    assert embedded.start(data_dir) is False
    assert embedded.is_ready(data_dir)
    assert embedded.stop(data_dir) is True
    assert embedded.stop(data_dir) is False
    assert not embedded.is_ready(data_dir)


def test_is_postgresql_18_with_pgvector_and_unicode_case(data_dir: Path) -> None:
    embedded.start(data_dir)
    _query(data_dir, "CREATE EXTENSION vector")
    assert _query(data_dir, "SELECT current_setting('server_version_num')::int / 10000, lower('ÉCRAN')") == [
        (18, "écran")
    ]


def test_listens_only_on_a_socket_that_others_cannot_reach(data_dir: Path) -> None:
    embedded.start(data_dir)
    assert _query(data_dir, "SHOW listen_addresses") == [("",)]
    assert stat.S_IMODE(embedded.socket_dir(data_dir).stat().st_mode) == 0o700
    assert stat.S_IMODE(data_dir.stat().st_mode) == 0o700


def test_data_survives_kill_9(data_dir: Path) -> None:
    embedded.start(data_dir)
    _query(data_dir, "CREATE TABLE kept AS SELECT 42 AS number")
    _kill(data_dir)
    assert embedded.start(data_dir) is True
    assert _query(data_dir, "SELECT number FROM kept") == [(42,)]


def test_starts_although_another_process_has_the_dead_servers_id(data_dir: Path) -> None:
    embedded.start(data_dir)
    pid_file = data_dir.resolve() / "postmaster.pid"
    content = pid_file.read_text().splitlines(keepends=True)
    embedded.stop(data_dir)
    other = subprocess.Popen(["sleep", "60"], **account_for(data_dir).process_options())
    try:
        pid_file.write_text("".join([f"{other.pid}\n", *content[1:]]))
        shutil.chown(pid_file, data_dir.stat().st_uid)
        assert embedded.start(data_dir) is True
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_two_processes_starting_at_once_get_one_server(data_dir: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from shop import embedded; print(embedded.start(Path(sys.argv[1])))"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", program, data_dir], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    assert sorted(process.communicate()[0].strip() for process in processes) == ["False", "False", "True"]
    assert embedded.is_ready(data_dir)


def test_starts_anew_when_its_folder_was_deleted_under_it(data_dir: Path) -> None:
    embedded.start(data_dir)
    _query(data_dir, "CREATE TABLE gone AS SELECT 1")
    shutil.rmtree(data_dir.parent)
    assert not embedded.is_ready(data_dir)
    assert embedded.start(data_dir) is True
    assert _query(data_dir, "SELECT to_regclass('gone')::text") == [(None,)]


def test_works_under_a_folder_that_only_we_can_enter_and_leaves_its_mode(data_dir: Path) -> None:
    data_dir.parent.mkdir()
    data_dir.parent.chmod(0o700)
    assert embedded.start(data_dir) is True
    assert stat.S_IMODE(data_dir.parent.stat().st_mode) == 0o700
    assert data_dir.is_symlink() == (os.geteuid() == 0)


def test_deleting_a_link_to_the_data_deletes_the_data(data_dir: Path) -> None:
    data_dir.parent.mkdir()
    data_dir.parent.chmod(0o700)
    embedded.start(data_dir)
    _query(data_dir, "CREATE TABLE gone AS SELECT 1")
    shutil.rmtree(data_dir.parent)
    data_dir.parent.mkdir()
    data_dir.parent.chmod(0o700)
    assert embedded.start(data_dir) is True
    assert _query(data_dir, "SELECT to_regclass('gone')::text") == [(None,)]


def test_moved_project_finds_its_data(data_dir: Path) -> None:
    embedded.start(data_dir)
    _query(data_dir, "CREATE TABLE kept AS SELECT 42 AS number")
    moved = data_dir.with_name("moved")
    data_dir.rename(moved)
    try:
        assert embedded.start(moved) is True
        assert _query(moved, "SELECT number FROM kept") == [(42,)]
    finally:
        embedded.stop(moved)
        shutil.rmtree(embedded.socket_dir(moved), ignore_errors=True)


def test_refuses_data_of_another_version(data_dir: Path) -> None:
    data_dir.mkdir(parents=True)
    (data_dir / "PG_VERSION").write_text("16\n")
    with pytest.raises(EmbeddedPostgresFailed, match=r"was made by PostgreSQL 16, this is 18; move it away"):
        embedded.start(data_dir)
    assert (data_dir / "PG_VERSION").read_text() == "16\n"


def test_refuses_a_folder_with_something_else_in_it(data_dir: Path) -> None:
    data_dir.mkdir(parents=True)
    (data_dir / "thesis.odt").write_text("mine")
    with pytest.raises(EmbeddedPostgresFailed, match="is not a PostgreSQL data folder, and not empty"):
        embedded.start(data_dir)
    assert (data_dir / "thesis.odt").read_text() == "mine"


def test_says_why_the_server_does_not_start(data_dir: Path) -> None:
    embedded.start(data_dir)
    embedded.stop(data_dir)
    (data_dir / "postgresql.conf").write_text("no_such_setting = 1\n")
    begun = time.monotonic()
    with pytest.raises(EmbeddedPostgresFailed, match="no_such_setting"):
        embedded.start(data_dir)
    assert time.monotonic() - begun < 30  # it does not wait for a server that is gone


def test_refuses_a_socket_folder_that_is_a_link(data_dir: Path) -> None:
    embedded.socket_dir(data_dir).symlink_to(data_dir.parent.parent)
    try:
        with pytest.raises(EmbeddedPostgresFailed, match="belongs to another user"):
            embedded.start(data_dir)
    finally:
        embedded.socket_dir(data_dir).unlink()
