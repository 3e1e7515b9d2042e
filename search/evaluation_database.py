"""A database of its own for a catalogue that is measured: the store's products, log and versions stay untouched.

It is named after the content of the catalogue's file, so the next run with that file finds it loaded and embedded and
starts within seconds; the KEPT latest ones are kept. It lies on the store's own server, with the same settings.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from search import (
    categories,
    category_names,
    chosen_meaning,
    click_memory,
    corrections,
    facets,
    interleaving,
    item_groups,
    known_words,
    often_chosen,
    product_kinds,
    remembered_clicks,
    rules,
    said_categories,
    settings_of_store,
    suggestions,
    synonyms,
    versions,
)

REMEMBERING = (
    categories, category_names, chosen_meaning, click_memory, corrections, facets, interleaving, item_groups,
    known_words, often_chosen, product_kinds, remembered_clicks, rules, said_categories, settings_of_store, suggestions,
    synonyms, versions,
)  # fmt: skip
PREFIX = "pocketshop_eval_"
KEPT = 3
_LOCK = 7_041_003  # advisory lock: one process at a time prepares


class EvaluationDatabaseFailed(Exception):
    """There can be no such database; the message says why and what to do."""


def use_evaluation_database(products: Path, *, load: Callable[[Path], object]) -> str:
    """Connects this process to the database of that catalogue, filled by `load(products)` unless it was before.

    Returns its name. The catalogue is not embedded yet: search.index does that, and skips what is done.
    """
    name = PREFIX + _digest(products)
    with _store_server() as store:
        store.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        if not store.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            _create(store, name)
        _connect_to(name)
        call_command("migrate", verbosity=0)
        if not _is_loaded(store, name):
            load(products)
        _mark_loaded(store, name)
        _drop_old(store)
    return name


def _digest(products: Path) -> str:
    try:
        with products.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:16]
    except OSError as error:
        raise EvaluationDatabaseFailed(f"{products} cannot be read: {error.strerror}.") from error


@contextmanager
def _store_server() -> Iterator["psycopg.Connection[tuple[Any, ...]]"]:
    """A connection of its own to the store's database, outside transactions: CREATE DATABASE needs that."""
    parameters = connection.get_connection_params()
    for name in ("cursor_factory", "context", "server_side_binding"):
        parameters.pop(name, None)
    parameters.pop("prepare_threshold", None)
    with psycopg.connect(**parameters, autocommit=True) as store:
        yield store


def _create(store: "psycopg.Connection[tuple[Any, ...]]", name: str) -> None:
    try:
        store.execute(sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(sql.Identifier(name)))
    except psycopg.errors.InsufficientPrivilege as error:
        raise EvaluationDatabaseFailed(
            f"The database's user may not create {name}; run ALTER USER ... CREATEDB, or evaluate without "
            "DATABASE_URL, on the embedded database."
        ) from error


def _connect_to(name: str) -> None:
    """From now on Django talks to that database; what this process remembers of another one is forgotten."""
    connection.close()
    connection.settings_dict["NAME"] = name
    for module in REMEMBERING:
        module.forget()


def _is_loaded(store: "psycopg.Connection[tuple[Any, ...]]", name: str) -> bool:
    return bool(_used_at(store).get(name))


def _mark_loaded(store: "psycopg.Connection[tuple[Any, ...]]", name: str) -> None:
    """The time of use is kept as the database's comment, the one place that all of them share."""
    used = sql.Literal(datetime.now(tz=UTC).isoformat())
    store.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), used))


def _used_at(store: "psycopg.Connection[tuple[Any, ...]]") -> dict[str, str]:
    """When each was last used, by name; empty for one that was never loaded to the end."""
    rows = store.execute(
        "SELECT datname, coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database "
        "WHERE starts_with(datname, %s)",
        [PREFIX],
    ).fetchall()
    return {str(name): str(used) for name, used in rows}


def _drop_old(store: "psycopg.Connection[tuple[Any, ...]]") -> None:
    used = _used_at(store)
    for name in sorted(used, key=lambda name: used[name], reverse=True)[KEPT:]:
        try:
            store.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
        except psycopg.errors.ObjectInUse:  # another run is measuring with it
            continue
