"""Writes the demo catalogue into the database and its pictures into the media folder."""

import hashlib
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction

from shop.catalog.demo.catalogue import DATA, DemoProduct, demo_products, departments_and_types, shifted_release
from shop.catalog.demo.compose import SIZE, VIEWS, compose, ground_color
from shop.catalog.models import Category, CategoryImage, Product, ProductImage
from shop.catalog.pictures import StoredPicture, store_svg

BATCH_SIZE = 200
ALT = {"whole": "{}", "close": "{}, close up", "scene": "{}, on display"}

Progress = Callable[[int], object]


def content_stamp(limit: int | None) -> str:
    """Changes when the data or the code that draws and generates it does."""
    here = Path(__file__).parent
    digest = hashlib.sha256(str(limit).encode())
    for path in sorted([*DATA.glob("*.txt"), *here.glob("*.py"), here / "art.json.gz"]):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_loaded(limit: int | None) -> bool:
    stamp = _stamp_file()
    return stamp.is_file() and stamp.read_text() == content_stamp(limit) and Product.objects.exists()


def load_demo_catalogue(
    *, limit: int | None = None, overwrite: bool = False, draws: bool = True, progress: Progress | None = None
) -> int:
    """Adds what is not there yet and returns how many products that were.

    Products that exist are left as they are, a merchant's edits included, unless `overwrite`. Without `draws` nothing
    gets pictures, and no file is written: for a database that is only searched.
    """
    categories = _load_categories(draws)
    wanted = demo_products(limit)
    known = set() if overwrite else set(Product.objects.values_list("sku", flat=True))
    missing = [product for product in wanted if product.fields["sku"] not in known]
    pictures: dict[tuple[str, ...], StoredPicture] = {}
    for start in range(0, len(missing), BATCH_SIZE):
        batch = missing[start : start + BATCH_SIZE]
        with transaction.atomic():
            rows = _write(batch, categories)
            if draws:
                _write_pictures(rows, batch, pictures)
        if progress:
            progress(len(batch))
    if draws:
        _stamp_file().parent.mkdir(parents=True, exist_ok=True)
        _stamp_file().write_text(content_stamp(limit))
    return len(missing)


def _stamp_file() -> Path:
    return Path(settings.MEDIA_ROOT) / "demo-catalogue.stamp"


def _load_categories(draws: bool) -> dict[str, Category]:
    """Departments and types as categories, by slug; names that a merchant changed are kept."""
    departments, types = departments_and_types()
    found: dict[str, Category] = {}
    for place, department in enumerate(departments):
        found[department.slug] = _category(
            department.slug, department.name, department.chinese, place, None, department.layout, department.icons,
            department.slug, draws,
        )  # fmt: skip
    for place, kind in enumerate(types):
        parent = found[kind.department]
        found[f"{kind.department}/{kind.slug}"] = _category(
            kind.slug, kind.name, kind.chinese, place, parent, "", kind.icons, kind.department, draws
        )
    return found


def _category(
    slug: str, name: str, chinese: str, position: int, parent: Category | None, layout: str, icons: list[str],
    ground: str, draws: bool,
) -> Category:  # fmt: skip
    existing = Category.objects.filter(slug=slug).first()
    if existing is not None:
        return existing
    image = None
    if draws:
        image = CategoryImage.objects.create(**_picture_fields(_draw(tuple(icons), "", "whole", ground)), alt=name)
    return Category.objects.create(
        slug=slug, name=name, parent=parent, position=position, default_layout=layout, image=image,
        translations={"zh": {"name": chinese}},
    )  # fmt: skip


def _write(batch: list[DemoProduct], categories: dict[str, Category]) -> list[Product]:
    today = date.today()
    Product.objects.filter(sku__in=[product.fields["sku"] for product in batch]).delete()
    return Product.objects.bulk_create(
        Product(
            category=categories[f"{product.type.department}/{product.type.slug}"],
            released_on=shifted_release(product, today),
            **product.fields,
        )
        for product in batch
    )


def _write_pictures(
    rows: list[Product], batch: list[DemoProduct], pictures: dict[tuple[str, ...], StoredPicture]
) -> None:
    ProductImage.objects.bulk_create(
        ProductImage(
            product=row,
            position=position,
            alt=ALT[view].format(f"{product.color} {product.type.name}".strip()).capitalize(),
            **_picture_fields(_picture(product, view, pictures)),
        )
        for row, product in zip(rows, batch, strict=True)
        for position, view in enumerate(VIEWS)
    )


def _picture(product: DemoProduct, view: str, pictures: dict[tuple[str, ...], StoredPicture]) -> StoredPicture:
    key = (*product.type.icons, product.color, view, product.type.department)
    if key not in pictures:
        pictures[key] = _draw(tuple(product.type.icons), product.color, view, product.type.department)
    return pictures[key]


def _draw(icons: tuple[str, ...], color: str, view: str, department: str) -> StoredPicture:
    svg = compose(icons, color, view, department)
    return store_svg(svg, size=SIZE, color=ground_color(view, color, department))


def _picture_fields(stored: StoredPicture) -> dict[str, object]:
    return asdict(stored)
