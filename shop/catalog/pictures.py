"""Pictures: what is kept of an upload, and the sizes and formats that browsers get.

`/img/<checksum>/<width>.<format>` is made from the source file at the first request and kept on disk, so loading a
catalogue costs nothing and a new format needs no migration. The address has the source's checksum in it: a changed
picture has another address, and browsers may keep what they have for ever.
"""

import hashlib
import io
import logging
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from PIL import Image, ImageOps, UnidentifiedImageError

from shop.catalog.models import CategoryImage, Picture, ProductImage

logger = logging.getLogger(__name__)

WIDTHS = (160, 320, 640, 960)
CONTENT_TYPES = {"avif": "image/avif", "webp": "image/webp"}
# Quality by eye on the demo catalogue and photographs; speed so that a 320 px AVIF costs some 20 ms.
_SAVE = {"avif": {"quality": 62, "speed": 8}, "webp": {"quality": 80, "method": 3}}
MAX_PIXELS = 40_000_000
MAX_BYTES = 20 * 1024 * 1024
KEPT_SIDE = 2400  # a merchant's photograph is kept at most this large
ACCEPTED = {"JPEG", "PNG", "WEBP", "AVIF", "GIF"}


class PictureRefused(Exception):
    """The upload is no picture we can use; the message says why and what to do."""


@dataclass(frozen=True)
class StoredPicture:
    """The fields of models.Picture for a stored source file."""

    file: str
    checksum: str
    width: int
    height: int
    color: str


def store_upload(content: bytes, name: str) -> StoredPicture:
    """Keeps an uploaded photograph: turned upright, without camera data, at most KEPT_SIDE. Raises PictureRefused."""
    if len(content) > MAX_BYTES:
        raise PictureRefused(f"{name} has {len(content) / 1e6:.0f} MB; the most is {MAX_BYTES / 1e6:.0f} MB.")
    try:
        with Image.open(io.BytesIO(content)) as opened:
            if opened.format not in ACCEPTED:
                raise PictureRefused(f"{name} is {opened.format}; use JPEG, PNG, WebP, AVIF or GIF.")
            if opened.width * opened.height > MAX_PIXELS:
                raise PictureRefused(f"{name} has {opened.width} x {opened.height} pixels; the most is 40 million.")
            picture = ImageOps.exif_transpose(opened)
            picture = picture.convert("RGBA" if "A" in picture.getbands() or "transparency" in picture.info else "RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise PictureRefused(f"{name} is not a picture, or it is damaged: {error}") from error
    picture.thumbnail((KEPT_SIDE, KEPT_SIDE))
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=92, method=4)
    return _store(buffer.getvalue(), "webp", picture.width, picture.height, _mean_color(picture))


def store_svg(svg: str, *, size: int, color: str) -> StoredPicture:
    """Keeps a drawing of our own. Merchants cannot upload SVG: it can carry scripts."""
    return _store(svg.encode(), "svg", size, size, color)


def register_picture(picture: Picture, content: bytes, name: str) -> None:
    """Fills a Picture's fields from an upload; the caller saves it. Raises PictureRefused."""
    stored = store_upload(content, name)
    picture.file.name = stored.file
    picture.checksum, picture.color = stored.checksum, stored.color
    picture.width, picture.height = stored.width, stored.height


def rendition(request: HttpRequest, checksum: str, width: int, extension: str) -> HttpResponse:
    """The view of /img/: 404 for a picture, width or format that there is not."""
    if width not in WIDTHS or extension not in CONTENT_TYPES:
        raise Http404(f"Widths are {WIDTHS}, formats {', '.join(CONTENT_TYPES)}.")
    path = rendition_path(checksum, width, extension)
    if not path.is_file():
        source = source_of(checksum)
        if source is None:
            raise Http404("There is no such picture.")
        render(source, path, width, extension)
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return HttpResponse(path.read_bytes(), content_type=CONTENT_TYPES[extension], headers=headers)


def source_of(checksum: str) -> str | None:
    """The stored name of the picture's source file."""
    for model in (ProductImage, CategoryImage):
        name = model.objects.filter(checksum=checksum).values_list("file", flat=True).first()
        if name:
            return str(name)
    return None


def rendition_path(checksum: str, width: int, extension: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "renditions" / checksum[:2] / checksum / f"{width}.{extension}"


def render(source: str, path: Path, width: int, extension: str) -> None:
    """Writes one rendition; never larger than its source, and never half a file."""
    with default_storage.open(source) as file:
        content = file.read()
    picture = _draw(content, width) if source.endswith(".svg") else Image.open(io.BytesIO(content))
    if picture.width > width:
        height = max(1, round(picture.height * width / picture.width))
        picture = picture.resize((width, height), Image.Resampling.LANCZOS)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as file:
        picture.save(file, extension.upper(), **_SAVE[extension])
    Path(file.name).replace(path)


def warm_renditions(checksums: Iterable[str] | None = None, *, widths: Iterable[int] = (320,)) -> int:
    """Renders what browsers ask for first and is not there yet; returns how many. Can be stopped at any time."""
    known = checksums or ProductImage.objects.filter(position=0).values_list("checksum", flat=True).distinct()
    made = 0
    for checksum in known:
        for width in widths:
            path = rendition_path(checksum, width, "avif")
            source = None if path.is_file() else source_of(checksum)
            if source is None:
                continue
            try:
                render(source, path, width, "avif")
                made += 1
            except OSError as error:  # one that cannot be drawn does not keep the others from it
                logger.warning("%s was not rendered: %s", source, error)
    return made


def _draw(svg: bytes, width: int) -> Image.Image:
    """At least `width` wide. resvg panics where a filter's region rounds to two sizes; another pixel and it does not.

    Raises OSError when no width helps: a panic is no Exception, and would end whoever asked.
    """
    import resvg_py

    for wide in range(width, width + 4):
        try:
            png = resvg_py.svg_to_bytes(svg_string=svg.decode(), width=wide)
        except BaseException as error:
            if type(error).__name__ != "PanicException":  # it cannot be imported
                raise
        else:
            return Image.open(io.BytesIO(bytes(png))).convert("RGB")
    raise OSError("resvg cannot draw this picture.")


def _store(content: bytes, extension: str, width: int, height: int, color: str) -> StoredPicture:
    """Files are named by content, so the same picture is kept once."""
    checksum = hashlib.sha256(content).hexdigest()[:32]
    name = f"pictures/{checksum[:2]}/{checksum}.{extension}"
    if not default_storage.exists(name):
        name = default_storage.save(name, ContentFile(content))
    return StoredPicture(name, checksum, width, height, color)


def _mean_color(picture: Image.Image) -> str:
    red, green, blue = picture.convert("RGB").resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))  # type: ignore[misc]
    return f"#{red:02x}{green:02x}{blue:02x}"
