"""The demo catalogue: enough of it, in two languages, plausible, drawn, the same every time, and the merchant's own."""

import hashlib
import re
from collections import Counter
from datetime import date
from typing import Any

import pytest

from search.words import is_chinese
from shop.catalog.demo.catalogue import DemoProduct, demo_products, departments_and_types, shifted_release
from shop.catalog.demo.compose import VIEWS, compose
from shop.catalog.demo.load import is_loaded, load_demo_catalogue
from shop.catalog.models import Category, Product, ProductImage
from shop.catalog.pictures import _draw

PRODUCTS = demo_products()
DEPARTMENTS, TYPES = departments_and_types()
# Names and measures are the same in Chinese: brands, sizes, ages, "2.4 GHz", "USB-C".
AS_WRITTEN = re.compile(r"[\d.+\-/x ]+|[A-Z0-9][\w .+/&'-]*|\d+\w*|\d[\d.+-]* ?\w+|no|yes|one size|[a-z]{1,2}\d*")


def test_there_is_enough_to_search_in() -> None:
    assert len(PRODUCTS) >= 2000
    assert len(DEPARTMENTS) >= 14
    assert len(TYPES) >= 130
    assert len({kind.slug for kind in TYPES}) == len(TYPES)
    assert {kind.department for kind in TYPES} == {department.slug for department in DEPARTMENTS}


def test_accessories_stand_beside_what_they_belong_to() -> None:
    names = {kind.name for kind in TYPES}
    assert {"Laptop", "Laptop Bag", "Laptop Charger"} <= names


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.slug)
def test_a_type_is_written_in_both_languages(kind: Any) -> None:
    assert kind.name
    assert is_chinese(kind.chinese)
    assert len(kind.phrases) >= 2
    assert all(english and is_chinese(chinese) for english, chinese in kind.phrases)
    assert kind.attributes
    assert 0 < kind.price[0] < kind.price[1]


def test_every_product_is_described_in_both_languages() -> None:
    for product in PRODUCTS:
        fields, chinese = product.fields, product.fields["translations"]["zh"]
        assert fields["brand"] in fields["title"]
        assert product.type.name in fields["title"]
        assert len(fields["description"].split()) >= 6, fields["title"]
        assert product.type.chinese in chinese["title"]
        assert is_chinese(chinese["description"])
        assert fields["attributes"]
        assert set(chinese["attributes"]) <= set(fields["attributes"])


def test_words_among_the_attributes_have_their_chinese() -> None:
    missing = {
        (key, value)
        for product in PRODUCTS
        for key, value in product.fields["attributes"].items()
        if isinstance(value, str)
        and not AS_WRITTEN.fullmatch(value)
        and key not in product.fields["translations"]["zh"]["attributes"]
    }
    assert missing == set()


def test_titles_skus_and_gtins_are_the_products_own() -> None:
    for name in ("sku", "title", "gtin", "mpn"):
        assert [value for value, count in Counter(p.fields[name] for p in PRODUCTS).items() if count > 1] == []


def test_every_gtin_has_its_check_digit() -> None:
    for product in PRODUCTS:
        digits = [int(digit) for digit in product.fields["gtin"]]
        assert len(digits) == 13
        assert (sum(digits[0::2]) + 3 * sum(digits[1::2])) % 10 == 0


def test_prices_stock_and_ratings_are_plausible() -> None:
    for product in PRODUCTS:
        fields, (low, high) = product.fields, product.type.price
        assert min(low * 100, 199) - 10 <= fields["price_cents"] <= max(high * 100, 199)
        assert fields["sale_price_cents"] is None or 0 < fields["sale_price_cents"] < fields["price_cents"]
        assert 0 <= fields["stock"] <= 120
        assert (fields["rating_average"] is None) == (fields["rating_count"] == 0)
        assert fields["rating_average"] is None or 1 <= fields["rating_average"] <= 5
    sold_out = sum(product.fields["stock"] == 0 for product in PRODUCTS) / len(PRODUCTS)
    on_sale = sum(product.fields["sale_price_cents"] is not None for product in PRODUCTS) / len(PRODUCTS)
    assert 0.01 < sold_out < 0.1
    assert 0.1 < on_sale < 0.25


def test_it_is_the_same_on_every_machine() -> None:
    again = [*map(_fields, demo_products())]
    assert again == [*map(_fields, PRODUCTS)]
    assert _fields(demo_products(1)[0]) == again[0]


def _fields(product: DemoProduct) -> str:
    return hashlib.sha256(repr((product.fields, product.color, product.age_days)).encode()).hexdigest()


def test_the_newest_are_new_today() -> None:
    ages = [(date(2030, 1, 31) - shifted_release(product, date(2030, 1, 31))).days for product in PRODUCTS]
    assert min(ages) == 3
    assert sum(age <= 60 for age in ages) > 50


@pytest.mark.parametrize("view", VIEWS)
def test_a_picture_of_every_type_can_be_drawn(view: str) -> None:
    for product in PRODUCTS[len(VIEWS) - 1 : len(TYPES) : 9]:
        svg = compose(tuple(product.type.icons), product.color, view, product.type.department)
        assert _draw(svg.encode(), 64).size == (64, 64), product.type.slug
        assert "http" not in svg.replace("http://www.w3.org/", "")


def test_a_products_views_and_colours_are_different_pictures() -> None:
    for product in PRODUCTS[: len(TYPES) : 9]:
        icons, department = tuple(product.type.icons), product.type.department
        drawn = {_draw(compose(icons, product.color, view, department).encode(), 64).tobytes() for view in VIEWS}
        assert len(drawn) == len(VIEWS)
    backpack = next(kind for kind in TYPES if "backpack" in kind.slug)
    colors = {compose(tuple(backpack.icons), color, "whole", backpack.department) for color in ("red", "blue", "black")}
    assert len(colors) == 3


@pytest.mark.django_db
def test_loading_gives_products_with_pictures_in_the_category_tree() -> None:
    assert load_demo_catalogue(limit=60) == 60
    assert Product.objects.count() == 60
    assert ProductImage.objects.count() == 60 * len(VIEWS)
    assert Category.objects.filter(parent=None).count() == len(DEPARTMENTS)
    assert Category.objects.filter(parent__isnull=False).count() == len(TYPES)
    product = Product.objects.get(sku=PRODUCTS[0].fields["sku"])
    assert product.category is not None
    assert product.category.parent is not None
    assert product.category.parent.slug == PRODUCTS[0].type.department
    assert all(image.alt and image.width == image.height == 960 for image in product.images.all())


@pytest.mark.django_db
def test_loading_twice_adds_nothing() -> None:
    load_demo_catalogue(limit=30)
    before = list(Product.objects.order_by("id").values())
    pictures, categories = ProductImage.objects.count(), Category.objects.count()
    assert is_loaded(30)
    assert load_demo_catalogue(limit=30) == 0
    assert list(Product.objects.order_by("id").values()) == before
    assert (ProductImage.objects.count(), Category.objects.count()) == (pictures, categories)


@pytest.mark.django_db
def test_a_merchants_edits_survive_loading_again_and_more() -> None:
    load_demo_catalogue(limit=30)
    edited = Product.objects.earliest("id")
    edited.title, edited.price_cents, edited.sale_price_cents = "My own title", 12345, None
    edited.save()
    Category.objects.filter(pk=edited.category_id).update(name="My own name")
    assert load_demo_catalogue(limit=40) == 10
    edited.refresh_from_db()
    assert (edited.title, edited.price_cents) == ("My own title", 12345)
    assert edited.category is not None
    assert edited.category.name == "My own name"


@pytest.mark.django_db
def test_overwriting_brings_the_demo_products_back() -> None:
    load_demo_catalogue(limit=5)
    Product.objects.update(title="My own title")
    assert load_demo_catalogue(limit=5, overwrite=True) == 5
    assert Product.objects.get(sku=PRODUCTS[0].fields["sku"]).title == PRODUCTS[0].fields["title"]
    assert Product.objects.count() == 5
