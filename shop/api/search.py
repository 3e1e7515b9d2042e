"""GET /api/search/ and /api/suggestions/."""

import math
import time
from dataclasses import asdict
from typing import Any

import orjson
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from search.event_log import log_query
from search.facets import Facet
from search.pipeline import Hit, SearchResults, search_products
from search.suggestions import suggest
from shop.api import requests, serializers
from shop.api.cards import product_cards
from shop.api.categories import category_names
from shop.api.errors import problem
from shop.api.shopper import client_id_of, language_of, remember_client, user_id_of
from shop.api.views import PublicView
from shop.catalog.labels import facet_label

NOTICES = {"zh": {"words_only": "目前只按字词搜索:语言模型暂时不可用。"}, "en": {"words_only": "Searching by words only: the language model is not available right now."}}


class SearchView(PublicView):
    """Products that match what a shopper means, with true totals and facet counts."""

    @extend_schema(
        operation_id="search",
        parameters=[requests.SearchParams],
        responses={200: serializers.SearchResponse, 400: serializers.Problems},
    )
    def get(self, request: Request) -> Response | HttpResponse:
        started = time.perf_counter()
        checked = requests.SearchParams(data=_lists(request))
        checked.is_valid(raise_exception=True)
        params = checked.validated_data
        results = search_products(
            params["q"],
            filters=checked.filters(),
            sort=params["sort"],
            page=params["page"],
            page_size=params["page_size"],
        )
        pages = max(1, math.ceil(results.total / results.page_size))
        if results.page > pages:
            return problem("page", "past_the_end", f"There is no page {results.page}; the last one is {pages}.")
        return _respond(request, params, results, pages, started)


class SuggestionsView(PublicView):
    """What to offer while a shopper types."""

    @extend_schema(
        operation_id="suggestions",
        parameters=[requests.SuggestionParams],
        responses={200: serializers.Suggestions, 400: serializers.Problems},
    )
    def get(self, request: Request) -> Response:
        checked = requests.SuggestionParams(data=request.query_params)
        checked.is_valid(raise_exception=True)
        params = checked.validated_data
        language = language_of(request, params)
        found = suggest(params["q"], language=language)
        cards = {card["id"]: card for card in product_cards([s.product_id for s in found if s.product_id], language)}
        rows: list[dict[str, Any]] = []
        for suggestion in found:
            row: dict[str, Any] = {"kind": suggestion.kind, "text": suggestion.text}
            if suggestion.slug:
                row["slug"] = suggestion.slug
            card = cards.get(suggestion.product_id or 0)
            if card:
                row["product"] = _mini(card)
            rows.append(row)
        return Response({"query": params["q"], "suggestions": rows})


def _lists(request: Request) -> dict[str, Any]:
    """Query parameters with the repeated ones as lists."""
    return {
        name: values if name in {"brand", "attr"} else values[-1] for name, values in request.query_params.lists()
    }


def _respond(
    request: Request, params: dict[str, Any], results: SearchResults, pages: int, started: float
) -> HttpResponse:
    """Cards, labels and the log; a plain response with orjson, which is faster than DRF's renderer."""
    language = language_of(request, params)
    searched = time.perf_counter()
    body = search_body(results, pages, language)
    client_id = client_id_of(request)
    took_ms = (time.perf_counter() - started) * 1000
    query_id = log_query(
        query=params["q"],
        client_id=client_id,
        user_id=user_id_of(request._request),
        language=language,
        filters={name: params[name] for name in _FILTERS if params.get(name)},
        sort=results.sort,
        mode=results.mode,
        version_id=results.version_id,
        total=results.total,
        first_position=(results.page - 1) * results.page_size + 1,
        product_ids=[hit.product_id for hit in (*results.hits, *results.related)],
        took_ms=took_ms,
    )
    body = {"query_id": str(query_id), **body}
    stages = {**results.timings_ms, "cards": (time.perf_counter() - searched) * 1000}
    if params["explain"]:
        body["explain"] = {
            "timings_ms": {name: round(ms, 3) for name, ms in stages.items()},
            "hits": [asdict(hit) for hit in results.hits],
            "version_id": results.version_id,
        }
    response = HttpResponse(orjson.dumps(body), content_type="application/json")
    response["Server-Timing"] = ", ".join(f"{name};dur={ms:.2f}" for name, ms in stages.items())
    response["Cache-Control"] = "no-store"
    return remember_client(request, response, client_id)  # type: ignore[arg-type,return-value]


_FILTERS = ("category", "brand", "price_min", "price_max", "rating", "in_stock", "attr")


def search_body(results: SearchResults, pages: int, language: str) -> dict[str, Any]:
    """The response without its query_id."""
    shown = (*results.hits, *results.related)
    cards = {card["id"]: card for card in product_cards([hit.product_id for hit in shown], language)}
    names = category_names(language)
    return {
        "query": results.query,
        "mode": results.mode,
        "interpreted": {"query": results.query, "corrected_from": None},
        "total": results.total,
        "page": results.page,
        "page_size": results.page_size,
        "pages": pages,
        "sort": results.sort,
        "facets": [_facet(facet, names, language) for facet in results.facets],
        "hits": _hits(results.hits, cards),
        "related": _hits(results.related, cards),
        "notice": NOTICES[language].get(results.notice or ""),
    }


def _hits(hits: tuple[Hit, ...], cards: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    """A product deleted since the candidates were found is left out."""
    return [
        {"position": hit.position, "product": cards[hit.product_id], "why": hit.why}
        for hit in hits
        if hit.product_id in cards
    ]


def _facet(facet: Facet, names: dict[str, str], language: str) -> dict[str, Any]:
    return {
        "key": facet.key,
        "label": facet_label(facet.key, language),
        "kind": facet.kind,
        "values": [
            {
                "value": value.value,
                "label": names.get(value.value, value.value) if facet.kind == "category" else value.value,
                "count": value.count,
                "selected": value.selected,
                "min_cents": value.min_cents,
                "max_cents": value.max_cents,
            }
            for value in facet.values
        ],
        "min_cents": facet.min_cents,
        "max_cents": facet.max_cents,
    }


def _mini(card: dict[str, Any]) -> dict[str, Any]:
    names = ("id", "title", "price_cents", "sale_price_cents", "currency")
    return {**{name: card[name] for name in names}, "image": card["images"][0] if card["images"] else None}
