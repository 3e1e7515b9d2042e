"""Measures the phone's own search beside the server's, by judgments, on a catalogue in a database of its own.

    manage.py measure_pack --products products.jsonl.gz --judgments judgments.csv

Shows nDCG@10 of the server's nearness, of the phone's, and of the phone's with words, each as a difference to the
server's, with 95 % bootstrap intervals over queries; and what the pack weighs.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import CommandError, CommandParser

from search.datasets import DatasetInvalid, Judgments, Run, read_judgments
from search.encoder import EncoderUnavailable
from search.evaluation import measure, run_queries
from search.evaluation_database import EvaluationDatabaseFailed
from search.management.commands.evaluate_search import prepare_catalogue
from search.metrics import Values, bootstrap, paired_bootstrap
from search.pack.build import build_pack
from search.pack.cards import packed_products
from search.pack.format import Pack
from search.pack.index import PackIndex
from search.pack.searching import PackSearch
from search.versions import active_encoder
from shop.commands import DocumentedCommand

DEPTH = 100
MEASURE = "ndcg@10"


class Command(DocumentedCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--products", type=Path, required=True, help="a catalogue; it is imported once")
        parser.add_argument("--judgments", type=Path, required=True, help="CSV: query,product_id,grade; .gz too")

    def handle(self, *, products: Path, judgments: Path, **options: Any) -> None:
        try:
            judged = read_judgments(judgments)
            prepare_catalogue(products)
        except (DatasetInvalid, EvaluationDatabaseFailed, EncoderUnavailable) as error:
            raise CommandError(str(error)) from error
        pack = self._built()
        search = PackSearch(pack.encoder, PackIndex(pack.cards.texts(), pack.encoder.knows), pack.vectors)
        queries = list(judged.completed)
        server = _values(run_queries(queries, system="semantic"), judged)
        self.stdout.write(f"{MEASURE} of the server's nearness: {_interval(bootstrap(server))}")
        for name, answer in (("nearness", _nearest(search)), ("search", search.search)):
            own = _values(_run(queries, answer, pack), judged)
            difference = _interval(paired_bootstrap(own, server), sign="+")
            self.stdout.write(f"{MEASURE} of the phone's {name}: {_interval(bootstrap(own))}, {difference}")

    def _built(self) -> Pack:
        active = active_encoder()
        if active is None:
            raise CommandError("There is no encoder; run `python manage.py export_encoder`.")
        started, used = time.monotonic(), time.process_time()
        pack = build_pack(active, packed_products(active.version_id)).pack
        size = len(pack.to_bytes()) / 1e6
        took = f"{time.monotonic() - started:.0f} s, {time.process_time() - used:.0f} of a core"
        self.stdout.write(f"{len(pack.cards.id)} products, {len(pack.encoder.tokens)} tokens: {size:.2f} MB in {took}.")
        return pack


def _nearest(search: PackSearch) -> Callable[[str, int], list[int]]:
    """Without words."""

    def answer(query: str, most: int) -> list[int]:
        cosines = search.cosines([reading.meant for reading in search.index.read(query)])
        return [int(row) for row in np.argsort(-cosines, kind="stable")[:most]]

    return answer


def _run(queries: Sequence[str], answer: Callable[[str, int], list[int]], pack: Pack) -> Run:
    """Queries are finished, so nothing is taken for a beginning."""
    return {query: [(pack.cards.sku[row], -place) for place, row in enumerate(answer(f"{query} ", DEPTH))]
            for query in queries}  # fmt: skip


def _values(run: Run, judgments: Judgments) -> Values:
    return measure(run, judgments)[MEASURE]


def _interval(interval: Any, sign: str = "") -> str:
    return f"{interval.mean:{sign}.3f} [{interval.low:{sign}.3f}, {interval.high:{sign}.3f}]"
