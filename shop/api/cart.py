"""/api/cart/ and its items."""

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from search.event_log import Event, log_events
from shop.api import requests, serializers
from shop.api.cards import LOW_STOCK, product_cards
from shop.api.errors import problem
from shop.api.shopper import (
    cart_id_of,
    client_id_of,
    language_of,
    remember_cart,
    remember_client,
    user_id_of,
)
from shop.api.views import PrivateView
from shop.orders import cart as carts
from shop.orders.models import Cart, CartItem

KEY_HEADER = "Idempotency-Key"
_KEY = OpenApiParameter(
    KEY_HEADER,
    {"type": "string", "format": "uuid"},
    OpenApiParameter.HEADER,
    description="New for each change; the same again changes nothing and gives the cart as it is.",
)
_CHANGE_PARAMS = [requests.LanguageParams, _KEY]
_RESPONSES = {200: serializers.Cart, **dict.fromkeys((400, 403, 404), serializers.Problems)}


class CartView(PrivateView):
    """The shopper's cart at today's prices."""

    @extend_schema(
        operation_id="cart",
        parameters=[requests.LanguageParams],
        responses={200: serializers.Cart, 400: serializers.Problems},
    )
    def get(self, request: Request) -> Response:
        return Response(cart_body(_cart_of(request), _language(request)))


class CartItemsView(PrivateView):
    """Adds a product; adding it again adds to its quantity."""

    @extend_schema(
        operation_id="add_to_cart",
        parameters=_CHANGE_PARAMS,
        request=requests.ItemRequest,
        responses=_RESPONSES,
    )
    def post(self, request: Request) -> Response:
        language = _language(request)
        checked = requests.ItemRequest(data=request.data)
        checked.is_valid(raise_exception=True)
        item, key = checked.validated_data, _key(request)
        client_id = client_id_of(request)
        whose: dict[str, Any] = {"user_id": user_id_of(request), "cart_id": cart_id_of(request), "key": key}
        try:
            with transaction.atomic():
                cart = carts.open_cart(**whose)
                if carts.is_new_change(cart, key):
                    carts.add_item(cart, **item)
                    log_events([_added(item, key, client_id)])
                else:
                    cart = carts.find_cart(**whose) or cart  # the key's, where a visitor's first change was made twice
        except carts.UnknownProduct:
            return problem("product_id", "not_found", f"There is no product {item['product_id']} for sale.", 404)
        remember_cart(request, cart)
        return remember_client(request, Response(cart_body(cart, language)), client_id)


class CartItemView(PrivateView):
    """One line of the cart."""

    @extend_schema(
        operation_id="set_quantity",
        parameters=_CHANGE_PARAMS,
        request=requests.QuantityRequest,
        responses=_RESPONSES,
    )
    def patch(self, request: Request, item_id: int) -> Response:
        language = _language(request)
        checked = requests.QuantityRequest(data=request.data)
        checked.is_valid(raise_exception=True)
        quantity = checked.validated_data["quantity"]
        return _changed_once(request, item_id, language, lambda cart: carts.set_quantity(cart, item_id, quantity))

    @extend_schema(operation_id="remove_from_cart", parameters=_CHANGE_PARAMS, responses=_RESPONSES)
    def delete(self, request: Request, item_id: int) -> Response:
        return _changed_once(request, item_id, _language(request), lambda cart: carts.remove_item(cart, item_id))


class _NoSuchLine(Exception):
    """The change is undone, its key with it."""


def _changed_once(request: Request, item_id: int, language: str, change: Callable[[Cart], bool]) -> Response:
    """The cart after `change`, which says whether it found its line; a change whose key is known is not made again."""
    cart, key = _cart_of(request), _key(request)
    try:
        with transaction.atomic():
            if cart is None or (carts.is_new_change(cart, key) and not change(cart)):
                raise _NoSuchLine
    except _NoSuchLine:
        return problem("item_id", "not_found", f"The cart has no line {item_id}.", 404)
    return Response(cart_body(cart, language))


def _added(item: dict[str, Any], key: uuid.UUID | None, client_id: uuid.UUID) -> Event:
    """The change's own key is the event's, so that neither counts twice."""
    event_id = key or uuid.uuid4()
    return Event(event_id, "add_to_cart", item["product_id"], client_id, item["query_id"], item["position"])


def _key(request: Request) -> uuid.UUID | None:
    text = request.headers.get(KEY_HEADER)
    if text is None:
        return None
    try:
        return uuid.UUID(text)
    except ValueError:
        message = f"Send {KEY_HEADER} as a UUID, new for each change, or leave it out."
        raise ValidationError({KEY_HEADER: message}, "invalid") from None


def _language(request: Request) -> str:
    checked = requests.LanguageParams(data=request.query_params.dict())
    checked.is_valid(raise_exception=True)
    return language_of(request, checked.validated_data)


def _cart_of(request: Request) -> Cart | None:
    return carts.find_cart(user_id=user_id_of(request), cart_id=cart_id_of(request))


def cart_body(cart: Cart | None, language: str) -> dict[str, Any]:
    """The cart's lines with cards, and what they cost; products no longer for sale stay, marked out of stock."""
    lines = list(cart.items.select_related("product")) if cart else []
    cards = {card["id"]: card for card in product_cards([line.product_id for line in lines], language, inactive=True)}
    rows = [_line(line, cards[line.product_id]) for line in lines if line.product_id in cards]
    cost = carts.totals(sum(row["line_total_cents"] for row in rows))
    return {
        "items": rows,
        "count": sum(row["quantity"] for row in rows),
        "subtotal_cents": cost.subtotal_cents,
        "shipping_cents": cost.shipping_cents,
        "flat_shipping_cents": settings.SHIPPING_CENTS,
        "free_shipping_from_cents": settings.FREE_SHIPPING_FROM_CENTS,
        "total_cents": cost.total_cents,
        "currency": settings.STORE_CURRENCY,
    }


def _line(line: CartItem, card: dict[str, Any]) -> dict[str, Any]:
    product = line.product
    stock = product.stock if product.is_active else 0
    return {
        "id": line.pk,
        "product": card,
        "quantity": line.quantity,
        "unit_price_cents": product.current_price_cents,
        "line_total_cents": product.current_price_cents * line.quantity,
        "max_quantity": min(stock, carts.MAX_QUANTITY),
        "notice": _notice(stock, line.quantity, product.current_price_cents != line.seen_price_cents),
    }


def _notice(stock: int, quantity: int, price_changed: bool) -> str | None:
    """The one thing that a shopper should know of this line before ordering."""
    if stock <= 0:
        return "out_of_stock"
    if stock < quantity:
        return "low_stock"
    if price_changed:
        return "price_changed"
    return "low_stock" if stock <= LOW_STOCK else None
