"""Names of categories as vectors: encoded once, and what they say about a query."""

import numpy as np
import pytest

from search import category_names
from search.category_names import SHARPNESS, category_shares, encode_names
from search.models import CategoryName, EncoderVersion
from search.versions import encoder_of
from shop.catalog.models import Category
from tests.catalogue import make_category, make_product

pytestmark = pytest.mark.django_db


def with_product(name: str) -> Category:
    category = make_category(name.lower().replace(" ", "-"), name)
    make_product(f"A {name}", sku=name, category=category)
    return category


def test_names_are_encoded_once_and_again_when_they_change(active_encoder_version: EncoderVersion) -> None:
    encoder = encoder_of(active_encoder_version)
    television, mount = with_product("Television"), with_product("TV Wall Mount")
    make_category("empty")
    assert encode_names(active_encoder_version, encoder) == 2
    assert encode_names(active_encoder_version, encoder) == 0
    Category.objects.filter(pk=mount.pk).update(name="Shelf")
    assert encode_names(active_encoder_version, encoder) == 1
    stored = {row.category_id: np.frombuffer(bytes(row.vector), dtype=np.float32) for row in CategoryName.objects.all()}
    np.testing.assert_array_equal(stored[mount.pk], encoder.encode_documents(["Shelf"])[0])
    television.products.all().delete()
    encode_names(active_encoder_version, encoder)
    assert list(CategoryName.objects.values_list("category_id", flat=True)) == [mount.pk]


def test_a_thing_is_nearer_to_its_own_name_than_what_goes_with_it(active_encoder_version: EncoderVersion) -> None:
    encoder = encoder_of(active_encoder_version)
    television, mount = with_product("Television"), with_product("TV Wall Mount")
    encode_names(active_encoder_version, encoder)
    version = active_encoder_version.pk
    thing, other, unknown = category_shares(encoder.encode_query("tv"), version, [television.pk, mount.pk, -1])
    assert thing > other > 0 == unknown
    assert thing + other == pytest.approx(1)
    thing, other, _ = category_shares(encoder.encode_query("mount for my tv"), version, [television.pk, mount.pk, -1])
    assert other > thing


def test_shares_by_hand(active_encoder_version: EncoderVersion) -> None:
    one, two = with_product("One"), with_product("Two")
    for category, vector in ((one, [1.0, 0.0]), (two, [1 - SHARPNESS * np.log(4), 0.0])):
        CategoryName.objects.create(
            version=active_encoder_version, category=category, name="", vector=np.float32(vector).tobytes()
        )
    query = np.array([1.0, 0.0], dtype=np.float32)
    assert category_shares(query, active_encoder_version.pk, [two.pk, one.pk]) == pytest.approx([0.2, 0.8], rel=1e-4)


def test_without_names_no_category_is_likelier(active_encoder_version: EncoderVersion) -> None:
    category_names.forget()
    assert category_shares(np.zeros(2, dtype=np.float32), active_encoder_version.pk, [1, 2]).tolist() == [0, 0]
