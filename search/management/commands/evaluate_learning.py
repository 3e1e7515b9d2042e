"""Measures what the store learns from simulated clicks on one set of judged queries, on these and on another set.

    manage.py evaluate_learning --products products.jsonl.gz --log-judgments a.csv --test-judgments b.csv --json

In the measured catalogue's own database. Clicks are made of the first file's grades only; the second one only measures.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from search.datasets import DatasetInvalid, read_judgments
from search.encoder import EncoderUnavailable
from search.evaluation_database import EvaluationDatabaseFailed
from search.evaluation_files import own_encoder_files
from search.judged_queries import GradedQuery, in_store, language_of
from search.learning_evaluation import BEFORE, SEEN, TEST, UNRELATED, LearningReport, evaluate_learning
from search.management.commands.evaluate_search import prepare_catalogue
from search.metrics import Interval
from search.recipe import Recipe, RecipeInvalid
from shop.commands import DocumentedCommand

SESSIONS, SEEDS = 5000, 3


class Command(DocumentedCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--products", type=Path, required=True, help="a file that import_products reads")
        parser.add_argument("--log-judgments", type=Path, required=True, help="shoppers search for these queries")
        parser.add_argument("--test-judgments", type=Path, required=True, help="nobody searches for these")
        parser.add_argument("--sessions", type=int, default=SESSIONS, help=f"searches of shoppers ({SESSIONS})")
        parser.add_argument("--seeds", type=int, default=SEEDS, help=f"how often all of it is done ({SEEDS})")
        parser.add_argument("--steps", type=int, default=Recipe.steps, help=f"of training ({Recipe.steps})")
        parser.add_argument("--naive-encoder", action="store_true", help="also an encoder of clicks as they come")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        for name in ("sessions", "seeds"):
            if options[name] < 1:
                raise CommandError(f"--{name} is {options[name]}; it must be at least 1.")
        try:
            recipe = Recipe(steps=options["steps"])
            judgments = [read_judgments(options[name]) for name in ("log_judgments", "test_judgments")]
            database = prepare_catalogue(options["products"])
        except (DatasetInvalid, EvaluationDatabaseFailed, EncoderUnavailable, RecipeInvalid) as error:
            raise CommandError(str(error)) from error
        logged, test = (
            [GradedQuery(query, language_of(query), grades) for query, grades in in_store(found).grades.items()]
            for found in judgments
        )
        if both := sorted({query.query for query in logged} & {query.query for query in test}):
            raise CommandError(f"{both[0]!r} is in both files of judgments; a query is either logged or tested.")
        with own_encoder_files(database):
            report = evaluate_learning(
                logged,
                test,
                sessions=options["sessions"],
                seeds=options["seeds"],
                recipe=recipe,
                naive_encoder=options["naive_encoder"],
                say=lambda text: self.stderr.write(text),
            )
        self.stdout.write(json.dumps(as_json(report)) if options["json"] else as_text(report))


def as_json(report: LearningReport) -> dict[str, Any]:
    return {
        "queries": report.queries,
        "learners": {
            learner: {
                group: {
                    "ndcg@10": round(mean.mean, 4),
                    "ci95": [round(mean.low, 4), round(mean.high, 4)],
                    **_difference(report, learner, group),
                }
                for group, mean in groups.items()
            }
            for learner, groups in report.means.items()
        },
        "seeds": [
            {name: value for name, value in asdict(seed).items() if name != "values"} for seed in report.seeds
        ],
    }


def _difference(report: LearningReport, learner: str, group: str) -> dict[str, Any]:
    if learner == BEFORE:
        return {}
    found = report.differences[learner][group]
    return {"minus_before": {"mean": round(found.mean, 4), "ci95": [round(found.low, 4), round(found.high, 4)]}}


def as_text(report: LearningReport) -> str:
    """A table for people: a row for each learner, a column for each group of queries."""
    groups = (SEEN, TEST, UNRELATED)
    lines = ["nDCG@10, mean over seeds; difference to before [95 % interval over queries]", ""]
    lines.append(f"{'':16}" + "".join(f"{f'{name} ({report.queries[name]})':>32}" for name in groups))
    for learner, means in report.means.items():
        differences = report.differences.get(learner)
        cells = [_cell(means[name], differences[name] if differences else None) for name in groups]
        lines.append(f"{learner:16}" + "".join(f"{cell:>32}" for cell in cells))
    for number, seed in enumerate(report.seeds):
        seconds = ", ".join(f"{name} {value:.0f} s" for name, value in seed.seconds.items())
        lines += ["", f"Seed {number}: {seed.sessions} sessions, {seed.clicks} clicks. {seed.gate}", seconds]
    return "\n".join(lines)


def _cell(mean: Interval, difference: Interval | None) -> str:
    if difference is None:
        return f"{mean.mean:.3f}"
    return f"{mean.mean:.3f} {difference.mean:+.3f} [{difference.low:+.3f}, {difference.high:+.3f}]"
