"""Products as cards: what every list of products in the API shows, in a bounded number of queries."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Window
from django.db.models.functions import RowNumber

from search.product_text import attribute_values
from shop.catalog.labels import attribute_label, translated
from shop.catalog.models import Product, ProductImage

LOW_STOCK = 5
NEW_FOR_DAYS = 60
CARD_IMAGES = 4
KEY_ATTRIBUTES = 4
WIDTHS = [160, 320, 640, 960]
FORMATS = ["avif", "webp"]
# Logistics and codes: true, but nobody chooses a product by them.
_DULL = ("package", "pallet", "carton", "country of origin", "oem code", "weight", "harmonized", "compatibility", "storage temperature")

_FIELDS = (
    "id", "sku", "title", "brand", "category__slug", "category__name", "category__translations", "price_cents",
    "sale_price_cents", "stock", "rating_average", "rating_count", "attributes", "translations", "released_on",
)  # fmt: skip


def product_cards(product_ids: Sequence[int], language: str) -> list[dict[str, Any]]:
    """Cards of the active products among these, in the given order; two queries."""
    ids = list(product_ids)
    if not ids:
        return []
    rows = {row["id"]: row for row in Product.objects.filter(id__in=ids, is_active=True).values(*_FIELDS)}
    pictures = product_pictures(ids, CARD_IMAGES)
    return [card(rows[pk], pictures[pk], language) for pk in ids if pk in rows]


def card(row: dict[str, Any], pictures: list[dict[str, Any]], language: str) -> dict[str, Any]:
    """One product's card from a row of `_FIELDS`."""
    words = (row["translations"] or {}).get(language) or {}
    title = words.get("title") or row["title"]
    stock = row["stock"]
    rating = row["rating_average"]
    return {
        "id": row["id"],
        "sku": row["sku"],
        "title": title,
        "brand": row["brand"],
        "category": category_name(row, language),
        "price_cents": row["price_cents"],
        "sale_price_cents": row["sale_price_cents"],
        "currency": settings.STORE_CURRENCY,
        "rating_average": float(rating) if rating is not None else None,
        "rating_count": row["rating_count"],
        "stock_status": stock_status(stock),
        "stock_left": stock if 0 < stock <= LOW_STOCK else None,
        "is_new": is_new(row["released_on"]),
        "images": [{**picture, "alt": picture["alt"] or title} for picture in pictures],
        "key_attributes": attribute_rows(row["attributes"], words, language)[:KEY_ATTRIBUTES],
    }


def category_name(row: dict[str, Any], language: str) -> dict[str, str] | None:
    if not row["category__slug"]:
        return None
    name = translated(row["category__translations"], "name", row["category__name"], language)
    return {"slug": row["category__slug"], "name": name}


def attribute_rows(attributes: dict[str, Any], words: dict[str, Any], language: str) -> list[dict[str, str]]:
    """Attributes as shoppers read them, in the merchant's order, without the dull ones."""
    own = words.get("attributes") or {}
    return [
        {
            "key": key,
            "label": attribute_label(key, language),
            "value": ", ".join(attribute_values(own.get(key, value))),
        }
        for key, value in attributes.items()
        if attribute_values(value) and not any(dull in key for dull in _DULL)
    ]


def stock_status(stock: int) -> str:
    if stock <= 0:
        return "out_of_stock"
    return "low_stock" if stock <= LOW_STOCK else "in_stock"


def is_new(released_on: date | None) -> bool:
    return released_on is not None and date.today() - timedelta(days=NEW_FOR_DAYS) <= released_on <= date.today()


def product_pictures(product_ids: Sequence[int], most: int) -> dict[int, list[dict[str, Any]]]:
    """The first pictures of each product; one query."""
    rows = (
        ProductImage.objects.filter(product_id__in=product_ids)
        .annotate(row=Window(RowNumber(), partition_by=F("product_id"), order_by=["position", "id"]))
        .filter(row__lte=most)
        .values("product_id", "checksum", "width", "height", "color", "alt")
        .order_by("product_id", "row")
    )
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["product_id"]].append(picture(row))
    return found


def picture(row: dict[str, Any]) -> dict[str, Any]:
    """A picture's address template: the client puts in a width and a format."""
    return {
        "src": f"/img/{row['checksum']}/{{w}}.{{f}}",
        "widths": WIDTHS,
        "formats": FORMATS,
        "width": row["width"],
        "height": row["height"],
        "color": row["color"],
        "alt": row["alt"],
    }
