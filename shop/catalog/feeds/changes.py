"""What an entry changes in a product, without writing it."""

import copy
from typing import Any

from shop.catalog.feeds.entry import Entry, Refusal
from shop.catalog.models import Product

# What search reads of a product's row in its index; the rest it reads live.
INDEXED = {
    "title", "description", "brand", "mpn", "gtin", "product_type", "category_id", "attributes", "translations",
    "is_active",
}  # fmt: skip


def wanted_fields(entry: Entry, product: Product | None, category_id: int | None, default_stock: int) -> dict[str, Any]:
    """The fields that the entry says something about, as they should be; `product` is None for a new one."""
    wanted = dict(entry.fields)
    if entry.category is not None:
        wanted["category_id"] = category_id
    if entry.replaces_attributes or entry.attributes:
        wanted["attributes"] = _attributes(entry, product)
    if entry.chinese:
        wanted["translations"] = _translations(entry, product)
    if entry.is_in_stock and (product is None or product.stock == 0):
        wanted["stock"] = default_stock
    price = wanted.get("price_cents")
    if price is not None and wanted.get("sale_price_cents") == price:  # many feeds write it so for "no sale"
        wanted["sale_price_cents"] = None
    return wanted


def refusal(entry: Entry, product: Product | None, wanted: dict[str, Any]) -> Refusal | None:
    """Why no product can be made of it, seen beside what the catalogue has."""
    for name, column in (("title", "title"), ("price_cents", "price")):
        if product is None and wanted.get(name) is None:
            return Refusal(entry.line, entry.sku, column, "is missing; a new product needs one")
    price = wanted.get("price_cents", product.price_cents if product else None)
    sale = wanted.get("sale_price_cents", product.sale_price_cents if product else None)
    if sale is not None and price is not None and sale >= price:
        whose = "" if "sale_price_cents" in wanted else " that the product has"
        reason = f"{sale / 100:.2f}{whose} is not below the price of {price / 100:.2f}; correct it, or leave it empty"
        return Refusal(entry.line, entry.sku, "sale_price", reason)
    return None


def assign(product: Product, wanted: dict[str, Any]) -> set[str]:
    """Sets what differs; returns the names of these fields."""
    changed = {name for name, value in wanted.items() if getattr(product, name) != value}
    for name in changed:
        setattr(product, name, wanted[name])
    return changed


def _attributes(entry: Entry, product: Product | None) -> dict[str, Any]:
    kept = {} if product is None or entry.replaces_attributes else dict(product.attributes)
    kept.update(entry.attributes)
    return {key: value for key, value in kept.items() if value is not None}


def _translations(entry: Entry, product: Product | None) -> dict[str, Any]:
    kept = copy.deepcopy(product.translations) if product is not None else {}
    chinese = {**(kept.pop("zh", None) or {}), **entry.chinese}
    chinese = {key: value for key, value in chinese.items() if value}
    return {**kept, "zh": chinese} if chinese else kept
