"""GET /api/orders/: the orders a shopper may see: a user's own, and those placed in this session."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from shop.api import serializers
from shop.api.cards import first_pictures
from shop.api.errors import problem
from shop.api.shopper import user_id_of
from shop.api.views import PrivateView
from shop.orders.models import Order, OrderItem

MAX_ORDERS = 100


class OrdersView(PrivateView):
    """The shopper's latest orders, newest first."""

    @extend_schema(operation_id="orders", responses={200: serializers.Order(many=True)})
    def get(self, request: Request) -> Response:
        return Response(order_bodies(list(own_orders(request).prefetch_related("items")[:MAX_ORDERS])))


class OrderView(PrivateView):
    """One of the shopper's orders."""

    @extend_schema(operation_id="order", responses={200: serializers.Order, 404: serializers.Problems})
    def get(self, request: Request, number: str) -> Response:
        orders = order_bodies(list(own_orders(request).filter(number=number.upper())))
        if not orders:
            return problem("number", "not_found", f"You have no order {number} here.", 404)
        return Response(orders[0])


def own_orders(request: Request) -> QuerySet[Order]:
    """Without an account, orders are known by the numbers that the session keeps."""
    user_id = user_id_of(request)
    here = Q(number__in=request._request.session.get("orders", []))
    return Order.objects.filter(here | Q(user_id=user_id) if user_id else here)


def remember_order(request: Request, order: Order) -> None:
    """Lets a shopper without an account see the order in this session."""
    if order.user_id is None:
        session = request._request.session
        others = [number for number in session.get("orders", []) if number != order.number]
        session["orders"] = [*others, order.number][-MAX_ORDERS:]


def order_bodies(orders: Sequence[Order]) -> list[dict[str, Any]]:
    """Orders as the API shows them; one query for the pictures and one for items that are not prefetched."""
    items = {order.pk: list(order.items.all()) for order in orders}
    pictures = first_pictures([item.product_id for lines in items.values() for item in lines if item.product_id])
    return [
        {
            "number": order.number,
            "status": order.status,
            "created_at": order.created_at,
            "items": [_item(item, pictures) for item in items[order.pk]],
            "subtotal_cents": order.subtotal_cents,
            "shipping_cents": order.shipping_cents,
            "total_cents": order.total_cents,
            "currency": order.currency,
            "email": order.email,
            "name": order.name,
            "address": {name: getattr(order, name) for name in serializers.Address().fields},
            "payment_method": order.payment_method,
        }
        for order in orders
    ]


def _item(item: OrderItem, pictures: dict[int, dict[str, Any]]) -> dict[str, Any]:
    return {
        "product_id": item.product_id,
        "title": item.title,
        "brand": item.brand,
        "unit_price_cents": item.unit_price_cents,
        "quantity": item.quantity,
        "image": pictures.get(item.product_id) if item.product_id else None,
    }
