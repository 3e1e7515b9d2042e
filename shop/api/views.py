"""The two kinds of endpoints."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class PrivateView(APIView):
    """Answers are one shopper's own and stay out of every cache."""

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        return response


class PublicView(APIView):
    """Answers everybody alike: no session, no user, no CSRF token."""

    authentication_classes = ()
    permission_classes = ()
