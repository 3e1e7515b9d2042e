"""What search engines, and chats that show a link, read of a page: title, description, addresses, a picture."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import orjson
from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from shop.storefront.addresses import HREFLANG, INDEXED, PREFIXES, Page
from shop.storefront.answers import Answer, script_safe
from shop.storefront.pictures import category_in
from shop.storefront.structured import breadcrumbs_of, product_of, website_of

DESCRIPTION_CHARACTERS = 155  # what result pages of search engines show
LOCALES = {"en": "en_US", "zh": "zh_CN"}


@dataclass(frozen=True)
class Head:
    """Addresses are absolute; `things` is the JSON-LD; `name` is the title without the store's."""

    name: str
    description: str
    canonical: str
    alternates: dict[str, str]
    locale: str
    indexed: bool
    type: str = "website"
    image: str = ""
    things: list[SafeString] = field(default_factory=list)
    store: str = ""

    @property
    def title(self) -> str:
        return self.store if self.name == self.store else f"{self.name} · {self.store}"


def head_of(request: HttpRequest, page: Page, answers: Mapping[str, Answer], texts: Mapping[str, str]) -> Head:
    """The head of a page; `texts` are the app's in the page's language."""
    absolute = request.build_absolute_uri
    query = _query(request, page)
    alternates = {HREFLANG[language]: absolute(page.address(language) + query) for language in PREFIXES}
    said = _said(request, page, answers, texts)
    return Head(
        name=said.name,
        description=Truncator(" ".join(said.description.split())).chars(DESCRIPTION_CHARACTERS),
        canonical=absolute(page.address(page.language) + query),
        alternates={**alternates, "x-default": absolute(page.address("en") + query)},
        locale=LOCALES[page.language],
        indexed=page.name in INDEXED,
        type="product" if page.name == "product" else "website",
        image=absolute(said.image) if said.image else "",
        things=[script_safe(orjson.dumps(thing).decode()) for thing in said.things],
        store=settings.STORE_NAME,
    )


@dataclass(frozen=True)
class _Said:
    name: str
    description: str
    image: str = ""
    things: list[dict[str, Any]] = field(default_factory=list)


def _said(request: HttpRequest, page: Page, answers: Mapping[str, Answer], texts: Mapping[str, str]) -> _Said:
    """What is the page's own."""
    absolute, store = request.build_absolute_uri, settings.STORE_NAME
    lead = texts["description"]
    if page.name == "home":
        return _Said(store, lead, things=[website_of(absolute, page, store)])
    if page.name == "product" and answers["product"].status == 200:
        product = answers["product"].body
        things = [product_of(absolute, page, product), breadcrumbs_of(absolute, page, product["breadcrumbs"])]
        return _Said(product["title"], product["description"] or lead, large(product["images"]), things)
    path = category_in(answers, page.slug)
    if path:
        name = path[-1]["name"]
        description = texts["category.description"].format(name=name, count=path[-1]["count"])
        image = large([path[-1]["image"]] if path[-1]["image"] else [])
        return _Said(name, description, image, [breadcrumbs_of(absolute, page, path)])
    if page.name == "search" and request.GET.get("q", "").strip():
        return _Said(request.GET["q"].strip()[:500], lead)
    return _Said(texts[page.name], lead)


def large(pictures: list[dict[str, Any]]) -> str:
    """The address of the first picture in its largest size, in a format that everything can show; "" without one."""
    if not pictures:
        return ""
    return str(pictures[0]["src"].format(w=pictures[0]["widths"][-1], f=pictures[0]["formats"][-1]))


def _query(request: HttpRequest, page: Page) -> str:
    """Of a search's parameters only the query makes it another page."""
    query = request.GET.get("q", "").strip()
    return f"?{urlencode({'q': query})}" if page.name == "search" and query else ""
