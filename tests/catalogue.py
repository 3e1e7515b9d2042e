"""Small catalogues for tests: products with what a test does not care about filled in."""

from typing import Any

from shop.catalog.models import Category, CategoryImage, Product, ProductImage


def make_product(title: str, **fields: Any) -> Product:
    """An active product in stock; `sku` from the title unless given."""
    defaults: dict[str, Any] = {"sku": title.upper().replace(" ", "-")[:80], "price_cents": 1999, "stock": 10}
    return Product.objects.create(title=title, **{**defaults, **fields})


def make_category(slug: str, name: str = "", **fields: Any) -> Category:
    return Category.objects.create(slug=slug, name=name or slug.replace("-", " ").capitalize(), **fields)


def add_picture(product: Product, checksum: str, **fields: Any) -> ProductImage:
    """A picture by its checksum only: no file is read."""
    size = {"width": 960, "height": 960, "color": "#e8eef7"}
    return ProductImage.objects.create(product=product, checksum=checksum, **{**size, **fields})


def make_category_picture(checksum: str) -> CategoryImage:
    return CategoryImage.objects.create(checksum=checksum, width=960, height=960, color="#e8eef7")
