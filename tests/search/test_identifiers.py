"""Numbers that name one product come first, whatever the encoder makes of them."""

import pytest

from search import versions
from search.identifiers import possible_identifiers
from search.index import embed_stale_products
from search.pipeline import search_products
from shop.catalog.models import Product
from tests.catalogue import make_product


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("hp cf283a toner", ["HP CF283A TONER", "CF283A TONER", "CF283A"]),
        ("0882780756328", ["0882780756328"]),
        ("iphone 7", ["IPHONE 7"]),
        ("tv 55 inch", ["TV 55 INCH", "55 INCH"]),
        ("red kettle", []),
        ("", []),
        ("a long sentence about a thing with 4 usb ports inside", []),
    ],
)
def test_what_may_be_a_number(query: str, expected: list[str]) -> None:
    assert possible_identifiers(query) == expected


@pytest.fixture
def toner(active_encoder_version: object) -> Product:
    """Among 60 products whose vectors are as near to a number as its own."""
    for number in range(60):
        make_product(f"Kettle {number}", sku=f"K{number}", mpn=f"KM-{number:03d}")
    product = make_product("Black toner", sku="Tn-83a", mpn="CF283a", gtin="0882780756328", brand="HP")
    embed_stale_products()
    versions.forget()
    return product


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["tn-83A", "cf283A", "0882780756328", "hp CF283A", "ink cf283a please"])
def test_the_product_that_is_named_is_the_first_hit(toner: Product, query: str) -> None:
    assert search_products(query).hits[0].product_id == toner.pk


@pytest.mark.django_db
def test_a_number_that_no_product_has_names_none(toner: Product) -> None:
    assert toner.pk not in [hit.product_id for hit in search_products("KM-999 kettle").hits[:10]]


@pytest.mark.django_db
def test_a_product_that_is_not_for_sale_is_not_named(toner: Product) -> None:
    Product.objects.filter(pk=toner.pk).update(is_active=False)
    assert toner.pk not in [hit.product_id for hit in search_products("CF283A").hits]
