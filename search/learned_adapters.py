"""Query adapters in the store: learned from the clicks of the window, and activated only through the gate."""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from django.db import transaction

from search.adapter_training import MIN_QUERIES, ClickedQuery, train_adapter
from search.adapters import Adapter
from search.collecting import query_maker
from search.comparison import Decision, record
from search.encoder import Vectors
from search.gate import bare, compare, decide
from search.learned_rows import activate, delete_old
from search.learning_models import QueryAdapter
from search.models import EncoderVersion, ProductEmbedding
from search.product_clicks import ProductClicks
from search.slices import make_slices
from search.training_pairs import training_pairs
from search.variants import ADAPTER, Variant
from search.versions import active_version, encoder_of

logger = logging.getLogger(__name__)

ANCHORS = 500  # queries made of the catalogue that should stay where they are
ANCHOR_SEED = 7
OTHERS = 2000  # products that are negatives of all queries


def learn_adapter(held_out: Sequence[ProductClicks], training: Sequence[ProductClicks]) -> Decision | None:
    """Trains one for the active version and activates it if the gate lets it pass; None where none was learned."""
    version = active_version(fresh=True)
    if version is None:
        return None
    adapter = adapter_from_clicks(version, training)
    if adapter is None:
        return None
    row = store_adapter(version, adapter, card={"pairs": len(training_pairs(training))})
    comparison = compare(bare(version.pk), of_adapter(row), make_slices(held_out, training))
    decision = decide(comparison)
    with transaction.atomic():
        if decision.promote:
            activate(row)
        QueryAdapter.objects.filter(pk=row.pk).update(gate=record(comparison, decision))
    logger.info("Adapter %d of %s: %s", row.pk, version, decision.reason)
    delete_old(QueryAdapter, version)
    return decision


def adapter_from_clicks(
    version: EncoderVersion, clicks: Sequence[ProductClicks], *, naive: bool = False
) -> Adapter | None:
    """Trains one; None where too few queries were clicked. Some seconds, most of them to make and encode anchors."""
    queries, vectors = _clicked_queries(version, clicks, naive)
    if len(queries) < MIN_QUERIES:
        return None
    sample = ProductEmbedding.objects.filter(version=version, product__is_active=True).order_by("text_hash")[:OTHERS]
    others = list(sample.values_list("product_id", flat=True))  # by a hash: at random, and always the same
    vectors |= _vectors(version, set(others) - vectors.keys())
    made = query_maker(version).examples(ANCHORS, seed=ANCHOR_SEED).examples
    anchors = encoder_of(version).encode_queries([example.query for example in made])
    return train_adapter(queries, vectors, anchors=anchors, others=others)


def _clicked_queries(
    version: EncoderVersion, clicks: Sequence[ProductClicks], naive: bool
) -> tuple[list[ClickedQuery], dict[int, Vectors]]:
    """Queries as the version's encoder sees them, and the products' vectors."""
    shown: dict[str, set[int]] = defaultdict(set)
    chosen: dict[str, dict[int, float]] = defaultdict(dict)
    for row in clicks:
        shown[row.query].add(row.product_id)
    for pair in training_pairs(clicks, naive=naive):
        chosen[pair.query][pair.product_id] = pair.weight
    vectors = _vectors(version, set().union(*(shown[query] for query in chosen)))
    encoder = encoder_of(version)
    return [
        ClickedQuery(encoder.encode_query(query), known, frozenset(shown[query] & vectors.keys()))
        for query, products in sorted(chosen.items())
        if (known := {pk: weight for pk, weight in products.items() if pk in vectors})
    ], vectors


def store_adapter(version: EncoderVersion, adapter: Adapter, *, card: Mapping[str, object]) -> QueryAdapter:
    """An inactive row."""
    return QueryAdapter.objects.create(
        version=version,
        rank=len(adapter.down),
        down=adapter.down.tobytes(),
        up=adapter.up.tobytes(),
        card=dict(card),
    )


def of_adapter(row: QueryAdapter) -> Variant:
    """The adapter's version with it and with nothing else that was learned."""
    return Variant(version_id=row.version_id, adapter_id=row.pk, learners=frozenset({ADAPTER}))


def _vectors(version: EncoderVersion, product_ids: set[int]) -> dict[int, Vectors]:
    rows = ProductEmbedding.objects.filter(version=version, product__in=product_ids)
    return {pk: np.array(vector, dtype=np.float32) for pk, vector in rows.values_list("product_id", "vector")}
