"""Payment providers: the interface, and cash on delivery.

`settings.PAYMENT_PROVIDERS` names the classes by payment method, so that a store adds a card provider without a
change here.
"""

from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class PaymentRefused(Exception):
    """The provider said no; the message is for the shopper."""


class PaymentProvider(Protocol):
    """`authorise` returns the provider's reference. It runs inside place_order's transaction, before the commit, and
    must be safe to call twice with one idempotency key. Raises PaymentRefused."""

    def authorise(self, *, amount_cents: int, currency: str, idempotency_key: str) -> str: ...


class CashOnDelivery:
    """Nothing to authorise: the courier takes the money."""

    def authorise(self, *, amount_cents: int, currency: str, idempotency_key: str) -> str:
        return ""


def payment_methods() -> list[str]:
    """What a shopper can choose from, the usual one first."""
    return list(settings.PAYMENT_PROVIDERS)


@cache
def payment_provider(method: str) -> PaymentProvider:
    provider: PaymentProvider = import_string(settings.PAYMENT_PROVIDERS[method])()
    return provider
