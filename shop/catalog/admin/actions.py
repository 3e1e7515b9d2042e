"""Bulk actions of the product list. Those with numbers have a page of their own, which shows what would happen."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from unfold.decorators import action
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from search.index import encode_again
from shop.catalog import bulk_edit
from shop.catalog.admin.fields import MAX_PRICE
from shop.catalog.models import Product
from tasks.embeddings import embed_stale_products

PREVIEW_ROWS = 5
PAGE = "admin/catalog/product/bulk_edit.html"


class PriceChangeForm(forms.Form):
    """By percent or by an amount; negative makes it cheaper."""

    change = forms.DecimalField(
        label="Change by", max_digits=12, decimal_places=2, min_value=-MAX_PRICE, max_value=MAX_PRICE,
        widget=UnfoldAdminTextInputWidget({"inputmode": "decimal"}), help_text="-10 makes it cheaper, 10 dearer.",
    )  # fmt: skip
    unit = forms.ChoiceField(
        choices=[("percent", "Percent"), ("amount", "Amount of money")], widget=UnfoldAdminSelectWidget
    )

    def prices(self) -> tuple[Combinable, Combinable]:
        """The new price and sale price as SQL."""
        change: Decimal = self.cleaned_data["change"]
        if self.cleaned_data["unit"] == "percent":
            return bulk_edit.changed_by_percent(change), F("sale_price_cents")
        return bulk_edit.changed_by_amount(int(change * 100)), F("sale_price_cents")

    def apply(self, products: QuerySet[Product]) -> int:
        return bulk_edit.change_prices(products, self.prices()[0])


class SaleForm(forms.Form):
    percent_off = forms.DecimalField(
        label="Percent off", min_value=Decimal("0.01"), max_value=Decimal("99.99"), decimal_places=2,
        widget=UnfoldAdminTextInputWidget({"inputmode": "decimal"}), help_text="Of the regular price.",
    )  # fmt: skip

    def prices(self) -> tuple[Combinable, Combinable]:
        return F("price_cents"), bulk_edit.changed_by_percent(-self.cleaned_data["percent_off"])

    def apply(self, products: QuerySet[Product]) -> int:
        return bulk_edit.put_on_sale(products, self.cleaned_data["percent_off"])


class StockForm(forms.Form):
    stock = forms.IntegerField(min_value=0, max_value=2_147_483_647, widget=UnfoldAdminIntegerFieldWidget)

    def prices(self) -> None:
        return None

    def apply(self, products: QuerySet[Product]) -> int:
        return bulk_edit.set_stock(products, self.cleaned_data["stock"])


class BulkActions:
    """Mixed into the product admin."""

    @action(description="Change price …", permissions=["change"])
    def change_price(self, request: HttpRequest, queryset: QuerySet[Product]) -> HttpResponse | None:
        return self._with_form(request, queryset, PriceChangeForm, "change_price", "Change price")

    @action(description="Put on sale …", permissions=["change"])
    def put_on_sale(self, request: HttpRequest, queryset: QuerySet[Product]) -> HttpResponse | None:
        return self._with_form(request, queryset, SaleForm, "put_on_sale", "Put on sale")

    @action(description="End sale", permissions=["change"])
    def end_sale(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        self._say(request, bulk_edit.end_sale(queryset), "no longer on sale")

    @action(description="Set stock …", permissions=["change"])
    def set_stock(self, request: HttpRequest, queryset: QuerySet[Product]) -> HttpResponse | None:
        return self._with_form(request, queryset, StockForm, "set_stock", "Set stock")

    @action(description="Activate", permissions=["change"])
    def activate(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        self._index_after(request, lambda: bulk_edit.set_active(queryset, True), "active now")

    @action(description="Deactivate", permissions=["change"])
    def deactivate(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        self._index_after(request, lambda: bulk_edit.set_active(queryset, False), "no longer for sale")

    @action(description="Index again", permissions=["change"])
    def embed_again(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        self._index_after(request, lambda: encode_again(_ids(queryset)), "about to be indexed again")

    def _index_after(self, request: HttpRequest, change: Callable[[], int], done: str) -> None:
        count = change()
        embed_stale_products.delay_on_commit()
        self._say(request, count, done)

    def _say(self, request: HttpRequest, count: int, done: str) -> None:
        are = "1 product is" if count == 1 else f"{count:,} products are"
        messages.success(request, f"{are} {done}.")

    def _with_form(
        self, request: HttpRequest, queryset: QuerySet[Product], form_class: Any, name: str, title: str
    ) -> HttpResponse | None:
        """The action's page; None when the change is done, and the list is shown again."""
        step = request.POST.get("step")
        form = form_class(request.POST if step else None)
        preview: list[Product] = []
        if step and form.is_valid():
            try:
                if step == "apply":
                    self._say(request, form.apply(queryset), "changed")
                    return None
                preview = _preview(queryset, form)
            except bulk_edit.BulkEditRefused as refused:
                form.add_error(None, _refusal(refused))
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "opts": Product._meta,
            "title": title,
            "form": form,
            "count": queryset.count(),
            "preview": preview,
            "is_checked": bool(step) and not form.errors,
            "action_name": name,
            "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "select_across": request.POST.get("select_across", "0"),
            "checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return render(request, PAGE, context)


def _preview(queryset: QuerySet[Product], form: Any) -> list[Product]:
    prices = form.prices()
    if prices is None:
        return []
    bulk_edit.check_prices(queryset, *prices)
    return list(bulk_edit.preview_prices(queryset, *prices, PREVIEW_ROWS))


def _refusal(refused: bulk_edit.BulkEditRefused) -> str:
    others = f" and {refused.count - 1:,} more" if refused.count > 1 else ""
    return f"Nothing was changed: {refused.reason} for “{refused.example}”{others}."


def _ids(queryset: QuerySet[Product]) -> list[int]:
    return list(queryset.order_by().values_list("pk", flat=True))
