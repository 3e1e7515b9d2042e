"""Who is asking: language, an anonymous client id, and the session's user and cart, read only when there is one."""

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from rest_framework.request import Request
from rest_framework.response import Response

from shop.orders.models import Cart

CLIENT_COOKIE = "ps_client"
YEAR_S = 365 * 24 * 3600


def has_session(request: HttpRequest | Request) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def language_of(request: Request, params: dict[str, Any]) -> str:
    """`?lang=`, else the first language of the browser that the store speaks, else English."""
    if params.get("lang"):
        return str(params["lang"])
    for part in request.headers.get("Accept-Language", "")[:200].split(","):
        tag = part.split(";")[0].strip().lower()[:2]
        if tag in {"en", "zh"}:
            return tag
    return "en"


def client_id_of(request: Request) -> uuid.UUID:
    """The client's id from its cookie, or a new one, which `remember_client` then sets."""
    try:
        return uuid.UUID(request.COOKIES.get(CLIENT_COOKIE, ""))
    except ValueError:
        return uuid.uuid4()


def remember_client(request: Request, response: Response, client_id: uuid.UUID) -> Response:
    """Sets the client's cookie when the browser has none; it holds a random id and nothing else."""
    if request.COOKIES.get(CLIENT_COOKIE) != str(client_id):
        response.set_cookie(
            CLIENT_COOKIE,
            str(client_id),
            max_age=YEAR_S,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )
    return response


def user_id_of(request: Request) -> int | None:
    """The signed-in user's id; no query for a visitor without a session."""
    if not has_session(request):
        return None
    user = request._request.user
    return user.pk if user.is_authenticated else None


def cart_id_of(request: Request) -> int | None:
    """The anonymous cart's id; no query for a visitor without a session."""
    if not has_session(request):
        return None
    value: int | None = request._request.session.get("cart_id")
    return value


def remember_cart(request: Request, cart: Cart) -> None:
    """Keeps an anonymous cart in the session, and sets the CSRF cookie that further writes need."""
    get_token(request._request)
    if cart.user_id is None and request._request.session.get("cart_id") != cart.pk:
        request._request.session["cart_id"] = cart.pk
