"""What is painted first of a page's products, in its shell: titles, and pictures as the app will ask for them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import escape

from shop.storefront.addresses import Page
from shop.storefront.answers import Answer

LAYOUTS = ("grid", "list", "card")
# Where the build left places for them (frontend/src/components/Picture.tsx and TileWords.tsx).
_WORDS = re.compile(r'<span [^>]*data-(?P<what>brand|title)="(?P<number>\d)"[^>]*>')
_PLACE = re.compile(r'<span [^>]*data-picture="(?P<number>\d)" data-sizes="(?P<sizes>[^"]+)"[^>]*>')


@dataclass(frozen=True)
class ShownPicture:
    """A picture of the API with its `<source>`s by content type; the app says its text."""

    sources: dict[str, str]
    src: str
    width: int
    height: int

    def preload(self, sizes: str) -> dict[str, str]:
        """The attributes of a `<link rel=preload>`: the best type, which browsers that cannot show it pass over."""
        kind, srcset = next(iter(self.sources.items()))
        return {"type": kind, "srcset": srcset, "sizes": sizes}


def first_layout(request: HttpRequest, page: Page, answers: Mapping[str, Answer]) -> str:
    """The layout of results: the address's, else the category's own, else that of most hits, else a grid."""
    asked = request.GET.get("layout", "")
    if asked in LAYOUTS:
        return asked
    category = category_in(answers, page.slug or request.GET.get("category", ""))
    if category:
        return str(category[-1]["default_layout"])
    results = answers.get("search")
    return str(results.body["default_layout"]) if results and results.status == 200 else "grid"


def category_in(answers: Mapping[str, Answer], slug: str) -> list[dict[str, Any]]:
    """The path of a category, from its department down to itself; empty where it is not among the answers."""
    if not slug or "categories" not in answers or answers["categories"].status != 200:
        return []
    return _path(answers["categories"].body, slug)


def _path(forest: list[dict[str, Any]], slug: str) -> list[dict[str, Any]]:
    for category in forest:
        below = [category] if category["slug"] == slug else _path(category["children"], slug)
        if below:
            return below if below[0] is category else [category, *below]
    return []


def first_pictures(page: Page, answers: Mapping[str, Answer]) -> list[ShownPicture]:
    """The pictures of the first products of a page, or of its one product, in order."""
    return [shown_picture(product["images"][0]) for product in first_products(page, answers) if product["images"]]


def first_products(page: Page, answers: Mapping[str, Answer]) -> list[dict[str, Any]]:
    """The products of the API that a page shows first, in order."""
    name = "search" if page.name == "category" else page.name
    answer = answers.get(name)
    if answer is None or answer.status != 200:
        return []
    if name == "search":
        return [hit["product"] for hit in answer.body["hits"] or answer.body["related"]]
    return {"home": lambda body: body["popular"], "product": lambda body: [body]}.get(name, lambda body: [])(
        answer.body
    )


def shown_picture(picture: Mapping[str, Any]) -> ShownPicture:
    """As the app writes it (frontend/src/components/Picture.tsx)."""

    def address(width: int, kind: str) -> str:
        return str(picture["src"].format(w=width, f=kind))

    sources = {
        f"image/{kind}": ", ".join(f"{address(width, kind)} {width}w" for width in picture["widths"])
        for kind in picture["formats"]
    }
    src = address(320, picture["formats"][-1])
    return ShownPicture(sources, src, picture["width"], picture["height"])


def with_pictures(shell: str, pictures: Sequence[ShownPicture]) -> str:
    """The shell with pictures in the places for them; a place without one stays empty."""

    def placed(found: re.Match[str]) -> str:
        number = int(found["number"])
        if number >= len(pictures):
            return found[0]
        context = {"picture": pictures[number], "sizes": found["sizes"]}
        return found[0] + render_to_string("storefront/picture.html", context).strip()

    return _PLACE.sub(placed, shell)


def with_words(shell: str, products: Sequence[Mapping[str, Any]]) -> str:
    """The shell with brands and titles in the places for them, as a tile says them: the title without the brand."""

    def placed(found: re.Match[str]) -> str:
        number = int(found["number"])
        if number >= len(products):
            return found[0]
        brand, title = products[number]["brand"], products[number]["title"]
        said = brand if found["what"] == "brand" else title.removeprefix(f"{brand} ") if brand else title
        return found[0] + escape(said)

    return _WORDS.sub(placed, shell)


def first_sizes(shell: str) -> str:
    """The `sizes` of the first place; "" where the shell has none."""
    found = _PLACE.search(shell)
    return found["sizes"] if found else ""
