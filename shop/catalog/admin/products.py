"""Products in the admin."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.filters.admin import BooleanRadioFilter, FieldTextFilter
from unfold.decorators import action, display

from search.index import product_text_of
from search.lexical_index import remove_documents
from search.models import ProductEmbedding
from shop.catalog.admin.actions import BulkActions
from shop.catalog.admin.filters import CategoryFilter, FreshnessFilter, SaleFilter, StockFilter
from shop.catalog.admin.forms import ProductForm, ProductImageForm
from shop.catalog.admin.freshness import COLORS, STATES, with_freshness
from shop.catalog.admin.pictures import picture_address, with_thumbnail
from shop.catalog.admin.proposed_variants import ProposedVariants
from shop.catalog.admin.why import why_page
from shop.catalog.labels import money
from shop.catalog.models import Product, ProductImage
from tasks.embeddings import embed_stale_products
from tasks.pictures import warm_renditions

SHOWN = (
    "title", "sku", "brand", "category", "description", "price", "sale_price", "stock", "active", "attributes",
    "translations", "gtin", "mpn", "product_type", "item_group", "released_on", "rating", "index_state",
    "indexed_words",
)  # fmt: skip


class ProductImageInline(TabularInline):
    model = ProductImage
    form = ProductImageForm
    fields = ("preview", "upload", "alt", "position")
    readonly_fields = ("preview",)
    extra = 0
    hide_title = True
    ordering_field = "position"  # rows can be dragged
    verbose_name = "picture"
    verbose_name_plural = "pictures"

    @display(description="Picture")
    def preview(self, image: ProductImage) -> str:
        if not image.checksum:
            return "New"
        template = '<img src="{}" alt="{}" width="96" height="96" style="object-fit:contain;border-radius:6px">'
        return format_html(template, picture_address(image.checksum), image.alt)


@admin.register(Product)
class ProductAdmin(BulkActions, ProposedVariants, ModelAdmin):
    form = ProductForm
    inlines = (ProductImageInline,)
    list_display = (
        "product", "brand", "category", "price", "sale_price", "stock", "active", "search_index",
    )  # fmt: skip
    list_display_links = ("product",)
    list_filter = (
        ("is_active", BooleanRadioFilter), CategoryFilter, ("brand", FieldTextFilter), StockFilter, SaleFilter,
        FreshnessFilter,
    )  # fmt: skip
    list_filter_submit = True
    list_per_page = 50
    list_select_related = ("category",)
    show_full_result_count = False  # one count less; the paginator has the filtered one
    search_fields = ("title", "sku", "gtin", "mpn", "brand")
    search_help_text = "Title, SKU, GTIN, MPN or brand"
    ordering = ("-updated_at", "-id")
    actions = (
        "change_price", "put_on_sale", "end_sale", "set_stock", "activate", "deactivate", "embed_again",
    )  # fmt: skip
    actions_list = ("proposed_variants",)
    actions_detail = ("how_found",)
    readonly_fields = ("index_state", "indexed_words", "rating", "created_at", "updated_at")
    fieldsets = (
        (None, {"fields": ("title", "sku", "brand", "category", "description", "is_active")}),
        ("Price and stock", {"fields": (("price_cents", "sale_price_cents"), "stock")}),
        ("Attributes", {"fields": ("attributes",)}),
        ("Chinese", {"fields": ("title_zh", "description_zh", "attributes_zh"), "classes": ("collapse",)}),
        (
            "Numbers and dates",
            {"fields": (("gtin", "mpn"), "product_type", "item_group", "released_on", "popularity")},
        ),
        ("Search", {"fields": ("index_state", "indexed_words", "rating", ("created_at", "updated_at"))}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Product | None = None) -> Any:
        """Who may only look sees money as well, not the cents of the columns."""
        if obj is None or self.has_change_permission(request, obj):
            return super().get_fieldsets(request, obj)
        return ((None, {"fields": SHOWN}),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        pictures = ProductImage.objects.filter(product=OuterRef("pk")).order_by("position", "id")
        products = super().get_queryset(request).annotate(picture=Subquery(pictures.values("checksum")[:1]))
        return with_freshness(products)

    @display(description="Product", ordering="title")
    def product(self, product: Any) -> SafeString:
        return with_thumbnail(product.picture or "", product.title, product.sku)

    @display(description="Price", ordering="price_cents")
    def price(self, product: Product) -> str:
        return money(product.price_cents, settings.STORE_CURRENCY)

    @display(description="Sale price", ordering="sale_price_cents")
    def sale_price(self, product: Product) -> str:
        return "" if product.sale_price_cents is None else money(product.sale_price_cents, settings.STORE_CURRENCY)

    @display(description="Active", ordering="is_active", boolean=True)
    def active(self, product: Product) -> bool:
        return product.is_active

    @display(description="Search index", label=COLORS)
    def search_index(self, product: Any) -> str:
        return str(product.freshness)

    @display(description="Search index")
    def index_state(self, product: Any) -> str:
        if product.pk is None:
            return "Indexed a moment after it is saved."
        embedding = ProductEmbedding.objects.filter(product=product, version__is_active=True).select_related("version")
        state = dict(STATES).get(product.freshness, "Not for sale: search leaves it out")
        found = embedding.first()
        if found is None:
            return f"{state}."
        return f"{state}. Embedded {found.embedded_at:%Y-%m-%d %H:%M:%S %Z} by {found.version}."

    @display(description="Words that are indexed")
    def indexed_words(self, product: Product) -> SafeString | str:
        if product.pk is None:
            return "-"
        views = product_text_of(product.pk).views()
        return format_html_join("", "<p style='margin-bottom:.5rem'>{}</p>", ((view,) for view in views))

    @display(description="Rating")
    def rating(self, product: Product) -> str:
        return f"{product.rating_average} of 5 ({product.rating_count} ratings)" if product.rating_count else "None yet"

    @action(description="How is this product found?", url_path="how-found", icon="help", permissions=["view"])
    def how_found(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Its position for a query, and why; or why it is not found."""
        return why_page(request, self, product_id=object_id)

    def view_on_site(self, product: Product) -> str:
        return f"/product/{product.pk}"

    def save_model(self, request: HttpRequest, product: Product, form: Any, change: bool) -> None:
        """An edit writes the changed columns only: an order may have taken stock since the form was opened."""
        product.save(update_fields=[*form.changed_columns(), "updated_at"] if change else None)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        embed_stale_products.delay_on_commit()
        if any(formset.new_objects or formset.changed_objects for formset in formsets):
            warm_renditions.delay_on_commit()

    def delete_model(self, request: HttpRequest, product: Product) -> None:
        remove_documents([product.pk])
        super().delete_model(request, product)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> None:
        ids = list(queryset.order_by().values_list("pk", flat=True))
        remove_documents(ids)
        Product.objects.filter(pk__in=ids).delete()

    def get_deleted_objects(self, products: Sequence[Product], request: HttpRequest) -> Any:
        """Only the products by name: what belongs to them (pictures, index rows, lines of carts) goes with them."""
        titles = [str(product) for product in products]
        perms = set() if self.has_delete_permission(request) else {"product"}
        return titles, {"products": len(titles)}, perms, []
