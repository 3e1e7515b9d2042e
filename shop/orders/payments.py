"""Payment providers: the interface, and cash on delivery. A card provider is another class in PROVIDERS."""

from typing import Protocol


class PaymentRefused(Exception):
    """The provider said no; the message is for the shopper."""


class PaymentProvider(Protocol):
    """`authorise` returns the provider's reference. It runs inside place_order's transaction, before the commit, and
    must be safe to call twice with one idempotency key."""

    def authorise(self, *, amount_cents: int, currency: str, idempotency_key: str) -> str: ...


class CashOnDelivery:
    """Nothing to authorise: the courier takes the money."""

    def authorise(self, *, amount_cents: int, currency: str, idempotency_key: str) -> str:
        return ""


PROVIDERS: dict[str, PaymentProvider] = {"cash_on_delivery": CashOnDelivery()}
