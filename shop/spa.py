"""The storefront: the built single-page app for every address that is not the API's or the admin's.

Files of the build (/assets/, sw.js, the manifest, icons) are served by WhiteNoise before a request gets here.
"""

import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from shop.catalog.models import Category, Product

_ROUTES = re.compile(
    r"(?:|search|browse|cart|checkout|orders|orders/\w+|account"
    r"|category/(?P<slug>[-\w]+)|product/(?P<product>[0-9]{1,18}))/?"
)
_IS_FILE = re.compile(r"^assets/|\.\w{1,11}$")
_NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Not built yet</title>
<body style="font: 1rem/1.6 system-ui, sans-serif; max-width: 36rem; margin: 15vh auto; padding: 0 1.5rem">
<h1>The storefront is not built yet</h1>
<p>Run <code>make setup</code>, or <code>npm run build</code> in <code>frontend/</code>, and start again.</p>
<p>The <a href="/admin/">admin</a> and the <a href="/api/docs/">API</a> work without it.</p></body></html>"""


@require_safe
@ensure_csrf_cookie
def storefront(request: HttpRequest, path: str = "") -> HttpResponse:
    """The app's page, with status 404 where the app will say that there is nothing."""
    if _IS_FILE.search(path):
        return HttpResponseNotFound(f"There is no file /{path}.", content_type="text/plain; charset=utf-8")
    index = Path(settings.FRONTEND_DIST) / "index.html"
    if not index.is_file():
        return HttpResponse(_NOT_BUILT, status=503)
    status = 200 if page_exists(path) else 404
    page = _index(str(index), index.stat().st_mtime_ns)
    return HttpResponse(page, status=status, headers={"Cache-Control": "no-cache"})


def page_exists(path: str) -> bool:
    """Whether the app has something to show at that address; at most one query."""
    route = _ROUTES.fullmatch(path)
    if route is None:
        return False
    if route["slug"]:
        return Category.objects.filter(slug=route["slug"]).exists()
    if route["product"]:
        return Product.objects.filter(pk=int(route["product"]), is_active=True).exists()
    return True


@lru_cache(maxsize=1)
def _index(file: str, modified_ns: int) -> str:
    return Path(file).read_text(encoding="utf-8")
