"""Carts: adding, changing, and what becomes of an anonymous one."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from shop.catalog.models import Product
from shop.orders.cart import (
    KEYS_KEPT,
    UnknownProduct,
    add_item,
    find_cart,
    is_new_change,
    keep_cart,
    open_cart,
    remove_item,
    set_quantity,
    totals,
)
from shop.orders.models import Cart, CartChange
from tests.catalogue import make_product


def lines_of(cart: Cart) -> list[tuple[str, int]]:
    return [(item.product.title, item.quantity) for item in cart.items.select_related("product")]


def test_adding_again_adds_to_the_quantity_up_to_99(db: None) -> None:
    mug, cart = make_product("Mug"), Cart.objects.create()
    add_item(cart, mug.pk, 2)
    add_item(cart, mug.pk, 3)
    assert lines_of(cart) == [("Mug", 5)]
    add_item(cart, mug.pk, 98)
    assert lines_of(cart) == [("Mug", 99)]


def test_the_latest_search_is_the_one_that_led_to_the_line(db: None) -> None:
    mug, cart, first, second = make_product("Mug"), Cart.objects.create(), uuid.uuid4(), uuid.uuid4()
    add_item(cart, mug.pk, 1, query_id=first, position=4)
    add_item(cart, mug.pk, 1)
    assert cart.items.values_list("query_id", "position").get() == (first, 4)
    add_item(cart, mug.pk, 1, query_id=second, position=2)
    assert cart.items.values_list("query_id", "position").get() == (second, 2)


def test_what_is_not_for_sale_cannot_be_added(db: None) -> None:
    hidden, cart = make_product("Hidden", is_active=False), Cart.objects.create()
    for product_id in (hidden.pk, hidden.pk + 1):
        with pytest.raises(UnknownProduct):
            add_item(cart, product_id, 1)
    assert lines_of(cart) == []


def test_lines_of_another_cart_stay_as_they_are(db: None) -> None:
    mug, mine, other = make_product("Mug"), Cart.objects.create(), Cart.objects.create()
    add_item(other, mug.pk, 2)
    line = other.items.get()
    assert not set_quantity(mine, line.pk, 9)
    assert not remove_item(mine, line.pk)
    assert lines_of(other) == [("Mug", 2)]


def test_signing_in_moves_the_lines_and_the_larger_quantity_wins(db: None) -> None:
    user = User.objects.create_user("ada@example.com")
    mug, pen, cup = make_product("Mug"), make_product("Pen"), make_product("Cup")
    mine, anonymous = open_cart(user_id=user.pk, cart_id=None), Cart.objects.create()
    for cart, product, quantity in (
        (mine, mug, 1),
        (mine, pen, 5),
        (anonymous, mug, 3),
        (anonymous, pen, 2),
        (anonymous, cup, 1),
    ):
        add_item(cart, product.pk, quantity)
    keep_cart(anonymous, user.pk)
    assert lines_of(mine) == [("Mug", 3), ("Pen", 5), ("Cup", 1)]
    assert not Cart.objects.filter(user=None).exists()


def test_a_cart_with_an_owner_is_not_found_by_its_id(db: None) -> None:
    user = User.objects.create_user("ada@example.com")
    mine = open_cart(user_id=user.pk, cart_id=None)
    assert find_cart(user_id=None, cart_id=mine.pk) is None


@pytest.mark.parametrize(("subtotal", "shipping"), [(0, 0), (1, 495), (4999, 495), (5000, 0)])
def test_shipping_is_free_for_an_empty_cart_and_from_the_threshold_on(subtotal: int, shipping: int, settings) -> None:
    settings.SHIPPING_CENTS, settings.FREE_SHIPPING_FROM_CENTS = 495, 5000
    assert totals(subtotal).shipping_cents == shipping
    assert totals(subtotal).total_cents == subtotal + shipping


def test_deleting_a_product_takes_it_out_of_carts(db: None) -> None:
    mug, cart = make_product("Mug"), Cart.objects.create()
    add_item(cart, mug.pk, 1)
    Product.objects.all().delete()
    assert lines_of(cart) == []


def test_a_change_is_new_once_and_its_key_goes_with_the_cart_to_an_account(db: None) -> None:
    cart, key = Cart.objects.create(), uuid.uuid4()
    assert [is_new_change(cart, key), is_new_change(cart, key), is_new_change(cart, None)] == [True, False, True]
    user = User.objects.create_user("ada@example.com")
    keep_cart(cart, user.pk)
    mine = Cart.objects.get(user=user)
    assert not is_new_change(mine, key)
    assert mine.changes.values_list("key", flat=True).get() == key


def test_keys_of_changes_are_forgotten_after_a_while(db: None) -> None:
    cart, old, newer = Cart.objects.create(), uuid.uuid4(), uuid.uuid4()
    for key in (old, newer):
        is_new_change(cart, key)
    CartChange.objects.filter(key=old).update(created_at=timezone.now() - KEYS_KEPT - timedelta(hours=1))
    latest = uuid.uuid4()
    is_new_change(cart, latest)
    assert set(cart.changes.values_list("key", flat=True)) == {newer, latest}


def test_a_visitors_cart_is_found_by_the_key_of_its_first_change(db: None) -> None:
    cart, key = Cart.objects.create(), uuid.uuid4()
    is_new_change(cart, key)
    assert find_cart(user_id=None, cart_id=None, key=key) == cart
    assert find_cart(user_id=None, cart_id=None, key=uuid.uuid4()) is None
    assert find_cart(user_id=None, cart_id=Cart.objects.create().pk, key=key) != cart


@pytest.mark.django_db(transaction=True)
def test_the_same_change_at_the_same_moment_is_made_once() -> None:
    mug, cart, key = make_product("Mug"), Cart.objects.create(), uuid.uuid4()
    start = threading.Barrier(4)

    def change(_: int) -> None:
        start.wait()
        with transaction.atomic():
            if is_new_change(cart, key):
                add_item(cart, mug.pk, 1)
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(change, range(4)))
    assert lines_of(cart) == [("Mug", 1)]
