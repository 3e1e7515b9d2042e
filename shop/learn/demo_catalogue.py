"""The demo catalogue in an evaluation database: to measure on what every clone has."""

import tempfile
from pathlib import Path

from search.management.commands.evaluate_search import prepare_catalogue
from shop.catalog.demo.load import content_stamp, load_demo_catalogue
from shop.demo.merchandising import load_demo_merchandising


def prepare_demo_catalogue() -> str:
    """The name of the database. Raises EvaluationDatabaseFailed and EncoderUnavailable."""
    with tempfile.TemporaryDirectory() as folder:
        stamp = Path(folder) / "demo-catalogue"
        stamp.write_text(content_stamp(None))
        return prepare_catalogue(stamp, load=lambda _: load_demo())


def load_demo() -> None:
    """The demo's products and search rules, without pictures."""
    load_demo_catalogue(draws=False)
    load_demo_merchandising()
