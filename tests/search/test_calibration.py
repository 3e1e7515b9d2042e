"""The cosine from which on a product matches, measured on the catalogue."""

import numpy as np
import pytest

from search import versions
from search.calibration import MIN_PRODUCTS, calibrate, nonsense_queries
from search.index import document_vectors, embed_stale_products
from search.models import EncoderVersion
from search.pipeline import search_products
from search.product_text import product_text
from search.versions import encoder_of
from shop.catalog.models import Product
from tests.catalogue import make_product

pytestmark = pytest.mark.django_db

KINDS = "kettle mug laptop phone chair desk lamp sofa shirt shoe ball tent guitar drum book pen".split()


@pytest.fixture
def catalogue(active_encoder_version: EncoderVersion) -> EncoderVersion:
    """64 products in 16 kinds, embedded and calibrated."""
    for number in range(64):
        make_product(f"{['Red', 'Blue', 'Small', 'Large'][number % 4]} {KINDS[number // 4]}", sku=f"s{number}")
    embed_stale_products()
    versions.forget()
    return EncoderVersion.objects.get()


def test_nonsense_is_the_same_every_time_and_is_no_product() -> None:
    queries = nonsense_queries()
    assert queries == nonsense_queries()
    assert len(set(queries)) == 64
    assert not set(KINDS) & {word for query in queries for word in query.split()}


def test_the_floors_are_what_nonsense_reaches_by_brute_force(catalogue: EncoderVersion) -> None:
    encoder = encoder_of(catalogue)
    fields = ("title", "description", "brand", "sku", "gtin", "mpn", "product_type", "attributes", "translations")
    rows = Product.objects.values(*fields)
    documents = document_vectors([product_text({**row, "category_name": ""}) for row in rows], encoder)
    cosines = -np.sort(-(encoder.encode_queries(nonsense_queries()) @ documents.T), axis=1)
    assert catalogue.relevance_floor == pytest.approx(np.median(cosines[:, 9]), abs=2e-3)
    assert catalogue.nonsense_ceiling == pytest.approx(np.quantile(cosines[:, 0], 0.9), abs=2e-3)
    assert catalogue.calibrated_products == 64


def test_a_nonsense_query_finds_nothing_and_says_so(catalogue: EncoderVersion) -> None:
    results = search_products("asdkjh qwoeiru")
    assert (results.total, results.hits, results.related) == (0, (), ())


def test_a_sensible_query_finds_what_it_means_without_sharing_a_word(catalogue: EncoderVersion) -> None:
    hits = search_products("notebook computer").hits
    titles = dict(Product.objects.values_list("id", "title"))
    assert {titles[hit.product_id].split()[1] for hit in hits[:4]} == {"laptop"}


def test_it_is_measured_again_only_when_the_catalogue_has_changed_much(catalogue: EncoderVersion) -> None:
    assert not calibrate(catalogue, encoder_of(catalogue))
    for number in range(20):
        make_product(f"Green {KINDS[number % 16]}", sku=f"n{number}")
    embed_stale_products()
    assert EncoderVersion.objects.get().calibrated_products == 84


def test_a_handful_of_products_is_too_few_to_measure(active_encoder_version: EncoderVersion) -> None:
    for number in range(MIN_PRODUCTS - 1):
        make_product(f"Kettle {number}", sku=f"s{number}")
    embed_stale_products()
    assert EncoderVersion.objects.get().relevance_floor == 0.0
