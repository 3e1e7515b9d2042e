"""Shopify's product CSV: variants and pictures of one Handle on several rows."""

from pathlib import Path

import pytest

from shop.catalog.feeds.files import open_feed
from shop.catalog.feeds.shopify import is_shopify
from shop.catalog.models import Product, ProductImage
from tests.shop.catalog.test_import_products import Feeds, a_picture, import_products

pytestmark = pytest.mark.django_db

EXPORT = """\
Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Price,Variant Compare At Price,Variant Barcode,Image Src,Image Position,Image Alt Text,Variant Image,Status
fen-tee,Fen Tee,"<p>Soft <b>cotton</b>.</p>",Fen,Apparel & Accessories > Clothing > Shirts,T-shirt,"summer, organic",TRUE,Color,Red,Size,M,TEE-R-M,shopify,5,19.90,24.90,4006381333931,red.png,1,Red tee,red.png,active
fen-tee,,,,,,,,,Blue,,M,TEE-B-M,shopify,-2,19.90,,,blue.png,2,Blue tee,blue.png,
fen-tee,,,,,,,,,,,,,,,,,,https://cdn.example.com/back.jpg,3,,,
gift-box,Gift box,,Fen,,,,FALSE,Title,Default Title,,,,,,9.00,,,,,,,draft
mug,Mug,,Fen,,,,TRUE,Title,Default Title,,,MUG,shopify,1,none,,,,,,,active
"""  # noqa: E501


@pytest.fixture
def feeds(tmp_path: Path) -> Feeds:
    return Feeds(tmp_path)


@pytest.fixture
def export(feeds: Feeds) -> Path:
    feeds.write("red.png", a_picture("red"))
    feeds.write("blue.png", a_picture("blue"))
    return feeds.write("products_export.csv", EXPORT)


def test_every_variant_becomes_a_product(export: Path) -> None:
    summary, about = import_products(export)
    assert summary == "3 added, 0 changed, 0 unchanged, 1 left out, 3 categories made, 4 picture files read."
    assert about.splitlines() == [
        "Left out: line 6 (MUG): Variant Price: 'none' is no price; write it like 12.99 USD",
        "Image links that were not fetched (only picture files are taken): 2.",
    ]
    red, blue = Product.objects.filter(item_group="fen-tee").order_by("-sku")
    assert (red.sku, red.title, red.description) == ("TEE-R-M", "Fen Tee – Red / M", "Soft cotton.")
    assert (red.price_cents, red.sale_price_cents, red.stock, red.gtin) == (2490, 1990, 5, "4006381333931")
    assert red.attributes == {"color": "Red", "size": "M", "tags": ["summer", "organic"]}
    assert (red.category.name, red.category.parent.name, red.product_type) == ("Shirts", "Clothing", "T-shirt")
    assert (blue.sku, blue.title, blue.description) == ("TEE-B-M", "Fen Tee – Blue / M", "Soft cotton.")
    assert (blue.price_cents, blue.sale_price_cents, blue.stock, blue.gtin) == (1990, None, 0, "")
    assert blue.attributes == {"color": "Blue", "size": "M", "tags": ["summer", "organic"]}


def test_a_product_without_variants_and_sku_is_named_by_its_handle(export: Path) -> None:
    import_products(export)
    box = Product.objects.get(sku="gift-box")
    assert (box.title, box.item_group, box.attributes) == ("Gift box", "", {})
    assert not box.is_active
    assert box.stock == 10  # Shopify does not count it, and sells it


def test_a_variants_own_picture_comes_first(export: Path) -> None:
    import_products(export)
    for sku, alts in (("TEE-R-M", ["Red tee", "Blue tee"]), ("TEE-B-M", ["Blue tee", "Red tee"])):
        images = ProductImage.objects.filter(product__sku=sku).order_by("position")
        assert [image.alt for image in images] == alts


def test_importing_an_export_twice_changes_nothing(export: Path) -> None:
    import_products(export)
    before = list(Product.objects.values())
    assert import_products(export)[0] == "0 added, 0 changed, 3 unchanged, 1 left out, 4 picture files read."
    assert list(Product.objects.values()) == before


def test_the_newer_export_with_other_column_names(feeds: Feeds) -> None:
    path = feeds.write(
        "export.csv",
        "Title,URL handle,Description,Vendor,Type,Status,SKU,Option1 name,Option1 value,Price,Compare-at price,"
        "Inventory quantity,Product image URL\n"
        "Mug,mug,<p>Holds 0.3 l</p>,Fen,Mug,Active,MUG-S,Size,Small,9.00,,4,\n"
        ",mug,,,,,,,Large,11.00,,6,\n",
    )
    assert is_shopify(open_feed(path))
    assert import_products(path) == ("2 added, 0 changed, 0 unchanged, 1 categories made.", "")
    small, large = Product.objects.order_by("price_cents")
    assert (small.sku, small.title, small.stock, small.attributes) == ("MUG-S", "Mug – Small", 4, {"size": "Small"})
    assert (large.sku, large.title, large.stock, large.is_active) == ("mug-large", "Mug – Large", 6, True)


def test_a_picture_position_that_is_no_number_goes_by_the_order_of_rows(feeds: Feeds) -> None:
    path = feeds.write("export.csv", "Handle,Title,Variant Price,Image Src,Image Position\nmug,Mug,9,https://x/a.jpg,²\n")
    assert import_products(path)[0] == "1 added, 0 changed, 0 unchanged."


def test_a_handle_without_any_price_is_reported(feeds: Feeds) -> None:
    path = feeds.write("export.csv", "Handle,Title,Variant Price,Image Src\nmug,Mug,,a.jpg\n,,9,\nbowl,Bowl,3.50,\n")
    summary, about = import_products(path)
    assert summary == "1 added, 0 changed, 0 unchanged, 2 left out."
    assert about.splitlines()[:2] == [
        "Left out: line 2 (mug): Variant Price: is empty in every row of this Handle",
        "Left out: line 3: Handle: is empty; every row needs the Handle of its product",
    ]
