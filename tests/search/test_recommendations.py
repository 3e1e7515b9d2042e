"""Products like a product."""

import numpy as np
import pytest

from search import versions
from search.index import create_vector_index, embed_stale_products
from search.models import EncoderVersion
from search.recommendations import similar_products
from shop.catalog.models import Product
from tests.catalogue import make_category, make_product
from tests.search.vectors import axis, give_vectors, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> EncoderVersion:
    made = make_version(is_active=True)
    versions.forget()
    return made


def row_of_products(version: EncoderVersion, count: int, **fields: object) -> list[Product]:
    """Products in a row: each is nearer to the first than the next one is."""
    products = [make_product(f"Thing {number}", **fields) for number in range(count)]
    give_vectors(products, np.stack([axis(1 - number / 100) for number in range(count)]), version)
    return products


def test_the_nearest_come_first_and_never_the_product_itself(version: EncoderVersion) -> None:
    products = row_of_products(version, 12)
    assert similar_products(products[0].pk) == [product.pk for product in products[1:9]]


def test_sold_out_ones_come_last_and_inactive_ones_never(version: EncoderVersion) -> None:
    products = row_of_products(version, 5)
    Product.objects.filter(pk=products[1].pk).update(stock=0)
    Product.objects.filter(pk=products[2].pk).update(is_active=False)
    assert similar_products(products[0].pk) == [products[3].pk, products[4].pk, products[1].pk]


def test_the_same_product_in_another_colour_is_not_similar(version: EncoderVersion) -> None:
    products = row_of_products(version, 4)
    Product.objects.filter(pk__in=[product.pk for product in products[:2]]).update(item_group="shirt")
    assert similar_products(products[0].pk) == [products[2].pk, products[3].pk]
    assert similar_products(products[2].pk) == [products[3].pk, products[1].pk]  # of the shirts the nearest


@pytest.mark.parametrize("indexed", [False, True])
def test_many_that_are_not_for_sale_do_not_starve_the_row(version: EncoderVersion, indexed: bool) -> None:
    products = row_of_products(version, 90)
    if indexed:
        create_vector_index(version)
    Product.objects.filter(pk__in=[product.pk for product in products[1:80]]).update(is_active=False)
    assert similar_products(products[0].pk) == [product.pk for product in products[80:88]]


def test_many_colours_of_one_product_do_not_starve_the_row(version: EncoderVersion) -> None:
    products = row_of_products(version, 90)
    Product.objects.filter(pk__in=[product.pk for product in products[:80]]).update(item_group="shirt")
    assert similar_products(products[0].pk) == [product.pk for product in products[80:88]]


def test_without_a_vector_its_category_stands_in() -> None:
    versions.forget()
    lamps = make_category("lamps")
    lamp = make_product("Lamp", category=lamps)
    dull, popular = (make_product(f"Lamp {by}", category=lamps, popularity=by) for by in (1, 9))
    make_product("Hidden lamp", category=lamps, is_active=False)
    make_product("Mug")
    embed_stale_products()
    assert similar_products(lamp.pk) == [popular.pk, dull.pk]


def test_an_unknown_product_has_none(version: EncoderVersion) -> None:
    row_of_products(version, 3)
    assert similar_products(10**12) == []


def test_of_a_group_of_variants_one_is_similar(active_encoder_version: EncoderVersion) -> None:
    lamp = make_product("Desk lamp", item_group="own")
    make_product("Desk lamp, red", item_group="own")
    others = [make_product(f"Floor lamp {number}", item_group="floor") for number in range(3)]
    single = make_product("Table lamp")
    embed_stale_products()
    found = similar_products(lamp.pk)
    assert len(found) == 2
    assert single.pk in found
    assert set(found) - {single.pk} < {other.pk for other in others}


def test_without_vectors_too(db: None) -> None:
    lamps = make_category("lamps")
    own = [make_product(f"Lamp {number}", category=lamps, item_group="own") for number in range(2)]
    others = [make_product(f"Floor lamp {number}", category=lamps, item_group="floor") for number in range(2)]
    single = make_product("Table lamp", category=lamps)
    assert similar_products(own[0].pk) == [others[0].pk, single.pk]
