"""Orders in the admin: moved on, never edited."""

import threading
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.catalog.models import Product
from shop.orders.fulfilment import cancel_order
from shop.orders.models import Order
from tests.catalogue import make_product
from tests.merchant import Merchant, messages

LIST = "/admin/orders/order/"


def make_order(product: Product, quantity: int = 2, name: str = "Ada Lovelace", **fields: object) -> Order:
    """An order of so many pieces, which are no longer in stock."""
    cents = product.price_cents * quantity
    order = Order.objects.create(
        idempotency_key=uuid4().hex, email="ada@example.com", name=name, address_line1="1 Road", city="Town",
        postal_code="12345", country="US", payment_method="cash_on_delivery", currency="USD", subtotal_cents=cents,
        shipping_cents=495, total_cents=cents + 495, **fields,
    )  # fmt: skip
    order.items.create(
        product=product, sku=product.sku, title=product.title, unit_price_cents=product.price_cents, quantity=quantity
    )
    return order


def status(order: Order) -> str:
    order.refresh_from_db()
    return order.status


@pytest.mark.django_db
def test_the_list_has_customer_total_and_status() -> None:
    order = make_order(make_product("Kettle", price_cents=65000))
    page = Merchant().get(LIST).content.decode()
    for words in (order.number, "Ada Lovelace", "ada@example.com", "$1,304.95", "Placed"):
        assert words in page


@pytest.mark.django_db
def test_a_longer_list_takes_no_more_queries() -> None:
    merchant, product = Merchant(), make_product("Kettle")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            merchant.get(LIST)
        return len(captured)

    make_order(product)
    few = queries()
    for _ in range(10):
        make_order(product)
    assert queries() == few


@pytest.mark.django_db
def test_an_order_shows_its_items_and_nothing_can_be_edited() -> None:
    order = make_order(make_product("Red kettle", price_cents=1000))
    response = Merchant().get(f"{LIST}{order.pk}/change/")
    page = response.content.decode()
    for words in ("Red kettle", "$10.00", "$20.00", "$24.95"):
        assert words in page
    assert not response.context["has_change_permission"]


@pytest.mark.django_db
def test_orders_are_shipped_and_delivered_one_step_after_the_other() -> None:
    merchant, order = Merchant(), make_order(make_product("Kettle"))
    refused = merchant.run_action(LIST, "deliver", [order])
    assert messages(refused) == [f"Not delivered: {order.number}; only shipped orders can be."]
    assert status(order) == "placed"
    assert messages(merchant.run_action(LIST, "ship", [order])) == ["1 order is shipped."]
    assert messages(merchant.run_action(LIST, "deliver", [order])) == ["1 order is delivered."]
    assert status(order) == "delivered"


@pytest.mark.django_db
def test_a_cancelled_order_gives_its_stock_back_once() -> None:
    merchant, product = Merchant(), make_product("Kettle", stock=3, popularity=2.0)
    order = make_order(product)
    assert messages(merchant.run_action(LIST, "cancel", [order])) == ["1 order is cancelled."]
    merchant.run_action(LIST, "cancel", [order])
    product.refresh_from_db()
    assert (status(order), product.stock, product.popularity) == ("cancelled", 5, 0.0)


@pytest.mark.django_db
def test_an_order_that_was_shipped_is_not_cancelled() -> None:
    merchant, product = Merchant(), make_product("Kettle", stock=3)
    order = make_order(product, status="shipped")
    assert "only placed orders can be" in messages(merchant.run_action(LIST, "cancel", [order]))[0]
    product.refresh_from_db()
    assert (status(order), product.stock) == ("shipped", 3)


@pytest.mark.django_db
def test_an_order_of_a_deleted_product_is_cancelled() -> None:
    product = make_product("Kettle")
    order = make_order(product)
    product.delete()
    assert cancel_order(order.pk)
    assert status(order) == "cancelled"


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_cancel_at_once_give_the_stock_back_once() -> None:
    product = make_product("Kettle", stock=0)
    order = make_order(product, quantity=4)
    done: list[bool] = []

    def cancel() -> None:
        done.append(cancel_order(order.pk))
        connection.close()

    clerks = [threading.Thread(target=cancel) for _ in range(4)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()
    product.refresh_from_db()
    assert (sorted(done), product.stock) == ([False, False, False, True], 4)


@pytest.mark.django_db
def test_who_may_only_look_cannot_move_orders_on() -> None:
    order = make_order(make_product("Kettle"))
    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_order"))
    merchant = Merchant()
    merchant.force_login(clerk)
    assert merchant.get(LIST).status_code == 200
    merchant.run_action(LIST, "ship", [order])
    assert status(order) == "placed"


@pytest.mark.django_db
def test_orders_are_neither_added_nor_deleted() -> None:
    merchant, order = Merchant(), make_order(make_product("Kettle"))
    assert merchant.get(f"{LIST}add/").status_code == 403
    assert merchant.post(f"{LIST}{order.pk}/delete/", {"post": "yes"}).status_code == 403
    assert merchant.post(f"{LIST}{order.pk}/change/", {"name": "Eve"}).status_code == 403
    merchant.run_action(LIST, "delete_selected", [order], post="yes")
    assert Order.objects.get() == order


@pytest.mark.django_db
def test_an_order_is_found_by_number_customer_and_item() -> None:
    merchant = Merchant()
    order = make_order(make_product("Red kettle", sku="K-17"))
    make_order(make_product("Lamp"), name="Grace")
    for words in (order.number, "lovelace", "K-17", "red kettle"):
        assert list(merchant.get(LIST, {"q": words}).context["cl"].result_list) == [order]
