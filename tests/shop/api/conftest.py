"""Requests as browsers make them: CSRF is enforced, and bodies are JSON."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client


class Shopper(Client):
    """A browser with cookies that sends JSON, and the CSRF token as the storefront does."""

    def __init__(self, **defaults: Any) -> None:
        super().__init__(enforce_csrf_checks=True, **defaults)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        token = self.cookies["csrftoken"].value if "csrftoken" in self.cookies else ""
        options: dict[str, Any] = {"headers": {"X-CSRFToken": token, **headers}, "content_type": "application/json"}
        response: HttpResponse = getattr(self, method)(path, data="" if body is None else body, **options)
        return response


@pytest.fixture
def shopper(db: None) -> Shopper:
    return Shopper()


@pytest.fixture
def another_shopper(db: None) -> Shopper:
    return Shopper()


def errors(response: Any) -> list[tuple[str | None, str]]:
    """(field, code) of each error; the message must be a sentence."""
    found = response.json()["errors"]
    assert all(error["message"] for error in found)
    return [(error["field"], error["code"]) for error in found]
