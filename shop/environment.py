"""Environment variables that fail loudly: a setting that makes no sense stops the start with a sentence."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# Sent when a connection opens. ef_search: recall@20 of 0.99 at 19,406 products; the default of 40 also returns at most
# 40 rows. jit costs more than it gives for statements of milliseconds.
SESSION_SETTINGS = ("-c hnsw.ef_search=200", "-c jit=off")

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


def env_secret_key(name: str, path: Path, *, generate: bool) -> str:
    """The secret key from the environment, or, where `generate` is set, one made once and kept in `path`."""
    key = env_str(name, "")
    if key:
        if len(key) < 50:
            raise ImproperlyConfigured(f"{name} has {len(key)} characters; use at least 50 random ones.")
        return key
    if not generate:
        raise ImproperlyConfigured(f"{name} is not set; production needs at least 50 random characters.")
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(secrets.token_urlsafe(64))
        path.chmod(0o600)
    return path.read_text()


def database_from_url(url: str) -> dict[str, Any]:
    """Django's database settings for `postgresql://user:password@host:port/name?option=value`."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            f"DATABASE_URL starts with {parts.scheme or 'nothing'}://; Pocketshop needs postgresql:// (with pgvector)."
        )
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise ImproperlyConfigured("DATABASE_URL names no database; use postgresql://user:password@host:5432/name.")
    options = dict(parse_qsl(parts.query))
    options["options"] = " ".join(filter(None, (options.get("options"), *SESSION_SETTINGS)))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_MAX_AGE": 600,  # a new connection per request costs 12 to 25 ms
        "CONN_HEALTH_CHECKS": True,  # a restarted database costs one retry, not an error page
        "OPTIONS": options,
    }
