"""Synonyms in the admin, and the proposals that shoppers' clicks make."""

import re
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import BooleanRadioFilter
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextareaWidget

from search import synonyms
from search.admin.audit import Audited
from search.rule_models import Synonym, validate_words
from search.synonym_proposals import MIN_CLIENTS, WINDOW_DAYS, propose_synonyms

MAX_LENGTH = 100


class SynonymsField(forms.CharField):
    """Words or phrases, one a line or with commas between them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": UnfoldAdminTextareaWidget({"rows": 4}), **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        found = [" ".join(text.split()) for text in re.split(r"[\n,;，、；]", super().clean(value)) if text.strip()]
        if not found:
            raise ValidationError("Write at least one synonym.")
        for text in found:
            validate_words(text)
            if len(text) > MAX_LENGTH:
                raise ValidationError(f"“{text[:30]}…” has {len(text)} characters; the most is {MAX_LENGTH}.")
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data) != initial)
        except ValidationError:
            return True


class SynonymForm(forms.ModelForm):  # type: ignore[type-arg] # Django's class takes none at run time
    synonyms = SynonymsField(label="Also searched as", help_text="One a line, or with commas between them.")

    class Meta:
        model = Synonym
        fields = ("words", "synonyms", "is_two_way", "is_active")

    def clean_words(self) -> str:
        return " ".join(self.cleaned_data["words"].split())


@admin.register(Synonym)
class SynonymAdmin(Audited, ModelAdmin):
    form = SynonymForm
    list_display = ("words", "direction", "shown_synonyms", "is_active", "updated_at")
    list_display_links = ("words",)
    list_editable = ("is_active",)
    list_filter = (("is_active", BooleanRadioFilter), ("is_two_way", BooleanRadioFilter))
    list_filter_submit = True
    list_per_page = 100
    show_full_result_count = False
    search_fields = ("words", "synonyms")
    search_help_text = "Words or synonyms"
    actions_list = ("proposals",)
    warn_unsaved_form = True

    @display(description="")
    def direction(self, synonym: Synonym) -> str:
        return "↔" if synonym.is_two_way else "→"

    @display(description="Also searched as")
    def shown_synonyms(self, synonym: Synonym) -> str:
        return ", ".join(synonym.synonyms)

    def save_model(self, request: HttpRequest, synonym: Synonym, form: Any, change: bool) -> None:
        super().save_model(request, synonym, form, change)
        transaction.on_commit(synonyms.forget)

    @action(description="Proposals from clicks", url_path="proposals", icon="lightbulb", permissions=["add"])
    def proposals(self, request: HttpRequest) -> HttpResponse:
        """What clicks propose; one tap accepts or declines."""
        if request.method == "POST":
            self._decide(request)
            return HttpResponseRedirect(reverse("admin:search_synonym_proposals"))
        context = {
            **self.admin_site.each_context(request),
            "title": "Proposals from clicks",
            "opts": self.opts,
            "proposals": propose_synonyms(),
            "min_clients": MIN_CLIENTS,
            "days": WINDOW_DAYS,
        }
        return TemplateResponse(request, "admin/search/synonym/proposals.html", context)

    def _decide(self, request: HttpRequest) -> None:
        """Stores an accepted one; a declined one as well, switched off, so that it is not proposed again."""
        accepted = request.POST.get("decision") == "accept"
        words, other = (request.POST.get(name, "").strip() for name in ("words", "synonym"))
        made = Synonym(words=words, synonyms=[other], is_two_way=False, is_active=accepted)
        try:
            made.full_clean()
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return
        made.save()
        transaction.on_commit(synonyms.forget)
        verb = "Accepted" if accepted else "Declined"
        self.log_addition(request, made, f"{verb} as proposed from clicks: {words} → {other}")
        messages.success(request, f"{verb}: {words} → {other}")
