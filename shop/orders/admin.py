"""Orders in the admin: looked at and moved on, never made, edited or deleted."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter
from unfold.decorators import action, display

from shop.catalog.labels import money
from shop.orders.fulfilment import cancel_order, mark_delivered, mark_shipped
from shop.orders.models import Order, OrderItem

COLORS = {
    Order.Status.PLACED.label: "info",
    Order.Status.SHIPPED.label: "warning",
    Order.Status.DELIVERED.label: "success",
    Order.Status.CANCELLED.label: "danger",
}


class OrderItemInline(TabularInline):
    model = OrderItem
    fields = readonly_fields = ("title", "sku", "brand", "unit_price", "quantity", "line_total")
    extra = 0
    can_delete = False
    hide_title = True
    verbose_name_plural = "items"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description="Price")
    def unit_price(self, item: OrderItem) -> str:
        return money(item.unit_price_cents, item.order.currency)

    @display(description="Total")
    def line_total(self, item: OrderItem) -> str:
        return money(item.unit_price_cents * item.quantity, item.order.currency)


@admin.register(Order)
class OrderAdmin(ModelAdmin):
    inlines = (OrderItemInline,)
    list_display = ("number", "created_at", "customer", "items", "total", "shown_status")
    list_filter = (("status", ChoicesDropdownFilter), ("created_at", RangeDateFilter))
    list_filter_submit = True
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("number", "name", "email", "phone", "items__sku", "items__title")
    search_help_text = "Number, customer, SKU or title of an item"
    actions = ("ship", "deliver", "cancel")
    fieldsets = (
        (None, {"fields": ("number", "shown_status", ("created_at", "updated_at"))}),
        ("Customer", {"fields": (("name", "email"), ("phone", "user"))}),
        ("Delivery", {"fields": ("address_line1", "address_line2", ("postal_code", "city"), "country")}),
        ("Payment", {"fields": (("payment_method", "payment_reference"), ("subtotal", "shipping", "total"))}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        return super().get_queryset(request).annotate(pieces=Sum("items__quantity"), lines=Count("items"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing of an order is edited; its actions ask for the permission themselves."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_fulfil_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orders.change_order")

    @display(description="Customer", ordering="name", header=True)
    def customer(self, order: Order) -> list[Any]:
        return [order.name, order.email]

    @display(description="Items")
    def items(self, order: Any) -> str:
        return f"{order.pieces or 0}"

    @display(description="Total", ordering="total_cents")
    def total(self, order: Order) -> str:
        return money(order.total_cents, order.currency)

    @display(description="Subtotal")
    def subtotal(self, order: Order) -> str:
        return money(order.subtotal_cents, order.currency)

    @display(description="Shipping")
    def shipping(self, order: Order) -> str:
        return money(order.shipping_cents, order.currency)

    @display(description="Status", ordering="status", label=COLORS)
    def shown_status(self, order: Order) -> str:
        return order.get_status_display()

    @action(description="Mark as shipped", permissions=["fulfil"])
    def ship(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        _each(request, queryset, mark_shipped, "shipped", "only placed orders can be")

    @action(description="Mark as delivered", permissions=["fulfil"])
    def deliver(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        _each(request, queryset, mark_delivered, "delivered", "only shipped orders can be")

    @action(description="Cancel, and put the items back in stock", permissions=["fulfil"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        _each(request, queryset, cancel_order, "cancelled", "only placed orders can be")


def _each(
    request: HttpRequest, orders: QuerySet[Order], step: Callable[[int], bool], done: str, rule: str
) -> None:
    numbers = list(orders.values_list("pk", "number"))
    refused = [number for pk, number in numbers if not step(pk)]
    count = len(numbers) - len(refused)
    if count:
        messages.success(request, f"{count} {'order is' if count == 1 else 'orders are'} {done}.")
    if refused:
        named = ", ".join(refused[:5]) + (" …" if len(refused) > 5 else "")
        messages.warning(request, f"Not {done}: {named}; {rule}.")
