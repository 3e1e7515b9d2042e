"""Form fields as merchants think: money instead of cents, attributes as lines, pictures that are checked."""

import re
from decimal import Decimal
from typing import Any

import orjson
from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from shop.catalog.pictures import MAX_BYTES, PictureRefused, StoredPicture, store_upload

MAX_PRICE = Decimal("21474836.47")
MAX_KEY = 80
MAX_ATTRIBUTES = 500
_PLAIN = re.compile(r'[^\s"\[{][^\n]*')


class MoneyField(forms.DecimalField):
    """Cents in the database, an amount with two decimals in the form; a comma is a decimal point, too."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "suffix": settings.STORE_CURRENCY, "autocomplete": "off"}
        limits = {"min_value": Decimal(0), "max_value": MAX_PRICE, "decimal_places": 2}
        super().__init__(**{**limits, "widget": UnfoldAdminTextInputWidget(attrs), **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return f"{value // 100}.{value % 100:02d}" if isinstance(value, int) else value

    def to_python(self, value: Any) -> Decimal | None:
        written = str(value or "").strip()
        return super().to_python(written.replace(",", ".") if "." not in written else written)

    def clean(self, value: Any) -> Any:
        amount = super().clean(value)
        return None if amount is None else int(amount * 100)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data) != initial)
        except forms.ValidationError:
            return True


class AttributesField(forms.CharField):
    """A JSON object as lines `name: value`. Values that JSON knows (numbers, true, lists) are that, all others text."""

    def __init__(self, **kwargs: Any) -> None:
        widget = UnfoldAdminTextareaWidget({"rows": 8, "spellcheck": "false", "class": "font-mono"})
        super().__init__(**{"required": False, "widget": widget, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value or ""
        return "\n".join(f"{_key(key)}: {_written(item)}" for key, item in value.items())

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        found: dict[str, Any] = {}
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                key, item = _attribute(line.strip(), number)
                if key in found:
                    raise forms.ValidationError(f"Line {number}: {key} is there twice.")
                found[key] = item
        if len(found) > MAX_ATTRIBUTES:
            raise forms.ValidationError(f"There are {len(found)} lines; the most is {MAX_ATTRIBUTES}.")
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data) != (initial or {}))
        except forms.ValidationError:
            return True


def _key(key: str) -> str:
    return orjson.dumps(key).decode() if ":" in key or key.startswith('"') or key != key.strip() else key


def _written(item: Any) -> str:
    """The value so that `_value` reads the same."""
    if isinstance(item, str) and _PLAIN.fullmatch(item) and item == item.strip() and _value(item) == item:
        return item
    return orjson.dumps(item).decode()


def _attribute(line: str, number: int) -> tuple[str, Any]:
    quoted = re.match(r'("(?:[^"\\]|\\.)*")\s*:', line)
    key, mark, rest = (quoted.group(1), ":", line[quoted.end() :]) if quoted else line.partition(":")
    if quoted:
        try:
            key = orjson.loads(key)
        except orjson.JSONDecodeError:
            raise forms.ValidationError(f"Line {number}: {key} is not closed properly.") from None
    key, rest = key.strip(), rest.strip()
    if not mark or not key or not rest:
        raise forms.ValidationError(f"Line {number}: write it as name: value, like “color: red”.")
    if len(key) > MAX_KEY:
        raise forms.ValidationError(f"Line {number}: the name has {len(key)} characters; the most is {MAX_KEY}.")
    item = _value(rest)
    if isinstance(item, dict) or (isinstance(item, list) and any(isinstance(part, list | dict) for part in item)):
        raise forms.ValidationError(f"Line {number}: a value is text, a number, true or false, or a list of these.")
    if item is None or item == []:
        raise forms.ValidationError(f"Line {number}: the value is empty; remove the line.")
    if "\\u0000" in rest:
        raise forms.ValidationError(f"Line {number}: a null character cannot be stored.")
    return key, item


def _value(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


class PictureField(forms.FileField):
    """An upload that is a picture; its clean value is the StoredPicture, or None."""

    def __init__(self, **kwargs: Any) -> None:
        accepted = "image/jpeg,image/png,image/webp,image/avif,image/gif"
        help_text = f"JPEG, PNG, WebP, AVIF or GIF, at most {MAX_BYTES // 1024 // 1024} MB."
        widget = UnfoldAdminFileFieldWidget({"accept": accepted})
        super().__init__(**{"required": False, "widget": widget, "help_text": help_text, **kwargs})

    def clean(self, data: Any, initial: Any = None) -> StoredPicture | None:
        upload = super().clean(data, initial)
        if not isinstance(upload, UploadedFile):
            return None
        try:
            return store_upload(upload.read(), upload.name or "The file")
        except PictureRefused as refused:
            raise forms.ValidationError(str(refused)) from None
