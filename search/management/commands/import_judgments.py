"""Stores relevance judgments, by which new encoder versions are compared with the active one.

    manage.py import_judgments judgments.csv

The file is CSV with the columns query, product_id (a SKU), grade (0 to 3) and, optionally, source; gzipped or not.
Judgments of the same queries that are stored already are replaced.
"""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from search.datasets import DatasetInvalid
from search.judged_queries import import_judgments
from shop.commands import DocumentedCommand


class Command(DocumentedCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--human-only", action="store_true", help="leave out what a rule graded (column source)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = import_judgments(options["file"], human_only=options["human_only"])
        except DatasetInvalid as error:
            raise CommandError(str(error)) from error
        grades = sum(map(len, found.grades.values()))
        self.stdout.write(f"{len(found.grades)} queries with {grades} grades are stored.")
        if found.unknown:
            self.stdout.write(f"{found.unknown} rows were left out: the store has no product with their SKU.")
