"""Variants on hits and on a product's page."""

from typing import Any

import pytest

from search.index import embed_stale_products
from search.models import FacetKey
from shop.catalog.models import Product
from tests.catalogue import add_picture, make_category, make_product
from tests.shop.api.conftest import Shopper


@pytest.fixture
def shirts(db: None) -> list[Product]:
    """A T-shirt in two colours and three sizes, and one that stands alone."""
    FacetKey.objects.bulk_create([FacetKey(key="color"), FacetKey(key="size"), FacetKey(key="material")])
    category = make_category("shirts")
    chinese = {"red": "红色", "blue": "蓝色"}
    made = [
        make_product(
            f"Linen shirt, {color}, {size}", item_group="linen-shirt", category=category, popularity=20 - number,
            attributes={"color": color, "size": size, "material": "linen", "weight": 100 + number},
            translations={"zh": {"title": f"亚麻衬衫 {number}", "attributes": {"color": chinese[color]}}},
        )
        for number, (color, size) in enumerate((c, s) for c in ("red", "blue") for s in ("S", "M", "L"))
    ]  # fmt: skip
    made.append(make_product("Linen shirt hanger", category=category, attributes={"color": "red"}))
    embed_stale_products()
    return made


def test_a_hit_says_how_many_variants_there_are_and_what_differs(shopper: Shopper, shirts: object) -> None:
    body = shopper.get("/api/search/?q=shirt").json()
    assert (body["total"], body["pages"]) == (2, 1)
    by_title = {hit["product"]["title"]: hit["variants"] for hit in body["hits"]}
    assert by_title.pop("Linen shirt hanger") is None
    assert list(by_title.values()) == [
        {
            "count": 5,
            "axes": [
                {"key": "size", "label": "Size", "count": 3, "text": "3 sizes"},
                {"key": "color", "label": "Color", "count": 2, "text": "2 colors"},
            ],
        }
    ]
    (one,) = (hit["variants"] for hit in shopper.get("/api/search/?q=衬衫&lang=zh").json()["hits"])
    assert [axis["text"] for axis in one["axes"]] == ["3 种尺码", "2 种颜色"]


def test_the_hit_is_the_variant_that_was_asked_for(shopper: Shopper, shirts: list[Product]) -> None:
    body = shopper.get("/api/search/?q=shirt&attr=color:blue&attr=size:M").json()
    assert [hit["product"]["title"] for hit in body["hits"]] == ["Linen shirt, blue, M"]
    assert body["hits"][0]["variants"]["count"] == 5


def test_a_products_page_offers_all_variants(shopper: Shopper, shirts: list[Product]) -> None:
    add_picture(shirts[4], "e" * 32)
    Product.objects.filter(pk=shirts[5].pk).update(stock=0)
    body = shopper.get(f"/api/products/{shirts[4].pk}/").json()
    offered = body["variants"]
    assert offered["axes"] == [
        {"key": "size", "label": "Size", "values": ["S", "M", "L"]},
        {"key": "color", "label": "Color", "values": ["Red", "Blue"]},
    ]
    assert [one["id"] for one in offered["products"]] == [shirt.pk for shirt in shirts[:6]]
    assert [one["is_shown"] for one in offered["products"]] == [False] * 4 + [True, False]
    assert [(row["key"], row["value"]) for row in offered["products"][4]["attributes"]] == [
        ("size", "M"), ("color", "Blue"),
    ]  # fmt: skip
    assert offered["products"][5]["stock_status"] == "out_of_stock"
    assert offered["products"][4]["image"]["src"] == f"/img/{'e' * 32}/{{w}}.{{f}}"
    assert body["title"] == "Linen shirt, blue, M"
    chinese = shopper.get(f"/api/products/{shirts[4].pk}/?lang=zh").json()["variants"]
    assert [axis["values"] for axis in chinese["axes"]] == [["S", "M", "L"], ["红色", "蓝色"]]


def test_a_product_without_variants_has_none(shopper: Shopper, shirts: list[Product]) -> None:
    assert shopper.get(f"/api/products/{shirts[-1].pk}/").json()["variants"] is None
    Product.objects.filter(item_group="linen-shirt").exclude(pk=shirts[0].pk).update(is_active=False)
    assert shopper.get(f"/api/products/{shirts[0].pk}/").json()["variants"] is None
    hits = shopper.get("/api/search/?q=shirt").json()["hits"]
    assert [hit["variants"] for hit in hits] == [None, None]


def test_variants_cost_a_search_no_query(
    shopper: Shopper, shirts: object, django_assert_num_queries: Any
) -> None:
    shopper.get("/api/search/?q=shirt")
    with django_assert_num_queries(3):  # the query's words, the one statement, the cards
        assert shopper.get("/api/search/?q=shirt").json()["total"] == 2


def test_a_category_counts_what_its_page_lists(shopper: Shopper, shirts: object) -> None:
    (category,) = shopper.get("/api/categories/").json()
    assert category["count"] == shopper.get("/api/search/?category=shirts").json()["total"] == 2
