"""Lets simulated shoppers use the store for some weeks and measures each week what it has learned and what forgotten.

    manage.py evaluate_weeks --weeks 10 --sessions 1500
    manage.py evaluate_weeks --products products.jsonl.gz --json

In a database of its own, of the demo catalogue or of the one in the file. A week ends with a round of learning.
"""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from search.continual import (
    AVERAGE,
    GROUPS,
    MAY_LOSE,
    Change,
    Week,
    WeekFailed,
    WeeksReport,
    evaluate_weeks,
    rounds_of_learning,
)
from search.encoder import EncoderUnavailable
from search.evaluation_database import EvaluationDatabaseFailed
from search.evaluation_files import own_encoder_files
from search.management.commands.evaluate_search import prepare_catalogue
from search.metrics import Interval
from search.recipe import Recipe, RecipeInvalid
from search.round_bar import RoundBar
from search.shopper_needs import NoNeeds
from shop.commands import DocumentedCommand
from shop.learn.demo_catalogue import prepare_demo_catalogue
from shop.learn.queries import all_needs

WEEKS, SESSIONS, NEEDS = 10, 1500, 200


class Command(DocumentedCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--products", type=Path, help="a file that import_products reads; else the demo catalogue")
        parser.add_argument("--weeks", type=int, default=WEEKS, help=f"({WEEKS})")
        parser.add_argument("--sessions", type=int, default=SESSIONS, help=f"searches of shoppers a week ({SESSIONS})")
        parser.add_argument("--steps", type=int, default=Recipe.steps, help=f"of training, a week ({Recipe.steps})")
        parser.add_argument("--needs", type=int, default=NEEDS, help=f"queries made of the catalogue ({NEEDS})")
        parser.add_argument("--seed", type=int, default=0, help="the same seed, the same shoppers (0)")
        parser.add_argument(
            "--average", type=float, default=AVERAGE,
            help=f"share of the trained weights beside the parent's ({AVERAGE})",
        )  # fmt: skip
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        for name, least in (("weeks", 1), ("sessions", 1), ("needs", 1), ("seed", 0)):
            if options[name] < least:
                raise CommandError(f"--{name} is {options[name]}; it must be at least {least}.")
        try:
            recipe = Recipe(steps=options["steps"], average=options["average"], seed=Recipe.seed + options["seed"])
            products = options["products"]
            database = prepare_catalogue(products) if products else prepare_demo_catalogue()
            needs = all_needs(options["needs"], seed=options["seed"])
            with own_encoder_files(database), RoundBar() as bar:
                report = evaluate_weeks(
                    needs,
                    weeks=options["weeks"],
                    sessions=options["sessions"],
                    seed=options["seed"],
                    learn=rounds_of_learning(recipe, bar.show),
                    say=lambda text: self.stderr.write(text),
                )
        except (RecipeInvalid, EvaluationDatabaseFailed, EncoderUnavailable, NoNeeds, WeekFailed) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(as_json(report)) if options["json"] else as_text(report))


def as_json(report: WeeksReport) -> dict[str, Any]:
    return {
        "weeks": [_week_json(week) for week in report.weeks],
        "largest_loss": round(report.largest_loss, 4),
        "may_lose": MAY_LOSE,
        "remembers": report.remembers,
        "least_gain": None if report.least_gain is None else round(report.least_gain, 4),
        "gains": report.gains,
    }


def _week_json(week: Week) -> dict[str, Any]:
    return {
        "week": week.number,
        "sessions": week.sessions,
        "clicks": week.clicks,
        "decision": week.decision,
        "is_promoted": week.is_promoted,
        "version": week.version,
        "examples": dict(week.examples),
        "groups": {name: _change_json(change) for name, change in week.groups.items()},
        "new_at_first_sight": _change_json(week.at_first_sight) if week.at_first_sight else None,
    }


def _change_json(change: Change) -> dict[str, Any]:
    return {
        "queries": change.queries,
        "first": _interval_json(change.first),
        "live": _interval_json(change.live),
        "difference": _interval_json(change.difference),
    }


def _interval_json(interval: Interval) -> dict[str, Any]:
    return {"mean": round(interval.mean, 4), "ci95": [round(interval.low, 4), round(interval.high, 4)]}


def as_text(report: WeeksReport) -> str:
    """A table for people, a line for each week, and what came of it."""
    lines = [
        "nDCG@10 of the version that is live at the end of the week; difference to the first version [95 % interval],",
        "and how many queries",
        "",
        "week promoted" + "".join(f"{name:>38}" for name in GROUPS),
    ]
    for week in report.weeks:
        cells = (_cell(week.groups.get(name)) for name in GROUPS)
        lines.append(f"{week.number:4} {'yes' if week.is_promoted else 'no':8}" + "".join(f"{c:>38}" for c in cells))
    lines += ["", *(f"Week {week.number}: {week.decision}" for week in report.weeks), ""]
    return "\n".join([*lines, *_verdict(report)])


def _cell(change: Change | None) -> str:
    if change is None:
        return "-"
    found = change.difference
    return f"{change.live.mean:.3f} {found.mean:+.3f} [{found.low:+.3f}, {found.high:+.3f}] {change.queries:>4}"


def _verdict(report: WeeksReport) -> list[str]:
    kept = "not more than" if report.remembers else "more than"
    lines = [
        f"Forgetting: the largest loss on the forgetting set was {report.largest_loss:.4f}, {kept} {MAY_LOSE:.2f}."
    ]
    if report.least_gain is None:
        return [*lines, "New queries: there were none."]
    each = "a gain in each week" if report.gains else "not a gain in each week"
    lines.append(f"New queries: the least difference was {report.least_gain:+.4f}, {each}.")
    sights = [(week.number, week.at_first_sight.difference.mean) for week in report.weeks if week.at_first_sight]
    told = ", ".join(f"{mean:+.3f} (week {number})" for number, mean in sights)
    return [*lines, f"By the version that was live when they were asked: {told}."]
