"""A merchant's browser: signed in to the admin, sends its forms back as it got them, with a few fields changed."""

from typing import Any

from django.contrib.auth.models import Permission, User
from django.forms import BaseForm
from django.http import HttpResponse
from django.test import Client


class Merchant(Client):
    """Signed in as staff who may do everything."""

    def __init__(self) -> None:
        super().__init__()
        self.force_login(User.objects.create_superuser("merchant", password="unlikely words here"))

    def fill_in(self, path: str, **changes: Any) -> HttpResponse:
        """Opens a form and sends it with these fields changed; `a__b` stands for a field `a-b` of an inline."""
        return self.send_form(self.get(path), **changes)

    def send_form(self, page: Any, **changes: Any) -> HttpResponse:
        """Sends the form of an open page, with what was in it when it was opened."""
        assert page.status_code == 200
        form = page.context["adminform"].form
        found = _shown(form)
        for inline in page.context["inline_admin_formsets"]:
            found.update(_shown(inline.formset.management_form))
            for row in inline.formset.initial_forms:
                found.update(_shown(row))
        found.update({name.replace("__", "-"): value for name, value in changes.items()})
        sent = {name: value for name, value in found.items() if value is not None}
        return self.post(page.request["PATH_INFO"], sent)

    def run_action(self, path: str, action: str, objects: Any, **fields: Any) -> HttpResponse:
        """Ticks these objects in a list and runs an action of it."""
        ticked = [str(item.pk) for item in objects]
        return self.post(path, {"action": action, "_selected_action": ticked, **fields}, follow=True)


def staff_who_may(*permissions: str) -> User:
    """A member of staff with only these permissions, by their code names."""
    user = User.objects.create_user(f"staff {' '.join(permissions)}", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def messages(response: Any) -> list[str]:
    """What the page says at its top."""
    return [str(message) for message in response.context["messages"]]


def form_errors(response: Any) -> dict[str, list[str]]:
    """Errors by field of the page's form, which was not accepted; "" has those of the whole form."""
    assert response.status_code == 200
    errors = response.context["adminform"].form.errors
    return {name.replace("__all__", ""): list(found) for name, found in errors.items()}


def inline_errors(response: Any) -> list[dict[str, list[str]]]:
    assert response.status_code == 200
    (inline,) = response.context["inline_admin_formsets"]
    return [{name: list(found) for name, found in errors.items()} for errors in inline.formset.errors]


def _shown(form: BaseForm) -> dict[str, Any]:
    """What a browser would send without a change: no files, no unticked boxes."""
    found = {}
    for bound in form:
        value = bound.value()
        if value is None or value is False or hasattr(bound.field, "allow_empty_file"):
            continue
        found[bound.html_name] = "on" if value is True else str(getattr(value, "pk", value))
        if bound.field.show_hidden_initial:
            found[bound.html_initial_name] = found[bound.html_name]
    return found
