"""Measures the correction of spelling on a catalogue's file: right queries that it changes, wrong ones it puts right,
and words with a typo that suggestions see through before they are finished.

    measure_spelling --products products.jsonl.gz --judgments judgments.csv

Needs no database. The queries are the judged ones, and those of search/benchmark/plain_queries.txt, which name things
that few stores sell in words that no product uses.
"""

import gzip
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from search.benchmark.typos import (
    can_be_put_right,
    is_put_right,
    is_seen_through,
    is_wrong_unfinished,
    typos,
)
from search.corrections import MAX_DESCRIPTION, word_source
from search.datasets import DatasetInvalid, read_judgments, read_queries
from search.encoder import EncoderUnavailable, load_encoder
from search.spelling import Corrector
from search.vocabulary import WordSource, build_vocabulary
from shop.commands import DocumentedCommand

PLAIN_QUERIES = Path(__file__).parents[2] / "benchmark" / "plain_queries.txt"
FIRST_SEED = 1000


class Command(DocumentedCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--products", type=Path, required=True, help="JSON lines, gzipped")
        parser.add_argument("--judgments", type=Path, required=True, help="CSV whose queries are taken")
        parser.add_argument("--encoder", default="all-minilm-l6-v2", help="a folder in ENCODER_DIR")
        parser.add_argument("--seeds", type=int, default=20, help="misspellings of each query")

    def handle(self, *, products: Path, judgments: Path, encoder: str, seeds: int, **options: Any) -> None:
        try:
            queries, plain = list(read_judgments(judgments).completed), read_queries(PLAIN_QUERIES)
            english = load_encoder(Path(settings.ENCODER_DIR) / encoder).whole_words()
        except (DatasetInvalid, EncoderUnavailable) as error:
            raise CommandError(str(error)) from error
        sources = list(_sources(products))
        started = time.process_time()
        vocabulary = build_vocabulary(sources, products=len(sources), english=english)
        self.stdout.write(f"{len(sources)} products, {time.process_time() - started:.1f} s to build,")
        self.stdout.write(f"{len(vocabulary.hashes)} words, {len(vocabulary.to_bytes()) / 1e6:.1f} MB.")
        corrector = Corrector(vocabulary)
        self._report_changed("judged", queries, corrector)
        self._report_changed("plain", plain, corrector)
        made = [typo for seed in range(seeds) for typo in typos(queries, FIRST_SEED + seed)]
        right = [is_put_right(typo, corrector) for typo in made]
        possible = [done for typo, done in zip(made, right, strict=True) if done or can_be_put_right(typo, vocabulary)]
        self.stdout.write(f"{len(made)} typos: {np.mean(right):.3f} put right; of {len(possible)} that can be,")
        self.stdout.write(f"{np.mean(possible):.3f}. {_times([typo.typed for typo in made], corrector)}")
        unfinished = list(filter(is_wrong_unfinished, made))
        seen = [is_seen_through(typo, vocabulary) for typo in unfinished]
        self.stdout.write(f"{len(seen)} of them without the last letter: {np.mean(seen or [False]):.3f} seen through.")

    def _report_changed(self, name: str, queries: Sequence[str], corrector: Corrector) -> None:
        changed = [(query, done.text) for query in queries if (done := corrector.correct(query))]
        self.stdout.write(f"{len(changed)} of {len(queries)} {name} queries changed: {changed}")
        self.stdout.write(_times(queries, corrector))


def _sources(products: Path) -> Iterator[WordSource]:
    with gzip.open(products, "rt", encoding="utf-8") as lines:
        for product in map(json.loads, lines):
            texts = [product["title"], product.get("description", "")[:MAX_DESCRIPTION]]
            yield word_source(texts, product.get("brand", ""), product.get("attributes") or {})


def _times(queries: Sequence[str], corrector: Corrector) -> str:
    """Median and p95 of one query, as text."""
    took = []
    for query in queries:
        started = time.thread_time()
        corrector.correct(query)
        took.append((time.thread_time() - started) * 1000)
    return f"{np.median(took):.2f} ms a query, p95 {np.quantile(took, 0.95):.2f}."
