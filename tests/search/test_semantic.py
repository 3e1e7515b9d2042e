"""Nearest products under filters, against NumPy over the same vectors: full pages at any selectivity."""

import numpy as np
import pytest
from django.db import connection
from psycopg import sql

from search import semantic
from search.encoder import Vectors
from search.index import create_vector_index, embed_stale_products
from search.models import EncoderVersion
from search.semantic import nearest_products
from shop.catalog.models import Product
from tests.catalogue import make_product
from tests.search.vectors import axis, clustered, give_vectors, make_many, make_version, queries_near

pytestmark = pytest.mark.django_db

COUNT = 5000
PAGE = 24


@pytest.fixture
def version() -> EncoderVersion:
    return make_version()


@pytest.fixture
def many(version: EncoderVersion) -> tuple[list[Product], Vectors]:
    """5,000 products with clustered vectors and their HNSW index."""
    products, vectors = make_many(COUNT), clustered(COUNT)
    give_vectors(products, vectors, version)
    create_vector_index(version)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE search_productembedding, catalog_product, search_lexicaldocument")
    return products, vectors


def exact(products: list[Product], vectors: Vectors, query: Vectors, limit: int) -> list[int]:
    order = np.argsort(-(vectors @ query), kind="stable")[:limit]
    return [products[row].pk for row in order]


def ids(found: list[tuple[int, float]]) -> list[int]:
    return [product_id for product_id, _ in found]


def test_nearest_come_first_with_their_cosines(version: EncoderVersion) -> None:
    products = [make_product(name) for name in ("Near", "Far", "Nearest")]
    embed_stale_products()
    give_vectors(products, np.stack([axis(0.5), axis(0.25), axis(1.0)]), version)
    found = nearest_products(axis(1.0), version.pk)
    assert ids(found) == [products[2].pk, products[0].pk, products[1].pk]
    assert [cosine for _, cosine in found] == pytest.approx([1, 0.5, 0.25], abs=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize("scan", ["exact", "iterative"])
def test_filters_never_starve_the_page(
    many: tuple[list[Product], Vectors], version: EncoderVersion, monkeypatch: pytest.MonkeyPatch, scan: str
) -> None:
    if scan == "iterative":
        monkeypatch.setattr(semantic, "EXACT_SCAN_ROWS", -1)
    products, vectors = many
    rng = np.random.default_rng(9)
    for share in (0.1, 0.01, 0.001):
        passing = int(COUNT * share)
        chosen = sorted(rng.choice(COUNT, size=passing, replace=False).tolist())
        where = sql.SQL("p.stock = ANY({})").format(sql.Literal(chosen))
        full = min(PAGE, passing)
        shared = []
        for query in queries_near(vectors, 5):
            found = nearest_products(query, version.pk, where=[where], limit=PAGE)
            true = exact([products[row] for row in chosen], vectors[chosen], query, PAGE)
            assert len(found) == full
            if scan == "exact":
                assert ids(found) == true
            shared.append(len(set(ids(found)) & set(true)) / full)
        assert np.mean(shared) >= 0.9


@pytest.mark.slow
def test_the_index_finds_what_a_full_scan_finds(
    many: tuple[list[Product], Vectors], version: EncoderVersion
) -> None:
    products, vectors = many
    with connection.cursor() as cursor:
        statement = semantic._statement(vectors[0], version.pk, where=(), limit=PAGE, exact=False)
        cursor.execute(sql.SQL("EXPLAIN ") + statement)
        assert f"search_vectors_v{version.pk}" in str(cursor.fetchall())
    queries = queries_near(vectors, 20)
    found = [ids(nearest_products(query, version.pk, limit=PAGE)) for query in queries]
    true = [exact(products, vectors, query, PAGE) for query in queries]
    shared = sum(len(set(one) & set(other)) for one, other in zip(found, true, strict=True))
    assert shared / (PAGE * len(queries)) >= 0.98
