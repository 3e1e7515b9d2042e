"""Databases for measuring and folders for encoders, which tests make and which go with them."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from psycopg import sql

from search import evaluation_database, versions
from search.ranker_trees import can_grow


@pytest.fixture
def databases(
    exported_encoder: Path, django_db_setup: None, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], list[str]]]:
    """Names of the evaluation databases that a test made; they go with it, and the tests' own is back after it.

    Where no test of a run is marked with django_db there is no test database: `own` is then the store's, whose
    evaluation databases are not to be touched.
    """
    own = connection.settings_dict["NAME"]
    prefix = f"tests_{own}_{os.environ.get('PYTEST_XDIST_WORKER', '')}_eval_"
    monkeypatch.setattr(evaluation_database, "PREFIX", prefix)

    def names() -> list[str]:
        with evaluation_database._store_server() as server:
            rows = server.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix]).fetchall()
        return sorted(name for (name,) in rows)

    with django_db_blocker.unblock():
        yield names
        connection.close()
        connection.settings_dict["NAME"] = own
        for name in names():
            with evaluation_database._store_server() as server:
                server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        versions.forget()


@pytest.fixture
def trees_grow() -> None:
    """For tests that grow trees: LightGBM's wheel needs a library of the system that a bare machine may lack."""
    if not can_grow():
        pytest.skip("LightGBM needs the system's OpenMP library (libgomp1)")


@pytest.fixture
def encoder_dir(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """An empty ENCODER_DIR of its own."""
    settings.ENCODER_DIR = tmp_path / "encoders"
    settings.ENCODER_DIR.mkdir()
    versions.forget()
    yield Path(settings.ENCODER_DIR)
    versions.forget()
