"""POST /api/checkout/ and the orders a shopper may see: a user's own, and those placed in this session."""

from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from shop.api import requests, serializers
from shop.api.cards import product_pictures
from shop.api.errors import problem
from shop.api.shopper import cart_id_of, client_id_of, user_id_of
from shop.api.views import PrivateView
from shop.orders import cart as carts
from shop.orders.checkout import Delivery, EmptyCart, OutOfStock, place_order
from shop.orders.models import Order
from shop.orders.payments import PaymentRefused

KEY_HEADER = "Idempotency-Key"
MAX_ORDERS = 100


class CheckoutView(PrivateView):
    """Orders what is in the cart. Sending the same Idempotency-Key again gives the same order."""

    @extend_schema(
        operation_id="checkout",
        request=requests.CheckoutRequest,
        parameters=[OpenApiParameter(KEY_HEADER, str, OpenApiParameter.HEADER, required=True, description="8 to 80 characters, new for each order.")],
        responses={201: serializers.Order, 400: serializers.Problems, 402: serializers.Problems, 403: serializers.Problems, 409: serializers.Problems},
    )
    def post(self, request: Request) -> Response:
        key = request.headers.get(KEY_HEADER, "")
        if not (8 <= len(key) <= 80 and key.isascii() and key.isprintable()):
            return problem(KEY_HEADER, "invalid", f"Send a header {KEY_HEADER} of 8 to 80 characters, new for each order.")
        checked = requests.CheckoutRequest(data=request.data)
        checked.is_valid(raise_exception=True)
        delivery = dict(checked.validated_data)
        method = delivery.pop("payment_method")
        try:
            order = _place(request, Delivery(**delivery), method, key)
        except EmptyCart:
            return problem("items", "empty_cart", "The cart is empty.")
        except OutOfStock as error:
            message = f"{error.title} is not in stock in that quantity any more."
            return problem("items", "out_of_stock", message, 409, product_id=error.product_id)
        except PaymentRefused as error:
            return problem("payment_method", "refused", str(error), 402)
        return Response(order_body(order), status=201)


class OrdersView(PrivateView):
    """The shopper's orders, newest first."""

    @extend_schema(operation_id="orders", responses={200: serializers.Order(many=True)})
    def get(self, request: Request) -> Response:
        orders = _own_orders(request).prefetch_related("items")[:MAX_ORDERS]
        return Response([order_body(order) for order in orders])


class OrderView(PrivateView):
    """One of the shopper's orders."""

    @extend_schema(operation_id="order", responses={200: serializers.Order, 404: serializers.Problems})
    def get(self, request: Request, number: str) -> Response:
        order = _own_orders(request).filter(number=number.upper()).first()
        if order is None:
            return problem("number", "not_found", f"You have no order {number} here.", 404)
        return Response(order_body(order))


def _place(request: Request, delivery: Delivery, method: str, key: str) -> Order:
    """Keys are made the shopper's own, so that nobody gets another's order by guessing one."""
    user_id = user_id_of(request)
    cart = carts.find_cart(user_id=user_id, cart_id=cart_id_of(request))
    owner = f"u{user_id}" if user_id else f"c{cart.pk if cart else 0}"
    if cart is None:
        raise EmptyCart
    order = place_order(
        cart,
        delivery,
        payment_method=method,
        idempotency_key=f"{owner}:{key}"[:80],
        user_id=user_id,
        client_id=client_id_of(request),
    )
    if user_id is None:
        numbers = request.session.get("orders", [])
        request.session["orders"] = [*(n for n in numbers if n != order.number), order.number][-MAX_ORDERS:]
    return order


def _own_orders(request: Request) -> QuerySet[Order]:
    user_id = user_id_of(request)
    numbers = request.session.get("orders", [])
    if user_id is None and not numbers:
        return Order.objects.none()
    mine = Q(number__in=numbers) | Q(user_id=user_id) if user_id else Q(number__in=numbers)
    return Order.objects.filter(mine)


def order_body(order: Order) -> dict[str, Any]:
    items = list(order.items.all())
    pictures = product_pictures([item.product_id for item in items if item.product_id], 1)
    return {
        "number": order.number,
        "status": order.status,
        "created_at": order.created_at,
        "items": [
            {
                "product_id": item.product_id,
                "title": item.title,
                "brand": item.brand,
                "unit_price_cents": item.unit_price_cents,
                "quantity": item.quantity,
                "image": next(iter(pictures[item.product_id or 0]), None),
            }
            for item in items
        ],
        "subtotal_cents": order.subtotal_cents,
        "shipping_cents": order.shipping_cents,
        "total_cents": order.total_cents,
        "currency": order.currency,
        "email": order.email,
        "name": order.name,
        "address": {
            name: getattr(order, name)
            for name in ("address_line1", "address_line2", "city", "postal_code", "country", "phone")
        },
        "payment_method": order.payment_method,
    }
