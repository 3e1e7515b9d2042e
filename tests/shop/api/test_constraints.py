"""/api/search/: constraints that a query says in words, as chips and messages."""

from typing import Any

import pytest

from search.index import embed_stale_products
from search.models import FacetKey
from tests.catalogue import make_product
from tests.shop.api.conftest import Shopper


@pytest.fixture(autouse=True)
def catalogue(db: None) -> None:
    """Six lamps, red and blue, from $10 to $60."""
    for number in range(6):
        color, chinese = (("red", "红色"), ("blue", "蓝色"))[number % 2]
        make_product(
            f"Desk lamp {number}", sku=f"L{number}", brand="Lumen" if number else "Glow",
            price_cents=1000 * (number + 1), rating_average=3, attributes={"color": color, "power_w": 40},
            translations={"zh": {"title": f"台灯 {number}", "attributes": {"color": chinese}}},
        )  # fmt: skip
    make_product("Ink", attributes={"color": "black", "power_w": 60})
    for key in ("color", "power_w"):
        FacetKey.objects.create(key=key)
    embed_stale_products()


def search(shopper: Shopper, q: str, **params: Any) -> dict[str, Any]:
    response = shopper.get("/api/search/", {"q": q, **params})
    assert response.status_code == 200, response.content
    return response.json()


def chips(body: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    return [(one["key"], one["text"], one["label"], one["without"]) for one in body["interpreted"]["constraints"]]


def test_chips_say_what_was_found_and_what_the_query_is_without_it(shopper: Shopper) -> None:
    body = search(shopper, "red desk lamp under $40 in stock")
    assert chips(body) == [
        ("attr.color", "red", "Red", "desk lamp under $40 in stock"),
        ("price", "under $40", "Under $40", "red desk lamp in stock"),
        ("in_stock", "in stock", "In stock", "red desk lamp under $40"),
    ]
    assert (body["query"], body["interpreted"]["query"], body["total"]) == (
        "red desk lamp under $40 in stock", "desk lamp", 2,
    )  # fmt: skip


def test_chips_are_in_the_language_of_the_shopper(shopper: Shopper) -> None:
    assert chips(search(shopper, "红色台灯 40元以下", lang="zh")) == [
        ("attr.color", "红色", "红色", "台灯 40元以下"),
        ("price", "40元以下", "$40 以下", "红色台灯"),
    ]
    labels = {
        "desk lamp 3 stars and up": ("3 stars and up", "3 星及以上"),
        "desk lamp from $20 to $39.90": ("$20 – $39.90", "$20 – $39.90"),
        "desk lamp over 20": ("$20 and up", "$20 以上"),
        "desk lamp 40 W": ("40 W", "40 瓦"),
        "desk lamp not Glow": ("Not Glow", "不要Glow"),
        "lumen desk lamp": ("Lumen", "Lumen"),
    }
    for query, expected in labels.items():
        found = tuple(chips(search(shopper, query, lang=language))[0][2] for language in ("en", "zh"))
        assert found == expected


def test_a_constraint_shows_as_the_facet_value_that_it_picks(shopper: Shopper) -> None:
    body = search(shopper, "red desk lamp")
    (constraint,) = body["interpreted"]["constraints"]
    (color,) = [facet for facet in body["facets"] if facet["key"] == "attr.color"]
    assert constraint["values"] == ["red"]
    assert [(one["value"], one["count"], one["selected"]) for one in color["values"]] == [
        ("blue", 3, False), ("red", 3, True),
    ]  # fmt: skip


def test_searching_without_a_part_lifts_its_filter(shopper: Shopper) -> None:
    body = search(shopper, "red desk lamp under $40")
    without = body["interpreted"]["constraints"][0]["without"]
    assert (body["total"], search(shopper, without)["total"]) == (2, 3)


@pytest.mark.parametrize(
    ("query", "english", "chinese"),
    [
        ("desk lamp under $5", "Nothing under $5; the cheapest is $10.", "没有 $5 以下的商品,最低价为 $10。"),
        ("desk lamp over $99", "Nothing from $99; the most expensive is $60.", "没有 $99 以上的商品,最高价为 $60。"),
        (
            "desk lamp $1 - $2", "Nothing for $1 – $2; the nearest price is $10.",
            "没有 $1 – $2 的商品,最接近的价格为 $10。",
        ),
        (
            "desk lamp from $10.10 to $10.20", "Nothing at that price ($10.10 – $10.20); showing all.",
            "没有该价位($10.10 – $10.20)的商品,已显示全部。",
        ),
        ("desk lamp 4 stars and up", "None with 4 stars or more; showing all.", "没有 4 星及以上的商品,已显示全部。"),
        ("black desk lamp", "No black ones; showing all.", "没有“black”的商品,已显示全部。"),
        ("desk lamp 60 W", "No 60 W ones; showing all.", "没有“60 瓦”的商品,已显示全部。"),
        ("ink not black", "Nothing without black; showing all.", "没有不含“black”的商品,已显示全部。"),
    ],
)  # fmt: skip
def test_what_leaves_nothing_is_lifted_and_said(shopper: Shopper, query: str, english: str, chinese: str) -> None:
    body = search(shopper, query)
    assert body["total"] == (1 if query.startswith("ink") else 6)
    assert chips(body) == []
    assert [one["message"] for one in body["interpreted"]["relaxed"]] == [english]
    (relaxed,) = search(shopper, query, lang="zh")["interpreted"]["relaxed"]
    assert (relaxed["message"], relaxed["without"]) == (chinese, body["interpreted"]["query"])


def test_stock_that_leaves_nothing_is_lifted_and_said(shopper: Shopper) -> None:
    make_product("Kettle", stock=0)
    embed_stale_products()
    body = search(shopper, "kettle in stock")
    assert [one["message"] for one in body["interpreted"]["relaxed"]] == ["None in stock; showing all."]
