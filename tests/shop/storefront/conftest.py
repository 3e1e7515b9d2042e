"""A built storefront as small as Django needs it: the page, and what the build wrote down for it."""

import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

INDEX = """<!doctype html><html lang="en"><head><!--head-->
<link rel="manifest" href="/manifest.webmanifest"></head><body><div id="root"></div><template id="app-files">
<script type="module" src="/assets/app.js"></script><!--files--></template></body></html>"""
PLACE = '<span data-picture="0" data-sizes="46vw"></span>'
WORDS = '<span class="b" data-brand="0"></span><span class="t" data-title="0"></span>'
SHELL = f'<a href="/search?q=SHELLQUERY&amp;lang=zh"></a><input value="SHELLQUERY"><h1>SHELLNAME</h1>{PLACE}{WORDS}'
TEXTS = {
    name: name.capitalize()
    for name in "home search category product browse compare cart checkout orders order account missing".split()
}


def facts(language: str) -> dict[str, str]:
    return {**TEXTS, "description": f"About it ({language}).", "category.description": "{name}: {count} products."}


@pytest.fixture
def dist(tmp_path: Path, settings: Any) -> Path:
    """The folder of the built storefront."""
    settings.FRONTEND_DIST = tmp_path
    shells = {"home": SHELL, "product": PLACE, "missing": "<p>missing</p>"}
    shells |= {
        f"{page}-{layout}": SHELL + layout for page in ("search", "category") for layout in ("grid", "list", "card")
    }
    known = {
        "shells": {"en": shells, "zh": shells},
        "texts": {"en": facts("en"), "zh": facts("zh")},
        "search": {"params": ["q", "category", "sort", "brand"], "page_size": 24},
        "files": {"search": ["assets/search.js"], "zh": ["assets/zh.js"]},
    }
    (tmp_path / "index.html").write_text(INDEX)
    (tmp_path / "storefront.json").write_text(json.dumps(known))
    return tmp_path


class Parsed(HTMLParser):
    """The parts of a page by which a browser and a search engine go."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html, self.metas, self.links, self.scripts = html, {}, [], []
        self.lang = self.title = ""
        self._text: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._text = []
        if tag == "html":
            self.lang = given["lang"]
        elif tag == "meta":
            self.metas[given.get("name") or given.get("property", "")] = given["content"]
        elif tag == "link":
            self.links.append(given)
        elif tag == "script":
            self.scripts.append((given, self._text))

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self.title = "".join(self._text)

    def link(self, rel: str, **attributes: str) -> dict[str, str] | None:
        """The one link of that kind, or None."""
        found = [link for link in self.links if link["rel"] == rel and attributes.items() <= link.items()]
        assert len(found) < 2
        return found[0] if found else None

    @property
    def things(self) -> dict[str, Any]:
        """JSON-LD by type."""
        read = [json.loads("".join(text)) for given, text in self.scripts if given.get("type") == "application/ld+json"]
        return {thing["@type"]: thing for thing in read}

    @property
    def first_answers(self) -> dict[str, Any]:
        """By path, with its parameters."""
        (text,) = [text for given, text in self.scripts if given.get("id") == "first-answers"]
        return {answer["path"]: answer["body"] for answer in json.loads("".join(text))["answers"]}


@pytest.fixture
def opened(client: Client, dist: Path, db: None) -> Callable[..., Parsed]:
    """Opens an address as a browser does."""

    def opened(path: str, **headers: str) -> Parsed:
        return Parsed(client.get(path, headers=headers).content.decode())

    return opened
