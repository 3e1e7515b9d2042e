"""Which products a phone gets, and what it shows of them."""

from collections.abc import Hashable, Sequence
from typing import Any, Generic, TypeVar

from django.conf import settings

from search.pack.format import Cards
from shop.catalog.models import Product, ProductImage

MOST_PRODUCTS = 20_000  # 170 bytes each: more would be a download that nobody waits for

Row = TypeVar("Row", bound=Hashable)


class _Numbered(Generic[Row]):
    """Each row once, by its place."""

    def __init__(self) -> None:
        self.places: dict[Row, int] = {}

    def place(self, row: Row | None) -> int:
        return -1 if row is None else self.places.setdefault(row, len(self.places))

    def rows(self) -> list[Row]:
        return list(self.places)


def packed_products(version_id: int) -> list[int]:
    """Ids of products for sale that have a vector under the version, most popular first. One SQL query."""
    found = Product.objects.filter(is_active=True, embeddings__version=version_id, embeddings__is_for_sale=True)
    return list(found.order_by("-popularity", "id").values_list("id", flat=True)[:MOST_PRODUCTS])


def read_cards(product_ids: Sequence[int]) -> Cards:
    """Of these products, in their order. Two SQL queries."""
    fields = (
        "id", "sku", "title", "translations", "brand", "category__slug", "category__name", "category__translations",
        "price_cents", "sale_price_cents", "rating_average", "rating_count", "stock",
    )  # fmt: skip
    known = {row["id"]: row for row in Product.objects.filter(pk__in=product_ids).values(*fields)}
    rows = [known[pk] for pk in product_ids if pk in known]
    first = _first_pictures(product_ids)
    brands: _Numbered[str] = _Numbered()
    categories: _Numbered[tuple[str, str, str]] = _Numbered()
    pictures: _Numbered[tuple[str, int, int, str]] = _Numbered()
    return Cards(
        currency=settings.STORE_CURRENCY,
        id=[row["id"] for row in rows],
        sku=[row["sku"] for row in rows],
        title=[row["title"] for row in rows],
        zh=[_chinese_title(row) for row in rows],
        brand=[brands.place(row["brand"] or None) for row in rows],
        category=[categories.place(_category(row)) for row in rows],
        picture=[pictures.place(first.get(row["id"])) for row in rows],
        price_cents=[row["price_cents"] for row in rows],
        sale_price_cents=[row["sale_price_cents"] for row in rows],
        rating=[None if row["rating_average"] is None else float(row["rating_average"]) for row in rows],
        ratings=[row["rating_count"] for row in rows],
        in_stock=[row["stock"] > 0 for row in rows],
        brands=brands.rows(),
        categories=categories.rows(),
        pictures=pictures.rows(),
    )


def _chinese_title(row: dict[str, Any]) -> str:
    title = ((row["translations"] or {}).get("zh") or {}).get("title") or ""
    return "" if title == row["title"] else title


def _category(row: dict[str, Any]) -> tuple[str, str, str] | None:
    if row["category__slug"] is None:
        return None
    chinese = ((row["category__translations"] or {}).get("zh") or {}).get("name") or ""
    return row["category__slug"], row["category__name"], chinese


def _first_pictures(product_ids: Sequence[int]) -> dict[int, tuple[str, int, int, str]]:
    rows = (
        ProductImage.objects.filter(product_id__in=product_ids)
        .order_by("product_id", "position", "id")
        .distinct("product_id")
        .values_list("product_id", "checksum", "width", "height", "color")
    )
    return {pk: (checksum, width, height, color) for pk, checksum, width, height, color in rows.iterator()}
