"""The answers that a page's app would ask the API for first, got from the API's own views within the process.

So they are made, checked and logged by the same code, at the address that the app would ask; the app finds them in
the page by that address. A search is logged here once, because the app then does not ask for it.
"""

import copy
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import orjson
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import resolve
from django.utils.safestring import SafeString, mark_safe

from shop.storefront.addresses import Page
from shop.storefront.build import Build

_SCRIPT_ENDS = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}  # as Django's json_script


@dataclass(frozen=True)
class Answer:
    """What the API said at an address; `path` includes the parameters."""

    path: str
    status: int
    content: str
    cookies: HttpResponse = field(repr=False)

    @property
    def body(self) -> Any:
        return orjson.loads(self.content)


def first_answers(request: HttpRequest, page: Page, build: Build) -> dict[str, Answer]:
    """By name: the page's own answer first ("home", "search", "product"), then "categories" and "cart"."""
    language = {"lang": page.language}
    wanted: dict[str, tuple[str, Iterable[tuple[str, str]]]] = {}
    if page.name == "home":
        wanted["home"] = ("/api/home/", language.items())
    if page.name in {"search", "category"} and not is_ahead_of_time(request):
        wanted["search"] = ("/api/search/", [*_search_params(request, page, build), *language.items()])
    if page.name == "product":
        wanted["product"] = (f"/api/products/{page.product_id}/", language.items())
    if page.name in {"category", "browse", "missing"} or (page.name == "search" and request.GET.get("category")):
        wanted["categories"] = ("/api/categories/", language.items())
    wanted["cart"] = ("/api/cart/", language.items())
    return {name: ask(request, path, params) for name, (path, params) in wanted.items()}


def is_ahead_of_time(request: HttpRequest) -> bool:
    """Whether a browser fetches a page that nobody has asked for yet, or only its head: what is on it is not seen."""
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return request.method == "HEAD" or "prefetch" in purpose


def ask(request: HttpRequest, path: str, params: Iterable[tuple[str, str]]) -> Answer:
    """The API's answer to a GET of the same shopper; where the view fails, its status 500."""
    query = urlencode(list(params))
    asking = copy.copy(request)
    asking.method, asking.path, asking.path_info = "GET", path, path
    asking.GET = QueryDict(query)  # type: ignore[assignment]
    left_out = ("HTTP_ACCEPT_ENCODING", "CONTENT_LENGTH", "CONTENT_TYPE")
    asking.META = {name: value for name, value in request.META.items() if name not in left_out}
    asking.META |= {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query}
    asking.__dict__.pop("headers", None)  # made from META, and kept
    view, arguments, named = resolve(path)
    response = convert_exception_to_response(lambda asked: view(asked, *arguments, **named))(asking)
    return Answer(f"{path}?{query}", response.status_code, _content(response), response)


def inlined(answers: Iterable[Answer], page_id: str) -> SafeString:
    """The JSON of a script element: answers that are one, by their addresses, and an id by which a copy is known."""
    parts = [
        f'{{"path":{orjson.dumps(answer.path).decode()},"body":{answer.content}}}'
        for answer in answers
        if answer.status == 200
    ]
    return script_safe(f'{{"page":"{page_id}","answers":[{",".join(parts)}]}}')


def script_safe(json: str) -> SafeString:
    """JSON whose texts cannot end the script element around it."""
    return mark_safe(json.translate(_SCRIPT_ENDS))


def _search_params(request: HttpRequest, page: Page, build: Build) -> list[tuple[str, str]]:
    """As the app makes them of its address (frontend/src/searchParams.ts)."""
    names = [name for name in build.search["params"] if not (page.slug and name == "category")]
    given = [(name, value) for name in names for value in request.GET.getlist(name) if value]
    category = [("category", page.slug)] if page.slug else []
    return [*given, *category, ("page_size", str(build.search["page_size"])), ("page", "1")]


def _content(response: HttpResponse) -> str:
    if hasattr(response, "render") and not getattr(response, "is_rendered", True):
        response = response.render()
    return response.content.decode()
