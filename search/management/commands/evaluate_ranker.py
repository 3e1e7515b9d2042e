"""Measures a learned ranker on a judged catalogue by nested cross-validation, in a database of its own.

    manage.py evaluate_ranker --products products.jsonl.gz --judgments judgments.csv

No query is ranked by weights that have seen it, nor by a ridge that was chosen with it.
"""

from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import CommandError, CommandParser

from search.datasets import DatasetInvalid, read_judgments
from search.encoder import EncoderUnavailable
from search.evaluation_database import EvaluationDatabaseFailed
from search.gate import bare
from search.judged_queries import GradedQuery, in_store, language_of
from search.learned_rankers import ranked_lists
from search.management.commands.evaluate_search import prepare_catalogue
from search.metrics import Interval, paired_bootstrap
from search.ranker import FEATURES, RankedList, train_linear
from search.ranker_choice import FOLDS, RIDGES, cross_validate, held_out_values
from search.versions import active_version
from shop.commands import DocumentedCommand


class Command(DocumentedCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--products", type=Path, required=True, help="a file that import_products reads")
        parser.add_argument("--judgments", type=Path, required=True, help="CSV: query,product_id,grade[,source]")
        parser.add_argument("--folds", type=int, default=FOLDS, help=f"of cross-validation ({FOLDS})")

    def handle(self, *, products: Path, judgments: Path, folds: int, **options: Any) -> None:
        if folds < 2:
            raise CommandError(f"--folds is {folds}; it must be at least 2.")
        try:
            judged = read_judgments(judgments)
            prepare_catalogue(products)
        except (DatasetInvalid, EvaluationDatabaseFailed, EncoderUnavailable) as error:
            raise CommandError(str(error)) from error
        graded = [GradedQuery(query, language_of(query), grades) for query, grades in in_store(judged).grades.items()]
        version = active_version(fresh=True)
        lists = ranked_lists(graded, bare(version.pk if version else None))
        if not lists:
            raise CommandError("No judged query finds a relevant product; are the judgments of this catalogue?")
        self.stdout.write(as_text(lists, folds))


def as_text(lists: list[RankedList], folds: int) -> str:
    """What each ridge gives on held-out queries, what choosing one gives, and the weights of all queries together."""
    found = cross_validate(lists, folds=folds)
    lines = [
        f"{len(lists)} queries, {folds} folds; nDCG@10 of the candidates, differences paired [95 % interval]",
        f"{'scores alone':24}{np.mean(found.base):.4f}",
    ]
    for ridge in RIDGES:
        values = held_out_values(lists, ridge, folds=folds)
        lines.append(f"{f'ridge {ridge:g}':24}{np.mean(values):.4f}  {_signed(paired_bootstrap(values, found.base))}")
    chosen = ", ".join("none" if ridge is None else f"{ridge:g}" for ridge in found.ridges)
    lines.append(f"{'chosen by the others':24}{np.mean(found.ranked):.4f}  {_signed(found.difference)} ({chosen})")
    weights = train_linear(lists, ridge=RIDGES[len(RIDGES) // 2])
    lines += ["", f"Weights at ridge {RIDGES[len(RIDGES) // 2]:g}, all queries:"]
    lines += [f"  {name:24}{weight:+.3f}" for name, weight in zip(FEATURES, weights, strict=True)]
    return "\n".join(lines)


def _signed(interval: Interval) -> str:
    return f"{interval.mean:+.4f} [{interval.low:+.4f}, {interval.high:+.4f}]"
