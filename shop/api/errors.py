"""Errors in one shape: {"errors": [{"field", "code", "message"}]}, so that a page can put each beside its field."""

from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler


def error_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler; None lets a programming error become a 500 that is logged."""
    if isinstance(error, BadRequest | SuspiciousOperation | MultiPartParserError):
        return problem(None, "bad_request", f"The request cannot be read: {error}")
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        response.data = {"errors": _flat(error.get_full_details())}
    else:
        detail = response.data["detail"]
        response.data = {"errors": [{"field": None, "code": detail.code, "message": str(detail)}]}
    return response


def problem(
    field: str | None, code: str, message: str, status_code: int = status.HTTP_400_BAD_REQUEST, **extra: Any
) -> Response:
    """One error as a response."""
    return Response({"errors": [{"field": field, "code": code, "message": message, **extra}]}, status=status_code)


@csrf_exempt
def api_not_found(request: HttpRequest, path: str = "") -> JsonResponse:
    """Any other address under /api/."""
    message = f"There is nothing at /api/{path}; addresses end with a slash, and /api/docs/ lists them."
    return JsonResponse({"errors": [{"field": None, "code": "not_found", "message": message}]}, status=404)


def _flat(details: Any, path: str = "") -> list[dict[str, Any]]:
    """DRF's nested details as a list with dotted field names; only a list of objects adds its index to the name."""
    if isinstance(details, dict) and set(details) == {"message", "code"} and isinstance(details["code"], str):
        return [{"field": path or None, "code": details["code"], "message": str(details["message"])}]
    found = []
    for key, value in details.items() if isinstance(details, dict) else enumerate(details):
        is_error = isinstance(details, list) and isinstance(value, dict) and set(value) == {"message", "code"}
        named = path if is_error or key == "non_field_errors" else f"{path}.{key}".lstrip(".")
        found += _flat(value, named)
    return found
