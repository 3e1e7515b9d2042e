"""Settings from the environment: production is clean, and what makes no sense ends the start with one sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow  # together; `make check` stays under two minutes

SECRET = "k7-Zq2_hT9wXb4RmV8sLpD1fGjN6cYtA3eKuHiQoW5xBzS0nJr"
PRODUCTION = {
    "DATABASE_URL": "postgresql://shop:secret@db.example.com:5432/shop?sslmode=require",
    "CELERY_BROKER_URL": "redis://broker.example.com:6379/0",
    "SECRET_KEY": SECRET,
    "ALLOWED_HOSTS": "shop.example.com",
}
OURS = {
    *PRODUCTION, "POCKETSHOP_DEMO", "POCKETSHOP_LOCAL", "DEBUG", "HTTPS", "TIME_ZONE", "MEDIA_ROOT", "ENCODER_DIR",
    "STORE_CURRENCY", "LOG_LEVEL", "HSTS_SECONDS", "TRUST_PROXY_HEADERS", "DJANGO_SETTINGS_MODULE",
}  # fmt: skip


def _python(*arguments: str, local: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    bare = {name: value for name, value in os.environ.items() if name not in OURS}
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env={**bare, "POCKETSHOP_LOCAL": str(local), **environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_deployment_check_is_clean_in_production(tmp_path: Path) -> None:
    check = ["-W", "error", "manage.py", "check", "--deploy", "--fail-level=WARNING"]
    done = _python(*check, local=tmp_path, **PRODUCTION)
    assert (done.returncode, done.stdout) == (0, "System check identified no issues (2 silenced).\n"), done.stderr


def test_production_writes_nothing_at_start(tmp_path: Path) -> None:
    _python("manage.py", "check", local=tmp_path / "local", **PRODUCTION)
    assert list(tmp_path.iterdir()) == []


def test_the_demo_needs_no_setting_and_keeps_its_secret_key(tmp_path: Path) -> None:
    assert _python("manage.py", "check", local=tmp_path).returncode == 0
    made = (tmp_path / "secret_key").read_text()
    assert _python("manage.py", "check", local=tmp_path).returncode == 0
    assert (tmp_path / "secret_key").read_text() == made
    assert len(made) > 50


def test_production_has_secure_defaults(tmp_path: Path) -> None:
    program = (
        "from shop.settings import *; print(DEBUG, SECURE_SSL_REDIRECT, SESSION_COOKIE_SECURE, CSRF_COOKIE_SECURE, "
        "SECURE_HSTS_SECONDS, SECURE_PROXY_SSL_HEADER, EMBEDDED_POSTGRES, DEMO)"
    )
    done = _python("-c", program, local=tmp_path, **PRODUCTION)
    assert done.stdout == "False True True True 3600 None None False\n", done.stderr


BAD = [
    ({"DATABASE_URL": ""}, "SECRET_KEY is set but DATABASE_URL is not; production needs both (see README)."),
    ({"DATABASE_URL": "", "POCKETSHOP_DEMO": "0"},
     "DATABASE_URL is not set; production needs postgresql:// (with pgvector)."),
    ({"DATABASE_URL": "mysql://db/shop"},
     "DATABASE_URL starts with mysql://; Pocketshop needs postgresql:// (with pgvector)."),
    ({"DATABASE_URL": "shop"},
     "DATABASE_URL starts with nothing://; Pocketshop needs postgresql:// (with pgvector)."),
    ({"DATABASE_URL": "postgresql://db.example.com"},
     "DATABASE_URL names no database; use postgresql://user:password@host:5432/name."),
    ({"DATABASE_URL": "postgresql://db.example.com:five/shop"},
     "DATABASE_URL has the port 'five'; use a number like 5432."),
    ({"DATABASE_URL": "postgresql://db/shop?no_such_option=1"},
     'DATABASE_URL cannot be read: invalid URI query parameter: "no_such_option".'),
    ({"CELERY_BROKER_URL": ""}, "CELERY_BROKER_URL is not set; production needs redis:// or amqp:// (RabbitMQ)."),
    ({"CELERY_BROKER_URL": "kafka://broker"},
     "CELERY_BROKER_URL starts with kafka://; use redis:// or amqp:// (RabbitMQ)."),
    ({"SECRET_KEY": ""}, "SECRET_KEY is not set; production needs at least 50 random characters."),
    ({"SECRET_KEY": "changeme"}, "SECRET_KEY is too easy to guess; use at least 50 random characters."),
    ({"SECRET_KEY": "a" * 60}, "SECRET_KEY is too easy to guess; use at least 50 random characters."),
    ({"ALLOWED_HOSTS": " , "}, "ALLOWED_HOSTS is not set; name the store's hosts, like shop.example.com,example.com."),
    ({"DEBUG": "maybe"}, "DEBUG='maybe' is neither true nor false; use 1 or 0."),
    ({"HTTPS": "2"}, "HTTPS='2' is neither true nor false; use 1 or 0."),
    ({"HSTS_SECONDS": "an hour"}, "HSTS_SECONDS='an hour' is not a whole number."),
    ({"HSTS_SECONDS": "-1"}, "HSTS_SECONDS=-1 is too small; the least is 0."),
    ({"TIME_ZONE": "Mars/Olympus"}, "TIME_ZONE='Mars/Olympus' is no time zone; use a name like Europe/Berlin."),
    ({"STORE_CURRENCY": "euro"}, "STORE_CURRENCY='euro' makes no sense; use something like EUR."),
    ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL='LOUD' is unknown; choose one of DEBUG, ERROR, INFO, WARNING."),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "sentence"), BAD, ids=lambda value: str(value)[:40])
def test_a_setting_that_makes_no_sense_ends_the_start_with_a_sentence(
    changed: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    done = _python("manage.py", "check", local=tmp_path, **{**PRODUCTION, **changed})
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"Pocketshop cannot start: {sentence}\n")


@pytest.mark.parametrize(
    "command", [["-c", "import shop.wsgi"], ["-m", "celery", "-A", "tasks.celery", "report"]], ids=["web", "worker"]
)
def test_web_and_workers_end_with_the_same_sentence(command: list[str], tmp_path: Path) -> None:
    done = _python(*command, local=tmp_path, **{**PRODUCTION, "SECRET_KEY": "changeme"})
    sentence = "Pocketshop cannot start: SECRET_KEY is too easy to guess; use at least 50 random characters.\n"
    assert (done.returncode, done.stderr) == (1, sentence)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = _python("manage.py", "check", local=tmp_path / "file" / "local")
    assert done.returncode == 1
    assert done.stderr == (
        f"Pocketshop cannot start: {tmp_path}/file/local/secret_key cannot be used (Not a directory); "
        "POCKETSHOP_LOCAL names another folder for what the store keeps.\n"
    )
