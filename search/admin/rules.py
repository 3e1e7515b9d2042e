"""Rules in the admin: when they apply, what they do, and a look at the results before and after."""

from typing import Any

from django.contrib import admin
from django.db import models, transaction
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from unfold.admin import ModelAdmin, StackedInline
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesDropdownFilter, DropdownFilter
from unfold.decorators import action, display

from search import rules
from search.admin.audit import Audited
from search.admin.preview import preview_page
from search.rule_models import MerchandisingRule, RuleAction

STATES = {"running": "success", "upcoming": "info", "ended": "warning", "off": "danger"}


class RuleActionInline(StackedInline):
    model = RuleAction
    fields = ("kind", "product", "brand", "category", "position", "strength")
    autocomplete_fields = ("product", "category")
    extra = 0
    collapsible = True  # a row says what it does in its title
    verbose_name_plural = "what it does with products"

    class Media:
        js = ("shop/rule-actions.js",)


class StateFilter(DropdownFilter):
    """By what the rule does today."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(state, state.capitalize()) for state in STATES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[MerchandisingRule]) -> QuerySet[MerchandisingRule]:
        today = timezone.localdate()
        upcoming, ended = Q(is_active=True, starts_on__gt=today), Q(is_active=True, ends_on__lt=today)
        conditions = {
            "running": Q(is_active=True) & ~Q(starts_on__gt=today) & ~Q(ends_on__lt=today),
            "upcoming": upcoming, "ended": ended, "off": Q(is_active=False),
        }  # fmt: skip
        return queryset.filter(conditions.get(self.value() or "", Q()))


@admin.register(MerchandisingRule)
class MerchandisingRuleAdmin(Audited, ModelAdmin):
    inlines = (RuleActionInline,)
    list_display = ("name", "applies_to", "does", "state", "priority", "is_active")
    list_display_links = ("name",)
    list_editable = ("is_active",)
    list_filter = (StateFilter, ("is_active", BooleanRadioFilter), ("match", ChoicesDropdownFilter))
    list_filter_submit = True
    list_per_page = 100
    list_select_related = ("category",)
    show_full_result_count = False
    search_fields = (
        "name", "query", "product_type", "category__name", "actions__brand", "actions__product__title",
        "actions__product__sku",
    )  # fmt: skip
    search_help_text = "Name, query, category, brand, or a product's title or SKU"
    autocomplete_fields = ("category",)
    actions_list = ("preview",)
    actions_detail = ("preview_rule",)
    warn_unsaved_form = True
    conditional_fields = {
        "query": "match == 'exact' || match == 'contains'",
        "category": "match == 'category'",
        "product_type": "match == 'product_type'",
    }
    fieldsets = (
        (None, {"fields": ("name", "match", "query", "category", "product_type")}),
        ("When", {"fields": (("starts_on", "ends_on"), ("priority", "is_active"))}),
        ("Banner above the results", {"fields": ("banner_title", "banner_text", "banner_link")}),
        ("Redirect", {"fields": ("redirect",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[MerchandisingRule]:
        kinds = RuleAction.Kind.values
        counts = {f"{kind}s": Count("actions", filter=Q(actions__kind=kind), distinct=True) for kind in kinds}
        return super().get_queryset(request).annotate(**counts)

    @display(description="Applies to")
    def applies_to(self, rule: MerchandisingRule) -> str:
        return rule.trigger()

    @display(description="Does")
    def does(self, rule: Any) -> str:
        words = {"pins": "pinned", "boosts": "up", "burys": "down", "hides": "hidden"}
        parts = [f"{getattr(rule, name)} {word}" for name, word in words.items() if getattr(rule, name)]
        parts += ["banner"] if rule.banner_title else []
        parts += ["redirect"] if rule.redirect else []
        return ", ".join(parts) or "Nothing yet"

    @display(description="State", label=STATES)
    def state(self, rule: MerchandisingRule) -> str:
        today = timezone.localdate()
        if not rule.is_active:
            return "off"
        if rule.starts_on and rule.starts_on > today:
            return "upcoming"
        return "ended" if rule.ends_on and rule.ends_on < today else "running"

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        transaction.on_commit(rules.forget)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Only the rules by name: their actions are parts of them."""
        perms = set() if self.has_delete_permission(request) else {"rule"}
        return [str(rule) for rule in objs], {"rules": len(objs)}, perms, []

    def delete_model(self, request: HttpRequest, rule: models.Model) -> None:
        super().delete_model(request, rule)
        transaction.on_commit(rules.forget)

    @action(description="Preview", url_path="preview", icon="visibility", permissions=["view"])
    def preview(self, request: HttpRequest) -> HttpResponse:
        """Results before and after, for any query and all rules or one."""
        return preview_page(request, self)

    @action(description="Preview", url_path="preview", icon="visibility", permissions=["view"])
    def preview_rule(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return HttpResponseRedirect(f"{reverse('admin:search_merchandisingrule_preview')}?rule={object_id}")
