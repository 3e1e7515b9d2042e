"""What search stores, in the admin: filters, ranking, and the log of searches and events."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RangeDateTimeFilter
from unfold.decorators import action, display

from search.admin.read_only import ReadOnlyAdmin
from search.admin.reports import reports_page
from search.models import FacetKey, SearchEvent, SearchQuery, SearchSettings
from shop.catalog.admin.why import why_page
from shop.catalog.models import Product
from tasks.embeddings import embed_stale_products

SHOWN_PRODUCTS = 10


@admin.register(SearchSettings)
class SearchSettingsAdmin(ModelAdmin):
    """One row, made when it is first opened."""

    fields = ("sold_out", "is_spread")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        SearchSettings.objects.get_or_create(pk=1)
        return redirect("admin:search_searchsettings_change", 1)


@admin.register(FacetKey)
class FacetKeyAdmin(ModelAdmin):
    """Proposals come from the catalogue; merchants switch them on and off. A key of one's own can be added."""

    list_display = ("key", "is_active", "created_at")
    list_editable = ("is_active",)
    list_filter = ("is_active",)
    list_per_page = 200
    search_fields = ("key",)
    show_full_result_count = False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The key is what products are indexed by: it does not change."""
        return ("key",) if obj else ()

    def save_model(self, request: HttpRequest, facet_key: FacetKey, form: Any, change: bool) -> None:
        """Products were indexed without the values of a key that was off: those that have it are indexed again."""
        super().save_model(request, facet_key, form, change)
        if facet_key.is_active:
            Product.objects.filter(attributes__has_key=facet_key.key).update(updated_at=timezone.now())
            embed_stale_products.delay_on_commit()


class ResultsFilter(DropdownFilter):
    """Searches that found nothing tell what is missing in the catalogue, or in its words."""

    title = "results"
    parameter_name = "results"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("none", "Found nothing"), ("few", "Found 1 to 3"), ("some", "Found more")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[SearchQuery]) -> QuerySet[SearchQuery]:
        rules = {"none": Q(total=0), "few": Q(total__range=(1, 3)), "some": Q(total__gt=3)}
        return queryset.filter(rules.get(self.value() or "", Q()))


@admin.register(SearchQuery)
class SearchQueryAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "shown_query", "total", "language", "sort", "mode", "took")
    list_display_links = ("created_at", "shown_query")
    list_filter = (ResultsFilter, ("created_at", RangeDateTimeFilter), "language", "mode")
    list_filter_submit = True
    search_fields = ("query",)
    ordering = ("-created_at",)
    fields = (
        "query", ("language", "sort"), "filters", ("total", "first_position"), "shown_products", ("mode", "version_id"),
        "took", "created_at", ("query_id", "client_id"),
    )  # fmt: skip
    actions_list = ("reports", "why")
    actions_row = ("why_row",)
    actions_detail = ("why_logged",)

    @action(description="Why is this third?", url_path="why", icon="help", permissions=["view"])
    def why(self, request: HttpRequest) -> HttpResponse:
        """What speaks for each hit of a query, as it is found now."""
        return why_page(request, self)

    @action(description="Why these results?", url_path="why-row", icon="help", permissions=["view"])
    def why_row(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return redirect(f"{reverse('admin:search_searchquery_why')}?log={object_id}")

    @action(description="Why these results?", url_path="why-logged", icon="help", permissions=["view"])
    def why_logged(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.why_row(request, object_id=object_id)

    @action(description="Reports", url_path="reports", icon="monitoring", permissions=["view"])
    def reports(self, request: HttpRequest) -> HttpResponse:
        """Top queries, what is not found, where clicks are, and what came of them."""
        return reports_page(request, self)

    @display(description="Query", ordering="query")
    def shown_query(self, query: SearchQuery) -> str:
        return query.query or "(browsing)"

    @display(description="Took", ordering="took_ms")
    def took(self, query: SearchQuery) -> str:
        return f"{query.took_ms:.1f} ms"

    @display(description="Products shown")
    def shown_products(self, query: SearchQuery) -> str:
        titles = Product.objects.in_bulk(query.product_ids[:SHOWN_PRODUCTS])
        named = [str(titles.get(pk, f"product {pk}, deleted")) for pk in query.product_ids[:SHOWN_PRODUCTS]]
        more = len(query.product_ids) - len(named)
        return ", ".join(named) + (f" and {more} more" if more > 0 else "") or "None"


@admin.register(SearchEvent)
class SearchEventAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "action_name", "product", "position", "query_id")
    list_filter = (("action_name", ChoicesDropdownFilter), ("created_at", RangeDateTimeFilter))
    list_filter_submit = True
    ordering = ("-created_at",)
    fields = ("action_name", "product", "position", "created_at", "query_id", "client_id", "event_id")

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The page's events with the titles of their products: one SQL query for all of them."""
        changelist = super().get_changelist_instance(request)
        titles = Product.objects.in_bulk({event.product_id for event in changelist.result_list})
        for event in changelist.result_list:
            event.title = titles.get(event.product_id)
        return changelist

    @display(description="Product")
    def product(self, event: Any) -> str:
        known = event.title if hasattr(event, "title") else Product.objects.filter(pk=event.product_id).first()
        return str(known) if known else f"Product {event.product_id}, deleted"
