"""Encoder versions in the admin: what each was made of, how it compares, and which one search uses.

Changing that is not an edit of a field: it goes through search/promotion.py, asks before it does, and is written into
the version's history.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import KombuError
from unfold.decorators import action, display

from search import promotion
from search.admin.gate_report import card_rows, gate_report
from search.admin.progress import progress_bar
from search.admin.read_only import ReadOnlyAdmin
from search.learning_models import TrainingRound
from search.models import EncoderVersion, ProductEmbedding
from search.promotion import PromotionRefused
from shop.catalog.models import Product
from tasks.celery import app

RETRAIN = "retrain_encoder"  # the task's name
ACTIVE, PREVIOUS, INACTIVE = "active", "previous", "inactive"
STATES = {ACTIVE: "success", PREVIOUS: "info", INACTIVE: "warning"}
FITTING = {ACTIVE: set(), PREVIOUS: {"roll_back"}, INACTIVE: {"promote"}}  # what can be done with one in that state


def state_of(version: EncoderVersion) -> str:
    """ACTIVE, PREVIOUS for the one that search would go back to, or INACTIVE."""
    if version.is_active:
        return ACTIVE
    before = EncoderVersion.objects.filter(is_active=False, activated_at__isnull=False).order_by("-activated_at")
    return PREVIOUS if before.values_list("pk", flat=True).first() == version.pk else INACTIVE


@admin.register(EncoderVersion)
class EncoderVersionAdmin(ReadOnlyAdmin):
    list_display = ("name", "state", "decision", "embedding_count", "parent", "created_at", "activated_at")
    list_select_related = ("parent",)
    fields = (
        ("name", "state"), ("parent", "embedded"), ("created_at", "activated_at"), ("lexical_weight", "kind_weight"),
        ("floors",), ("path", "short_checksum"),
    )  # fmt: skip
    actions_list = ("retrain",)
    actions_detail = ("promote", "roll_back")
    change_form_outer_after_template = "admin/search/version.html"

    class Media:
        css = {"all": ("shop/merchandising.css", "shop/learning.css")}

    def get_queryset(self, request: HttpRequest) -> QuerySet[EncoderVersion]:
        return super().get_queryset(request).annotate(embeddings_stored=Count("embeddings"))

    @display(description="State", label=STATES)
    def state(self, version: EncoderVersion) -> str:
        return state_of(version)

    @display(description="Gate", label={"passed": "success", "refused": "danger"})
    def decision(self, version: EncoderVersion) -> str:
        report = gate_report(version.gate)
        return "not compared" if report is None else "passed" if report.decision.promote else "refused"

    @display(description="Embeddings", ordering="embeddings_stored")
    def embedding_count(self, version: Any) -> str:
        return f"{version.embeddings_stored:,}"

    @display(description="Products embedded")
    def embedded(self, version: EncoderVersion) -> str:
        products = Product.objects.filter(is_active=True).count()
        done = ProductEmbedding.objects.filter(version=version, product__is_active=True).count()
        return progress_bar(done / products if products else 0.0, f"{done:,} of {products:,}")

    @display(description="No match below a cosine of")
    def floors(self, version: EncoderVersion) -> str:
        return f"{version.relevance_floor:.3f}; {version.nonsense_ceiling:.3f} where no word of the query is known"

    @display(description="Checksum (SHA-256)")
    def short_checksum(self, version: EncoderVersion) -> str:
        return f"{version.checksum[:16]}…"

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        version = self.get_object(request, object_id)
        report = gate_report(version.gate) if version else None
        card = sorted(card_rows(version.card)) if version else []  # a JSONB keeps no order
        extra = {"report": report, "card": card, **kwargs.pop("extra_context", {})}
        return super().change_view(request, object_id, *args, extra_context=extra, **kwargs)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Those that fit the version's state."""
        version = self.get_object(request, str(object_id))
        fitting = {f"search_encoderversion_{name}" for name in FITTING[state_of(version)]} if version else set()
        return [found for found in super().get_actions_detail(request, object_id) if found.action_name in fitting]

    def has_promote_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("search.change_encoderversion")

    def has_retrain_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("search.add_traininground")

    @action(description="Promote", url_path="promote", icon="upgrade", permissions=["promote"])
    def promote(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Makes this version the one that search uses, whatever the gate said."""
        version = self._version(request, object_id)
        report = gate_report(version.gate)
        warning = "" if report and report.decision.promote else (report.decision.reason if report else
                  "It was never compared with the active version.")  # fmt: skip

        def promote() -> EncoderVersion:
            promotion.promote(version, by=request.user.get_username())
            return version

        about = f"Search answers with {version} within seconds. You can roll back at any time."
        return self._asked(request, version, f"Promote {version}?", about, "Promote", promote, warning)

    @action(description="Roll back to this version", url_path="roll-back", icon="undo", permissions=["promote"])
    def roll_back(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Back to the version that was active before."""
        version = self._version(request, object_id)

        def roll_back() -> EncoderVersion:
            return promotion.rollback(by=request.user.get_username())

        about = f"Search answers with {version} again within seconds."
        return self._asked(request, version, f"Roll back to {version}?", about, "Roll back", roll_back)

    @action(description="Retrain now", url_path="retrain", icon="model_training", permissions=["retrain"])
    def retrain(self, request: HttpRequest) -> HttpResponse:
        """Queues a round of learning; the store goes on with one that is under way."""
        title = "Retrain the encoder now?"
        about = "A worker learns from the latest clicks, compares the new version with the active one, and promotes it "
        about += "only if it is better. That takes minutes; search goes on meanwhile."
        if request.method != "POST":
            return self._question(request, title, about, "Retrain", reverse("admin:search_encoderversion_changelist"))
        self._queue_round(request)
        return HttpResponseRedirect(reverse("admin:search_traininground_changelist"))

    def _queue_round(self, request: HttpRequest) -> None:
        under_way = TrainingRound.objects.filter(finished_at__isnull=True).first()
        if under_way:
            since = timezone.localtime(under_way.started_at)
            messages.warning(request, f"A round is under way since {since:%H:%M}: {under_way.get_stage_display()}.")
            return
        try:
            app.send_task(RETRAIN)
        except KombuError as error:
            messages.error(request, f"The round could not be queued, the broker is away: {error}")
            return
        messages.success(request, "A round of learning is queued; a worker begins it within a minute.")

    def _version(self, request: HttpRequest, object_id: str) -> EncoderVersion:
        version = self.get_object(request, object_id)
        if version is None:
            raise Http404
        return version

    def _asked(
        self, request: HttpRequest, version: EncoderVersion, title: str, about: str, verb: str,
        change: Callable[[], EncoderVersion], warning: str = "",
    ) -> HttpResponse:  # fmt: skip
        """The question, or, when it was answered, the change of the active version and its entry in the history."""
        page = reverse("admin:search_encoderversion_change", args=[version.pk])
        if request.method != "POST":
            return self._question(request, title, about, verb, page, warning)
        before = EncoderVersion.objects.filter(is_active=True).first()
        try:
            now = change()
        except PromotionRefused as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(page)
        said = f"{verb}: active version: {before or 'none'} → {now}"
        self.log_change(request, now, said)
        messages.success(request, said)
        return HttpResponseRedirect(reverse("admin:search_encoderversion_change", args=[now.pk]))

    def _question(
        self, request: HttpRequest, title: str, about: str, verb: str, back: str, warning: str = ""
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request), "title": title, "opts": self.opts, "about": about, "verb": verb,
            "back": back, "warning": warning,
        }  # fmt: skip
        return TemplateResponse(request, "admin/search/confirm.html", context)
