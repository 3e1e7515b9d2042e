"""The kinds of products in the database: found once, kept up to date, per version."""

import numpy as np
import pytest

from search import product_types
from search.models import EncoderVersion, ProductEmbedding, ProductKinds, TypePartition
from search.product_types import infer_kinds
from shop.catalog.models import Product
from tests.search.vectors import axis, give_vectors, make_many, make_version

pytestmark = pytest.mark.django_db

COUNT = 60


@pytest.fixture
def version() -> EncoderVersion:
    return make_version()


@pytest.fixture
def products(version: EncoderVersion) -> list[Product]:
    """Half of them near one axis, half near another."""
    products = make_many(COUNT)
    rng = np.random.default_rng(2)
    rows = [axis(*(np.eye(2)[number % 2] * 0.9 + rng.normal(scale=0.02, size=2))) for number in range(COUNT)]
    give_vectors(products, np.stack(rows), version)
    return products


def kinds_of(products: list[Product], version: EncoderVersion) -> list[tuple[int, ...]]:
    known = dict(ProductKinds.objects.filter(version=version).values_list("product_id", "kinds"))
    return [tuple(known[product.pk]) for product in products]


def test_every_product_gets_a_kind_in_each_partition(products: list[Product], version: EncoderVersion) -> None:
    assert infer_kinds(version) == COUNT
    kinds = kinds_of(products, version)
    assert {len(row) for row in kinds} == {TypePartition.objects.filter(version=version).count()} == {4}
    for number in range(4):  # no cluster has products of both halves
        assert not {row[number] for row in kinds[::2]} & {row[number] for row in kinds[1::2]}


def test_nothing_is_done_twice(products: list[Product], version: EncoderVersion) -> None:
    infer_kinds(version)
    assert infer_kinds(version) == 0


def test_a_product_with_a_newer_vector_is_looked_at_again(products: list[Product], version: EncoderVersion) -> None:
    infer_kinds(version)
    before = kinds_of(products, version)
    moved = ProductEmbedding.objects.get(product=products[0], version=version)
    moved.vector = ProductEmbedding.objects.get(product=products[1], version=version).vector
    moved.save()
    assert infer_kinds(version) == 1
    after = kinds_of(products, version)
    assert (after[0], after[1:]) == (before[1], before[1:])


def test_a_few_more_products_join_the_kinds_and_many_more_make_new_ones(
    products: list[Product], version: EncoderVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    infer_kinds(version)
    first = set(TypePartition.objects.values_list("id", flat=True))
    extra = make_many(COUNT // 10, start=COUNT)
    give_vectors(extra, np.stack([axis(0.9)] * len(extra)), version)
    assert infer_kinds(version) == len(extra)
    assert set(TypePartition.objects.values_list("id", flat=True)) == first
    more = make_many(COUNT // 2, start=2 * COUNT)
    give_vectors(more, np.stack([axis(0.0, 0.9)] * len(more)), version)
    monkeypatch.setattr(product_types, "BATCH", 7)
    assert infer_kinds(version) == COUNT + len(extra) + len(more)
    assert not set(TypePartition.objects.values_list("id", flat=True)) & first


def test_versions_have_kinds_of_their_own(products: list[Product], version: EncoderVersion) -> None:
    other = make_version("other")
    infer_kinds(version)
    assert infer_kinds(other) == 0  # nothing is embedded under it
    assert ProductKinds.objects.filter(version=other).count() == 0


def test_a_small_store_has_no_kinds(version: EncoderVersion) -> None:
    few = make_many(product_types.MIN_PRODUCTS - 1)
    give_vectors(few, np.stack([axis(0.5)] * len(few)), version)
    assert infer_kinds(version) == 0
    assert not TypePartition.objects.exists()
