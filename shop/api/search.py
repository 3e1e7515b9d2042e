"""GET /api/search/: products that match what a shopper means."""

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from search.dropping import Drop, drops
from search.event_log import REDIRECTED, log_query
from search.hits import Hit
from search.interleaving import interleaved
from search.pipeline import SearchResults, search_products
from search.swaps import swaps
from shop.api import requests, serializers
from shop.api.cards import SearchedCards, searched_cards
from shop.api.constraints import interpreted_body
from shop.api.drops import drops_body
from shop.api.errors import problem
from shop.api.explain import explanation_body
from shop.api.facets import labelled_facets
from shop.api.layouts import usual_layout
from shop.api.shopper import client_id_of, language_of, remember_client, user_id_of
from shop.api.variants import variants_of_hit
from shop.api.views import PrivateView
from shop.api.why import told_words, why_lines

NOTICES = {
    "words_only": {
        "en": "Searching by words only: the language model is not available right now.",
        "zh": "目前只按字词搜索:语言模型暂时不可用。",
    }
}
_REPEATED = {"brand", "attr"}
_PARAMS = requests.SearchParams()  # one for all: run_validation keeps nothing, and making one takes a millisecond
_LOGGED_FILTERS = ("category", "brand", "price_min", "price_max", "rating", "in_stock", "attr")


class SearchView(PrivateView):
    """Products that match, with true totals and facet counts; without `q`, everything, most popular first."""

    @extend_schema(
        operation_id="search",
        parameters=[requests.SearchParams],
        responses={200: serializers.SearchResponse, 400: serializers.Problems},
    )
    def get(self, request: Request) -> Response:
        started = time.perf_counter()
        given = request.query_params.lists()
        asked = _PARAMS.run_validation({k: v if k in _REPEATED else v[-1] for k, v in given})
        page = {name: asked[name] for name in ("sort", "page", "page_size", "verbatim")}
        filters = requests.filters_of(asked)
        client_id = client_id_of(request)
        search = search_products if asked["explain"] else partial(interleaved, client_id=client_id)
        results = search(asked["q"], filters=filters, **page)
        if results.page > _pages(results):
            return _past_the_end(results)
        offered = drops(results, filters, verbatim=asked["verbatim"])
        return _respond(request, client_id, asked, results, offered, started)


def _respond(
    request: Request,
    client_id: UUID,
    asked: dict[str, Any],
    results: SearchResults,
    offered: Sequence[Drop],
    started: float,
) -> Response:
    """The page of hits, logged."""
    language = language_of(request, asked)
    results, swapped_at = (results, None) if asked["explain"] else swaps.applied(results)
    searched = time.perf_counter()
    body = search_body(results, language, offered)
    timings_ms = {**results.timings_ms, "cards": (time.perf_counter() - searched) * 1000}
    query_id = log_query(
        query=asked["q"],
        client_id=client_id,
        user_id=user_id_of(request),
        language=language,
        filters={name: asked[name] for name in _LOGGED_FILTERS if asked.get(name)},
        sort=results.sort,
        mode=REDIRECTED if results.redirect else results.mode,
        version_id=results.version_id,
        total=results.total,
        first_position=(results.page - 1) * results.page_size + 1,
        product_ids=_shown(results),
        took_ms=(time.perf_counter() - started) * 1000,
        swapped_at=swapped_at,
        test_id=results.test_id,
        teams=results.teams,
    )
    if asked["explain"]:
        body["explain"] = explanation_body(results, timings_ms)
    response = Response({"query_id": query_id, **body})
    response["Server-Timing"] = ", ".join(f"{name};dur={ms:.2f}" for name, ms in timings_ms.items())
    return remember_client(request, response, client_id)


def _shown(results: SearchResults) -> list[int]:
    """The impressions: none where the shopper is sent elsewhere, so nothing learns that these were not clicked."""
    return [] if results.redirect else [hit.product_id for hit in (*results.hits, *results.related)]


def search_body(results: SearchResults, language: str, offered: Sequence[Drop] = ()) -> dict[str, Any]:
    """The response without its query_id; one SQL query, for the cards."""
    shown = (*results.hits, *results.related)
    words = told_words(results)
    cards = searched_cards([hit.product_id for hit in shown], language, list(words), having=_having(results))
    lines = why_lines(results, cards, words, language)
    hits = _hits(results.hits, cards, lines, language)
    on_page = [hit["product"] for hit in hits]
    return {
        "query": results.query,
        "mode": results.mode,
        "interpreted": {
            **interpreted_body(results.understood, language),
            "drop": drops_body(offered, language),
        },
        "total": results.total,
        "page": results.page,
        "page_size": results.page_size,
        "pages": _pages(results),
        "sort": results.sort,
        "facets": labelled_facets(results, on_page, language),
        "default_layout": usual_layout(on_page),
        "hits": hits,
        "related": _hits(results.related, cards, {}, language),
        "notice": NOTICES[results.notice][language] if results.notice else None,
        "banner": asdict(results.banner) if results.banner else None,
        "redirect": results.redirect,
    }


def _having(results: SearchResults) -> set[int] | None:
    """The hits with a word of the query: where there is one word, BM25 knows. None where synonyms may have scored."""
    if results.trace.lexical.wordings:
        return None
    return {hit.product_id for hit in results.hits if hit.lexical is None or hit.lexical > 0}


def _hits(
    hits: tuple[Hit, ...], cards: SearchedCards, lines: Mapping[int, str], language: str
) -> list[dict[str, Any]]:
    """A product deleted since the candidates were found is left out."""
    return [
        {
            "position": hit.position,
            "product": cards[hit.product_id][0],
            "why": lines.get(hit.product_id),
            "variants": variants_of_hit(cards[hit.product_id][1].variants, language),
        }
        for hit in hits
        if hit.product_id in cards
    ]


def _pages(results: SearchResults) -> int:
    return max(1, math.ceil(results.total / results.page_size))


def _past_the_end(results: SearchResults) -> Response:
    return problem("page", "past_the_end", f"There is no page {results.page}; the last one is {_pages(results)}.")
