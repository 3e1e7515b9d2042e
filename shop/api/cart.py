"""/api/cart/ and its items."""

import uuid
from typing import Any

from django.conf import settings
from django.db import transaction
from drf_spectacular.utils import extend_schema
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
        parameters=[requests.LanguageParams],
        request=requests.ItemRequest,
        responses=_RESPONSES,
    )
    def post(self, request: Request) -> Response:
        language = _language(request)
        checked = requests.ItemRequest(data=request.data)
        checked.is_valid(raise_exception=True)
        item = checked.validated_data
        try:
            with transaction.atomic():
                cart = carts.open_cart(user_id=user_id_of(request), cart_id=cart_id_of(request))
                carts.add_item(cart, **item)
        except carts.UnknownProduct:
            return problem("product_id", "not_found", f"There is no product {item['product_id']} for sale.", 404)
        remember_cart(request, cart)
        client_id = client_id_of(request)
        found_by = {"query_id": item["query_id"], "position": item["position"]}
        log_events([Event(uuid.uuid4(), "add_to_cart", item["product_id"], client_id, **found_by)])
        return remember_client(request, Response(cart_body(cart, language)), client_id)


class CartItemView(PrivateView):
    """One line of the cart."""

    @extend_schema(
        operation_id="set_quantity",
        parameters=[requests.LanguageParams],
        request=requests.QuantityRequest,
        responses=_RESPONSES,
    )
    def patch(self, request: Request, item_id: int) -> Response:
        language = _language(request)
        checked = requests.QuantityRequest(data=request.data)
        checked.is_valid(raise_exception=True)
        cart = _cart_of(request)
        if cart is None or not carts.set_quantity(cart, item_id, checked.validated_data["quantity"]):
            return _no_such_line(item_id)
        return Response(cart_body(cart, language))

    @extend_schema(operation_id="remove_from_cart", parameters=[requests.LanguageParams], responses=_RESPONSES)
    def delete(self, request: Request, item_id: int) -> Response:
        language = _language(request)
        cart = _cart_of(request)
        if cart is None or not carts.remove_item(cart, item_id):
            return _no_such_line(item_id)
        return Response(cart_body(cart, language))


def _language(request: Request) -> str:
    checked = requests.LanguageParams(data=request.query_params.dict())
    checked.is_valid(raise_exception=True)
    return language_of(request, checked.validated_data)


def _no_such_line(item_id: int) -> Response:
    return problem("item_id", "not_found", f"The cart has no line {item_id}.", 404)


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
