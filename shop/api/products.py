"""GET /api/products/ and /api/products/{id}/."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from search.categories import category_tree
from search.recommendations import similar_products
from shop.api import requests, serializers
from shop.api.cards import attribute_rows, product_cards, product_pictures
from shop.api.categories import category_names
from shop.api.errors import problem
from shop.api.shopper import language_of
from shop.api.views import PublicView
from shop.catalog.models import Product

ALL_IMAGES = 20


class ProductsView(PublicView):
    """Cards of several products, for recently seen ones and comparisons; unknown ids are left out."""

    @extend_schema(
        operation_id="products",
        parameters=[requests.ProductListParams],
        responses={200: serializers.ProductCard(many=True), 400: serializers.Problems},
    )
    def get(self, request: Request) -> Response:
        checked = requests.ProductListParams(data=request.query_params)
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
        checked = requests.LanguageParams(data=request.query_params)
        checked.is_valid(raise_exception=True)
        detail = product_detail(product_id, language_of(request, checked.validated_data))
        if detail is None:
            return problem("product_id", "not_found", f"There is no product {product_id} for sale.", 404)
        return Response(detail)


def product_detail(product_id: int, language: str) -> dict[str, Any] | None:
    """The product page's data, or None when it is not for sale; about six queries."""
    product = Product.objects.filter(pk=product_id, is_active=True).select_related("category").first()
    if product is None:
        return None
    (card,) = product_cards([product_id], language) or [None]
    if card is None:
        return None
    words = product.translations.get(language) or {}
    names = category_names(language)
    tree = category_tree()
    return {
        **card,
        "images": [{**p, "alt": p["alt"] or card["title"]} for p in product_pictures([product_id], ALL_IMAGES)[product_id]],
        "description": words.get("description") or product.description,
        "gtin": product.gtin,
        "mpn": product.mpn,
        "attributes": attribute_rows(product.attributes, words, language),
        "breadcrumbs": [
            {"slug": tree.slug(pk), "name": names.get(tree.slug(pk), tree.slug(pk))}
            for pk in tree.path(product.category_id)
        ],
        "similar": product_cards(similar_products(product_id), language),
    }
