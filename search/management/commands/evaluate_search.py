"""Measures search on a judged catalogue, in a database of its own, with the code that serves shoppers.

    manage.py evaluate_search --products products.jsonl.gz --judgments judgments.csv
    manage.py evaluate_search --products products.jsonl.gz --queries queries.txt --run run.tsv
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Never

from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from search.corrections import refresh_vocabulary
from search.datasets import DatasetInvalid, Judgments, Run, read_judgments, read_queries, run_lines
from search.encoder import EncoderUnavailable
from search.evaluation import BASELINE, MEASURES, Report, SystemReport, evaluate, run_queries
from search.evaluation_database import EvaluationDatabaseFailed, use_evaluation_database
from search.index import embed_stale_products, stale_products
from search.metrics import Interval
from search.pipeline import SYSTEMS
from search.versions import active_version
from shop.commands import DocumentedCommand

SERVED = "served"


class Command(DocumentedCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--products", type=Path, required=True, help="a file that import_products reads")
        parser.add_argument("--judgments", type=Path, help="CSV: query,product_id,grade[,source]; .gz too")
        parser.add_argument("--queries", type=Path, help="one query a line; else the queries of the judgments")
        parser.add_argument("--run", type=Path, help="write the served rankings, 100 deep, as a TREC run file")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["judgments"] and not (options["queries"] and options["run"]):
            raise CommandError("Give --judgments to measure, or --queries and --run to write rankings.")
        try:
            judgments = read_judgments(options["judgments"]) if options["judgments"] else Judgments()
            queries = read_queries(options["queries"]) if options["queries"] else list(judgments.completed)
            prepare_catalogue(options["products"])
        except (DatasetInvalid, EvaluationDatabaseFailed, EncoderUnavailable) as error:
            raise CommandError(str(error)) from error
        if options["run"]:
            self._write_run(options["run"], queries)
        if not judgments.completed:
            return
        with _bar("Measuring", len(judgments.completed) * len(SYSTEMS), " searches") as bar:
            report = evaluate(judgments, progress=bar.update)
        if options["json"]:
            self.stdout.write(json.dumps(as_json(report), ensure_ascii=False))
        else:
            self.stdout.write(as_text(report))

    def _write_run(self, path: Path, queries: list[str]) -> None:
        with _bar("Searching", len(queries), " searches") as bar:
            run: Run = run_queries(queries, system=SERVED, progress=bar.update)
        try:
            path.write_text("".join(run_lines(run, "pocketshop")), encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
        self.stderr.write(f"{path}: {len(run)} rankings.")


def import_feed(products: Path) -> None:
    call_command("import_products", str(products), stdout=sys.stderr, stderr=sys.stderr)


def prepare_catalogue(products: Path, *, load: Callable[[Path], object] = import_feed) -> str:
    """Loads, indexes and embeds the catalogue, in its own database, unless that was done before; returns its name.

    Everything that it has to say goes to stderr.
    """
    name = use_evaluation_database(products, load=load)
    call_command("export_encoder", stdout=sys.stderr)
    stale = stale_products(active_version(fresh=True)).count()
    with _bar("Embedding", stale, " products") as bar:
        embed_stale_products(progress=bar.update, threads=os.cpu_count() or 1)
    refresh_vocabulary(at_once=True)
    return name


def as_json(report: Report) -> dict[str, Any]:
    return {
        "products": report.products,
        "queries": len(report.queries),
        "systems": {name: _system_json(system) for name, system in report.systems.items()},
    }


def _system_json(system: SystemReport) -> dict[str, Any]:
    def pair(interval: Interval) -> list[float]:
        return [round(interval.low, 4), round(interval.high, 4)]

    return {
        **{name: round(system.means[name].mean, 4) for name in MEASURES},
        "ci95": {name: pair(system.means[name]) for name in MEASURES},
        f"minus_{BASELINE}": {
            name: {"mean": round(difference.mean, 4), "ci95": pair(difference)}
            for name, difference in system.differences.items()
        },
    }


def as_text(report: Report) -> str:
    """A table for people: a row for each measure, a column for each system."""
    size = f"{report.products} products, {len(report.queries)} queries"
    lines = [f"{size}; mean [95 % bootstrap interval over queries]", ""]
    lines.append(f"{'':18}" + "".join(f"{name:>24}" for name in report.systems))
    measured = [name for name in MEASURES if any(system.is_measured(name) for system in report.systems.values())]
    for name in measured:
        cells = (_cell(system.means[name]) for system in report.systems.values())
        lines.append(f"{name:18}" + "".join(f"{cell:>24}" for cell in cells))
    lines += ["", f"Paired differences to {BASELINE}", ""]
    for name in measured:
        cells = (
            _cell(system.differences[name], sign="+") if name in system.differences else "-"
            for system in report.systems.values()
        )
        lines.append(f"{name:18}" + "".join(f"{cell:>24}" for cell in cells))
    return "\n".join(lines)


def _cell(interval: Interval, sign: str = "") -> str:
    return f"{interval.mean:{sign}.3f} [{interval.low:{sign}.3f}, {interval.high:{sign}.3f}]"


def _bar(title: str, total: int, unit: str) -> "tqdm[Never]":
    return tqdm(total=total, desc=title, unit=unit, file=sys.stderr, disable=None)
