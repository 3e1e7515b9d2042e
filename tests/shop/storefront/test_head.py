"""Title, description, addresses and JSON-LD of every kind of page."""

from collections.abc import Callable

import pytest

from tests.catalogue import add_picture, make_category, make_product
from tests.shop.storefront.conftest import Parsed

Opened = Callable[..., Parsed]
HOST = "http://testserver"


def alternates(page: Parsed) -> dict[str, str]:
    return {link["hreflang"]: link["href"] for link in page.links if link["rel"] == "alternate"}


def test_home_says_what_the_store_is_and_how_to_search_it(opened: Opened) -> None:
    page = opened("/")
    assert (page.lang, page.title, page.metas["description"]) == ("en", "Pocketshop", "About it (en).")
    assert page.link("canonical") == {"rel": "canonical", "href": f"{HOST}/"}
    assert "robots" not in page.metas
    action = page.things["WebSite"]["potentialAction"]
    assert (action["@type"], action["target"]["urlTemplate"]) == (
        "SearchAction", f"{HOST}/search?q={{search_term_string}}",
    )  # fmt: skip


def test_a_page_in_chinese_says_so_and_knows_its_twin(opened: Opened) -> None:
    page = opened("/zh/browse/?utm=1")
    assert (page.lang, page.metas["og:locale"]) == ("zh-Hans", "zh_CN")
    assert page.link("canonical") == {"rel": "canonical", "href": f"{HOST}/zh/browse"}
    assert alternates(page) == {
        "en": f"{HOST}/browse", "zh-Hans": f"{HOST}/zh/browse", "x-default": f"{HOST}/browse",
    }  # fmt: skip


def test_a_product_has_its_price_stock_and_rating_in_json_ld(opened: Opened) -> None:
    category = make_category("kettle", parent=make_category("kitchen"))
    fields = {"price_cents": 4999, "sale_price_cents": 3905, "stock": 3, "rating_average": 4.5, "rating_count": 12}
    product = make_product("Kettle", brand="Forno", description="Boils  water.", category=category, **fields)
    add_picture(product, "abc")
    page = opened(f"/product/{product.pk}")
    thing = page.things["Product"]
    assert {name: thing["offers"][name] for name in ("price", "priceCurrency", "availability")} == {
        "price": "39.05", "priceCurrency": "USD", "availability": "https://schema.org/LimitedAvailability",
    }  # fmt: skip
    assert thing["aggregateRating"] == {"@type": "AggregateRating", "ratingValue": 4.5, "reviewCount": 12}
    assert (thing["brand"]["name"], thing["image"]) == ("Forno", [f"{HOST}/img/abc/960.webp"])
    crumbs = page.things["BreadcrumbList"]["itemListElement"]
    assert [(crumb["position"], crumb["item"]) for crumb in crumbs] == [
        (1, f"{HOST}/category/kitchen"), (2, f"{HOST}/category/kettle"),
    ]  # fmt: skip
    assert (page.title, page.metas["description"]) == ("Kettle · Pocketshop", "Boils water.")
    assert (page.metas["og:image"], page.metas["twitter:card"]) == (f"{HOST}/img/abc/960.webp", "summary_large_image")


def test_a_product_that_nobody_has_rated_claims_no_rating(opened: Opened) -> None:
    assert "aggregateRating" not in opened(f"/product/{make_product('Kettle').pk}").things["Product"]


def test_a_category_is_named_and_filters_make_no_other_page_of_it(opened: Opened) -> None:
    make_product("Kettle", category=make_category("kitchen", translations={"zh": {"name": "厨房"}}))
    page = opened("/zh/category/kitchen?brand=X&sort=newest")
    assert (page.title, page.metas["description"]) == ("厨房 · Pocketshop", "厨房: 1 products.")
    assert page.link("canonical") == {"rel": "canonical", "href": f"{HOST}/zh/category/kitchen"}
    assert page.things["BreadcrumbList"]["itemListElement"][0]["name"] == "厨房"
    assert "<h1>厨房</h1>" in page.html


@pytest.mark.parametrize("path", ["/search?q=red+%26+blue&brand=X", "/cart", "/checkout", "/orders/A1", "/account"])
def test_what_is_no_page_of_the_catalogue_is_not_indexed(opened: Opened, path: str) -> None:
    assert opened(path).metas["robots"] == "noindex, follow"


def test_a_search_is_named_by_its_query(opened: Opened) -> None:
    page = opened("/search?q=red+%26+blue&brand=X&layout=list")
    assert page.title == "red & blue · Pocketshop"
    assert page.link("canonical") == {"rel": "canonical", "href": f"{HOST}/search?q=red+%26+blue"}


@pytest.mark.parametrize("path", ["/nothing", "/product/999999", "/category/nothing", "/zh/nothing"])
def test_what_is_not_there_has_the_title_of_that(opened: Opened, path: str) -> None:
    page = opened(path)
    assert (page.title, page.metas["robots"]) == ("Missing · Pocketshop", "noindex, follow")
    assert page.things == {}
