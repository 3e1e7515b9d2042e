"""place_order: everything or nothing, once for each key, and never more than there is."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from search.models import SearchEvent
from shop.catalog.models import Product
from shop.orders.cart import add_item
from shop.orders.checkout import Delivery, EmptyCart, OutOfStock, place_order
from shop.orders.models import Cart, Order
from shop.orders.payments import PaymentRefused, payment_provider
from tests.catalogue import make_product

DELIVERY = Delivery(
    email="ada@example.com",
    name="Ada",
    address_line1="1 Loop Street",
    city="Springfield",
    postal_code="12345",
    country="US",
)


def order_of(cart: Cart, key: str = "key-00000001", **options: Any) -> Order:
    return place_order(cart, DELIVERY, payment_method="cash_on_delivery", idempotency_key=key, **options)


def cart_with(product: Product, quantity: int = 1, **options: Any) -> Cart:
    cart = Cart.objects.create()
    add_item(cart, product.pk, quantity, **options)
    return cart


def test_an_order_takes_stock_copies_prices_and_empties_the_cart(db: None) -> None:
    lamp = make_product("Lamp", price_cents=3000, sale_price_cents=2500, stock=7, brand="Lumen")
    cart = cart_with(lamp, 2)
    order = order_of(cart)
    Product.objects.filter(pk=lamp.pk).update(price_cents=9900, sale_price_cents=None, title="Dearer lamp")
    (item,) = order.items.all()
    assert (item.title, item.brand, item.unit_price_cents, item.quantity) == ("Lamp", "Lumen", 2500, 2)
    assert (order.subtotal_cents, order.shipping_cents, order.total_cents) == (5000, 0, 5000)
    assert Product.objects.get(pk=lamp.pk).stock == 5
    assert cart.items.count() == 0


def test_a_small_order_pays_shipping(db: None, settings: Any) -> None:
    settings.SHIPPING_CENTS, settings.FREE_SHIPPING_FROM_CENTS = 495, 5000
    order = order_of(cart_with(make_product("Mug", price_cents=4999)))
    assert (order.subtotal_cents, order.shipping_cents, order.total_cents) == (4999, 495, 5494)


def test_a_sale_raises_popularity_without_making_the_embedding_stale(db: None) -> None:
    mug = make_product("Mug", popularity=3.0)
    order_of(cart_with(mug, 2))
    after = Product.objects.get(pk=mug.pk)
    assert after.popularity == 5.0
    assert after.updated_at == mug.updated_at


def test_out_of_stock_changes_nothing(db: None) -> None:
    plenty, scarce = make_product("Plenty", stock=9), make_product("Scarce", stock=1)
    cart = cart_with(plenty, 3)
    add_item(cart, scarce.pk, 2)
    with pytest.raises(OutOfStock) as refused:
        order_of(cart)
    assert refused.value.product_id == scarce.pk
    assert list(Product.objects.order_by("pk").values_list("stock", "popularity")) == [(9, 0.0), (1, 0.0)]
    assert Order.objects.count() == 0
    assert cart.items.count() == 2


def test_a_product_no_longer_for_sale_cannot_be_ordered(db: None) -> None:
    mug = make_product("Mug")
    cart = cart_with(mug)
    Product.objects.update(is_active=False)
    with pytest.raises(OutOfStock):
        order_of(cart)


def test_an_empty_cart_cannot_be_ordered(db: None) -> None:
    with pytest.raises(EmptyCart):
        order_of(Cart.objects.create())


def test_the_same_key_gives_the_same_order(db: None) -> None:
    mug = make_product("Mug", stock=5)
    cart = cart_with(mug)
    first = order_of(cart, "the-same-key")
    add_item(cart, mug.pk, 1)
    assert order_of(cart, "the-same-key").pk == first.pk
    assert Product.objects.get(pk=mug.pk).stock == 4
    assert cart.items.count() == 1


def test_purchases_are_logged_with_the_search_that_led_there(db: None) -> None:
    query_id, client_id = uuid.uuid4(), uuid.uuid4()
    mug = make_product("Mug")
    order_of(cart_with(mug, query_id=query_id, position=3), client_id=client_id)
    event = SearchEvent.objects.get()
    assert (event.action_name, event.product_id, event.position) == ("purchase", mug.pk, 3)
    assert (event.query_id, event.client_id) == (query_id, client_id)


class RefusesEverything:
    """A payment provider of a store that lets nobody pay."""

    def authorise(self, *, amount_cents: int, currency: str, idempotency_key: str) -> str:
        raise PaymentRefused(f"{amount_cents} {currency} is too much.")


def test_a_refused_payment_changes_nothing(db: None, settings: Any) -> None:
    settings.PAYMENT_PROVIDERS = {"card": f"{__name__}.RefusesEverything"}
    payment_provider.cache_clear()
    mug = make_product("Mug", stock=5)
    cart = cart_with(mug)
    with pytest.raises(PaymentRefused, match="2494 USD is too much"):
        place_order(cart, DELIVERY, payment_method="card", idempotency_key="key-00000001")
    payment_provider.cache_clear()
    assert Product.objects.get(pk=mug.pk).stock == 5
    assert (Order.objects.count(), cart.items.count()) == (0, 1)


def at_once(jobs: list[Callable[[], Any]]) -> list[Any]:
    """Results of jobs that start together, each in a thread with its own connection; an exception is a result."""
    results: list[Any] = [None] * len(jobs)
    barrier = threading.Barrier(len(jobs))

    def run(number: int) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=20)
            results[number] = jobs[number]()
        except (OutOfStock, EmptyCart) as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


@pytest.mark.django_db(transaction=True)
def test_twenty_buyers_of_the_last_item_get_one() -> None:
    last = make_product("Last one", stock=1)
    carts = [cart_with(last) for _ in range(20)]
    results = at_once([lambda c=cart: order_of(c, f"buyer-{c.pk}-key") for cart in carts])
    assert sum(isinstance(result, Order) for result in results) == 1
    assert sum(isinstance(result, OutOfStock) for result in results) == 19
    assert Product.objects.get(pk=last.pk).stock == 0
    assert Order.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_the_same_moment_gives_one_order() -> None:
    mug = make_product("Mug", stock=9)
    cart = cart_with(mug, 2)
    results = at_once([lambda: order_of(cart, "double-tap-key") for _ in range(6)])
    assert {result.pk for result in results} == {Order.objects.get().pk}
    assert Product.objects.get(pk=mug.pk).stock == 7


@pytest.mark.django_db(transaction=True)
def test_orders_of_the_same_products_in_any_order_do_not_deadlock() -> None:
    products = [make_product(f"Thing {number}", stock=50) for number in range(4)]
    carts = []
    for number in range(8):
        cart = Cart.objects.create()
        for product in products if number % 2 else reversed(products):
            add_item(cart, product.pk, 1)
        carts.append(cart)
    results = at_once([lambda c=cart: order_of(c, f"buyer-{c.pk}-key") for cart in carts])
    assert all(isinstance(result, Order) for result in results)
    assert set(Product.objects.values_list("stock", flat=True)) == {42}
