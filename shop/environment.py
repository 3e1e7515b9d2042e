"""Environment variables that fail loudly: a setting that makes no sense stops the start with a sentence."""

import os
import re
import secrets
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ImproperlyConfigured

# Sent when a connection opens. ef_search: 0.98 of the exact 100 nearest at 19,406 products, and the same nDCG as with
# 1,000; the default of 40 also returns at most 40 rows. iterative_scan goes on where the nearest are not for sale, else
# they would take the places of those that are. jit costs more than it gives for statements of milliseconds.
# random_page_cost: the index is in memory or on an SSD; with the default of 4, made for discs, a common word reads the
# whole table.
SESSION_SETTINGS = (
    "-c hnsw.ef_search=200",
    "-c hnsw.iterative_scan=relaxed_order",
    "-c jit=off",
    "-c random_page_cost=1.1",
    "-c plan_cache_mode=force_generic_plan",  # of search/prepared.py; nothing else is prepared
)

_BROKERS = {"redis", "rediss", "sentinel", "amqp", "amqps", "pyamqp", "filesystem"}
_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}


def env_str(name: str, default: str) -> str:
    return os.environ.get(name, "").strip() or default


def env_bool(name: str, default: bool) -> bool:
    text = env_str(name, "")
    if not text:
        return default
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name}={text!r} is neither true nor false; use 1 or 0.")


def env_int(name: str, default: int, *, minimum: int = 0) -> int:
    text = env_str(name, str(default))
    try:
        value = int(text)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={text!r} is not a whole number.") from None
    if value < minimum:
        raise ImproperlyConfigured(f"{name}={value} is too small; the least is {minimum}.")
    return value


def env_list(name: str, default: list[str]) -> list[str]:
    text = env_str(name, "")
    return [part.strip() for part in text.split(",") if part.strip()] if text else default


def env_choice(name: str, default: str, choices: set[str]) -> str:
    text = env_str(name, default)
    if text not in choices:
        raise ImproperlyConfigured(f"{name}={text!r} is unknown; choose one of {', '.join(sorted(choices))}.")
    return text


def env_matching(name: str, default: str, pattern: str, example: str) -> str:
    text = env_str(name, default)
    if not re.fullmatch(pattern, text):
        raise ImproperlyConfigured(f"{name}={text!r} makes no sense; use something like {example}.")
    return text


def env_time_zone(name: str, default: str) -> str:
    text = env_str(name, default)
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ImproperlyConfigured(f"{name}={text!r} is no time zone; use a name like Europe/Berlin.") from None
    return text


def env_secret_key(name: str, path: Path, *, generate: bool) -> str:
    """The secret key from the environment, or, where `generate` is set, one made once and kept in `path`."""
    key = env_str(name, "")
    if key:
        if len(key) < 50 or len(set(key)) < 5:
            raise ImproperlyConfigured(f"{name} is too easy to guess; use at least 50 random characters.")
        return key
    if not generate:
        raise ImproperlyConfigured(f"{name} is not set; production needs at least 50 random characters.")
    try:
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(64))
        return path.read_text()
    except OSError as error:
        raise ImproperlyConfigured(
            f"{path} cannot be used ({error.strerror}); POCKETSHOP_LOCAL names another folder for what the store keeps."
        ) from error


def _write_once(path: Path, text: str) -> None:
    """Whole or not at all; when two processes do it at once, both read the first one's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent) as file:  # only its owner can read it
        file.write(text)
        file.flush()
        with suppress(FileExistsError):
            os.link(file.name, path)


def env_broker_url(name: str, default: str) -> str:
    """Where tasks are queued; "" as default means that it has to be set."""
    url = env_str(name, default)
    if not url:
        raise ImproperlyConfigured(f"{name} is not set; production needs redis:// or amqp:// (RabbitMQ).")
    scheme = urlsplit(url).scheme
    if scheme not in _BROKERS:
        raise ImproperlyConfigured(f"{name} starts with {scheme or 'nothing'}://; use redis:// or amqp:// (RabbitMQ).")
    return url


def database_from_url(url: str) -> dict[str, Any]:
    """Django's database settings for `postgresql://user:password@host:port/name?option=value`."""
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    scheme = urlsplit(url).scheme
    if scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            f"DATABASE_URL starts with {scheme or 'nothing'}://; Pocketshop needs postgresql:// (with pgvector)."
        )
    try:
        parts = {key: str(value) for key, value in conninfo_to_dict(url).items()}
    except ProgrammingError as error:
        raise ImproperlyConfigured(f"DATABASE_URL cannot be read: {str(error).strip()}.") from None
    name, port = parts.pop("dbname", ""), parts.pop("port", "")
    if not name:
        raise ImproperlyConfigured("DATABASE_URL names no database; use postgresql://user:password@host:5432/name.")
    if port and not port.isdigit():
        raise ImproperlyConfigured(f"DATABASE_URL has the port {port!r}; use a number like 5432.")
    parts["options"] = " ".join(filter(None, (parts.get("options"), *SESSION_SETTINGS)))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": port,
        "CONN_MAX_AGE": 600,  # a new connection per request costs 12 to 25 ms
        "CONN_HEALTH_CHECKS": True,  # a restarted database costs one retry, not an error page
        "OPTIONS": {**parts, "prepare_threshold": 1},  # search/prepared.py; Django's own cursors prepare nothing
    }


def load_settings() -> None:
    """Loads Django's settings now; where one makes no sense the process ends with one sentence, no traceback."""
    from django.conf import settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    try:
        len(settings.INSTALLED_APPS)
    except ImproperlyConfigured as error:
        sys.exit(f"Pocketshop cannot start: {error}")
