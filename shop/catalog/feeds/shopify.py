"""Shopify's product CSV: one row a variant or picture, all rows of a Handle together. A variant becomes a product."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from shop.catalog.feeds import values
from shop.catalog.feeds.entry import BadValue, Entry, Refusal
from shop.catalog.feeds.files import Feed, rows
from shop.catalog.feeds.google import MAX_SKU, read_texts

# The export's column names until 2024 and since, as files.column_name writes them.
NAMES = {
    "handle": ("handle", "url_handle"),
    "title": ("title",),
    "description": ("body_(html)", "body_html", "description"),
    "vendor": ("vendor",),
    "category": ("product_category",),
    "type": ("type", "custom_product_type"),
    "tags": ("tags",),
    "published": ("published", "published_on_online_store"),
    "status": ("status",),
    "sku": ("variant_sku", "sku"),
    "barcode": ("variant_barcode", "barcode"),
    "price": ("variant_price", "price"),
    "compare_at": ("variant_compare_at_price", "compare_at_price"),
    "quantity": ("variant_inventory_qty", "inventory_quantity"),
    "tracker": ("variant_inventory_tracker", "inventory_tracker"),
    "image": ("image_src", "product_image_url"),
    "position": ("image_position",),
    "alt": ("image_alt_text",),
    "variant_image": ("variant_image", "variant_image_url"),
    "mpn": ("google_shopping_/_mpn",),
    "gender": ("google_shopping_/_gender",),
    "age_group": ("google_shopping_/_age_group",),
    "condition": ("google_shopping_/_condition",),
    **{f"option{n}_name": (f"option{n}_name",) for n in (1, 2, 3)},
    **{f"option{n}_value": (f"option{n}_value",) for n in (1, 2, 3)},
}
_ONLY_OPTION = "Default Title"  # what Shopify calls the variant of a product without variants


@dataclass
class Group:
    """All rows of one Handle; `product` is the first, which has what variants share."""

    line: int
    product: dict[str, str]
    variants: list[tuple[int, dict[str, str]]] = field(default_factory=list)  # with their lines
    images: list[tuple[int, str, str]] = field(default_factory=list)  # position, address, alt

    def add(self, line: int, cells: dict[str, str]) -> None:
        if cells.get("image"):
            position = cells.get("position", "")
            place = int(position) if position.isdecimal() else len(self.images) + 1
            self.images.append((place, cells["image"], cells.get("alt", "")))
        if cells.get("sku") or cells.get("price") or cells.get("option1_value"):
            self.variants.append((line, cells))


def is_shopify(feed: Feed) -> bool:
    has = {name for name, columns in NAMES.items() if set(columns) & set(feed.columns)}
    return bool(feed.delimiter) and {"handle", "price"} <= has and "id" not in feed.columns


def ignored_columns(feed: Feed) -> list[str]:
    known = {column for columns in NAMES.values() for column in columns}
    return sorted({name for name in feed.columns if name} - known)


def entries(feed: Feed, currency: str) -> Iterator[Entry | Refusal]:
    """An entry for every variant, in the file's order."""
    columns = {column: name for name, found in NAMES.items() for column in found if column in feed.columns}
    group: Group | None = None
    for row in rows(feed):
        if isinstance(row, Refusal):
            yield row
            continue
        cells = {columns[name]: str(cell) for name, cell in row.values.items() if name in columns}
        handle = cells.get("handle", "")
        if not handle:
            yield Refusal(row.line, "", "Handle", "is empty; every row needs the Handle of its product")
            continue
        if group is None or handle != group.product["handle"]:
            if group is not None:
                yield from _of_group(group, currency)
            group = Group(row.line, cells)
        group.add(row.line, cells)
    if group is not None:
        yield from _of_group(group, currency)


def _of_group(group: Group, currency: str) -> Iterator[Entry | Refusal]:
    several = len(group.variants) > 1
    if not group.variants:
        handle = group.product["handle"][:MAX_SKU]
        yield Refusal(group.line, handle, "Variant Price", "is empty in every row of this Handle")
    for line, cells in group.variants:
        sku = cells.get("sku", "").removeprefix("'") or _sku_from_options(group, cells)
        entry = Entry(line, sku)
        try:
            if len(sku) > MAX_SKU:
                raise BadValue("Variant SKU", f"has {len(sku)} characters; the most is {MAX_SKU}")
            _read(entry, group, cells, currency, several)
        except BadValue as bad:
            yield Refusal(line, sku[:MAX_SKU], bad.field, bad.reason)
        else:
            yield entry


def _read(entry: Entry, group: Group, cells: dict[str, str], currency: str, several: bool) -> None:
    product = group.product
    options = _options(product, cells)
    title = product.get("title", "")
    if title and several and options:
        title = f"{title} – {' / '.join(options.values())}"
    shared: dict[str, Any] = {"title": title, "item_group_id": product["handle"] if several else ""}
    for name, column in (("description", "description"), ("brand", "vendor"), ("mpn", "mpn")):
        if column in product:
            shared[name] = product[column]
    if "barcode" in cells:
        shared["gtin"] = cells["barcode"]
    read_texts(entry, shared)
    if "published" in product or "status" in product:
        entry.fields["is_active"] = _is_active(product)
    _prices(entry, cells, currency)
    _stock(entry, cells)
    _categories(entry, product)
    _attributes(entry, product, options)
    _pictures(entry, group, cells)


def _sku_from_options(group: Group, cells: dict[str, str]) -> str:
    """A name for a variant without SKU that stays the same from export to export."""
    parts = [cells.get(f"option{n}_value", "") for n in (1, 2, 3)]
    named = [part for part in parts if part and part != _ONLY_OPTION]
    return "-".join(["-".join(part.lower().split()) for part in (group.product["handle"], *named)])


def _options(product: dict[str, str], cells: dict[str, str]) -> dict[str, str]:
    """Option names (only the first row has them) and this variant's values."""
    pairs = ((product.get(f"option{n}_name", ""), cells.get(f"option{n}_value", "")) for n in (1, 2, 3))
    return {name.strip().lower()[:80]: value for name, value in pairs if name and value and value != _ONLY_OPTION}


def _is_active(product: dict[str, str]) -> bool:
    published = values.flag("Published", product.get("published"))
    status = values.flag("Status", product.get("status"))
    return published is not False and status is not False


def _prices(entry: Entry, cells: dict[str, str], currency: str) -> None:
    """The compare-at price is the regular one, if it is higher."""
    price = values.cents("Variant Price", cells.get("price"), currency)
    before = values.cents("Variant Compare At Price", cells.get("compare_at"), currency)
    if price is None:
        raise BadValue("Variant Price", f"is empty; write it like 12.99 {currency}")
    on_sale = before is not None and before > price
    entry.fields["price_cents"] = before if on_sale else price
    entry.fields["sale_price_cents"] = price if on_sale else None


def _stock(entry: Entry, cells: dict[str, str]) -> None:
    quantity = values.quantity("Variant Inventory Qty", cells.get("quantity"))
    if "tracker" in cells and not cells["tracker"]:  # Shopify sells what it does not count
        entry.is_in_stock = True
    elif quantity is not None:
        entry.fields["stock"] = quantity


def _categories(entry: Entry, product: dict[str, str]) -> None:
    """Shopify's category if it is given by its path, else the merchant's own type."""
    if "category" not in product and "type" not in product:
        return
    path = values.path(product.get("category"))
    own = values.path(product.get("type"))
    entry.category = path if path and not path[0].isdigit() else own
    entry.fields["product_type"] = " > ".join(own)[:200]


def _attributes(entry: Entry, product: dict[str, str], options: dict[str, str]) -> None:
    entry.attributes.update(options)
    for name in ("gender", "age_group", "condition"):
        if name in product and product[name].lower() != "new":
            entry.attributes[name.replace("_", " ")] = product[name] or None
    if "tags" in product:
        entry.attributes["tags"] = values.many(product["tags"]) or None


def _pictures(entry: Entry, group: Group, cells: dict[str, str]) -> None:
    """The variant's own picture first, then those of the product in their order."""
    ordered = sorted(group.images)
    own = [cells["variant_image"]] if cells.get("variant_image") else []
    entry.pictures = list(dict.fromkeys([*own, *(address for _, address, _ in ordered)]))
    entry.picture_alts = {address: alt for _, address, alt in ordered if alt}
