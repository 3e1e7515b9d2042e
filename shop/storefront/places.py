"""What is painted before the app runs: words and pictures of the first products and departments, in the page's shell.

The build leaves places for them (frontend/src/components/Picture.tsx, TileWords.tsx and pages/HomePage.tsx), which have
the geometry of what the app will show. A place whose content there is none for stays empty.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import escape

from shop.storefront.addresses import Page
from shop.storefront.answers import Answer
from shop.storefront.pictures import ShownPicture, shown_picture

_WORDS = re.compile(r'<span [^>]*data-(?P<what>brand|title|department)="(?P<number>\d+)"[^>]*>')
_PICTURE = re.compile(r'<span [^>]*data-picture="(?P<place>d?\d+)" data-sizes="(?P<sizes>[^"]+)"[^>]*>')
_FIRST = "0"  # the picture that is painted largest, or first


@dataclass(frozen=True)
class Shown:
    """What there is for the places: pictures by place, words by kind and number."""

    pictures: Mapping[str, ShownPicture]
    words: Mapping[tuple[str, str], str]


def shown_first(page: Page, answers: Mapping[str, Answer]) -> Shown:
    """The first products and departments of the answers, as the app shows them."""
    pictures, words = {}, {}
    for number, product in enumerate(_first_products(page, answers)):
        if product["images"]:
            pictures[str(number)] = shown_picture(product["images"][0])
        brand, title = product["brand"], product["title"]
        words["brand", str(number)] = brand
        words["title", str(number)] = title.removeprefix(f"{brand} ") if brand else title  # as a tile says it
    for number, department in enumerate(_departments(page, answers)):
        if department["image"]:
            pictures[f"d{number}"] = shown_picture(department["image"])
        words["department", str(number)] = department["name"]
    return Shown(pictures, words)


def filled(shell: str, shown: Shown) -> str:
    """The shell with pictures and words in its places."""

    def with_picture(found: re.Match[str]) -> str:
        picture = shown.pictures.get(found["place"])
        if picture is None:
            return found[0]
        context = {"picture": picture, "sizes": found["sizes"], "first": found["place"].isdigit()}
        return found[0] + render_to_string("storefront/picture.html", context).strip()

    def with_words(found: re.Match[str]) -> str:
        return found[0] + escape(shown.words.get((found["what"], found["number"]), ""))

    return _WORDS.sub(with_words, _PICTURE.sub(with_picture, shell))


def preload(shell: str, shown: Shown) -> dict[str, str] | None:
    """The `<link rel=preload>` of the first product's picture; None where the shell has no place for it."""
    picture = shown.pictures.get(_FIRST)
    sizes = next((found["sizes"] for found in _PICTURE.finditer(shell) if found["place"] == _FIRST), None)
    return picture.preload(sizes) if picture and sizes else None


def _first_products(page: Page, answers: Mapping[str, Answer]) -> list[dict[str, Any]]:
    name = "search" if page.name == "category" else page.name
    body = _body(answers, name)
    if body is None:
        return []
    if name == "search":
        return [hit["product"] for hit in body["hits"] or body["related"]]
    if name == "home":
        return list(body["popular"])
    return [body] if name == "product" else []


def _departments(page: Page, answers: Mapping[str, Answer]) -> list[dict[str, Any]]:
    body = _body(answers, "home") if page.name == "home" else None
    return list(body["departments"]) if body else []


def _body(answers: Mapping[str, Answer], name: str) -> Any:
    answer = answers.get(name)
    return answer.body if answer and answer.status == 200 else None
