"""GET /api/suggestions/: what to offer while a shopper types."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from search.suggested_names import Suggestion
from search.suggestions import suggest
from shop.api import requests, serializers
from shop.api.cards import product_cards
from shop.api.categories import category_names
from shop.api.shopper import language_of
from shop.api.views import PublicView

_SHOWN = ("id", "title", "price_cents", "sale_price_cents", "currency")


class SuggestionsView(PublicView):
    """At most eight: queries (in departments, too), categories, types, brands, products; popular for an empty text."""

    @extend_schema(
        operation_id="suggestions",
        parameters=[requests.SuggestionParams],
        responses={200: serializers.Suggestions, 400: serializers.Problems},
    )
    def get(self, request: Request) -> Response:
        checked = requests.SuggestionParams(data=request.query_params.dict())
        checked.is_valid(raise_exception=True)
        params = checked.validated_data
        language = language_of(request, params)
        return Response({"query": params["q"], "suggestions": _rows(suggest(params["q"], language=language), language)})


def _rows(suggestions: list[Suggestion], language: str) -> list[dict[str, Any]]:
    """With the products' pictures and prices; one query, none without products."""
    ids = [suggestion.product_id for suggestion in suggestions if suggestion.product_id is not None]
    cards = {card["id"]: card for card in product_cards(ids, language, images=1)}
    rows = []
    for suggestion in suggestions:
        row: dict[str, Any] = {"kind": suggestion.kind, "text": suggestion.text}
        if suggestion.slug is not None:
            row["slug"] = suggestion.slug
        if suggestion.kind == "department":
            row["department"] = category_names(language).get(suggestion.slug or "", suggestion.slug)
        if suggestion.read_as is not None:
            row["read_as"] = suggestion.read_as
        if suggestion.product_id is not None:
            card = cards.get(suggestion.product_id)
            if card is None:  # no longer for sale
                continue
            row["product"] = {
                **{name: card[name] for name in _SHOWN},
                "image": next(iter(card["images"]), None),
            }
        rows.append(row)
    return rows
