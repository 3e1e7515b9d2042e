"""Changes of many products at once: prices, sales, stock, and what is for sale. All of the products, or none.

Prices and stock are read live by search, so only (de)activating moves `updated_at`.
"""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField, DecimalField, F, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Round
from django.utils import timezone

from shop.catalog.models import Product

MAX_CENTS = 2_147_483_647


class BulkEditRefused(Exception):
    """The change makes no sense for `count` of the products, `example` is one of them; nothing was changed."""

    def __init__(self, reason: str, count: int, example: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.count = count
        self.example = example


def changed_by_percent(percent: Decimal, *, of: str = "price_cents") -> Combinable:
    """The price changed by so many percent, half a cent up."""
    exact = Cast(of, DecimalField(max_digits=20, decimal_places=4)) * Value(1 + percent / 100)
    return Cast(Round(exact), BigIntegerField())


def changed_by_amount(cents: int) -> Combinable:
    """The price changed by so many cents; may be below 0."""
    return Cast("price_cents", BigIntegerField()) + Value(cents)


def change_prices(products: QuerySet[Product], new_price: Combinable) -> int:
    """Sets the regular price; returns how many. Raises BulkEditRefused."""
    return _update(products, new_price, F("sale_price_cents"))


def put_on_sale(products: QuerySet[Product], percent_off: Decimal) -> int:
    """Sets the sale price to so much below the regular one; returns how many. Raises BulkEditRefused."""
    return _update(products, F("price_cents"), changed_by_percent(-percent_off))


def end_sale(products: QuerySet[Product]) -> int:
    return _rows(products).filter(sale_price_cents__isnull=False).update(sale_price_cents=None)


def set_stock(products: QuerySet[Product], stock: int) -> int:
    return _rows(products).update(stock=stock)


def set_active(products: QuerySet[Product], is_active: bool) -> int:
    """Returns how many were changed; they leave or enter the index with the next sweep."""
    changed = _rows(products).exclude(is_active=is_active)
    return changed.update(is_active=is_active, updated_at=timezone.now())


def check_prices(products: QuerySet[Product], new_price: Combinable, new_sale: Combinable) -> None:
    """Raises BulkEditRefused if these prices are not possible for one of the products. One SQL query, or two."""
    planned = _rows(products).annotate(new_price=new_price, new_sale=new_sale)
    rules = (
        ("the price would be below 0", Q(new_price__lt=0) | Q(new_sale__lt=0)),
        ("the price would be too high", Q(new_price__gt=MAX_CENTS)),
        ("the sale price would not be below the price", Q(new_sale__isnull=False, new_sale__gte=F("new_price"))),
    )
    for reason, broken in rules:
        found = planned.filter(broken)
        example = found.values_list("title", flat=True).first()
        if example is not None:
            raise BulkEditRefused(reason, found.count(), example)


def preview_prices(products: QuerySet[Product], new_price: Combinable, new_sale: Combinable, limit: int) -> Any:
    """The first products with their `new_price` and `new_sale`."""
    return _rows(products).annotate(new_price=new_price, new_sale=new_sale).order_by("id")[:limit]


def _update(products: QuerySet[Product], new_price: Combinable, new_sale: Combinable) -> int:
    with transaction.atomic():
        locked = _rows(products).select_for_update(no_key=True).order_by("id")
        ids = list(locked.values_list("id", flat=True))
        rows = Product.objects.filter(pk__in=ids)
        check_prices(rows, new_price, new_sale)
        return rows.update(price_cents=new_price, sale_price_cents=new_sale)


def _rows(products: QuerySet[Product]) -> QuerySet[Product]:
    """The same products without the annotations and the order of a list."""
    return Product.objects.filter(pk__in=products.order_by().values("pk"))
