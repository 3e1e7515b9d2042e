"""The BM25 index against a reference library, and its statistics after every kind of write."""

import bm25s
import numpy as np
import pytest
from django.db import connection

from search.bm25 import K1, B
from search.index import embed_stale_products
from search.lexical import lexical_query
from search.lexical_index import refresh_weights
from search.models import LexicalDocument, LexicalField, LexicalTerm
from search.product_text import product_text
from shop.catalog.models import Product
from tests.catalogue import make_product

pytestmark = pytest.mark.django_db

WORDS = "red blue green laptop bag charger shoe running wireless mouse keyboard steel cotton small large pack".split()


@pytest.fixture
def products() -> list[Product]:
    """120 products with random words of skewed frequency."""
    rng = np.random.default_rng(7)
    shares = 1 / np.arange(1, len(WORDS) + 1)
    made = []
    for number in range(120):
        title = rng.choice(WORDS, size=rng.integers(1, 5), p=shares / shares.sum())
        text = rng.choice(WORDS, size=rng.integers(0, 25), p=shares / shares.sum())
        words = {"description": " ".join(text), "brand": f"brand{number % 7}"}
        made.append(make_product(" ".join(title), sku=f"s{number}", **words))
    embed_stale_products()
    refresh_weights(drift=0)
    return made


def bm25_in_sql(query: str) -> dict[int, float]:
    lexical = lexical_query(query)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT product_id, -(weights <#> %s::sparsevec) FROM search_lexicaldocument WHERE term_ids && %s::int[]",
            [lexical.vector(), lexical.term_ids()],
        )
        return dict(cursor.fetchall())


@pytest.mark.parametrize("query", ["laptop", "red laptop bag", "wireless running shoe brand3", "pack"])
def test_scores_equal_the_reference_library(products: list[Product], query: str) -> None:
    fields = ("sku", "gtin", "mpn", "brand", "title", "description", "product_type", "attributes", "translations")
    rows = Product.objects.order_by("id").values(*fields)
    corpus = [product_text({**row, "category_name": ""}).terms() for row in rows]
    reference = bm25s.BM25(k1=K1, b=B, method="lucene")
    reference.index(corpus, show_progress=False)
    from search.words import query_terms

    known = [term for term in query_terms(query) if term in reference.vocab_dict]
    expected = reference.get_scores(known)
    found = bm25_in_sql(query)
    for product, score in zip(products, expected, strict=True):
        assert found.get(product.pk, 0.0) == pytest.approx(float(score), rel=1e-5)


def true_statistics() -> tuple[dict[str, int], int]:
    frequencies: dict[str, int] = {}
    names = dict(LexicalTerm.objects.values_list("id", "term"))
    total = 0
    for term_ids, length in LexicalDocument.objects.values_list("term_ids", "text_length"):
        total += length
        for term_id in term_ids:
            frequencies[names[term_id]] = frequencies.get(names[term_id], 0) + 1
    return frequencies, total


def assert_statistics_are_true() -> None:
    frequencies, total = true_statistics()
    stored = dict(LexicalTerm.objects.filter(document_frequency__gt=0).values_list("term", "document_frequency"))
    assert stored == frequencies
    assert LexicalField.objects.get(name="text").total_length == total


def test_statistics_follow_an_edit_a_removal_and_a_return(products: list[Product]) -> None:
    assert_statistics_are_true()
    first = products[0]
    first.title = "entirely new words"
    first.save()
    embed_stale_products()
    assert_statistics_are_true()
    first.is_active = False
    first.save()
    embed_stale_products()
    assert not LexicalDocument.objects.filter(product=first).exists()
    assert_statistics_are_true()
    first.is_active = True
    first.save()
    embed_stale_products()
    assert LexicalDocument.objects.filter(product=first).exists()
    assert_statistics_are_true()


def test_chinese_is_a_field_of_its_own() -> None:
    product = make_product("Wireless headphones", translations={"zh": {"title": "无线耳机"}})
    embed_stale_products()
    row = LexicalDocument.objects.get(product=product)
    assert (row.zh_length, len(row.term_ids) - row.text_terms) == (3, 3)
    assert bm25_in_sql("无线")[product.pk] > 0


def test_weights_are_recomputed_when_the_average_length_drifts() -> None:
    make_product("short")
    embed_stale_products()
    for number in range(20):
        make_product(f"a title with many more words than before number {number}", sku=f"long{number}")
    embed_stale_products()
    field = LexicalField.objects.get(name="text")
    assert field.indexed_average_length == pytest.approx(field.total_length / field.document_count)
