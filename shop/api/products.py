"""GET /api/products/ and /api/products/{id}/."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from search.categories import category_tree
from search.recommendations import similar_products
from shop.api import requests, serializers
from shop.api.attributes import attribute_rows
from shop.api.cards import product_cards, searched_cards
from shop.api.categories import category_names
from shop.api.errors import problem
from shop.api.shopper import language_of
from shop.api.variants import variants_of_page
from shop.api.views import PublicView
from shop.catalog.models import Product

MAX_IMAGES = 20
MAX_VARIANTS = 100


class ProductsView(PublicView):
    """Cards of several products, for recently seen ones and comparisons; unknown ids are left out."""

    @extend_schema(
        operation_id="products",
        parameters=[requests.ProductListParams],
        responses={200: serializers.ProductCard(many=True), 400: serializers.Problems},
    )
    def get(self, request: Request) -> Response:
        checked = requests.ProductListParams(data=request.query_params.dict())
        checked.is_valid(raise_exception=True)
        params = checked.validated_data
        return Response(product_cards(list(dict.fromkeys(params["ids"])), language_of(request, params)))


class ProductView(PublicView):
    """Everything about one product, and similar ones."""

    @extend_schema(
        operation_id="product",
        parameters=[requests.LanguageParams],
        responses={200: serializers.ProductDetail, 400: serializers.Problems, 404: serializers.Problems},
    )
    def get(self, request: Request, product_id: int) -> Response:
        checked = requests.LanguageParams(data=request.query_params.dict())
        checked.is_valid(raise_exception=True)
        detail = product_detail(product_id, language_of(request, checked.validated_data))
        if detail is None:
            return problem("product_id", "not_found", f"There is no product {product_id} for sale.", 404)
        return Response(detail)


def product_detail(product_id: int, language: str) -> dict[str, Any] | None:
    """The product page's content, or None when it is not for sale; at most seven queries."""
    product = Product.objects.filter(pk=product_id, is_active=True).first()
    cards = searched_cards(_with_variants(product), language, (), images=MAX_IMAGES) if product else {}
    if product is None or product_id not in cards:
        return None
    own = product.translations.get(language) or {}
    return {
        **cards[product_id][0],
        "description": own.get("description") or product.description,
        "gtin": product.gtin,
        "mpn": product.mpn,
        "attributes": attribute_rows(product.attributes, own.get("attributes") or {}, language),
        "variants": variants_of_page(product_id, dict(sorted(cards.items())), language),
        "breadcrumbs": _breadcrumbs(product.category_id, language),
        "similar": product_cards(similar_products(product_id), language),
    }


def _with_variants(product: Product) -> list[int]:
    """Its id and those of the other products of its group, at most MAX_VARIANTS in all; one SQL query for a group."""
    if not product.item_group:
        return [product.pk]
    others = Product.objects.filter(item_group=product.item_group, is_active=True).exclude(pk=product.pk)
    return [product.pk, *others.order_by("pk").values_list("pk", flat=True)[: MAX_VARIANTS - 1]]


def _breadcrumbs(category_id: int | None, language: str) -> list[dict[str, str]]:
    """From the department down to the product's own category."""
    tree, names = category_tree(), category_names(language)
    slugs = [tree.slug(pk) for pk in tree.path(category_id)]
    return [{"slug": slug, "name": names.get(slug, slug)} for slug in slugs]
