"""/api/cart/"""

import uuid
from typing import Any

from search.models import SearchEvent
from shop.catalog.models import Product
from shop.orders.models import Cart, CartItem
from tests.catalogue import add_picture, make_product
from tests.shop.api.conftest import Shopper, errors


def add(shopper: Shopper, product: Product, quantity: int = 1, **more: Any) -> dict[str, Any]:
    response = shopper.send("post", "/api/cart/items/", {"product_id": product.pk, "quantity": quantity, **more})
    assert response.status_code == 200, response.content
    return response.json()


def test_a_new_visitor_has_an_empty_cart_and_no_session(shopper: Shopper) -> None:
    response = shopper.get("/api/cart/")
    assert response.json()["items"] == []
    assert response.json()["total_cents"] == 0
    assert "sessionid" not in shopper.cookies
    assert response["Cache-Control"] == "private, no-store"


def test_an_anonymous_cart_is_kept_in_the_session(shopper: Shopper, another_shopper: Shopper, settings: Any) -> None:
    settings.SHIPPING_CENTS, settings.FREE_SHIPPING_FROM_CENTS = 495, 5000
    mug = make_product("Mug", price_cents=1200, sale_price_cents=1000)
    add(shopper, mug, 2)
    cart = shopper.get("/api/cart/").json()
    assert [(line["product"]["title"], line["quantity"], line["line_total_cents"]) for line in cart["items"]] == [
        ("Mug", 2, 2000)
    ]
    assert (cart["count"], cart["subtotal_cents"], cart["shipping_cents"], cart["total_cents"]) == (2, 2000, 495, 2495)
    assert another_shopper.get("/api/cart/").json()["items"] == []


def test_quantities_change_and_lines_go(shopper: Shopper) -> None:
    line = add(shopper, make_product("Mug"))["items"][0]
    changed = shopper.send("patch", f"/api/cart/items/{line['id']}/", {"quantity": 4})
    assert changed.json()["items"][0]["quantity"] == 4
    assert shopper.send("delete", f"/api/cart/items/{line['id']}/").json()["items"] == []
    assert shopper.send("delete", f"/api/cart/items/{line['id']}/").status_code == 404


def test_another_shopper_cannot_change_a_line(shopper: Shopper, another_shopper: Shopper) -> None:
    mug = make_product("Mug")
    line = add(shopper, mug)["items"][0]
    add(another_shopper, mug)
    response = another_shopper.send("patch", f"/api/cart/items/{line['id']}/", {"quantity": 9})
    assert (response.status_code, errors(response)) == (404, [("item_id", "not_found")])
    assert shopper.get("/api/cart/").json()["items"][0]["quantity"] == 1


def test_changing_a_cart_needs_the_csrf_token_of_its_session(shopper: Shopper) -> None:
    mug = make_product("Mug")
    line = add(shopper, mug)["items"][0]
    forged = shopper.patch(f"/api/cart/items/{line['id']}/", {"quantity": 9}, content_type="application/json")
    assert (forged.status_code, errors(forged)) == (403, [(None, "permission_denied")])
    assert CartItem.objects.get().quantity == 1


def test_what_changed_since_is_said(shopper: Shopper) -> None:
    cheap, rare, gone, dear = (make_product(name, stock=20) for name in ("Cheap", "Rare", "Gone", "Dear"))
    for product in (cheap, rare, gone, dear):
        add(shopper, product, 4)
    Product.objects.filter(pk=rare.pk).update(stock=3)
    Product.objects.filter(pk=gone.pk).update(is_active=False)
    Product.objects.filter(pk=dear.pk).update(price_cents=9999)
    lines = {line["product"]["title"]: line for line in shopper.get("/api/cart/").json()["items"]}
    assert {title: line["notice"] for title, line in lines.items()} == {
        "Cheap": None, "Rare": "low_stock", "Gone": "out_of_stock", "Dear": "price_changed",
    }  # fmt: skip
    assert {title: line["max_quantity"] for title, line in lines.items()} == {
        "Cheap": 20, "Rare": 3, "Gone": 0, "Dear": 20,
    }  # fmt: skip
    assert lines["Gone"]["product"]["stock_status"] == "out_of_stock"
    assert lines["Dear"]["unit_price_cents"] == 9999


def test_adding_logs_an_event_with_its_search(shopper: Shopper) -> None:
    query_id = uuid.uuid4()
    mug = make_product("Mug")
    add(shopper, mug, query_id=str(query_id), position=2)
    event = SearchEvent.objects.get()
    assert (event.action_name, event.product_id, event.query_id, event.position) == ("add_to_cart", mug.pk, query_id, 2)
    assert str(event.client_id) == shopper.cookies["ps_client"].value


def test_bad_items_are_refused_with_the_field(shopper: Shopper) -> None:
    mug = make_product("Mug")
    for body, expected in [
        ({}, [("product_id", "required")]),
        ({"product_id": mug.pk, "quantity": 0}, [("quantity", "min_value")]),
        ({"product_id": mug.pk, "quantity": 1000}, [("quantity", "max_value")]),
        ({"product_id": "mug"}, [("product_id", "invalid")]),
        ({"product_id": mug.pk, "query_id": "x"}, [("query_id", "invalid")]),
        ({"product_id": mug.pk, "colour": "red"}, [("colour", "unknown")]),
        ([1], [(None, "invalid")]),
    ]:
        response = shopper.send("post", "/api/cart/items/", body)
        assert (response.status_code, errors(response)) == (400, expected)
    assert Cart.objects.count() == 0


def test_an_unknown_product_is_not_found_and_leaves_no_cart(shopper: Shopper) -> None:
    response = shopper.send("post", "/api/cart/items/", {"product_id": 12345})
    assert (response.status_code, errors(response)) == (404, [("product_id", "not_found")])
    assert Cart.objects.count() == 0


def test_a_cart_costs_the_same_queries_however_long(shopper: Shopper, django_assert_num_queries: Any) -> None:
    for number in range(12):
        product = make_product(f"Thing {number}")
        add_picture(product, f"{number:032x}")
        add(shopper, product)
    with django_assert_num_queries(4):  # session, cart, lines with products, cards
        assert len(shopper.get("/api/cart/").json()["items"]) == 12
