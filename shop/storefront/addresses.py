"""Which page an address is, and in which language: English has no prefix, Chinese has /zh."""

import re
from dataclasses import dataclass

PREFIXES = {"en": "", "zh": "/zh"}
HREFLANG = {"en": "en", "zh": "zh-Hans"}

_IN_CHINESE = re.compile(r"zh(?:/|$)")
_ROUTES = {
    "home": r"",
    "search": r"search",
    "category": r"category/(?P<slug>[-\w]+)",
    "browse": r"browse",
    "product": r"product/(?P<product>[0-9]{1,18})",
    "compare": r"compare",
    "cart": r"cart",
    "checkout": r"checkout",
    "orders": r"orders",
    "order": r"orders/\w+",
    "account": r"account",
}
_PATTERNS = {name: re.compile(pattern + "/?") for name, pattern in _ROUTES.items()}
INDEXED = {"home", "category", "browse", "product"}  # what search engines should show


@dataclass(frozen=True)
class Page:
    """A page of the storefront. `name` is as in the app's routes, or "missing"; `path` has no prefix of a language."""

    name: str
    language: str
    path: str
    slug: str = ""
    product_id: int = 0

    def address(self, language: str) -> str:
        """The page's path in a language; a page has one, with or without a slash at its end."""
        return localized("/" + self.path.strip("/"), language)


def page_at(path: str) -> Page:
    """The page at a path, which comes without its first slash."""
    prefix = _IN_CHINESE.match(path)
    language, bare = ("zh", path[prefix.end() :]) if prefix else ("en", path)
    for name, pattern in _PATTERNS.items():
        if found := pattern.fullmatch(bare):
            given = found.groupdict()
            return Page(name, language, bare, given.get("slug") or "", int(given.get("product") or 0))
    return Page("missing", language, bare)


def localized(path: str, language: str) -> str:
    """`/product/1` as `/zh/product/1`; the home page keeps its slash."""
    return PREFIXES[language] + path
