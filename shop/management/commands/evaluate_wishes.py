"""Measures search on 150 wishes in shoppers' own words, for things that the demo catalogue calls otherwise.

    manage.py evaluate_wishes

In a database of its own, with the code that serves shoppers. A product answers a wish if it is of the right type.
"""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from search.datasets import Judgments
from search.encoder import EncoderUnavailable
from search.evaluation import evaluate
from search.evaluation_database import EvaluationDatabaseFailed
from search.management.commands.evaluate_search import as_json, as_text
from shop.catalog.models import Product
from shop.commands import DocumentedCommand
from shop.learn.demo_catalogue import prepare_demo_catalogue
from shop.learn.wishes import wishes


class Command(DocumentedCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            prepare_demo_catalogue()
        except (EvaluationDatabaseFailed, EncoderUnavailable) as error:
            raise CommandError(str(error)) from error
        report = evaluate(judged_wishes())
        self.stdout.write(json.dumps(as_json(report)) if options["json"] else as_text(report))


def judged_wishes() -> Judgments:
    """Graded by product type alone; nobody rated single products, so `human` is empty. Two SQL queries."""
    skus = dict(Product.objects.values_list("id", "sku"))
    return Judgments({need.query: {skus[pk]: grade for pk, grade in need.grades.items()} for need in wishes()})
