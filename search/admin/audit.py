"""Who changed what: the history of an object says each field's old and new value, in words.

Django's own history names the changed fields only. The text goes into its `LogEntry`, which the object's history page
shows; nothing else is stored.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import HttpRequest

Form = Any  # a ModelForm, which takes its model as a parameter for type checkers only


class Audited:
    """For a ModelAdmin: what its history says of an edit."""

    def construct_change_message(
        self, request: HttpRequest, form: Form, formsets: Any, add: bool = False
    ) -> str:
        parts = list(_given(form) if add else _changes(form))
        for formset in formsets or ():
            parts += [f"added “{added}”" for added in formset.new_objects]
            parts += [f"removed “{removed}”" for removed in formset.deleted_objects]
            changed = [made for made, _ in formset.changed_objects]
            parts += [
                f"“{row.instance}”: {', '.join(_changes(row))}" for row in formset.forms if row.instance in changed
            ]
        text = "; ".join(parts) or "saved without a change"
        return f"Added. {text}" if add else f"Changed. {text}"


def _changes(form: Form) -> Iterable[str]:
    for name in form.changed_data:
        if name in form.fields and name != "id":
            old, new = (_words(form.fields[name], values.get(name)) for values in (form.initial, form.cleaned_data))
            yield f"{_label(form, name)}: {old} → {new}"


def _given(form: Form) -> Iterable[str]:
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        if value not in (None, "", [], False):
            yield f"{_label(form, name)}: {_words(field, value)}"


def _label(form: Form, name: str) -> str:
    label = str(form.fields[name].label or name.replace("_", " "))
    return label[:1].upper() + label[1:]


def _words(field: forms.Field, value: Any) -> str:
    """A value as the merchant saw it."""
    if value in (None, "", []):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(field, forms.ModelChoiceField):
        found = value if hasattr(value, "pk") or field.queryset is None else field.queryset.filter(pk=value).first()
        return str(found or f"number {value}, deleted")
    choices = dict(getattr(field, "flatchoices", None) or getattr(field, "choices", None) or ())
    return str(choices.get(value, value))
