"""Small pictures in lists. Sizes stand in `style`: the admin's stylesheet has only the classes that it uses itself."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

_BOX = "width:40px;height:40px;flex:none;border-radius:6px;object-fit:cover;background:rgba(128,128,128,.15)"


def picture_address(checksum: str) -> str:
    return f"/img/{checksum}/160.webp"


def with_thumbnail(checksum: str, title: str, below: str = "") -> SafeString:
    """The title beside its picture, or beside an empty box; `below` is a second, quieter line."""
    image: SafeString | str = format_html('<span style="{}"></span>', _BOX)
    if checksum:
        image = format_html('<img src="{}" alt="" loading="lazy" style="{}">', picture_address(checksum), _BOX)
    second = format_html('<span style="display:block;opacity:.65;font-size:.8125rem">{}</span>', below) if below else ""
    return format_html(
        '<span style="display:flex;gap:.75rem;align-items:center;text-align:left">{}<span>{}{}</span></span>',
        image, title, second,
    )  # fmt: skip
