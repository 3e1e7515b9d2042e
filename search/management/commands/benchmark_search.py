"""Measures how fast search is on a catalogue: a real store over HTTP, its stages, its memory, how soon an edit is
found, and in the same run a floor and a peer over the same vectors, so that every figure has a ratio.

    manage.py benchmark_search --products products.jsonl.gz --queries queries.txt [--clients 8] [--seconds 10]

Nothing is cached that a first search would not find: query vectors are computed anew each time (SEARCH_QUERY_CACHE=0).
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import CommandError, CommandParser
from kombu.connection import Connection

from search.benchmark.client import Client, SearchFailed, many_clients, one_client, while_typing
from search.benchmark.embedding import embedding_another_version
from search.benchmark.figures import Timing, time_each, timing
from search.benchmark.peers import Floor, LanceHybrid
from search.benchmark.report import as_text
from search.benchmark.store import Store, StoreDidNotStart, free_port, running_store
from search.datasets import DatasetInvalid, read_queries
from search.encoder import Encoder, EncoderUnavailable, Vectors, load_encoder
from search.evaluation_database import EvaluationDatabaseFailed
from search.index import document_vectors
from search.management.commands.evaluate_search import prepare_catalogue
from search.models import ProductEmbedding, SearchQuery
from search.pipeline import search_products
from search.product_text import product_text
from search.versions import active_version, encoder_folder, encoder_of
from shop.catalog.models import Product
from shop.commands import DocumentedCommand
from shop.demo.children import store_children
from tasks.embeddings import embed_stale_products

SAMPLES = 500  # searches of one client, at least
EDITS = 20
EMBEDDED = 400  # products whose embedding is timed
_TEXT_FIELDS = (
    "sku", "gtin", "mpn", "brand", "title", "description", "product_type", "attributes", "translations",
)  # fmt: skip


class Command(DocumentedCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--products", type=Path, required=True, help="a file that import_products reads")
        parser.add_argument("--queries", type=Path, required=True, help="one query a line")
        parser.add_argument("--clients", type=int, default=8, help="connections at once (default 8)")
        parser.add_argument("--seconds", type=float, default=10.0, help="how long they ask (default 10)")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["clients"] < 1 or options["seconds"] <= 0:
            raise CommandError("--clients and --seconds must be above zero.")
        try:
            queries = read_queries(options["queries"])
            prepare_catalogue(options["products"])
            measured = measure(queries, clients=options["clients"], seconds=options["seconds"])
        except (
            DatasetInvalid, EvaluationDatabaseFailed, EncoderUnavailable, StoreDidNotStart, SearchFailed,
        ) as error:  # fmt: skip
            raise CommandError(str(error)) from error
        except ModuleNotFoundError as error:
            raise CommandError(f"{error.name} is missing; pip install -r requirements-dev.txt.") from error
        self.stdout.write(json.dumps(measured, ensure_ascii=False) if options["json"] else as_text(measured))


def measure(queries: list[str], *, clients: int, seconds: float) -> dict[str, Any]:
    """Every figure of the report, times in milliseconds."""
    version = active_version(fresh=True)
    if version is None:
        raise EncoderUnavailable("There is no active encoder; run `python manage.py export_encoder`.")
    encoder = encoder_of(version)
    repeated = [queries[place % len(queries)] for place in range(max(SAMPLES, len(queries)))]
    say("Comparing with a floor and a peer")
    in_process = compare(queries, encoder)
    say("Embedding products")
    products_per_second = embedding_speed()
    say("Searching over HTTP")
    port = free_port()
    children = {child.name: child.command for child in store_children(port, Path(os.devnull).parent)}
    try:
        with running_store(children["web"], children["worker"], port=port, query_cache=0) as store:
            one_client(store.host, store.port, queries)  # loads the encoder, opens the connections
            one = one_client(store.host, store.port, repeated)
            typing = while_typing(store.host, store.port, queries)
            many = many_clients(store.host, store.port, queries, clients=clients, seconds=seconds)
            memory_mb = store.memory_mb()
            say("Searching while another version is embedded")
            with embedding_another_version(version):
                meanwhile = one_client(store.host, store.port, repeated)
            say("Editing products")
            edits = edits_to_searchable(store)
    finally:
        SearchQuery.objects.all().delete()
    floor, peer = in_process["floor"], in_process["peer"]
    return {
        "products": Product.objects.filter(is_active=True).count(),
        "queries": len(queries),
        "cores": os.cpu_count(),
        "http_one_client": {**one.total.as_json(), "stages": {name: lap.as_json() for name, lap in one.stages.items()}},
        "http_while_embedding": {
            **meanwhile.total.as_json(), "p95_ratio": round(meanwhile.total.p95_ms / one.total.p95_ms, 2),
        },
        "http_many_clients": {"clients": clients, "requests_per_s": round(many.per_second, 1), **many.total.as_json()},
        "suggestions": typing.as_json(),
        "web_memory_mb": round(memory_mb, 1),
        "edit_to_searchable": edits.as_json(),
        "embedding_products_per_s": round(products_per_second, 1),
        "in_process": {
            name: {
                **lap.as_json(),
                "ratio_to_floor": round(lap.median_ms / floor.median_ms, 2),
                "ratio_to_peer": round(lap.median_ms / peer.median_ms, 2),
            }
            for name, lap in in_process.items()
        },
    }


def compare(queries: list[str], encoder: Encoder) -> dict[str, Timing]:
    """One search at a time, from the query's text to the ids of a page: ours with totals and facets, floor and peer."""
    texts, vectors = _texts_and_vectors()
    floor, peer = Floor(texts, vectors), LanceHybrid(texts, vectors)

    def with_encoder(search: Any) -> Any:
        return lambda query: search(query, encoder.encode_queries([query])[0])

    def ours(query: str) -> None:
        encoder.clear_query_cache()
        search_products(query)

    systems = {"pocketshop": ours, "floor": with_encoder(floor.search), "peer": with_encoder(peer.search)}
    laps: dict[str, list[float]] = {name: [] for name in systems}
    for counted in (False, True, True, True):  # in turns, so that a slow moment of the machine meets all of them
        for query in queries:
            for name, search in systems.items():
                lap = time_each(search, [query])
                if counted:
                    laps[name].append(lap.median_ms)
    peer.close()
    return {name: timing(found) for name, found in laps.items()}


def embedding_speed() -> float:
    """Products a second, from their text to their vectors, on all cores."""
    version = active_version()
    assert version is not None
    rows = Product.objects.filter(is_active=True).order_by("?").values(*_TEXT_FIELDS)[:EMBEDDED]
    texts = [product_text({**row, "category_name": ""}) for row in rows]
    encoder = load_encoder(encoder_folder(version), threads=os.cpu_count() or 1)
    document_vectors(texts[:20], encoder)
    started = time.perf_counter()
    document_vectors(texts, encoder)
    return len(texts) / (time.perf_counter() - started)


def edits_to_searchable(store: Store) -> Timing:
    """From saving a product, as the admin does, until the API finds it by a word that it did not have before."""
    client = Client(store.host, store.port)
    products = list(Product.objects.filter(is_active=True).order_by("id")[:EDITS])
    laps = []
    for number, product in enumerate(products):
        word, title = f"zq{number}x{int(time.time())}", product.title
        product.title = f"{title[:200]} {word}"
        started = time.perf_counter()
        product.save()
        with queue(store) as broker:
            embed_stale_products.apply_async(connection=broker)
        while not _is_found(client, word, product.pk):
            if time.perf_counter() - started > 60:
                raise SearchFailed(f"The edit of product {product.pk} was not found within 60 s.")
            time.sleep(0.01)
        laps.append((time.perf_counter() - started) * 1000)
        product.title = title
        product.save()
    client.close()
    return timing(laps)


def _is_found(client: Client, word: str, product_id: int) -> bool:
    found, _ = client.search(word)
    return any(hit["product"]["id"] == product_id for hit in found["hits"])


@contextmanager
def queue(store: Store) -> Iterator[Connection]:
    """The measured store's own queues: the tasks of this process go to the store it belongs to."""
    with Connection("filesystem://", transport_options={"folder": str(store.broker)}) as broker:  # type: ignore[no-untyped-call]
        yield broker


def _texts_and_vectors() -> tuple[list[str], Vectors]:
    """The words that BM25 sees and the stored vector of every product, in one order."""
    version = active_version()
    rows = ProductEmbedding.objects.filter(version=version, product__is_active=True).order_by("product_id")
    texts, vectors = [], []
    for vector, *fields in rows.values_list("vector", *(f"product__{name}" for name in _TEXT_FIELDS)):
        text = product_text({**dict(zip(_TEXT_FIELDS, fields, strict=True)), "category_name": ""})
        facts = " ".join(value for _, value in text.attributes)
        texts.append(f"{text.title} {text.title} {text.description} {text.brand} {' '.join(text.identifiers)} {facts}")
        vectors.append(vector)
    return texts, np.array(vectors, dtype=np.float32)


def say(text: str) -> None:
    sys.stderr.write(f"{text} ...\n")
