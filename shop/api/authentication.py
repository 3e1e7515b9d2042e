"""Sessions for shoppers, with and without an account."""

from django.conf import settings
from django.contrib.auth.models import User
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request


class ShopperAuthentication(SessionAuthentication):
    """The session's user, if any; without a session no query. A write within a session needs its CSRF token.

    Without a session there is nothing to forge: bodies must be JSON, which another site's form cannot send.
    """

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        self.enforce_csrf(request)  # type: ignore[no-untyped-call]
        user = request._request.user
        return (user, None) if isinstance(user, User) and user.is_active else None
