"""Template filters of the admin's own pages."""

from django import template
from django.conf import settings

from shop.catalog import labels

register = template.Library()


@register.filter
def money(cents: int | None) -> str:
    """An amount in the store's currency; a dash for none."""
    return "–" if cents is None else labels.money(cents, settings.STORE_CURRENCY)
