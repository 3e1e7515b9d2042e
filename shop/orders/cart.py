"""Carts: whose it is, what is in it, and what it costs today."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Least
from django.utils import timezone

from shop.catalog.models import Product
from shop.orders.models import Cart, CartChange, CartItem

MAX_QUANTITY = 99
KEYS_KEPT = timedelta(days=60)  # of changes; a phone that was away for longer may make its last one twice


class UnknownProduct(Exception):
    """The product does not exist or is not for sale."""


@dataclass(frozen=True)
class Totals:
    """Cents. Shipping is free from `settings.FREE_SHIPPING_FROM_CENTS` on, and for an empty cart."""

    subtotal_cents: int
    shipping_cents: int

    @property
    def total_cents(self) -> int:
        return self.subtotal_cents + self.shipping_cents


def totals(subtotal_cents: int) -> Totals:
    free = subtotal_cents == 0 or subtotal_cents >= settings.FREE_SHIPPING_FROM_CENTS
    return Totals(subtotal_cents, 0 if free else settings.SHIPPING_CENTS)


def find_cart(*, user_id: int | None, cart_id: int | None, key: uuid.UUID | None = None) -> Cart | None:
    """The user's cart, or the anonymous one with that id.

    A visitor whose first change was made, but who never heard so, has no id yet: the change's key is as secret as one.
    """
    if user_id is not None:
        return Cart.objects.filter(user_id=user_id).first()
    anonymous = Cart.objects.filter(user__isnull=True)
    if cart_id:
        return anonymous.filter(pk=cart_id).first()
    return anonymous.filter(changes__key=key).first() if key else None


def open_cart(*, user_id: int | None, cart_id: int | None, key: uuid.UUID | None = None) -> Cart:
    """Like find_cart, but makes one when there is none."""
    cart = find_cart(user_id=user_id, cart_id=cart_id, key=key)
    if cart is not None:
        return cart
    if user_id is None:
        return Cart.objects.create()
    return Cart.objects.get_or_create(user_id=user_id)[0]


def is_new_change(cart: Cart, key: uuid.UUID | None) -> bool:
    """Whether the change with that key is still to be made; from now on it is known. A change without a key is new.

    Call it in the transaction that makes the change: the same key at the same moment waits for its end, and a change
    that is refused leaves no key behind.
    """
    if key is None:
        return True
    is_new = CartChange.objects.get_or_create(key=key, defaults={"cart": cart})[1]
    if is_new:
        cart.changes.filter(created_at__lt=timezone.now() - KEYS_KEPT).delete()
    return is_new


def add_item(
    cart: Cart,
    product_id: int,
    quantity: int,
    *,
    query_id: uuid.UUID | None = None,
    position: int | None = None,
) -> None:
    """Adds to the line of that product, up to MAX_QUANTITY; the latest search is the one that led to it.

    Raises UnknownProduct.
    """
    price = Product.objects.filter(pk=product_id, is_active=True).values_list("current_price_cents", flat=True).first()
    if price is None:
        raise UnknownProduct
    try:
        with transaction.atomic():
            CartItem.objects.create(
                cart=cart, product_id=product_id, quantity=min(quantity, MAX_QUANTITY), seen_price_cents=price,
                query_id=query_id, position=position,
            )  # fmt: skip
    except IntegrityError:  # the line is there already, perhaps since a moment ago
        led_here = {"query_id": query_id, "position": position} if query_id else {}
        CartItem.objects.filter(cart=cart, product_id=product_id).update(
            quantity=Least(F("quantity") + quantity, MAX_QUANTITY), seen_price_cents=price, **led_here
        )


def set_quantity(cart: Cart, item_id: int, quantity: int) -> bool:
    """Whether the cart has that line."""
    return bool(CartItem.objects.filter(cart=cart, pk=item_id).update(quantity=quantity))


def remove_item(cart: Cart, item_id: int) -> bool:
    """Whether there was such a line."""
    return bool(CartItem.objects.filter(cart=cart, pk=item_id).delete()[0])


def keep_cart(anonymous: Cart | None, user_id: int) -> None:
    """After signing in: moves the anonymous cart's lines into the user's cart, the larger quantity winning."""
    if anonymous is None:
        return
    with transaction.atomic():
        mine = open_cart(user_id=user_id, cart_id=None)
        for item in anonymous.items.select_for_update():
            line, created = CartItem.objects.get_or_create(
                cart=mine,
                product_id=item.product_id,
                defaults={
                    "quantity": item.quantity, "seen_price_cents": item.seen_price_cents,
                    "query_id": item.query_id, "position": item.position,
                },
            )  # fmt: skip
            if not created and line.quantity < item.quantity:
                CartItem.objects.filter(pk=line.pk).update(quantity=item.quantity)
        anonymous.changes.update(cart=mine)
        anonymous.delete()
