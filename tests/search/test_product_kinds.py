"""The kinds of products in memory follow those in the database."""

from datetime import timedelta

import pytest
from django.utils import timezone

from search import product_kinds
from search.models import EncoderVersion, ProductKinds, TypePartition
from search.product_kinds import kinds_of
from shop.catalog.models import Product
from tests.catalogue import make_product
from tests.search.vectors import make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> EncoderVersion:
    version = make_version()
    TypePartition.objects.create(version=version, number=0, centres=b"", products=2)
    return version


def give(product: Product, version: EncoderVersion, *kinds: int, later_s: float = 0) -> None:
    ProductKinds.objects.update_or_create(
        product=product, version=version,
        defaults={"kinds": list(kinds), "embedded_at": timezone.now() + timedelta(seconds=later_s)},
    )  # fmt: skip


def test_kinds_in_the_order_of_the_products(version: EncoderVersion) -> None:
    kettle, lamp, new = (make_product(title) for title in ("Kettle", "Lamp", "New"))
    give(kettle, version, 3, 7)
    give(lamp, version, 4, 7)
    assert kinds_of(version.pk, [lamp.pk, new.pk, kettle.pk]).tolist() == [[4, 7], [-1, -1], [3, 7]]
    assert kinds_of(version.pk, []).shape == (0, 2)


def test_without_any_kinds_there_are_no_columns(version: EncoderVersion) -> None:
    assert kinds_of(version.pk, [1, 2]).shape == (2, 0)


def test_what_was_given_since_is_read_and_nothing_else(
    version: EncoderVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    kettle, lamp = make_product("Kettle"), make_product("Lamp")
    give(kettle, version, 3, later_s=-3600)
    give(lamp, version, 4)
    assert kinds_of(version.pk, [kettle.pk, lamp.pk]).tolist() == [[3], [4]]
    give(lamp, version, 5, later_s=1)
    ProductKinds.objects.filter(product=kettle).update(kinds=[9])  # not newer: not read again
    assert kinds_of(version.pk, [lamp.pk]).tolist() == [[4]]  # a few seconds ago is fresh enough
    monkeypatch.setattr(product_kinds, "MAX_AGE_S", 0.0)
    assert kinds_of(version.pk, [kettle.pk, lamp.pk]).tolist() == [[3], [5]]


def test_kinds_that_were_found_anew_are_all_read(version: EncoderVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(product_kinds, "MAX_AGE_S", 0.0)
    kettle, lamp = make_product("Kettle"), make_product("Lamp")
    for product in (kettle, lamp):
        give(product, version, 3, later_s=-3600)
    kinds_of(version.pk, [kettle.pk])
    TypePartition.objects.all().delete()
    ProductKinds.objects.all().delete()
    TypePartition.objects.create(version=version, number=0, centres=b"", products=2)
    give(kettle, version, 1, later_s=-7200)
    assert kinds_of(version.pk, [kettle.pk, lamp.pk]).tolist() == [[1], [-1]]


def test_versions_are_not_mixed(version: EncoderVersion) -> None:
    other, kettle = make_version("other"), make_product("Kettle")
    give(kettle, version, 3)
    give(kettle, other, 8)
    assert kinds_of(version.pk, [kettle.pk]).tolist() == [[3]]
    assert kinds_of(other.pk, [kettle.pk]).tolist() == [[8]]
