"""What the store learns from and has learned, to look at: rounds, judged queries, clicks by query, adapters, position
bias."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.utils.html import format_html_join
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from search.admin.gate_report import card_rows
from search.admin.progress import progress_bar
from search.admin.read_only import ReadOnlyAdmin
from search.learning_models import ClickMemory, JudgedQuery, LearnedRanker, PositionBias, QueryAdapter, TrainingRound
from search.trees import Trees
from shop.catalog.models import Product

SHOWN_PRODUCTS = 50
STAGES = {
    "collecting": "info", "training": "info", "exporting": "info", "embedding": "info", "comparing": "info",
    "promoted": "success", "refused": "warning", "skipped": "warning", "failed": "danger",
}  # fmt: skip


class LearningAdmin(ReadOnlyAdmin):
    class Media:
        css = {"all": ("shop/learning.css",)}


@admin.register(TrainingRound)
class TrainingRoundAdmin(LearningAdmin):
    list_display = ("started_at", "shown_stage", "done", "message", "challenger", "finished_at")
    list_filter = (("stage", ChoicesDropdownFilter),)
    list_filter_submit = True
    list_select_related = ("challenger",)
    fields = (
        ("shown_stage", "done"), "message", ("challenger", "attempts"), "shown_parameters",
        ("started_at", "updated_at", "finished_at"),
    )  # fmt: skip

    @display(description="Stage", ordering="stage", label={str(s.label): STAGES[s.value] for s in TrainingRound.Stage})
    def shown_stage(self, found: TrainingRound) -> str:
        return found.get_stage_display()

    @display(description="Progress of the stage")
    def done(self, found: TrainingRound) -> str:
        stages = TrainingRound.Stage
        share = 1.0 if found.stage in (stages.PROMOTED, stages.REFUSED) else found.progress
        return progress_bar(share, f"{share:.0%}")

    @display(description="Parameters")
    def shown_parameters(self, found: TrainingRound) -> str:
        return _lines(sorted(card_rows(found.parameters)))


@admin.register(JudgedQuery)
class JudgedQueryAdmin(LearningAdmin):
    list_display = ("query", "source", "language", "relevant", "created_at")
    list_filter = (("source", ChoicesDropdownFilter), "language")
    list_filter_submit = True
    search_fields = ("query",)
    ordering = ("source", "id")
    fields = (("query", "source", "language"), "graded_products", "created_at")

    @display(description="Relevant products")
    def relevant(self, found: JudgedQuery) -> int:
        return sum(grade > 0 for grade in found.grades.values())

    @display(description="Products by grade, best first")
    def graded_products(self, found: JudgedQuery) -> str:
        return _products({int(pk): grade for pk, grade in found.grades.items()}, "grade {}")


@admin.register(ClickMemory)
class ClickMemoryAdmin(LearningAdmin):
    list_display = ("query", "products", "updated_at")
    search_fields = ("query",)
    ordering = ("-updated_at",)
    fields = ("query", "lifted_products", "updated_at")

    @display(description="Products")
    def products(self, found: ClickMemory) -> int:
        return len(found.product_ids)

    @display(description="Products by lift: above 0 chosen more often than expected")
    def lifted_products(self, found: ClickMemory) -> str:
        return _products(dict(zip(found.product_ids, found.lifts, strict=True)), "{:+.2f}")


@admin.register(QueryAdapter)
class QueryAdapterAdmin(LearningAdmin):
    list_display = ("__str__", "version", "rank", "is_active", "created_at")
    list_select_related = ("version",)
    ordering = ("-created_at",)
    fields = (("version", "rank", "is_active"), "shown_card", "decision", "created_at")

    @display(description="Trained on")
    def shown_card(self, found: QueryAdapter) -> str:
        return _lines(sorted(card_rows(found.card)))

    @display(description="Decision")
    def decision(self, found: QueryAdapter) -> str:
        return _reason(found.gate)


@admin.register(LearnedRanker)
class LearnedRankerAdmin(LearningAdmin):
    list_display = ("__str__", "version", "is_active", "created_at")
    list_select_related = ("version",)
    ordering = ("-created_at",)
    fields = (("version", "is_active"), "shown_weights", "shown_card", "decision", "created_at")

    @display(description="What counts for a product, and against it")
    def shown_weights(self, found: LearnedRanker) -> str:
        if found.trees:
            splits = Trees.from_json(found.trees).splits()
            total = sum(splits.values())
            most = sorted(splits.items(), key=lambda pair: -pair[1])
            rows = [(f"in {count} of {total} decisions", found.features[at].replace("_", " ")) for at, count in most]
            return _lines(rows)
        pairs = sorted(zip(found.features, found.weights, strict=True), key=lambda pair: -abs(pair[1]))
        return _lines([(f"{weight:+.3f}", name.replace("_", " ")) for name, weight in pairs])

    @display(description="Trained on")
    def shown_card(self, found: LearnedRanker) -> str:
        return _lines(sorted(card_rows(found.card)))

    @display(description="Decision")
    def decision(self, found: LearnedRanker) -> str:
        return _reason(found.gate)


@admin.register(PositionBias)
class PositionBiasAdmin(LearningAdmin):
    list_display = ("__str__", "method", "searches", "estimated_at")
    fields = (("method", "searches"), "shown_propensities", "estimated_at")

    @display(description="How likely each position is looked at, the first being 1")
    def shown_propensities(self, found: PositionBias) -> str:
        bars = [(f"{place}", progress_bar(share, f"{share:.2f}")) for place, share in enumerate(found.propensities, 1)]
        return format_html_join("", '<span class="learning-line"><b>{}</b>{}</span>', bars) or "–"


def _reason(gate: Mapping[str, Any] | None) -> str:
    """What the gate said, in one sentence."""
    decision: Mapping[str, Any] = (gate or {}).get("decision") or {}
    return str(decision.get("reason") or "–")


def _products(values: Mapping[int, float], form: str) -> str:
    """Titles with their values, highest first. One SQL query."""
    best = sorted(values, key=lambda pk: (-values[pk], pk))[:SHOWN_PRODUCTS]
    titles = dict(Product.objects.filter(pk__in=best).values_list("id", "title"))
    rows = [(form.format(values[pk]), titles.get(pk, f"product {pk}, deleted")) for pk in best]
    return _lines([*rows, *([("", f"and {len(values) - len(best)} more")] if len(values) > len(best) else [])])


def _lines(rows: Any) -> str:
    """(name, value) one below the other."""
    return format_html_join("", '<span class="learning-line"><b>{}</b>{}</span>', rows) or "–"
