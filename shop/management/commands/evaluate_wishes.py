"""Measures search on 150 wishes in shoppers' own words, for things that the demo catalogue calls otherwise.

    manage.py evaluate_wishes
    manage.py evaluate_wishes --sessions 3000
    manage.py evaluate_wishes --products products.jsonl.gz

In a database of its own, with the code that serves shoppers. A product answers a wish if it is of the right type. With
`--sessions`, what clicks on these wishes teach: for them, and for longer ones that nobody searched for. With
`--products`, a catalogue of electronics and office supplies, whole sentences (shop/learn/sentences.py), in two sets.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from search.datasets import DatasetInvalid, Judgments
from search.encoder import EncoderUnavailable
from search.evaluation import evaluate
from search.evaluation_database import EvaluationDatabaseFailed
from search.management.commands.evaluate_search import as_json, as_text, prepare_catalogue
from shop.catalog.models import Product
from shop.commands import DocumentedCommand
from shop.learn.demo_catalogue import prepare_demo_catalogue
from shop.learn.sentences import LATER_SENTENCES, SENTENCES, judged_sentences
from shop.learn.taught_wishes import as_text as as_lines
from shop.learn.taught_wishes import taught
from shop.learn.wishes import wishes


class Command(DocumentedCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--products", type=Path, help="measure sentences on this file, as import_products reads it")
        parser.add_argument("--sessions", type=int, default=0, help="simulated, to see what clicks teach")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["products"]:
            if options["sessions"]:
                raise CommandError("--sessions is for the demo's wishes; leave out --products, or --sessions.")
            self._sentences(options["products"], as_one_object=options["json"])
            return
        try:
            prepare_demo_catalogue()
        except (EvaluationDatabaseFailed, EncoderUnavailable) as error:
            raise CommandError(str(error)) from error
        if options["sessions"] > 0:
            found = taught(options["sessions"])
            by_group = {name: asdict(one) for name, one in found.items()}
            self.stdout.write(json.dumps(by_group) if options["json"] else as_lines(found, options["sessions"]))
            return
        report = evaluate(judged_wishes())
        self.stdout.write(json.dumps(as_json(report)) if options["json"] else as_text(report))

    def _sentences(self, products: Path, *, as_one_object: bool) -> None:
        try:
            prepare_catalogue(products)
        except (DatasetInvalid, EvaluationDatabaseFailed, EncoderUnavailable) as error:
            raise CommandError(str(error)) from error
        judged = {"chosen on": judged_sentences(SENTENCES), "later": judged_sentences(LATER_SENTENCES)}
        if not all(any(judgments.completed.values()) for judgments in judged.values()):
            raise CommandError(f"{products} has nothing that the sentences ask for: electronics and office supplies.")
        reports = {name: evaluate(judgments) for name, judgments in judged.items()}
        if as_one_object:
            self.stdout.write(json.dumps({name: as_json(report) for name, report in reports.items()}))
            return
        for name, report in reports.items():
            self.stdout.write(f"{name}: {as_text(report)}\n")


def judged_wishes() -> Judgments:
    """Graded by product type alone; nobody rated single products, so `human` is empty. Two SQL queries."""
    skus = dict(Product.objects.values_list("id", "sku"))
    return Judgments({need.query: {skus[pk]: grade for pk, grade in need.grades.items()} for need in wishes()})
