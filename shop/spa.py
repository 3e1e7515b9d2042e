"""The storefront: the built single-page app for every address that is not the API's or the admin's."""

import mimetypes
import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from shop.catalog.models import Category, Product

_NOT_BUILT = "<h1>The storefront is not built</h1><p>Run <code>make setup</code>, or <code>npm run build</code> in frontend/.</p>"
_ROUTES = re.compile(
    r"^$|^search$|^cart$|^checkout$|^orders$|^orders/\w+$|^account$|^category/(?P<slug>[-\w]+)$|^product/(?P<product>\d{1,18})$"
)
_ROOT_FILES = {"sw.js", "manifest.webmanifest", "favicon.svg", "robots.txt", "icon-192.png", "icon-512.png", "icon-maskable.png", "apple-touch-icon.png"}


@lru_cache(maxsize=1)
def _index(modified_ns: int) -> str:
    return (Path(settings.FRONTEND_DIST) / "index.html").read_text(encoding="utf-8")


def storefront(request: HttpRequest, path: str = "") -> HttpResponse:
    """The app's page, with status 404 where the app will say that there is nothing."""
    dist = Path(settings.FRONTEND_DIST)
    if path in _ROOT_FILES and (dist / path).is_file():
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        kind = "application/manifest+json" if path.endswith(".webmanifest") else kind
        return HttpResponse((dist / path).read_bytes(), content_type=kind, headers={"Cache-Control": "no-cache"})
    index = dist / "index.html"
    if not index.is_file():
        return HttpResponse(_NOT_BUILT, status=503)
    page = _index(index.stat().st_mtime_ns)
    return HttpResponse(page, status=200 if _exists(path.rstrip("/")) else 404, headers={"Cache-Control": "no-cache"})


def _exists(path: str) -> bool:
    route = _ROUTES.match(path)
    if route is None:
        return False
    if route["slug"]:
        return Category.objects.filter(slug=route["slug"]).exists()
    if route["product"]:
        return Product.objects.filter(pk=int(route["product"]), is_active=True).exists()
    return True
