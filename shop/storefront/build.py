"""The built app: its page, and what the build wrote down for Django in storefront.json (frontend/vite/storefront.ts).

That file has for every language and page the shell, which is the HTML that the app itself shows before it has data; the
files that a page needs beside those of all pages; texts for search engines; and what the app asks the API for first.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

_HEAD, _ROOT, _FILES = "<!--head-->", '<div id="root"></div>', "<!--files-->"


@dataclass(frozen=True)
class Build:
    """The page in pieces, between which a request's own parts go, and the content of storefront.json."""

    before_head: str
    after_head: str
    after_root: str  # with the files of all pages, which come after the first paint
    after_files: str
    shells: dict[str, dict[str, str]]
    files: dict[str, list[str]]
    texts: dict[str, dict[str, str]]
    search: dict[str, Any]

    def shell(self, language: str, name: str) -> str:
        return self.shells[language].get(name) or self.shells[language]["missing"]


def current_build() -> Build | None:
    """What was built last, also without a restart; None where nothing was built."""
    page, facts = (Path(settings.FRONTEND_DIST) / name for name in ("index.html", "storefront.json"))
    try:
        return _read(str(page), str(facts), page.stat().st_mtime_ns, facts.stat().st_mtime_ns)
    except FileNotFoundError:
        return None


@lru_cache(maxsize=1)
def _read(page: str, facts: str, *modified_ns: int) -> Build:
    before_head, rest = Path(page).read_text(encoding="utf-8").split(_HEAD, 1)
    after_head, rest = rest.split(_ROOT, 1)
    after_root, after_files = rest.split(_FILES, 1)
    known = json.loads(Path(facts).read_text(encoding="utf-8"))
    return Build(
        before_head,
        after_head,
        after_root,
        after_files,
        shells=known["shells"],
        files=known["files"],
        texts=known["texts"],
        search=known["search"],
    )
