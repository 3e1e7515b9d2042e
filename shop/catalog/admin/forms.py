"""The forms of products, their pictures, and categories."""

import copy
from dataclasses import asdict
from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget, UnfoldBooleanSwitchWidget

from shop.catalog.admin.fields import AttributesField, MoneyField, PictureField
from shop.catalog.models import Category, CategoryImage, Product, ProductImage
from shop.catalog.pictures import StoredPicture
from shop.catalog.tree import category_choices, category_nodes, with_descendants

_CHINESE = ("title_zh", "description_zh", "attributes_zh")
_AS_LINES = "One a line: name: value. Numbers, true, false and lists like [\"a\", \"b\"] are kept as such."


class ProductForm(forms.ModelForm):
    """Prices as money, attributes as lines, the Chinese texts as fields of their own."""

    price_cents = MoneyField(label="Price", help_text="The regular one.")
    sale_price_cents = MoneyField(label="Sale price", required=False, help_text="Empty when it is not on sale.")
    attributes = AttributesField(help_text=_AS_LINES)
    title_zh = forms.CharField(label="Chinese title", max_length=300, required=False, widget=UnfoldAdminTextInputWidget)
    description_zh = forms.CharField(
        label="Chinese description", max_length=10_000, required=False, widget=UnfoldAdminTextareaWidget
    )
    attributes_zh = AttributesField(
        label="Chinese attributes", help_text="Translated values by the attribute's own name, like color: 红色."
    )

    class Meta:
        model = Product
        fields = (
            "sku", "title", "description", "brand", "category", "product_type", "price_cents", "sale_price_cents",
            "stock", "is_active", "attributes", "gtin", "mpn", "item_group", "released_on", "popularity",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chinese = self.instance.translations.get("zh") or {}
        for name in _CHINESE:
            self.initial.setdefault(name, chinese.get(name.removesuffix("_zh")) or "")
        for name in {"stock", "popularity"} & set(self.fields):
            self.fields[name].show_hidden_initial = True  # changed is what differs from what the merchant saw
        if "category" in self.fields:  # a merchant who may only look has no fields
            self.fields["category"].choices = [("", "---------"), *category_choices(category_nodes())]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        price, sale = cleaned.get("price_cents"), cleaned.get("sale_price_cents")
        if price is not None and sale is not None and sale >= price:
            self.add_error("sale_price_cents", "The sale price must be below the price.")
            cleaned["sale_price_cents"] = None  # one message is enough: the model's constraint has its own
        if any(name in self.fields for name in _CHINESE):
            self.instance.translations = self._translations(cleaned)
        return cleaned

    def changed_columns(self) -> set[str]:
        """The columns that the merchant changed; stock that was sold meanwhile must not come back."""
        return {"translations" if name in _CHINESE else name for name in self.changed_data}

    def _translations(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        kept = copy.deepcopy(self.instance.translations)
        chinese = {**(kept.pop("zh", None) or {})}
        chinese.update({name.removesuffix("_zh"): cleaned.get(name) for name in _CHINESE})
        chinese = {name: value for name, value in chinese.items() if value}
        return {**kept, "zh": chinese} if chinese else kept


class ProductImageForm(forms.ModelForm):
    """A picture of a product: an upload, which replaces the one that is there."""

    upload = PictureField(label="File")

    class Meta:
        model = ProductImage
        fields = ("alt", "position")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        picture = cleaned.get("upload")
        if picture is not None:
            _fill(self.instance, picture)
        elif not self.instance.pk and "upload" not in self.errors:
            self.add_error("upload", "Choose a picture.")
        return cleaned


class CategoryForm(forms.ModelForm):
    """A category: its parent must not be below it; the picture is an upload."""

    name_zh = forms.CharField(label="Chinese name", max_length=120, required=False, widget=UnfoldAdminTextInputWidget)
    upload = PictureField(label="New picture")
    alt = forms.CharField(
        label="Picture shows", max_length=255, required=False, widget=UnfoldAdminTextInputWidget,
        help_text="For people who cannot see it.",
    )  # fmt: skip
    remove_picture = forms.BooleanField(required=False, widget=UnfoldBooleanSwitchWidget)

    class Meta:
        model = Category
        fields = ("name", "slug", "parent", "position", "default_layout")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("name_zh", (self.instance.translations.get("zh") or {}).get("name") or "")
        if self.instance.image:
            self.initial.setdefault("alt", self.instance.image.alt)
        if "parent" in self.fields:
            self.fields["parent"].choices = [("", "None: a department"), *category_choices(category_nodes())]

    def clean_parent(self) -> Category | None:
        parent: Category | None = self.cleaned_data["parent"]
        if parent is not None and self.instance.pk in (parent.pk, *_ancestors(parent.pk)):
            reason = f"{parent} is {self.instance} itself, or below it; choose a category that is not."
            raise forms.ValidationError(reason)
        return parent

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kept = {key: dict(words) for key, words in self.instance.translations.items() if key != "zh"}
        chinese = {**(self.instance.translations.get("zh") or {}), "name": cleaned.get("name_zh")}
        chinese = {key: value for key, value in chinese.items() if value}
        self.instance.translations = {**kept, "zh": chinese} if chinese else kept
        return cleaned

    def store_picture(self) -> None:
        """Sets the category's picture from the form; the caller saves the category."""
        picture, alt = self.cleaned_data.get("upload"), self.cleaned_data.get("alt") or ""
        if picture is not None:
            self.instance.image = CategoryImage.objects.create(**asdict(picture), alt=alt)
        elif self.cleaned_data.get("remove_picture"):
            self.instance.image = None
        elif self.instance.image and self.instance.image.alt != alt:
            CategoryImage.objects.filter(pk=self.instance.image_id).update(alt=alt)


def _ancestors(category_id: int) -> list[int]:
    nodes = category_nodes()
    return [node.pk for node in nodes if category_id in with_descendants(node.pk, nodes)]


def _fill(image: ProductImage, picture: StoredPicture) -> None:
    for name, value in asdict(picture).items():
        setattr(image, name, value)
