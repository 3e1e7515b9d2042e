"""Drawings become pictures at every width, also where the renderer fails."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from shop.catalog.demo.compose import compose
from shop.catalog.models import ProductImage
from shop.catalog.pictures import WIDTHS, render, rendition_path, store_svg, warm_renditions
from tests.catalogue import add_picture, make_product


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "drawing", [(("ping-pong",), "", "whole", "sports"), (("thong-sandal",), "black", "scene", "shoes")]
)
def test_a_drawing_at_whose_width_resvg_panics_is_drawn(
    drawing: tuple[tuple[str, ...], str, str, str], width: int, tmp_path: Path
) -> None:
    stored = store_svg(compose(*drawing), size=960, color="#eef6f0")
    render(stored.file, tmp_path / "drawn.webp", width, "webp")
    with Image.open(tmp_path / "drawn.webp") as picture:
        assert picture.size == (width, width)


@pytest.mark.django_db
def test_a_picture_that_cannot_be_drawn_does_not_keep_the_next_from_it() -> None:
    broken = add_picture(make_product("Broken"), "0" * 32)
    name = default_storage.save("pictures/broken.webp", ContentFile(b"no picture"))
    ProductImage.objects.filter(pk=broken.pk).update(file=name)
    stored = store_svg(compose(("ping-pong",), "", "whole", "sports"), size=960, color="#eef6f0")
    whole = add_picture(make_product("Whole"), stored.checksum)
    ProductImage.objects.filter(pk=whole.pk).update(file=stored.file)
    assert warm_renditions(["0" * 32, stored.checksum]) == 1
    assert rendition_path(stored.checksum, 320, "avif").is_file()
