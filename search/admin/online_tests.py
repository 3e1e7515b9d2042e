"""Online tests in the admin: choose two ways to rank, start, look at what shoppers' clicks say, stop."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.admin import ModelAdmin
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldBooleanSwitchWidget,
)

from search import interleaving
from search.admin.audit import Audited
from search.admin.online_result import LEARNER_NAMES, chart, described, numbers, shown_p, state_of, verdict
from search.learning_models import OnlineTest
from search.models import EncoderVersion
from search.online_results import online_results
from search.online_tests import CannotStart, start, stop
from search.variants import ADAPTER, LEARNERS, LIVE, MEMORY, RANKER, Variant
from tasks.embeddings import embed_stale_products

SIDES = ("a", "b")
STATES = {"running": "success", "not started": "info", "ended": "warning"}


class VersionField(forms.ModelChoiceField):  # type: ignore[type-arg] # Django's class takes none at run time
    """An encoder version, by its name."""

    def __init__(self) -> None:
        super().__init__(
            EncoderVersion.objects.all(), label="Encoder version", empty_label=None, widget=UnfoldAdminSelectWidget
        )

    def label_from_instance(self, version: Any) -> str:
        return f"{version} (active)" if version.is_active else str(version)


class LearnerField(forms.BooleanField):
    """Whether a learner takes part."""

    def __init__(self, learner: str) -> None:
        name = LEARNER_NAMES[learner].capitalize()
        super().__init__(required=False, label=name, widget=UnfoldBooleanSwitchWidget)


class WeightField(forms.FloatField):
    """How much words count beside meaning; none for the version's own weight."""

    def __init__(self) -> None:
        super().__init__(
            required=False, min_value=0, max_value=5, label="Weight of words", widget=UnfoldAdminDecimalFieldWidget,
            help_text="How much exact words count beside meaning. Empty: as much as the version was tuned for.",
        )  # fmt: skip


class OnlineTestForm(forms.ModelForm):  # type: ignore[type-arg] # Django's class takes none at run time
    percent = forms.IntegerField(
        min_value=1, max_value=100, label="Share of the searches, in percent", widget=UnfoldAdminIntegerFieldWidget,
        help_text="A search that takes part takes twice the time.",
    )  # fmt: skip
    version_a, version_b = VersionField(), VersionField()
    memory_a, memory_b = LearnerField(MEMORY), LearnerField(MEMORY)
    adapter_a, adapter_b = LearnerField(ADAPTER), LearnerField(ADAPTER)
    ranker_a, ranker_b = LearnerField(RANKER), LearnerField(RANKER)
    weight_a, weight_b = WeightField(), WeightField()

    class Meta:
        model = OnlineTest
        fields = ("name",)

    def __init__(self, data: Any = None, files: Any = None, **options: Any) -> None:
        shown = _initial(options.get("instance") or _proposal())
        super().__init__(data, files, **{**options, "initial": {**shown, **(options.get("initial") or {})}})

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return given
        a, b = (_variant(given, side) for side in SIDES)
        if a == b:
            raise ValidationError("Both sides are the same: choose what B does differently.")
        self.instance.variant_a, self.instance.variant_b = a.to_json(), b.to_json()
        self.instance.share = given["percent"] / 100
        return given


def _proposal() -> OnlineTest:
    """The active version against the latest other one."""
    versions = [Variant(version.pk) for version in EncoderVersion.objects.order_by("-is_active", "-created_at")[:2]]
    a, *others = versions or [LIVE]
    return OnlineTest(variant_a=a.to_json(), variant_b=(others or [a])[0].to_json())


def _initial(test: OnlineTest) -> dict[str, Any]:
    found: dict[str, Any] = {"percent": round(100 * test.share)}
    for side, fields in zip(SIDES, (test.variant_a, test.variant_b), strict=True):
        variant = Variant.from_json(fields)
        found |= {
            f"version_{side}": variant.version_id,
            f"memory_{side}": MEMORY in variant.learners,
            f"adapter_{side}": ADAPTER in variant.learners,
            f"ranker_{side}": RANKER in variant.learners,
            f"weight_{side}": variant.lexical_weight,
        }
    return found


def _variant(given: dict[str, Any], side: str) -> Variant:
    chosen = {learner: given[f"{learner}_{side}"] for learner in LEARNERS}  # fields are called like their learners
    return Variant(
        version_id=given[f"version_{side}"].pk,
        learners=frozenset(learner for learner in LEARNERS if chosen[learner]),
        lexical_weight=given[f"weight_{side}"],
    )


@admin.register(OnlineTest)
class OnlineTestAdmin(Audited, ModelAdmin):
    form = OnlineTestForm
    list_display = ("name", "state", "shown_share", "searches", "wins", "p_value")
    list_display_links = ("name",)
    show_full_result_count = False
    actions = None
    actions_detail = ("result",)
    warn_unsaved_form = True
    fieldsets = (
        (None, {"fields": ("name", "percent")}),
        ("A: as it is now", {"fields": ("version_a", ("memory_a", "adapter_a", "ranker_a"), "weight_a")}),
        ("B: what is tried", {"fields": ("version_b", ("memory_b", "adapter_b", "ranker_b"), "weight_b")}),
    )

    def has_change_permission(self, request: HttpRequest, test: OnlineTest | None = None) -> bool:
        """What is compared does not change once searches were mixed."""
        return super().has_change_permission(request, test) and (test is None or test.started_at is None)

    def has_delete_permission(self, request: HttpRequest, test: OnlineTest | None = None) -> bool:
        return super().has_delete_permission(request, test) and (test is None or not test.is_running)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The page's tests with their results: one SQL query for all of them."""
        changelist = super().get_changelist_instance(request)
        results = online_results([test.pk for test in changelist.result_list])
        for test in changelist.result_list:
            test.result = results[test.pk]
        return changelist

    @display(description="State", label=STATES)
    def state(self, test: OnlineTest) -> str:
        return state_of(test)

    @display(description="Share")
    def shown_share(self, test: OnlineTest) -> str:
        return f"{test.share:.0%}"

    @display(description="Searches")
    def searches(self, test: Any) -> str:
        return f"{test.result.searches:,}"

    @display(description="Wins A : B")
    def wins(self, test: Any) -> str:
        return f"{test.result.wins_a:,} : {test.result.wins_b:,}"

    @display(description="p-value")
    def p_value(self, test: Any) -> str:
        return shown_p(test.result.p_value).removeprefix("= ") if test.result.decided else "–"

    def save_model(self, request: HttpRequest, test: OnlineTest, form: Any, change: bool) -> None:
        """Its versions are brought up to date, so that it can start."""
        super().save_model(request, test, form, change)
        embed_stale_products.delay_on_commit()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The form of a test that may still be changed by this person; of others the result."""
        test = self.get_object(request, object_id)
        if test is not None and self.has_view_permission(request) and not self.has_change_permission(request, test):
            return HttpResponseRedirect(_result_address(test))
        return super().change_view(request, object_id, form_url, extra_context)

    def response_post_save_add(self, request: HttpRequest, test: OnlineTest) -> HttpResponse:
        return HttpResponseRedirect(_result_address(test))

    def response_post_save_change(self, request: HttpRequest, test: OnlineTest) -> HttpResponse:
        return HttpResponseRedirect(_result_address(test))

    @action(description="Result", url_path="result", icon="monitoring", permissions=["view"])
    def result(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What came of it so far, with the buttons that start and stop it."""
        test = self.get_object(request, object_id)
        if test is None:
            raise Http404("There is no such test.")
        if request.method == "POST":
            self._decide(request, test)
            return HttpResponseRedirect(_result_address(test))
        found = online_results([test.pk])[test.pk]
        context = {
            **self.admin_site.each_context(request),
            "title": test.name,
            "opts": self.opts,
            "test": test,
            "state": state_of(test),
            "sides": [described(Variant.from_json(fields)) for fields in (test.variant_a, test.variant_b)],
            "verdict": verdict(found),
            "numbers": numbers(found),
            "chart": chart(found),
            "may_change": self.has_change_permission(request),
            "may_delete": self.has_delete_permission(request, test),
        }
        return TemplateResponse(request, "admin/search/onlinetest/result.html", context)

    def _decide(self, request: HttpRequest, test: OnlineTest) -> None:
        """Starts or stops it, and writes that into its history."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.POST.get("decision") == "start":
            try:
                start(test)
            except CannotStart as error:
                messages.error(request, str(error))
                return
            done = "Started."
        elif request.POST.get("decision") == "stop" and stop(test):
            done = "Stopped."
        else:
            return
        transaction.on_commit(interleaving.forget)
        self.log_change(request, test, done)
        messages.success(request, done)


def _result_address(test: OnlineTest) -> str:
    return reverse("admin:search_onlinetest_result", args=[test.pk])
