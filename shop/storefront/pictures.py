"""Pictures as the app asks for them, and the layout in which results are shown first."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from shop.storefront.addresses import Page
from shop.storefront.answers import Answer

LAYOUTS = ("grid", "list", "card")


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
