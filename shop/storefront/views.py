"""The storefront's page, for every address that is not the API's or the admin's.

Files of the build (/assets/, sw.js, the manifest, icons) are served by WhiteNoise before a request gets here.
"""

import re
import uuid
from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.template.loader import render_to_string
from django.utils.html import escape
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from shop.catalog.models import Category
from shop.storefront import languages
from shop.storefront.addresses import HREFLANG, Page, page_at
from shop.storefront.answers import Answer, first_answers, inlined
from shop.storefront.build import Build, current_build
from shop.storefront.head import Head, head_of
from shop.storefront.pictures import first_layout
from shop.storefront.places import filled, preload, shown_first

MAX_QUERY = 500  # characters, as in the API
_IS_FILE = re.compile(r"^assets/|\.\w{1,11}$")
_MANIFEST = 'href="/manifest.webmanifest"'
MANIFESTS = {"en": _MANIFEST, "zh": 'href="/manifest.zh.webmanifest"'}
_LANG = '<html lang="en">'
_NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Not built yet</title>
<body style="font: 1rem/1.6 system-ui, sans-serif; max-width: 36rem; margin: 15vh auto; padding: 0 1.5rem">
<h1>The storefront is not built yet</h1>
<p>Run <code>make setup</code>, or <code>npm run build</code> in <code>frontend/</code>, and start again.</p>
<p>The <a href="/admin/">admin</a> and the <a href="/api/docs/">API</a> work without it.</p></body></html>"""


@require_safe
@gzip_page
@ensure_csrf_cookie
def storefront(request: HttpRequest, path: str = "") -> HttpResponse:
    """The app's page, with status 404 where the app will say that there is nothing."""
    if _IS_FILE.search(path):
        return HttpResponseNotFound(f"There is no file /{path}.", content_type="text/plain; charset=utf-8")
    page = page_at(path)
    elsewhere = languages.redirected(request, page)
    if elsewhere is not None:
        return elsewhere
    build = current_build()
    if build is None:
        return HttpResponse(_NOT_BUILT, status=503)
    answers = first_answers(request, page, build)
    exists = page_exists(page, answers)
    shown = page if exists else Page("missing", page.language, page.path)
    response = HttpResponse(_html(request, shown, build, answers), status=200 if exists else 404)
    for answer in answers.values():
        response.cookies.update(answer.cookies.cookies)
    # What was searched for was logged as shown now: a kept copy would show it again under the same query_id.
    response["Cache-Control"] = "private, no-store" if "search" in answers else "private, no-cache"
    return languages.vary(response)


def page_exists(page: Page, answers: Mapping[str, Answer]) -> bool:
    """Whether the app has something to show there; at most one query."""
    if page.name == "category":
        return Category.objects.filter(slug=page.slug).exists()
    if page.name == "product":
        return answers["product"].status != 404
    return page.name != "missing"


def _html(request: HttpRequest, page: Page, build: Build, answers: Mapping[str, Answer]) -> str:
    head = head_of(request, page, answers, build.texts[page.language])
    shell = _shell(request, page, build, answers, head)
    shown = shown_first(page, answers)
    files = [*build.files.get(page.name, []), *build.files.get(page.language, [])]
    data = inlined(answers.values(), str(uuid.uuid4()))
    return "".join(
        (
            build.before_head.replace(_LANG, f'<html lang="{HREFLANG[page.language]}">', 1),
            render_to_string("storefront/head.html", {"head": head, "picture": preload(shell, shown)}),
            build.after_head.replace(_MANIFEST, MANIFESTS[page.language], 1),
            f'<div id="root">{filled(shell, shown)}</div>',
            f'<script type="application/json" id="first-answers">{data}</script>',
            build.after_root,
            render_to_string("storefront/files.html", {"files": files}),
            build.after_files,
        )
    )


def _shell(request: HttpRequest, page: Page, build: Build, answers: Mapping[str, Answer], head: Head) -> str:
    """The page's shell with the words of this request where the build left places for them."""
    name = page.name
    if name in {"search", "category"}:
        name += f"-{first_layout(request, page, answers)}"
    query = request.GET.get("q", "")[:MAX_QUERY]
    words = {"q=SHELLQUERY": urlencode({"q": query}), "SHELLQUERY": query, "SHELLNAME": head.name}
    shell = build.shell(page.language, name)
    return re.sub("|".join(words), lambda found: escape(words[found[0]]), shell)
