"""Errors in one shape: {"errors": [{"field", "code", "message"}]}, so that a page can put each beside its field."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler


def error_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler; None lets a programming error become a 500 that is logged."""
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        response.data = {"errors": _flat(error.get_full_details())}
    else:
        detail = getattr(error, "detail", "Not found.")
        code = getattr(detail, "code", "not_found")
        response.data = {"errors": [{"field": None, "code": code, "message": str(detail)}]}
    return response


def problem(field: str | None, code: str, message: str, status_code: int = status.HTTP_400_BAD_REQUEST, **extra: Any) -> Response:
    """One error as a response."""
    return Response({"errors": [{"field": field, "code": code, "message": message, **extra}]}, status=status_code)


def api_not_found(request: HttpRequest, path: str = "") -> JsonResponse:
    """Any other address under /api/."""
    message = f"There is nothing at /api/{path}. See /api/docs/."
    return JsonResponse({"errors": [{"field": None, "code": "not_found", "message": message}]}, status=404)


def _flat(details: Any, path: str = "") -> list[dict[str, Any]]:
    """DRF's nested details as a list with dotted field names."""
    if isinstance(details, dict) and set(details) == {"message", "code"}:
        field = path.removesuffix(".non_field_errors").removeprefix("non_field_errors") or None
        return [{"field": field, "code": details["code"], "message": str(details["message"])}]
    items = details.items() if isinstance(details, dict) else enumerate(details)
    found = []
    for key, value in items:
        nested = isinstance(details, dict) or (isinstance(value, dict) and set(value) != {"message", "code"})
        found += _flat(value, f"{path}.{key}".lstrip(".") if nested else path)
    return found
