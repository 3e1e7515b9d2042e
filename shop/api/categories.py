"""GET /api/categories/: the tree of departments and product types."""

from collections import defaultdict
from typing import Any

from django.db.models import Count, Q
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from shop.api import requests, serializers
from shop.api.cards import picture
from shop.api.layouts import inherited_layouts
from shop.api.memory import remembered
from shop.api.shopper import language_of
from shop.api.views import PublicView
from shop.catalog.labels import translated
from shop.catalog.models import Category, Product, ProductImage

MAX_AGE_S = 60


class CategoriesView(PublicView):
    """The category tree with product counts."""

    @extend_schema(
        operation_id="categories",
        parameters=[requests.LanguageParams],
        responses={200: serializers.Category(many=True), 400: serializers.Problems},
    )
    def get(self, request: Request) -> Response:
        checked = requests.LanguageParams(data=request.query_params.dict())
        checked.is_valid(raise_exception=True)
        return Response(category_forest(language_of(request, checked.validated_data)))


@remembered(MAX_AGE_S)
def category_forest(language: str) -> list[dict[str, Any]]:
    """Departments with their descendants; counts include descendants. Two or three queries."""
    has_variants = ~Q(item_group="")  # which are one result together: search/item_groups.py
    hits = Count("id", filter=~has_variants) + Count("item_group", filter=has_variants, distinct=True)
    own = dict(Product.objects.filter(is_active=True).values_list("category").annotate(hits=hits).order_by())
    children: dict[int | None, list[Category]] = defaultdict(list)
    categories = Category.objects.select_related("image").order_by("position", "name")
    for category in categories:
        children[category.parent_id].append(category)
    layouts = inherited_layouts(categories)
    borrowed = _product_pictures() if any(category.image is None for category in categories) else {}

    def node(category: Category) -> dict[str, Any]:
        below = [node(child) for child in children[category.pk]]
        name = translated(category.translations, "name", category.name, language)
        image = vars(category.image) if category.image else borrowed.get(category.pk)
        largest = max(below, key=lambda child: child["count"], default={"image": None})
        return {
            "slug": category.slug,
            "name": name,
            "count": own.get(category.pk, 0) + sum(child["count"] for child in below),
            "image": picture({**image, "alt": ""}, name) if image else largest["image"],
            "default_layout": layouts[category.slug],
            "children": below,
        }

    return [node(root) for root in children[None]]


@remembered(MAX_AGE_S)
def category_names(language: str) -> dict[str, str]:
    """Names by slug."""
    rows = Category.objects.values_list("slug", "name", "translations")
    return {slug: translated(words, "name", name, language) for slug, name, words in rows}


def _product_pictures() -> dict[int, dict[str, Any]]:
    """For each category a picture of its most popular product that has one: for categories without their own."""
    rows = (
        ProductImage.objects.filter(product__is_active=True, product__category__isnull=False)
        .order_by("product__category_id", "-product__popularity", "product_id", "position", "id")
        .distinct("product__category_id")
        .values("product__category_id", "checksum", "width", "height", "color")
    )
    return {row["product__category_id"]: row for row in rows}
