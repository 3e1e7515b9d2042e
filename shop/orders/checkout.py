"""Placing an order: the one write of several steps. All of it happens, or nothing does."""

import uuid
from dataclasses import asdict, dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from search.event_log import Event, log_events
from shop.catalog.models import Product
from shop.orders.cart import totals
from shop.orders.models import Cart, CartItem, Order, OrderItem
from shop.orders.payments import payment_provider

POPULARITY_OF_A_SALE = 1.0


class EmptyCart(Exception):
    """There is nothing to order."""


class OutOfStock(Exception):
    """Somebody else was faster, or it is no longer for sale; nothing was changed."""

    def __init__(self, product_id: int, title: str) -> None:
        super().__init__(title)
        self.product_id = product_id
        self.title = title


@dataclass(frozen=True)
class Delivery:
    """Who gets it, and where; the fields of Order."""

    email: str
    name: str
    address_line1: str
    city: str
    postal_code: str
    country: str
    phone: str = ""
    address_line2: str = ""


def place_order(
    cart: Cart,
    delivery: Delivery,
    *,
    payment_method: str,
    idempotency_key: str,
    user_id: int | None = None,
    client_id: uuid.UUID | None = None,
) -> Order:
    """Turns the cart into an order and empties it. The same key gives the same order, also at the same moment.

    Raises EmptyCart, OutOfStock or PaymentRefused; then stock, cart and orders are as they were.
    """
    known = Order.objects.filter(idempotency_key=idempotency_key).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return _place(cart, delivery, payment_method, idempotency_key, user_id, client_id)
    except IntegrityError:  # the same key, a moment ago in another request
        known = Order.objects.filter(idempotency_key=idempotency_key).first()
        if known is None:
            raise
        return known


def _place(
    cart: Cart,
    delivery: Delivery,
    payment_method: str,
    key: str,
    user_id: int | None,
    client_id: uuid.UUID | None,
) -> Order:
    if not Cart.objects.select_for_update().filter(pk=cart.pk).exists():  # two taps on "Order" take turns here
        raise EmptyCart
    known = Order.objects.filter(idempotency_key=key).first()
    if known is not None:
        return known
    # By product id: two orders of the same products lock them in the same order, so neither waits for the other.
    lines = list(cart.items.select_related("product").order_by("product_id"))
    if not lines:
        raise EmptyCart
    _take_stock(lines)
    cost = totals(sum(line.product.current_price_cents * line.quantity for line in lines))
    reference = payment_provider(payment_method).authorise(
        amount_cents=cost.total_cents, currency=settings.STORE_CURRENCY, idempotency_key=key
    )
    order = Order.objects.create(
        idempotency_key=key,
        user_id=user_id,
        payment_method=payment_method,
        payment_reference=reference,
        currency=settings.STORE_CURRENCY,
        subtotal_cents=cost.subtotal_cents,
        shipping_cents=cost.shipping_cents,
        total_cents=cost.total_cents,
        **asdict(delivery),
    )
    OrderItem.objects.bulk_create(_ordered(order, line) for line in lines)
    if client_id is not None:
        log_events(
            [
                Event(uuid.uuid4(), "purchase", line.product_id, client_id, line.query_id, line.position)
                for line in lines
            ]
        )
    cart.items.all().delete()
    return order


def _take_stock(lines: list[CartItem]) -> None:
    """Each product's stock down and its popularity up; `updated_at` stays, because no text changed."""
    for line in lines:
        taken = Product.objects.filter(pk=line.product_id, is_active=True, stock__gte=line.quantity).update(
            stock=F("stock") - line.quantity,
            popularity=F("popularity") + POPULARITY_OF_A_SALE * line.quantity,
        )
        if not taken:
            raise OutOfStock(line.product_id, line.product.title)


def _ordered(order: Order, line: CartItem) -> OrderItem:
    """The line as it was bought, whatever becomes of the product."""
    return OrderItem(
        order=order,
        product=line.product,
        sku=line.product.sku,
        title=line.product.title,
        brand=line.product.brand,
        unit_price_cents=line.product.current_price_cents,
        quantity=line.quantity,
        query_id=line.query_id,
        position=line.position,
    )
