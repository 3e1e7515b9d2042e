"""Products with vectors made by hand or at random: an encoder version without an encoder."""

from collections.abc import Sequence

import numpy as np
from django.db import connection
from django.utils import timezone
from pgvector import HalfVector

from search.encoder import Vectors
from search.models import DIMENSIONS, EncoderVersion, ProductEmbedding
from shop.catalog.models import Product


def make_version(name: str = "by hand", **fields: object) -> EncoderVersion:
    return EncoderVersion.objects.create(name=name, path="nowhere", checksum=name, **fields)


def axis(*coordinates: float) -> Vectors:
    """(d,) unit vector with these first coordinates; the last dimension takes what is left of its length."""
    vector = np.zeros(DIMENSIONS, dtype=np.float32)
    vector[: len(coordinates)] = coordinates
    vector[-1] = np.sqrt(max(0.0, 1 - float(vector @ vector)))
    return vector


def clustered(count: int, *, seed: int = 3, clusters: int = 40) -> Vectors:
    """(count, d) unit rows around some centres, as product texts are; rounded to what a halfvec holds."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(clusters, DIMENSIONS))
    rows = centres[rng.integers(clusters, size=count)] + 0.8 * rng.normal(size=(count, DIMENSIONS))
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit.astype(np.float16).astype(np.float32)


def queries_near(vectors: Vectors, count: int, *, seed: int = 17) -> Vectors:
    """(count, d) unit rows, each somewhere near one of the rows, as queries are near products."""
    rng = np.random.default_rng(seed)
    chosen = vectors[rng.integers(len(vectors), size=count)]
    rows = chosen + 0.04 * rng.normal(size=chosen.shape)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def give_vectors(products: Sequence[Product], vectors: Vectors, version: EncoderVersion) -> None:
    """Stores each product's vector, as fresh as the product."""
    ProductEmbedding.objects.bulk_create(
        ProductEmbedding(
            product=product, version=version, vector=HalfVector(vector), text_hash=b"", source_updated_at=timezone.now()
        )
        for product, vector in zip(products, vectors, strict=True)
    )


def make_many(count: int, *, start: int = 0) -> list[Product]:
    """`count` products, numbered from `start`, with index rows but without words.

    Their stock is their number: a filter of any selectivity.
    """
    products = Product.objects.bulk_create(
        Product(sku=f"M-{number}", title=f"Thing {number}", price_cents=100, stock=number)
        for number in range(start, start + count)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_lexicaldocument "
            "(product_id, term_ids, term_counts, text_terms, text_length, zh_length, weights, "
            "facet_ids, text_version, source_updated_at) "
            "SELECT id, '{}', '{}', 0, 0, 0, '{}/1000000000', '{}', 0, updated_at "
            "FROM catalog_product WHERE sku LIKE 'M-%' ON CONFLICT DO NOTHING"
        )
    return products
