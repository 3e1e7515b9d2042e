"""Filters of the product list."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import DropdownFilter

from shop.catalog.admin.freshness import MISSING, STALE, STATES
from shop.catalog.models import Product
from shop.catalog.tree import category_choices, category_nodes, with_descendants

WAITING = "waiting"
LOW_STOCK = 5  # from here down the storefront says how few are left


class CategoryFilter(DropdownFilter):
    """A category with everything below it, or the products that have none."""

    title = "category"
    parameter_name = "in_category"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        return [("none", "Without category"), *category_choices(category_nodes())]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        value = self.value()
        if value == "none":
            return queryset.filter(category=None)
        if value and value.isdecimal() and len(value) < 19:
            return queryset.filter(category__in=with_descendants(int(value), category_nodes()))
        return queryset


class StockFilter(DropdownFilter):
    title = "stock"
    parameter_name = "stock_state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("in", "In stock"), ("low", f"Low: {LOW_STOCK} or fewer"), ("out", "Out of stock")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        rules = {"in": {"stock__gt": 0}, "low": {"stock__range": (1, LOW_STOCK)}, "out": {"stock": 0}}
        return queryset.filter(**rules.get(self.value() or "", {}))


class SaleFilter(DropdownFilter):
    title = "sale"
    parameter_name = "on_sale"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "On sale"), ("no", "Not on sale")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(sale_price_cents__isnull=self.value() == "no")


class FreshnessFilter(DropdownFilter):
    """The queryset has `freshness` (freshness.with_freshness)."""

    title = "search index"
    parameter_name = "index"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(WAITING, "Waiting: stale or missing"), *((state, words.partition(":")[0]) for state, words in STATES)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        value = self.value()
        if value == WAITING:
            return queryset.filter(freshness__in=(STALE, MISSING))
        return queryset.filter(freshness=value) if value in dict(STATES) else queryset
