"""/api/account/"""

import pytest
from django.contrib.auth.models import User

from shop.orders.models import Cart, Order
from tests.catalogue import make_product
from tests.shop.api.conftest import Shopper, errors
from tests.shop.api.test_checkout import ADDRESS, KEY

ADA = {"email": "Ada@Example.com", "password": "correct horse 77", "name": "Ada"}
NOBODY = {"is_authenticated": False, "email": "", "name": ""}


@pytest.fixture
def ada(db: None) -> User:
    return User.objects.create_user("ada@example.com", "ada@example.com", ADA["password"], first_name="Ada")


def sign_in(shopper: Shopper, password: str = ADA["password"]) -> int:
    body = {"email": "ada@example.com", "password": password}
    return shopper.send("post", "/api/account/sign-in/", body).status_code


def test_a_visitor_is_nobody_and_gets_a_csrf_cookie(shopper: Shopper) -> None:
    assert shopper.get("/api/account/").json() == NOBODY
    assert shopper.cookies["csrftoken"].value
    assert "sessionid" not in shopper.cookies


def test_signing_up_signs_in_and_keeps_the_cart(shopper: Shopper) -> None:
    mug = make_product("Mug")
    shopper.send("post", "/api/cart/items/", {"product_id": mug.pk, "quantity": 2})
    response = shopper.send("post", "/api/account/sign-up/", ADA)
    assert response.status_code == 201
    assert response.json() == {"is_authenticated": True, "email": "ada@example.com", "name": "Ada"}
    assert shopper.get("/api/account/").json()["email"] == "ada@example.com"
    assert shopper.get("/api/cart/").json()["count"] == 2
    assert Cart.objects.get().user == User.objects.get()


def test_signing_in_merges_the_carts_on_another_device(shopper: Shopper, another_shopper: Shopper, ada: User) -> None:
    mug, pen = make_product("Mug"), make_product("Pen")
    assert sign_in(shopper) == 200
    shopper.send("post", "/api/cart/items/", {"product_id": mug.pk})
    another_shopper.send("post", "/api/cart/items/", {"product_id": pen.pk})
    assert sign_in(another_shopper) == 200
    titles = {line["product"]["title"] for line in another_shopper.get("/api/cart/").json()["items"]}
    assert titles == {"Mug", "Pen"}


def test_orders_placed_before_signing_in_become_the_users(
    shopper: Shopper, another_shopper: Shopper, ada: User
) -> None:
    shopper.send("post", "/api/cart/items/", {"product_id": make_product("Mug").pk})
    number = shopper.send("post", "/api/checkout/", ADDRESS, **KEY).json()["number"]
    sign_in(shopper)
    assert Order.objects.get().user == ada
    sign_in(another_shopper)
    assert [order["number"] for order in another_shopper.get("/api/orders/").json()] == [number]


def test_signing_out_ends_the_session_and_keeps_the_users_cart(shopper: Shopper, ada: User) -> None:
    sign_in(shopper)
    shopper.send("post", "/api/cart/items/", {"product_id": make_product("Mug").pk})
    assert shopper.send("post", "/api/account/sign-out/").json() == NOBODY
    assert shopper.get("/api/cart/").json()["count"] == 0
    sign_in(shopper)
    assert shopper.get("/api/cart/").json()["count"] == 1


def test_a_wrong_password_and_an_unknown_address_look_the_same(shopper: Shopper, ada: User) -> None:
    wrong = shopper.send("post", "/api/account/sign-in/", {"email": "ada@example.com", "password": "x"})
    unknown = shopper.send("post", "/api/account/sign-in/", {"email": "eve@example.com", "password": "x"})
    assert (wrong.status_code, errors(wrong)) == (400, [("password", "wrong")])
    assert wrong.json() == unknown.json()


def test_an_address_can_be_used_once_whatever_its_case(shopper: Shopper, ada: User) -> None:
    response = shopper.send("post", "/api/account/sign-up/", {**ADA, "email": "ADA@example.COM"})
    assert (response.status_code, errors(response)) == (400, [("email", "taken")])
    assert User.objects.count() == 1


def test_a_number_is_no_name_and_no_password(shopper: Shopper) -> None:
    response = shopper.send("post", "/api/account/sign-up/", {**ADA, "name": 7, "password": 12345678})
    assert (response.status_code, errors(response)) == (400, [("password", "invalid"), ("name", "invalid")])


@pytest.mark.parametrize("password", ["short", "password"])
def test_weak_passwords_are_refused(shopper: Shopper, password: str) -> None:
    response = shopper.send("post", "/api/account/sign-up/", {**ADA, "password": password})
    assert (response.status_code, errors(response)) == (400, [("password", "too_weak")])
    assert User.objects.count() == 0


def test_signing_in_changes_the_session_key(shopper: Shopper, ada: User) -> None:
    shopper.send("post", "/api/cart/items/", {"product_id": make_product("Mug").pk})
    before = shopper.cookies["sessionid"].value
    sign_in(shopper)
    assert shopper.cookies["sessionid"].value != before


def test_signing_out_needs_the_csrf_token(shopper: Shopper, ada: User) -> None:
    sign_in(shopper)
    assert shopper.post("/api/account/sign-out/", content_type="application/json").status_code == 403
    assert shopper.get("/api/account/").json()["is_authenticated"] is True
