"""Measures a learned ranker on a judged catalogue by nested cross-validation, in a database of its own.

    manage.py evaluate_ranker --products products.jsonl.gz --judgments judgments.csv
    manage.py evaluate_ranker --made 1000

No query is ranked by a ranker that has seen it, nor by one of a kind that was chosen with it. `--made` queries come
from the demo catalogue itself, as far as it has so many to give (search/catalogue_needs.py).
"""

from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import CommandError, CommandParser

from search.catalogue_needs import needs_from_catalogue
from search.datasets import DatasetInvalid, read_judgments
from search.encoder import EncoderUnavailable
from search.evaluation_database import EvaluationDatabaseFailed
from search.gate import bare
from search.judged_queries import GradedQuery, in_store, language_of
from search.learned_rankers import ranked_lists
from search.management.commands.evaluate_search import prepare_catalogue
from search.metrics import Interval, paired_bootstrap
from search.ranker import FEATURES, RankedList, train_linear
from search.ranker_choice import FOLDS, cross_validate, held_out_values, ways_for
from search.versions import active_version
from shop.commands import DocumentedCommand
from shop.learn.demo_catalogue import prepare_demo_catalogue

SHOWN_RIDGE = 10.0


class Command(DocumentedCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--products", type=Path, help="a file that import_products reads")
        parser.add_argument("--judgments", type=Path, help="CSV: query,product_id,grade[,source]")
        parser.add_argument("--made", type=int, default=0, help="so many queries made of the demo catalogue instead")
        parser.add_argument("--folds", type=int, default=FOLDS, help=f"of cross-validation ({FOLDS})")

    def handle(
        self, *, products: Path | None, judgments: Path | None, made: int, folds: int, **options: Any
    ) -> None:
        if folds < 2:
            raise CommandError(f"--folds is {folds}; it must be at least 2.")
        try:
            if products and judgments:
                graded = _judged(products, judgments)
            elif made > 0:
                graded = _made(made)
            else:
                raise CommandError("Give --products and --judgments, or how many queries are to be --made.")
        except (DatasetInvalid, EvaluationDatabaseFailed, EncoderUnavailable) as error:
            raise CommandError(str(error)) from error
        version = active_version(fresh=True)
        lists = ranked_lists(graded, bare(version.pk if version else None))
        if not lists:
            raise CommandError("No judged query finds a relevant product; are the judgments of this catalogue?")
        self.stdout.write(as_text(lists, folds))


def _judged(products: Path, judgments: Path) -> list[GradedQuery]:
    judged = read_judgments(judgments)
    prepare_catalogue(products)
    return [GradedQuery(query, language_of(query), grades) for query, grades in in_store(judged).grades.items()]


def _made(count: int) -> list[GradedQuery]:
    prepare_demo_catalogue()
    return [GradedQuery(need.query, need.language, need.grades) for need in needs_from_catalogue(count)]


def as_text(lists: list[RankedList], folds: int) -> str:
    """What each way gives on held-out queries, what choosing one gives, and what counts for all queries together."""
    found = cross_validate(lists, folds=folds)
    lines = [
        f"{len(lists)} queries, {folds} folds; nDCG@10 of the candidates, differences paired [95 % interval]",
        f"{'scores alone':24}{np.mean(found.base):.4f}",
    ]
    for way in ways_for(len(lists)):
        values = held_out_values(lists, way, folds=folds)
        lines.append(f"{way:24}{np.mean(values):.4f}  {_signed(paired_bootstrap(values, found.base))}")
    chosen = ", ".join(way or "none" for way in found.chosen)
    lines.append(f"{'chosen by the others':24}{np.mean(found.ranked):.4f}  {_signed(found.difference)} ({chosen})")
    weights = train_linear(lists, ridge=SHOWN_RIDGE).values
    lines += ["", f"Weights at ridge {SHOWN_RIDGE:g}, all queries:"]
    lines += [f"  {name:24}{weight:+.3f}" for name, weight in zip(FEATURES, weights, strict=True)]
    return "\n".join(lines)


def _signed(interval: Interval) -> str:
    return f"{interval.mean:+.4f} [{interval.low:+.4f}, {interval.high:+.4f}]"
