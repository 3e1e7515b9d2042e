"""The built files that make the store installable, as WhiteNoise serves them."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from PIL import Image, ImageChops
from whitenoise.middleware import WhiteNoiseMiddleware

from shop.icons import SIZES, write_icons

ROOT = Path(__file__).resolve().parent.parent.parent
PUBLIC = ROOT / "frontend" / "public"


@pytest.mark.parametrize(
    ("name", "content_type", "caching"),
    [
        ("sw.js", 'text/javascript; charset="utf-8"', "no-cache"),
        ("manifest.webmanifest", "application/manifest+json", "no-cache"),
        ("index.html", 'text/html; charset="utf-8"', "no-cache"),
        ("icons/icon-192.png", "image/png", "max-age=60, public"),
        ("assets/index-3f2a.js", 'text/javascript; charset="utf-8"', "max-age=315360000, public, immutable"),
    ],
)
def test_a_built_file_has_its_type_and_is_kept_as_long_as_it_may(
    tmp_path: Path, settings: Any, name: str, content_type: str, caching: str
) -> None:
    settings.WHITENOISE_ROOT = tmp_path
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("content")
    serve = WhiteNoiseMiddleware(lambda request: HttpResponse(status=404))
    response = serve(RequestFactory().get(f"/{name}"))
    assert (response.status_code, response["Content-Type"], response["Cache-Control"]) == (200, content_type, caching)


def test_the_manifest_names_files_that_are_there_in_the_size_it_says() -> None:
    manifest = json.loads((PUBLIC / "manifest.webmanifest").read_text(encoding="utf-8"))
    pictures = [(ROOT / "docs", item) for item in manifest["screenshots"]]
    pictures += [(PUBLIC, item) for item in manifest["icons"] if item["type"] == "image/png"]
    for folder, item in pictures:
        with Image.open(folder / item["src"].lstrip("/")) as picture:
            assert f"{picture.width}x{picture.height}" == item["sizes"], item["src"]
    assert {(item["sizes"], item["purpose"]) for item in manifest["icons"]} == {
        ("192x192", "any"), ("512x512", "any"), ("192x192", "maskable"), ("512x512", "maskable"), ("any", "any"),
    }  # fmt: skip
    assert {item["form_factor"] for item in manifest["screenshots"]} == {"narrow", "wide"}
    assert [item["url"] for item in manifest["shortcuts"]] == ["/search?q=", "/cart", "/orders"]


def test_the_chinese_manifest_is_of_the_same_app() -> None:
    english, chinese = (
        json.loads((PUBLIC / name).read_text(encoding="utf-8"))
        for name in ("manifest.webmanifest", "manifest.zh.webmanifest")
    )
    for key in ("id", "name", "scope", "icons", "display"):
        assert chinese[key] == english[key]
    assert (chinese["lang"], chinese["start_url"]) == ("zh-Hans", "/zh/")
    assert [item["url"] for item in chinese["shortcuts"]] == ["/zh/search?q=", "/zh/cart", "/zh/orders"]
    assert [item["src"] for item in chinese["screenshots"]] == [item["src"] for item in english["screenshots"]]


def test_the_icons_are_what_the_favicon_gives(tmp_path: Path) -> None:
    """PNG compression may differ between machines, so pixels are compared."""
    write_icons(PUBLIC / "favicon.svg", tmp_path)
    for name, (size, _) in SIZES.items():
        with Image.open(tmp_path / name) as made, Image.open(PUBLIC / "icons" / name) as committed:
            assert committed.size == (size, size)
            assert ImageChops.difference(made.convert("RGB"), committed.convert("RGB")).getbbox() is None, name
