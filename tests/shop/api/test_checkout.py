"""/api/checkout/ and /api/orders/"""

from typing import Any

from shop.catalog.models import Product
from shop.orders.models import Order
from tests.catalogue import add_picture, make_product
from tests.shop.api.conftest import Shopper, errors

ADDRESS = {
    "email": "ada@example.com", "name": "Ada Lovelace", "phone": "", "address_line1": "1 Loop Street",
    "address_line2": "", "city": "Springfield", "postal_code": "12345", "country": "US",
    "payment_method": "cash_on_delivery",
}  # fmt: skip
KEY = {"Idempotency-Key": "0d9e9a52-6c1b-4a53-9b6e-0a3b4c5d6e7f"}


def fill_cart(shopper: Shopper, *titles: str, stock: int = 10) -> None:
    for title in titles:
        product = make_product(title, stock=stock)
        assert shopper.send("post", "/api/cart/items/", {"product_id": product.pk}).status_code == 200


def test_a_guest_orders_and_sees_the_order_in_this_session_only(shopper: Shopper, another_shopper: Shopper) -> None:
    fill_cart(shopper, "Mug")
    add_picture(Product.objects.get(), "a" * 32, alt="A mug")
    response = shopper.send("post", "/api/checkout/", ADDRESS, **KEY)
    assert response.status_code == 201, response.content
    order = response.json()
    assert order["items"][0]["title"] == "Mug"
    assert order["items"][0]["image"]["src"] == f"/img/{'a' * 32}/{{w}}.{{f}}"
    assert order["address"]["city"] == "Springfield"
    assert shopper.get("/api/cart/").json()["count"] == 0
    assert [seen["number"] for seen in shopper.get("/api/orders/").json()] == [order["number"]]
    assert shopper.get(f"/api/orders/{order['number']}/").json() == order
    assert another_shopper.get("/api/orders/").json() == []
    hidden = another_shopper.get(f"/api/orders/{order['number']}/")
    assert (hidden.status_code, errors(hidden)) == (404, [("number", "not_found")])


def test_sending_an_order_twice_gives_it_once(shopper: Shopper) -> None:
    fill_cart(shopper, "Mug")
    first = shopper.send("post", "/api/checkout/", ADDRESS, **KEY)
    again = shopper.send("post", "/api/checkout/", ADDRESS, **KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert Order.objects.count() == 1


def test_the_same_key_from_another_shopper_is_another_order(shopper: Shopper, another_shopper: Shopper) -> None:
    fill_cart(shopper, "Mug")
    fill_cart(another_shopper, "Pen")
    mine = shopper.send("post", "/api/checkout/", ADDRESS, **KEY).json()
    theirs = another_shopper.send("post", "/api/checkout/", ADDRESS, **KEY).json()
    assert (mine["items"][0]["title"], theirs["items"][0]["title"]) == ("Mug", "Pen")


def test_sold_out_meanwhile_names_the_product_and_keeps_the_cart(shopper: Shopper) -> None:
    fill_cart(shopper, "Mug")
    mug = Product.objects.get()
    Product.objects.update(stock=0)
    response = shopper.send("post", "/api/checkout/", ADDRESS, **KEY)
    assert (response.status_code, errors(response)) == (409, [("items", "out_of_stock")])
    assert response.json()["errors"][0]["product_id"] == mug.pk
    assert shopper.get("/api/cart/").json()["count"] == 1
    assert Order.objects.count() == 0


def test_incomplete_addresses_are_refused_field_by_field(shopper: Shopper) -> None:
    fill_cart(shopper, "Mug")
    bad = {**ADDRESS, "email": "ada", "city": " ", "country": "usa", "payment_method": "gold"}
    response = shopper.send("post", "/api/checkout/", bad, **KEY)
    assert response.status_code == 400
    assert errors(response) == [
        ("email", "invalid"), ("city", "blank"), ("country", "invalid"), ("payment_method", "invalid_choice"),
    ]  # fmt: skip
    assert Order.objects.count() == 0


def test_a_key_is_needed(shopper: Shopper) -> None:
    fill_cart(shopper, "Mug")
    for headers in ({}, {"Idempotency-Key": "short"}, {"Idempotency-Key": "x" * 81}):
        response = shopper.send("post", "/api/checkout/", ADDRESS, **headers)
        assert (response.status_code, errors(response)) == (400, [("Idempotency-Key", "invalid")])


def test_an_empty_cart_cannot_be_ordered(shopper: Shopper) -> None:
    response = shopper.send("post", "/api/checkout/", ADDRESS, **KEY)
    assert (response.status_code, errors(response)) == (400, [("items", "empty_cart")])


def test_orders_cost_the_same_queries_however_many(shopper: Shopper, django_assert_num_queries: Any) -> None:
    for number in range(5):
        fill_cart(shopper, f"Thing {number}", f"Gadget {number}")
        shopper.send("post", "/api/checkout/", ADDRESS, **{"Idempotency-Key": f"key-number-{number}"})
    with django_assert_num_queries(4):  # session, orders, items, pictures
        assert len(shopper.get("/api/orders/").json()) == 5
