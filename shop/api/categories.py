"""GET /api/categories/ and /api/home/; kept in memory for a moment, because every visit asks for them."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from shop.api import requests, serializers
from shop.api.cards import NEW_FOR_DAYS, picture, product_cards
from shop.api.shopper import language_of
from shop.api.views import PublicView
from shop.catalog.labels import translated
from shop.catalog.models import Category, Product

MAX_AGE_S = 30.0
ROW = 12  # products in a row of the home page
PER_DEPARTMENT = 2

_cache: dict[tuple[str, str], tuple[float, Any]] = {}


def remembered(name: str, language: str, make: Callable[[str], Any]) -> Any:
    """The value, made anew when it is older than MAX_AGE_S."""
    made_at, value = _cache.get((name, language), (-MAX_AGE_S, None))
    if time.monotonic() - made_at >= MAX_AGE_S:
        value = make(language)
        _cache[name, language] = (time.monotonic(), value)
    return value


def forget() -> None:
    """Makes everything anew at the next request: for tests."""
    _cache.clear()


class CategoriesView(PublicView):
    """The category tree with product counts."""

    @extend_schema(
        operation_id="categories",
        parameters=[requests.LanguageParams],
        responses={200: serializers.Category(many=True), 400: serializers.Problems},
    )
    def get(self, request: Request) -> Response:
        checked = requests.LanguageParams(data=request.query_params)
        checked.is_valid(raise_exception=True)
        return Response(remembered("tree", language_of(request, checked.validated_data), category_forest))


class HomeView(PublicView):
    """What the home page shows."""

    @extend_schema(
        operation_id="home",
        parameters=[requests.LanguageParams],
        responses={200: serializers.Home, 400: serializers.Problems},
    )
    def get(self, request: Request) -> Response:
        checked = requests.LanguageParams(data=request.query_params)
        checked.is_valid(raise_exception=True)
        return Response(remembered("home", language_of(request, checked.validated_data), home_page))


def category_forest(language: str) -> list[dict[str, Any]]:
    """Departments with their descendants; counts include descendants. Two queries."""
    own = dict(
        Product.objects.filter(is_active=True).values_list("category").annotate(Count("id")).order_by()
    )
    children: dict[int | None, list[Category]] = defaultdict(list)
    for category in Category.objects.select_related("image").order_by("position", "name"):
        children[category.parent_id].append(category)

    def node(category: Category) -> dict[str, Any]:
        below = [node(child) for child in children[category.pk]]
        return {
            "slug": category.slug,
            "name": translated(category.translations, "name", category.name, language),
            "count": own.get(category.pk, 0) + sum(child["count"] for child in below),
            "image": picture(vars(category.image)) if category.image else None,
            "default_layout": category.default_layout,
            "children": below,
        }

    return [node(root) for root in children[None]]


def category_names(language: str) -> dict[str, str]:
    """Names by slug."""

    def make(wanted: str) -> dict[str, str]:
        rows = Category.objects.values_list("slug", "name", "translations")
        return {slug: translated(words, "name", name, wanted) for slug, name, words in rows}

    names: dict[str, str] = remembered("names", language, make)
    return names


def home_page(language: str) -> dict[str, Any]:
    forest = remembered("tree", language, category_forest)
    sold = Product.objects.filter(is_active=True, stock__gt=0)
    recent = sold.filter(released_on__gte=date.today() - timedelta(days=NEW_FOR_DAYS), released_on__lte=date.today())
    off = (F("price_cents") - F("sale_price_cents")) * 100 / F("price_cents")
    deals = sold.filter(sale_price_cents__isnull=False).annotate(off=off)
    return {
        "departments": [{**root, "children": []} for root in forest if root["count"]],
        "popular": product_cards(_varied(sold.order_by("-popularity", "id")), language),
        "new": product_cards(_varied(recent.order_by("-released_on", "-popularity", "id")), language),
        "deals": product_cards(_varied(deals.filter(~Q(off=0)).order_by("-off", "-popularity", "id")), language),
    }


def _varied(products: Any) -> list[int]:
    """The first ROW ids with at most PER_DEPARTMENT of one department, so that a row is worth scrolling."""
    parents = dict(Category.objects.values_list("pk", "parent_id"))
    seen: Counter[int | None] = Counter()
    ids = []
    for pk, category_id in products.values_list("pk", "category_id")[: ROW * 40]:
        root = category_id
        while parents.get(root) is not None:
            root = parents[root]
        seen[root] += 1
        if seen[root] <= PER_DEPARTMENT or root is None:
            ids.append(pk)
    return ids[:ROW]
