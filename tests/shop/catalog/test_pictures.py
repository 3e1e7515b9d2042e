"""Uploads and the renditions that browsers get."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from shop.catalog import pictures
from shop.catalog.models import ProductImage
from shop.catalog.pictures import (
    KEPT_SIDE,
    WIDTHS,
    PictureRefused,
    StoredPicture,
    register_picture,
    rendition_path,
    store_svg,
    store_upload,
    warm_renditions,
)
from tests.catalogue import make_product

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96"><rect width="96" height="96" fill="#ff0000"/></svg>'  # noqa: E501


def encoded(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def kept(stored: StoredPicture) -> Image.Image:
    with default_storage.open(stored.file) as file:
        return Image.open(io.BytesIO(file.read()))


@pytest.fixture(autouse=True)
def _own_media_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def photo(db: None) -> str:
    """The checksum of an uploaded photograph of 1200 x 600, red on its left half."""
    picture = Image.new("RGB", (1200, 600), "#0000ff")
    picture.paste("#ff0000", (0, 0, 600, 600))
    image = ProductImage(product=make_product("Mug"))
    register_picture(image, encoded(picture), "mug.png")
    image.save()
    return image.checksum


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("extension", "kind"), [("avif", "AVIF"), ("webp", "WEBP")])
def test_a_rendition_has_the_width_and_format_asked_for(
    client: Client, photo: str, width: int, extension: str, kind: str
) -> None:
    response = client.get(f"/img/{photo}/{width}.{extension}")
    assert (response.status_code, response["Content-Type"]) == (200, f"image/{extension}")
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    picture = Image.open(io.BytesIO(response.content))
    assert (picture.format, picture.size) == (kind, (width, width // 2))


def test_a_rendition_is_never_larger_than_its_source(client: Client, db: None) -> None:
    image = ProductImage(product=make_product("Mug"))
    register_picture(image, encoded(Image.new("RGB", (200, 100), "red")), "small.png")
    image.save()
    assert Image.open(io.BytesIO(client.get(f"/img/{image.checksum}/960.webp").content)).size == (200, 100)


def test_a_drawing_is_rendered_at_every_width(client: Client, db: None) -> None:
    stored = store_svg(SVG, size=960, color="#ff0000")
    ProductImage.objects.create(
        product=make_product("Mug"), file=stored.file, checksum=stored.checksum, width=960, height=960
    )
    picture = Image.open(io.BytesIO(client.get(f"/img/{stored.checksum}/320.webp").content))
    assert picture.size == (320, 320)
    red, green, blue = picture.convert("RGB").getpixel((160, 160))  # type: ignore[misc]
    assert (red > 240, green < 15, blue < 15) == (True, True, True)


def test_a_rendition_is_made_once(client: Client, photo: str, django_assert_num_queries: Any) -> None:
    first = client.get(f"/img/{photo}/160.webp").content
    with django_assert_num_queries(0):
        assert client.get(f"/img/{photo}/160.webp").content == first


@pytest.mark.parametrize(
    "path", ["161.webp", "0.webp", "99999999999999999999.webp", "160.png", "160.svg", "160.WEBP", "a.webp"]
)
def test_other_widths_and_formats_are_not_found(client: Client, photo: str, path: str) -> None:
    assert client.get(f"/img/{photo}/{path}").status_code == 404


@pytest.mark.parametrize(
    "checksum", ["0" * 32, "..", "%2e%2e", "..%2f..%2fsettings", "a%00b", "a" * 500, "%F0%9F%99%82"]
)
def test_other_pictures_are_not_found_wherever_they_point(client: Client, photo: str, checksum: str) -> None:
    response = client.get(f"/img/{checksum}/160.webp")
    assert response.status_code == 404
    assert b"postgres" not in response.content


def test_a_photograph_is_turned_upright_and_camera_data_is_dropped() -> None:
    picture = Image.new("RGB", (60, 30), "#0000ff")
    picture.paste("#ff0000", (0, 0, 30, 30))
    exif = picture.getexif()
    exif[0x0112] = 6  # taken with the camera turned: the left side is on top
    exif[0x010F] = "Camera maker"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)  # where it was taken
    stored = store_upload(encoded(picture, "JPEG", exif=exif, quality=95), "turned.jpg")
    upright = kept(stored)
    assert (stored.width, stored.height) == upright.size == (30, 60)
    red, _, blue = upright.convert("RGB").getpixel((15, 5))  # type: ignore[misc]
    assert red > 200 > blue
    assert dict(upright.getexif()) == {}
    assert b"Camera maker" not in default_storage.open(stored.file).read()


def test_a_large_photograph_is_kept_smaller_and_a_small_one_as_it_is() -> None:
    large = store_upload(encoded(Image.new("RGB", (4800, 1200))), "large.png")
    small = store_upload(encoded(Image.new("RGB", (48, 12))), "small.png")
    assert (large.width, large.height) == (KEPT_SIDE, KEPT_SIDE // 4)
    assert (small.width, small.height) == (48, 12)


def test_transparency_is_kept() -> None:
    stored = store_upload(encoded(Image.new("RGBA", (40, 40), (255, 0, 0, 0))), "clear.png")
    assert kept(stored).convert("RGBA").getpixel((5, 5))[3] == 0  # type: ignore[index]


def test_the_same_picture_is_kept_once(db: None) -> None:
    content = encoded(Image.new("RGB", (40, 40), "#123456"))
    one, other = store_upload(content, "a.png"), store_upload(content, "b.png")
    assert one == other
    assert one.color == "#123456"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not a picture"),
        (b"plain text", "not a picture"),
        (SVG.encode(), "not a picture"),
        (encoded(Image.new("RGB", (400, 400)))[:90], "damaged"),
        (encoded(Image.new("RGB", (40, 40)), "BMP"), "is BMP"),
        (encoded(Image.new("RGB", (40, 40)), "TIFF"), "is TIFF"),
        (encoded(Image.new("1", (10_000, 4_001))), "40 million"),  # 5 KB that would fill 160 MB
        (encoded(Image.new("1", (20_000, 20_000))), "damaged"),  # Pillow's own limit
    ],
)
def test_what_is_no_usable_picture_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(PictureRefused, match=reason) as refused:
        store_upload(content, "photo.png")
    assert str(refused.value).startswith("photo.png ")


def test_a_file_too_large_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_BYTES", 1000)
    with pytest.raises(PictureRefused, match="MB"):
        store_upload(b"x" * 1001, "photo.png")


def test_warming_makes_the_first_pictures_that_are_missing(photo: str) -> None:
    assert warm_renditions() == 1
    assert rendition_path(photo, 320, "avif").is_file()
    assert warm_renditions() == 0


def test_a_failed_rendition_leaves_no_half_file(client: Client, photo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(pictures._SAVE, "webp", {"quality": "high"})
    client.raise_request_exception = False
    assert client.get(f"/img/{photo}/640.webp").status_code == 500
    folder: Path = rendition_path(photo, 640, "webp").parent
    assert [path.name for path in folder.glob("640*")] == []
