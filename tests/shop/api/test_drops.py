"""/api/search/: which picked filters to drop where fewer than three products are left."""

from typing import Any

import pytest

from search.index import embed_stale_products
from search.models import FacetKey
from tests.catalogue import make_category, make_product
from tests.shop.api.conftest import Shopper


@pytest.fixture(autouse=True)
def catalogue(db: None) -> None:
    """Six red lamps of $10 to $60, and a blue one from Glow."""
    lamps = make_category("lamps", translations={"zh": {"name": "灯具"}})
    for number in range(6):
        make_product(
            f"Desk lamp {number}", sku=f"L{number}", category=lamps, brand="Lumen", price_cents=1000 * (number + 1),
            attributes={"color": "red"}, translations={"zh": {"attributes": {"color": "红色"}}},
        )  # fmt: skip
    make_product("Desk lamp blue", brand="Glow", price_cents=9000, attributes={"color": "blue"})
    FacetKey.objects.create(key="color")
    embed_stale_products()


def dropped(shopper: Shopper, **params: Any) -> list[dict[str, Any]]:
    response = shopper.get("/api/search/", {"q": "desk lamp", **params})
    assert response.status_code == 200, response.content
    found: list[dict[str, Any]] = response.json()["interpreted"]["drop"]
    return found


def test_a_filter_is_named_as_shoppers_read_it(shopper: Shopper) -> None:
    assert dropped(shopper, brand="Glow", attr=["color:red", "color:green"]) == [
        {"key": "brand", "values": ["Glow"], "label": "Glow", "count": 6},
        {"key": "attr.color", "values": ["red", "green"], "label": "Red, Green", "count": 1},
    ]


def test_labels_are_in_the_language_of_the_shopper(shopper: Shopper) -> None:
    def labels(lang: str, **params: Any) -> list[str]:
        return [one["label"] for one in dropped(shopper, lang=lang, **params)]

    assert labels("zh", brand="Glow", attr=["color:red", "color:green"]) == ["Glow", "红色、green"]
    assert labels("zh", category="lamps", brand="Glow") == ["Glow", "灯具"]
    assert labels("en", category="lamps", price_min=8000) == ["$80 and up", "Lamps"]
    assert labels("en", price_max=499) == ["Under $5"]
    assert labels("en", rating=4) == ["4 stars and up"]


def test_enough_results_or_no_filters_offer_nothing_and_cost_nothing(
    shopper: Shopper, django_assert_num_queries: Any
) -> None:
    for params, queries in (({}, 3), ({"brand": "Lumen"}, 3), ({"brand": "Nobody", "price_max": 1}, 2)):
        dropped(shopper, **params)
        with django_assert_num_queries(queries):  # the words, the one statement, the cards if any
            assert dropped(shopper, **params) == []


def test_few_results_cost_no_query_more(shopper: Shopper, django_assert_num_queries: Any) -> None:
    dropped(shopper, brand="Glow")
    with django_assert_num_queries(3):
        assert [one["count"] for one in dropped(shopper, brand="Glow")] == [7]
