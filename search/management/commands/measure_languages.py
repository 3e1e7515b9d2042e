"""Measures on this store how many Chinese queries find what their English twins find, with each part of what reads
Chinese.

    measure_languages --pairs tests/search/language_pairs.csv
"""

from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from search.datasets import DatasetInvalid
from search.languages import TOP, agreement_by_part, disagreeing, read_twins
from shop.commands import DocumentedCommand


class Command(DocumentedCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--pairs", type=Path, required=True, help="CSV: kind, english, chinese")
        parser.add_argument("--missed", action="store_true", help="list the pairs that share nothing")

    def handle(self, *, pairs: Path, missed: bool, **options: Any) -> None:
        try:
            twins = read_twins(pairs)
        except DatasetInvalid as error:
            raise CommandError(str(error)) from error
        of_kind = Counter(pair.kind for pair in twins)
        self.stdout.write(f"Pairs that share a product in their first {TOP}:")
        for part, agreeing in agreement_by_part(twins).items():
            kinds = ", ".join(f"{kind} {agreeing[kind]}/{count}" for kind, count in of_kind.items())
            self.stdout.write(
                f"{part:18} {agreeing.total()}/{len(twins)} ({agreeing.total() / len(twins):.0%}): {kinds}"
            )
        for pair in disagreeing(twins) if missed else ():
            self.stdout.write(f"  {pair.kind}: {pair.english} | {pair.chinese}")
