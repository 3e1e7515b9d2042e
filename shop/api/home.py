"""GET /api/home/: departments, and rows of popular, new and reduced products from all over the store."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.db.models import F, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from search.categories import category_tree
from search.item_groups import first_of_groups
from shop.api import requests, serializers
from shop.api.cards import NEW_FOR_DAYS, product_cards
from shop.api.categories import category_forest
from shop.api.memory import remembered
from shop.api.shopper import language_of
from shop.api.views import PublicView
from shop.catalog.models import Product

MAX_AGE_S = 60
ROW = 12  # products in a row of the home page
PER_DEPARTMENT = 2
CONSIDERED = 500  # products a row is chosen from


class HomeView(PublicView):
    """What the home page shows."""

    @extend_schema(
        operation_id="home",
        parameters=[requests.LanguageParams],
        responses={200: serializers.Home, 400: serializers.Problems},
    )
    def get(self, request: Request) -> Response:
        checked = requests.LanguageParams(data=request.query_params.dict())
        checked.is_valid(raise_exception=True)
        return Response(home_page(language_of(request, checked.validated_data)))


@remembered(MAX_AGE_S)
def home_page(language: str) -> dict[str, Any]:
    """Departments and three rows of cards; a row may be empty."""
    today = date.today()
    sold = Product.objects.filter(is_active=True, stock__gt=0)
    recent = sold.filter(released_on__gt=today - timedelta(days=NEW_FOR_DAYS), released_on__lte=today)
    percent_off = (F("price_cents") - F("sale_price_cents")) * 100.0 / F("price_cents")
    reduced = sold.filter(sale_price_cents__isnull=False).annotate(percent_off=percent_off)
    return {
        "departments": [{**root, "children": []} for root in category_forest(language) if root["count"]],
        "popular": _row(sold.order_by("-popularity", "id"), language),
        "new": _row(recent.order_by("-released_on", "-popularity", "id"), language),
        "deals": _row(reduced.order_by("-percent_off", "-popularity", "id"), language),
    }


def _row(products: QuerySet[Product], language: str) -> list[dict[str, Any]]:
    found = list(products.values_list("pk", "category_id", "item_group")[:CONSIDERED])
    categories = {pk: category_id for pk, category_id, _ in found}
    singles = first_of_groups((pk, group) for pk, _, group in found)
    return product_cards(varied([(pk, categories[pk]) for pk in singles]), language)


def varied(products: list[tuple[int, int | None]]) -> list[int]:
    """At most ROW ids from (id, category id) pairs: PER_DEPARTMENT of each department first, then the rest."""
    tree = category_tree()
    shown: Counter[int | None] = Counter()
    chosen, rest = [], []
    for pk, category_id in products:
        department = next(iter(tree.path(category_id)), None)
        shown[department] += 1
        (chosen if shown[department] <= PER_DEPARTMENT else rest).append(pk)
    return (chosen + rest)[:ROW]
