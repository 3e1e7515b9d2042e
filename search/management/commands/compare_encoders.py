"""Compares two encoder versions with the code that serves shoppers, and says whether the second would take over.

    manage.py compare_encoders ACTIVE CHALLENGER
    manage.py compare_encoders ACTIVE CHALLENGER --judgments judgments.csv --json

By stored judgments or those of a file, by the clicks since the younger of the two was made, which neither has learned
from, and by the forgetting set. Nothing is changed.
"""

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from search.click_data import WINDOW, current, read_clicks
from search.comparison import Comparison, Decision, QueryResult, record
from search.datasets import DatasetInvalid, read_judgments
from search.gate import NotComparable, bare, compare, decide, decides, has_lost
from search.judged_queries import GradedQuery, ensure_forgetting_set, for_sale, in_store
from search.metrics import Interval
from search.models import EncoderVersion
from search.product_clicks import ProductClicks
from search.slices import make_slices
from shop.commands import DocumentedCommand


class Command(DocumentedCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("active", help="name of the version that is to be beaten")
        parser.add_argument("challenger", help="name of the other one")
        parser.add_argument("--judgments", type=Path, help="CSV in the place of the stored judgments; stored nowhere")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        versions = [_version(options[name]) for name in ("active", "challenger")]
        active, challenger = (bare(version.pk) for version in versions)
        ensure_forgetting_set()
        held_out, training = _clicks(max(version.created_at for version in versions))
        slices = make_slices(held_out, training, human=self._judged(options["judgments"]))
        searches = 2 * len({query.query for found in slices for query in found.queries})
        try:
            with tqdm(total=searches, desc="Comparing", unit=" searches", file=sys.stderr, disable=None) as bar:
                comparison = compare(active, challenger, slices, progress=bar.update)
        except NotComparable as error:
            raise CommandError(str(error)) from error
        decision = decide(comparison)
        if options["json"]:
            self.stdout.write(json.dumps(record(comparison, decision), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(table(comparison, decision)))

    def _judged(self, path: Path | None) -> list[GradedQuery] | None:
        if path is None:
            return None
        try:
            found = in_store(read_judgments(path))
        except DatasetInvalid as error:
            raise CommandError(str(error)) from error
        if found.unknown:
            self.stderr.write(f"{found.unknown} rows of {path} are of no product of this store.")
        return for_sale(found.grades)


def _version(name: str) -> EncoderVersion:
    version = EncoderVersion.objects.filter(name=name).first()
    if version is None:
        known = ", ".join(EncoderVersion.objects.order_by("name").values_list("name", flat=True)) or "none yet"
        raise CommandError(f"There is no encoder version {name!r}. There are: {known}.")
    return version


def _clicks(made_at: datetime) -> tuple[list[ProductClicks], list[ProductClicks]]:
    """Those after that time, and those of WINDOW before it."""
    propensities = current()
    held_out = read_clicks(made_at, timezone.now(), propensities=propensities)
    return held_out, read_clicks(made_at - WINDOW, made_at, propensities=propensities)


def table(comparison: Comparison, decision: Decision) -> Iterator[str]:
    """The lines of a report for people."""
    old, new = comparison.active.name, comparison.challenger.name
    yield f"nDCG@10 of {old} (active) and {new} (challenger); mean [95 % bootstrap interval over queries]"
    yield ""
    yield f"{'':18}{'queries':>8}{'active':>9}{'challenger':>12}{'difference':>26}{'allowance':>11}"
    for found in comparison.slices:
        note = "  lost" if has_lost(found) else "" if decides(found) else "  too few to decide"
        yield (
            f"{found.name:18}{found.queries:>8}{found.active.mean:>9.3f}{found.challenger.mean:>12.3f}"
            f"{_cell(found.difference):>26}{found.allowance:>11.2f}{note}"
        )
    for title, results in (("Largest wins", comparison.wins), ("Largest losses", comparison.losses)):
        if results:
            yield from ("", title, *map(_line, results))
    yield from ("", decision.reason)


def _cell(interval: Interval) -> str:
    return f"{interval.mean:+.3f} [{interval.low:+.3f}, {interval.high:+.3f}]"


def _line(result: QueryResult) -> str:
    first = result.challenger_top[0].title if result.challenger_top else "nothing"
    return f"{result.difference:+7.3f}  {result.query} ({result.slice}): now first: {first}"
