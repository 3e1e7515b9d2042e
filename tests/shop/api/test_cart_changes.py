"""/api/cart/ with Idempotency-Key: what a phone sends again, because it never heard an answer, is done once."""

import uuid
from typing import Any

from django.http import HttpResponse

from search.models import SearchEvent
from shop.catalog.models import Product
from shop.orders.models import Cart, CartChange
from tests.catalogue import make_product
from tests.shop.api.conftest import Shopper, errors


def send(shopper: Shopper, method: str, path: str, key: object, body: Any = None) -> HttpResponse:
    return shopper.send(method, f"/api/cart/items/{path}", body, **{"Idempotency-Key": str(key)})


def add(shopper: Shopper, product: Product, key: object) -> HttpResponse:
    return send(shopper, "post", "", key, {"product_id": product.pk, "quantity": 1})


def quantities(response: HttpResponse) -> list[int]:
    assert response.status_code == 200, response.content
    return [line["quantity"] for line in response.json()["items"]]


def test_the_same_key_adds_once_and_another_key_again(shopper: Shopper) -> None:
    mug, key = make_product("Mug"), uuid.uuid4()
    assert [quantities(add(shopper, mug, key)) for _ in range(3)] == [[1], [1], [1]]
    assert quantities(add(shopper, mug, uuid.uuid4())) == [2]
    assert SearchEvent.objects.filter(action_name="add_to_cart").count() == 2


def test_a_first_change_whose_answer_was_lost_opens_no_second_cart(shopper: Shopper) -> None:
    mug, key = make_product("Mug"), uuid.uuid4()
    add(Shopper(), mug, key)  # done, but its cookies never arrived
    assert quantities(add(shopper, mug, key)) == [1]
    assert quantities(shopper.get("/api/cart/")) == [1]
    assert Cart.objects.count() == 1


def test_a_quantity_sent_late_again_does_not_undo_a_newer_one(shopper: Shopper) -> None:
    line = add(shopper, make_product("Mug"), uuid.uuid4()).json()["items"][0]["id"]
    late = uuid.uuid4()
    assert quantities(send(shopper, "patch", f"{line}/", late, {"quantity": 3})) == [3]
    assert quantities(send(shopper, "patch", f"{line}/", uuid.uuid4(), {"quantity": 5})) == [5]
    assert quantities(send(shopper, "patch", f"{line}/", late, {"quantity": 3})) == [5]


def test_removing_again_is_no_error_and_leaves_what_was_added_since(shopper: Shopper) -> None:
    mug, key = make_product("Mug"), uuid.uuid4()
    line = add(shopper, mug, uuid.uuid4()).json()["items"][0]["id"]
    assert quantities(send(shopper, "delete", f"{line}/", key)) == []
    assert quantities(send(shopper, "delete", f"{line}/", key)) == []
    assert quantities(add(shopper, mug, uuid.uuid4())) == [1]
    assert quantities(send(shopper, "delete", f"{line}/", key)) == [1]


def test_a_change_that_was_refused_leaves_no_key(shopper: Shopper) -> None:
    hidden, key = make_product("Hidden", is_active=False), uuid.uuid4()
    assert add(shopper, hidden, key).status_code == 404
    assert CartChange.objects.count() == 0
    Product.objects.filter(pk=hidden.pk).update(is_active=True)
    assert quantities(add(shopper, hidden, key)) == [1]
    response = send(shopper, "patch", "999999/", uuid.uuid4(), {"quantity": 2})
    assert (response.status_code, errors(response)) == (404, [("item_id", "not_found")])
    assert CartChange.objects.count() == 1


def test_a_key_that_is_no_uuid_is_refused_and_nothing_changes(shopper: Shopper) -> None:
    mug = make_product("Mug")
    response = add(shopper, mug, "again")
    assert (response.status_code, errors(response)) == (400, [("Idempotency-Key", "invalid")])
    assert Cart.objects.count() == 0


def test_events_sent_again_after_a_lost_answer_count_once(shopper: Shopper, another_shopper: Shopper) -> None:
    mug = make_product("Mug")
    body = {"events": [{"event_id": str(uuid.uuid4()), "action_name": "click", "product_id": mug.pk}]}
    sent = [browser.send("post", "/api/events/", body).json() for browser in (shopper, shopper, another_shopper)]
    assert sent == [{"accepted": 1}, {"accepted": 0}, {"accepted": 0}]
    assert SearchEvent.objects.count() == 1
