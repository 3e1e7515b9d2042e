"""/api/account/: sign up, in and out; the cart is kept. Users sign in with their e-mail address."""

from typing import Any

from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.middleware.csrf import get_token
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from shop.api import requests, serializers
from shop.api.errors import problem
from shop.api.shopper import cart_id_of
from shop.api.views import PrivateView
from shop.orders import cart as carts
from shop.orders.models import Order

_RESPONSES = {200: serializers.Account, 400: serializers.Problems, 403: serializers.Problems}


class AccountView(PrivateView):
    """Who is signed in; also sets the CSRF cookie that writes need once signed in."""

    @extend_schema(operation_id="account", responses={200: serializers.Account})
    def get(self, request: Request) -> Response:
        get_token(request._request)
        return Response(_account(request.user))


class SignUpView(PrivateView):
    """Makes an account and signs in."""

    @extend_schema(
        operation_id="sign_up",
        request=requests.SignUpRequest,
        responses={**_RESPONSES, 201: serializers.Account},
    )
    def post(self, request: Request) -> Response:
        checked = requests.SignUpRequest(data=request.data)
        checked.is_valid(raise_exception=True)
        fields = checked.validated_data
        email = _username(fields["email"])
        try:
            validate_password(fields["password"], User(username=email, email=email))
        except ValidationError as error:
            return problem("password", "too_weak", " ".join(error.messages))
        try:
            with transaction.atomic():
                user = User.objects.create_user(email, email, fields["password"], first_name=fields["name"][:150])
        except IntegrityError:
            return problem("email", "taken", "There is an account with this e-mail address; sign in instead.")
        _enter(request, user)
        return Response(_account(user), status=201)


class SignInView(PrivateView):
    """Signs in."""

    @extend_schema(operation_id="sign_in", request=requests.SignInRequest, responses=_RESPONSES)
    def post(self, request: Request) -> Response:
        checked = requests.SignInRequest(data=request.data)
        checked.is_valid(raise_exception=True)
        fields = checked.validated_data
        user = authenticate(request._request, username=_username(fields["email"]), password=fields["password"])
        if not isinstance(user, User):
            return problem("password", "wrong", "This e-mail address and password do not belong together.")
        _enter(request, user)
        return Response(_account(user))


class SignOutView(PrivateView):
    """Signs out; the cart stays with the account."""

    @extend_schema(
        operation_id="sign_out", request=None, responses={200: serializers.Account, 403: serializers.Problems}
    )
    def post(self, request: Request) -> Response:
        logout(request._request)
        return Response({"is_authenticated": False, "email": "", "name": ""})


def _enter(request: Request, user: User) -> None:
    """Signs in with a new session; the anonymous cart and this session's orders become the user's."""
    anonymous = carts.find_cart(user_id=None, cart_id=cart_id_of(request))
    numbers = request._request.session.get("orders", [])
    login(request._request, user, backend="django.contrib.auth.backends.ModelBackend")
    carts.keep_cart(anonymous, user.pk)
    Order.objects.filter(number__in=numbers, user__isnull=True).update(user=user)


def _username(email: str) -> str:
    """E-mail addresses differ in case only by accident."""
    return User.normalize_username(email.lower())


def _account(user: Any) -> dict[str, Any]:
    known = user.is_authenticated
    return {
        "is_authenticated": known,
        "email": user.email if known else "",
        "name": user.first_name if known else "",
    }
