"""The language of a shopper: the address says it; where it says nothing, the last choice, else the browser's wish."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from django.utils.http import escape_leading_slashes
from django.utils.translation import get_language_from_request

from shop.storefront.addresses import Page, localized

_CODES = {"en": "en", "zh": "zh-hans"}  # as in settings.LANGUAGES
YEAR_S = 365 * 24 * 3600


def redirected(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The way to the page in the shopper's language, where it is another; `?lang=` chooses one and is remembered."""
    chosen = request.GET.get("lang")
    if chosen in _CODES:
        response = _to(request, page, chosen)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            _CODES[chosen],
            max_age=YEAR_S,
            samesite="Lax",
            secure=request.is_secure(),
        )
        return response
    if page.language == "en" and get_language_from_request(request) == _CODES["zh"]:
        return vary(_to(request, page, "zh"))
    return None


def vary(response: HttpResponse) -> HttpResponse:
    """Says that the same address may lead others elsewhere."""
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


def _to(request: HttpRequest, page: Page, language: str) -> HttpResponse:
    others = [(name, value) for name, values in request.GET.lists() if name != "lang" for value in values]
    query = f"?{urlencode(others)}" if others else ""
    address = escape_leading_slashes(localized(f"/{page.path}", language))  # two slashes would be another host
    response = HttpResponseRedirect(address + query)
    response["Cache-Control"] = "private, no-store"
    return response
