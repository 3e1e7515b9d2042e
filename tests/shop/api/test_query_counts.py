"""What each list costs in SQL queries, whatever its length; what a process remembers is read before counting."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from search.index import embed_stale_products
from search.models import EncoderVersion, FacetKey
from shop.catalog.models import Product
from tests.catalogue import add_picture, make_category, make_category_picture, make_product
from tests.shop.api.conftest import Shopper


@pytest.fixture
def catalogue(db: None) -> list[Product]:
    """30 lamps with pictures and an attribute, in a category two levels down."""
    home = make_category("home", image=make_category_picture("c" * 32))
    lamps = make_category("lamps", parent=home, image=make_category_picture("d" * 32))
    FacetKey.objects.create(key="color")
    products = [
        make_product(f"Desk lamp {number}", category=lamps, attributes={"color": ["red", "blue"][number % 2]})
        for number in range(30)
    ]
    for product in products:
        add_picture(product, f"{product.pk:032x}")
    embed_stale_products()
    return products


@pytest.fixture
def signed_in(shopper: Shopper) -> Shopper:
    shopper.force_login(User.objects.create_user("ada@example.com"))
    return shopper


def count(shopper: Shopper, path: str, queries: int, django_assert_num_queries: Any, *, warm: bool = True) -> Any:
    if warm:
        shopper.get(path)
    with django_assert_num_queries(queries):
        response = shopper.get(path)
    assert response.status_code == 200, response.content
    return response.json()


def test_a_visitors_search(shopper: Shopper, catalogue: object, django_assert_num_queries: Any) -> None:
    # the query's words, the one statement, the cards
    body = count(shopper, "/api/search/?q=lamp", 3, django_assert_num_queries)
    assert len(body["hits"]) == 24


def test_a_visitors_search_with_meaning(
    shopper: Shopper, active_encoder_version: EncoderVersion, catalogue: object, django_assert_num_queries: Any
) -> None:
    body = count(shopper, "/api/search/?q=lamp", 3, django_assert_num_queries)
    assert (body["mode"], len(body["hits"])) == ("hybrid", 24)


def test_a_filtered_search(shopper: Shopper, catalogue: object, django_assert_num_queries: Any) -> None:
    # also the ids of the chosen values
    path = "/api/search/?q=lamp&attr=color:red&category=home&in_stock=1&page_size=100"
    assert count(shopper, path, 4, django_assert_num_queries)["total"] == 15


def test_browsing(shopper: Shopper, catalogue: object, django_assert_num_queries: Any) -> None:
    # the one statement, the cards
    assert count(shopper, "/api/search/?category=lamps", 2, django_assert_num_queries)["total"] == 30


def test_a_search_within_a_session(signed_in: Shopper, catalogue: object, django_assert_num_queries: Any) -> None:
    # also the session and its user
    count(signed_in, "/api/search/?q=lamp", 5, django_assert_num_queries)


def test_a_search_with_an_anonymous_cart(
    shopper: Shopper, catalogue: list[Product], django_assert_num_queries: Any
) -> None:
    # also the session
    shopper.send("post", "/api/cart/items/", {"product_id": catalogue[0].pk})
    count(shopper, "/api/search/?q=lamp", 4, django_assert_num_queries)


def test_suggestions(shopper: Shopper, catalogue: object, django_assert_num_queries: Any) -> None:
    # the cards of suggested products; the suggestions themselves are remembered
    assert len(count(shopper, "/api/suggestions/?q=la", 1, django_assert_num_queries)["suggestions"]) == 8


def test_home_the_first_time(shopper: Shopper, catalogue: list[Product], django_assert_num_queries: Any) -> None:
    Product.objects.filter(pk=catalogue[0].pk).update(sale_price_cents=5, released_on="2020-01-01")
    # counts, categories, the category tree, filter keys, and for each row with products: ids and cards
    body = count(shopper, "/api/home/?lang=en", 9, django_assert_num_queries, warm=False)
    assert (len(body["popular"]), len(body["deals"]), len(body["new"])) == (12, 1, 0)


def test_home_after_that(shopper: Shopper, catalogue: object, django_assert_num_queries: Any) -> None:
    count(shopper, "/api/home/?lang=en", 0, django_assert_num_queries)


def test_categories_the_first_time(shopper: Shopper, catalogue: object, django_assert_num_queries: Any) -> None:
    # counts, categories with pictures
    count(shopper, "/api/categories/?lang=en", 2, django_assert_num_queries, warm=False)


def test_categories_after_that(shopper: Shopper, catalogue: object, django_assert_num_queries: Any) -> None:
    count(shopper, "/api/categories/?lang=en", 0, django_assert_num_queries)


def test_a_products_page(shopper: Shopper, catalogue: list[Product], django_assert_num_queries: Any) -> None:
    # the product, its card, the ids of similar ones, their cards
    body = count(shopper, f"/api/products/{catalogue[0].pk}/", 4, django_assert_num_queries)
    assert len(body["similar"]) == 8


def test_a_cart_without_a_session(shopper: Shopper, db: None, django_assert_num_queries: Any) -> None:
    count(shopper, "/api/cart/", 0, django_assert_num_queries)


def test_a_users_cart(signed_in: Shopper, catalogue: list[Product], django_assert_num_queries: Any) -> None:
    signed_in.get("/api/account/")
    for product in catalogue[:9]:
        assert signed_in.send("post", "/api/cart/items/", {"product_id": product.pk}).status_code == 200
    # session, user, cart, lines with products, cards
    assert len(count(signed_in, "/api/cart/", 5, django_assert_num_queries)["items"]) == 9


def test_orders_without_a_session(shopper: Shopper, db: None, django_assert_num_queries: Any) -> None:
    assert count(shopper, "/api/orders/", 0, django_assert_num_queries) == []


def test_who_is_signed_in(signed_in: Shopper, django_assert_num_queries: Any) -> None:
    count(signed_in, "/api/account/", 2, django_assert_num_queries)  # session, user
