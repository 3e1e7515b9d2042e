"""Categories in the admin, as the tree that they are."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, F, Func, IntegerField, OrderBy, Value
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import display

from shop.catalog.admin.forms import CategoryForm
from shop.catalog.admin.pictures import picture_address, with_thumbnail
from shop.catalog.models import Category, Product
from shop.catalog.tree import category_nodes, product_counts
from tasks.embeddings import embed_stale_products


@admin.register(Category)
class CategoryAdmin(ModelAdmin):
    form = CategoryForm
    list_display = ("indented_name", "products", "slug", "default_layout", "position")
    list_per_page = 200
    list_select_related = ("image",)
    show_full_result_count = False
    sortable_by = ()  # a tree has one order
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    readonly_fields = ("picture",)
    fieldsets = (
        (None, {"fields": ("name", "name_zh", "slug", "parent", "position", "default_layout")}),
        ("Picture", {"fields": ("picture", "upload", "alt", "remove_picture")}),
    )

    def get_ordering(self, request: HttpRequest) -> list[OrderBy]:
        """Parents before their children, as shoppers see them. One SQL query."""
        ids = Value([node.pk for node in category_nodes()], output_field=ArrayField(BigIntegerField()))
        return [Func(ids, F("id"), function="array_position", output_field=IntegerField()).asc()]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list's rows with their depth and the number of their products, in two SQL queries for all of them."""
        changelist = super().get_changelist_instance(request)
        nodes = category_nodes()
        depths, counts = {node.pk: node.depth for node in nodes}, product_counts(nodes)
        for category in changelist.result_list:
            category.depth, category.product_count = depths[category.pk], counts[category.pk]
        return changelist

    @display(description="Name")
    def indented_name(self, category: Any) -> SafeString:
        indent = f"{category.depth * 1.5}rem"
        checksum = category.image.checksum if category.image else ""
        return format_html('<div style="padding-left:{}">{}</div>', indent, with_thumbnail(checksum, category.name))

    @display(description="Products")
    def products(self, category: Any) -> str:
        address = f"{reverse('admin:catalog_product_changelist')}?in_category={category.pk}"
        return format_html('<a href="{}">{}</a>', address, f"{category.product_count:,}")

    @display(description="Picture")
    def picture(self, category: Category) -> str:
        if not category.image:
            return "None yet"
        template = '<img src="{}" alt="{}" width="120" style="border-radius:6px">'
        return format_html(template, picture_address(category.image.checksum), category.image.alt)

    def view_on_site(self, category: Category) -> str:
        return f"/category/{category.slug}"

    def save_model(self, request: HttpRequest, category: Category, form: Any, change: bool) -> None:
        """A name is among the words of the category's products: a new one makes them stale."""
        form.store_picture()
        super().save_model(request, category, form, change)
        if change and "name" in form.changed_data:
            Product.objects.filter(category=category).update(updated_at=timezone.now())
            embed_stale_products.delay_on_commit()

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """No deleting of many: each is checked on its own page."""
        return {}

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Deletes a category that nothing is in; else says what is in the way."""
        category = self.get_object(request, object_id)
        reason = _in_the_way(category) if isinstance(category, Category) else ""
        if reason:
            messages.error(request, f"{category} was not deleted: {reason}")
            return HttpResponseRedirect(reverse("admin:catalog_category_change", args=[object_id]))
        return super().delete_view(request, object_id, extra_context)


def _in_the_way(category: Category) -> str:
    children, products = category.children.count(), category.products.count()
    if children:
        return f"{children} categories are below it. Move or delete them first."
    if products:
        return f"{products:,} products are in it. Move them to another category first."
    return ""
