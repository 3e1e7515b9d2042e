"""The admin's first page: a few numbers that a merchant acts on. Counts only, each by an index or on one day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from search.index import stale_products
from search.models import SearchQuery
from search.versions import active_version
from shop.catalog.labels import money
from shop.catalog.models import Product
from shop.orders.models import Order

EMPTY_QUERIES = 8
EMPTY_FOR_DAYS = 7


@dataclass(frozen=True)
class Figure:
    """One number; `note` is what it means or what to do."""

    title: str
    value: str
    note: str
    href: str


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Unfold's DASHBOARD_CALLBACK: the index page's context with `figures` and `empty_queries`. Seven SQL queries."""
    now = timezone.now()
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    context["figures"] = [_products(), _index(), _orders(today), _searches(today)]
    context["empty_queries"] = _empty_queries(now - timedelta(days=EMPTY_FOR_DAYS))
    context["empty_for_days"] = EMPTY_FOR_DAYS
    return context


def _products() -> Figure:
    active = Product.objects.filter(is_active=True).count()
    sold_out = Product.objects.filter(is_active=True, stock=0).count()
    note = f"{sold_out:,} out of stock" if sold_out else "All in stock"
    return Figure("Products for sale", f"{active:,}", note, reverse("admin:catalog_product_changelist"))


def _index() -> Figure:
    version = active_version()
    stale = stale_products(version).count()
    note = f"Encoder {version}" if version else "No encoder: search goes by words alone"
    href = f"{reverse('admin:catalog_product_changelist')}?index=waiting"
    return Figure("Waiting to be indexed", f"{stale:,}", note, href)


def _orders(today: datetime) -> Figure:
    orders = Order.objects.filter(created_at__gte=today).exclude(status=Order.Status.CANCELLED)
    found = orders.aggregate(count=Count("id"), cents=Sum("total_cents"))
    note = money(found["cents"] or 0, settings.STORE_CURRENCY)
    return Figure("Orders today", f"{found['count']:,}", note, reverse("admin:orders_order_changelist"))


def _searches(today: datetime) -> Figure:
    searches = SearchQuery.objects.filter(created_at__gte=today, first_position=1).exclude(query="")
    count, empty = searches.count(), searches.filter(total=0).count()
    note = f"{empty / count:.0%} found nothing" if count else "None yet"
    return Figure("Searches today", f"{count:,}", note, reverse("admin:search_searchquery_changelist"))


def _empty_queries(since: datetime) -> list[dict[str, Any]]:
    searches = SearchQuery.objects.filter(created_at__gte=since, total=0, filters={}).exclude(query="")
    counted = searches.order_by().values("query").annotate(times=Count("query_id"))
    return list(counted.order_by("-times", "query")[:EMPTY_QUERIES])
