"""POST /api/checkout/."""

import hashlib

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from shop.api import requests, serializers
from shop.api.errors import problem
from shop.api.orders import order_bodies, remember_order
from shop.api.shopper import cart_id_of, client_id_of, user_id_of
from shop.api.views import PrivateView
from shop.orders.cart import find_cart
from shop.orders.checkout import Delivery, EmptyCart, OutOfStock, place_order
from shop.orders.models import Order
from shop.orders.payments import PaymentRefused

KEY_HEADER = "Idempotency-Key"
_KEY = OpenApiParameter(
    KEY_HEADER,
    {"type": "string", "minLength": 8, "maxLength": 80, "pattern": "^[!-~]*$"},
    OpenApiParameter.HEADER,
    required=True,
    description="8 to 80 visible ASCII characters, new for each order; the same again gives the same order.",
)


class CheckoutView(PrivateView):
    """Orders what is in the cart."""

    @extend_schema(
        operation_id="checkout",
        request=requests.CheckoutRequest,
        parameters=[_KEY],
        responses={201: serializers.Order, **dict.fromkeys((400, 402, 403, 409), serializers.Problems)},
    )
    def post(self, request: Request) -> Response:
        key = request.headers.get(KEY_HEADER, "")
        if not (8 <= len(key) <= 80 and all("!" <= character <= "~" for character in key)):
            return problem(KEY_HEADER, "invalid", f"Send {KEY_HEADER}: 8 to 80 visible characters, new for each order.")
        checked = requests.CheckoutRequest(data=request.data)
        checked.is_valid(raise_exception=True)
        try:
            order = _place(request, dict(checked.validated_data), key)
        except EmptyCart:
            return problem("items", "empty_cart", "The cart is empty.")
        except OutOfStock as error:
            message = f"{error.title} is not in stock in that quantity any more."
            return problem("items", "out_of_stock", message, 409, product_id=error.product_id)
        except PaymentRefused as error:
            return problem("payment_method", "refused", str(error), 402)
        return Response(order_bodies([order])[0], status=201)


def _place(request: Request, asked: dict[str, str], key: str) -> Order:
    """Keys are made the shopper's own, so that nobody gets another's order by guessing one."""
    user_id = user_id_of(request)
    cart = find_cart(user_id=user_id, cart_id=cart_id_of(request))
    if cart is None:
        raise EmptyCart
    owner = f"user {user_id}" if user_id else f"cart {cart.pk}"
    method = asked.pop("payment_method")
    order = place_order(
        cart,
        Delivery(**asked),
        payment_method=method,
        idempotency_key=hashlib.sha256(f"{owner}: {key}".encode()).hexdigest(),
        user_id=user_id,
        client_id=client_id_of(request),
    )
    remember_order(request, order)
    return order
