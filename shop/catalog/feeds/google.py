"""Rows in Google's product data specification (support.google.com/merchants/answer/7052112) as entries."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson

from shop.catalog.feeds import values
from shop.catalog.feeds.entry import BadValue, Entry, FeedUnreadable, Refusal
from shop.catalog.feeds.files import Feed, Row, cleaned, rows

# Other names of columns, in feeds seen in the wild and in this project's own models.
ALIASES = {
    "sku": "id", "name": "title", "stock": "quantity", "inventory": "quantity", "sell_on_google_quantity": "quantity",
    "stock_quantity": "quantity", "colour": "color", "image": "image_link", "image_url": "image_link",
    "manufacturer": "brand", "ean": "gtin", "upc": "gtin", "isbn": "gtin", "barcode": "gtin",
    "category": "product_type", "release_date": "date_released", "released_on": "date_released", "is_active": "active",
    "additional_image_links": "additional_image_link",
}  # fmt: skip
# Columns that become attributes under their own names, with spaces.
ATTRIBUTES = (
    "color", "size", "material", "pattern", "gender", "age_group", "size_type", "size_system", "multipack", "is_bundle",
    "energy_efficiency_class", "product_length", "product_width", "product_height", "product_weight",
)  # fmt: skip
TEXTS = {"title": 300, "description": 10_000, "brand": 80, "mpn": 80, "item_group_id": 80}
_FIELD_OF = {"item_group_id": "item_group"}
KNOWN = {
    "id", *TEXTS, "gtin", "price", "sale_price", "sale_price_effective_date", "availability", "quantity",
    "product_type", "google_product_category", "image_link", "additional_image_link", *ATTRIBUTES, "condition",
    "product_detail", "attributes", "date_released", "active", "title_zh", "description_zh",
}  # fmt: skip
MAX_SKU = 80
EXACT_FLOATS = 2**53
MAX_ATTRIBUTES = 500
CATEGORY_NUMBER = "is a number of Google's taxonomy, left out; write its path (A > B > C), or use product_type"
NO_DATE = "is no date, left out; write it like 2026-11-25"
NESTED = "has objects within the object, left out; write text, numbers, true, false or lists of these"
LONG_MPN = "is longer than 80 characters, so no part number; left out"


def entries(feed: Feed, currency: str, now: datetime) -> Iterator[Entry | Refusal]:
    """What every row says. Raises FeedUnreadable if the file has no ids."""
    names = [ALIASES.get(name, name) for name in feed.columns]
    if feed.delimiter and "id" not in names:
        found = ", ".join(filter(None, feed.columns)) or "no columns"
        raise FeedUnreadable(f"There is no column id (or sku). The first line has: {found}.")
    for row in rows(feed):
        yield row if isinstance(row, Refusal) else _entry(row, currency, now)


def ignored_columns(feed: Feed) -> list[str]:
    return sorted({name for name in feed.columns if name and ALIASES.get(name, name) not in KNOWN})


def _entry(row: Row, currency: str, now: datetime) -> Entry | Refusal:
    cells = {ALIASES.get(name, name): value for name, value in row.values.items()}
    sku = values.text(cells.get("id"))
    entry = Entry(row.line, sku)
    try:
        if not sku:
            raise BadValue("id", "is empty; every product needs an id of its own")
        if len(sku) > MAX_SKU:
            raise BadValue("id", f"has {len(sku)} characters; the most is {MAX_SKU}")
        read_texts(entry, cells)
        _prices(entry, cells, currency, now)
        _stock(entry, cells)
        _categories(entry, cells)
        _attributes(entry, cells)
        _pictures(entry, cells)
    except BadValue as bad:
        return Refusal(row.line, sku[:MAX_SKU], bad.field, bad.reason)
    return entry


def read_texts(entry: Entry, cells: dict[str, Any]) -> None:
    """Title, description, brand, numbers, date, Chinese texts: those that `cells` has."""
    for name, most in TEXTS.items():
        if name in cells:
            entry.fields[_FIELD_OF.get(name, name)] = _fitting(entry, name, values.text(cells[name]), most)
    if entry.fields.get("title") == "":
        raise BadValue("title", "is empty; every product needs one")
    if "gtin" in cells:
        entry.fields["gtin"], odd = values.trade_number(cells["gtin"])
        if odd:
            entry.note("gtin", odd)
    if "date_released" in cells:
        entry.fields["released_on"] = _day(entry, cells["date_released"])
    if "active" in cells:
        active = values.flag("active", cells["active"])
        entry.fields["is_active"] = True if active is None else active
    for name in ("title", "description"):
        if f"{name}_zh" in cells:
            text = values.text(cells[f"{name}_zh"])
            entry.chinese[name] = _fitting(entry, f"{name}_zh", text, TEXTS[name])


def _fitting(entry: Entry, name: str, text: str, most: int) -> str:
    """The text if the catalogue has room for it; a long description is cut, a long part number is none."""
    if name != "description" and not name.endswith("_zh"):
        text = " ".join(text.split())
    if len(text) <= most:
        return text
    if name == "mpn":
        entry.note("mpn", LONG_MPN)
        return ""
    if name.startswith("description"):
        entry.note(name, f"is longer than {most:,} characters, cut")
        return text[:most].rsplit(None, 1)[0]
    raise BadValue(name, f"has {len(text)} characters; the most is {most}")


def _day(entry: Entry, cell: Any) -> Any:
    if not cell:
        return None
    try:
        return values.day(cell)
    except ValueError:
        entry.note("date_released", NO_DATE)
        return None


def _prices(entry: Entry, cells: dict[str, Any], currency: str, now: datetime) -> None:
    if "price" in cells:
        price = values.cents("price", cells["price"], currency)
        if price is None:
            raise BadValue("price", f"is empty; write it like 12.99 {currency}")
        if price == 0:
            entry.note("price", "is 0: it can be ordered for nothing")
        entry.fields["price_cents"] = price
    if "sale_price" in cells:
        entry.fields["sale_price_cents"] = sale = values.cents("sale_price", cells["sale_price"], currency)
        if sale is not None and not _is_on_sale(entry, cells, now):
            entry.fields["sale_price_cents"] = None


def _is_on_sale(entry: Entry, cells: dict[str, Any], now: datetime) -> bool:
    period = cells.get("sale_price_effective_date")
    try:
        running = not period or values.is_running(period, now)
    except (ValueError, OverflowError):
        reason = f"{str(period)[:60]!r} is no period; write it like 2026-11-27T00:00Z/2026-11-30T23:59Z"
        raise BadValue("sale_price_effective_date", reason) from None
    if not running:
        entry.note("sale_price", "is not valid today (sale_price_effective_date), left out; import again when it is")
    return running


def _stock(entry: Entry, cells: dict[str, Any]) -> None:
    """What cannot be ordered now has no stock here, whatever its quantity."""
    quantity = values.quantity("quantity", cells.get("quantity"))
    orderable = values.availability(cells.get("availability"))
    if orderable is False:
        entry.fields["stock"] = 0
    elif quantity is not None:
        entry.fields["stock"] = quantity
    else:
        entry.is_in_stock = orderable


def _categories(entry: Entry, cells: dict[str, Any]) -> None:
    """The merchant's own product_type, else Google's category if it is given by its path."""
    own = values.path(cells.get("product_type"))
    google = values.path(cells.get("google_product_category"))
    if google and google[0].isdigit():
        google = ()
        if not own:
            entry.note("google_product_category", CATEGORY_NUMBER)
    if "product_type" in cells or google:
        entry.category = own or google
    if "product_type" in cells:
        entry.fields["product_type"] = " > ".join(own)[:200]


def _attributes(entry: Entry, cells: dict[str, Any]) -> None:
    """The `attributes` column replaces them all; a column of its own sets or removes one."""
    if "attributes" in cells:
        entry.replaces_attributes = True
        entry.attributes = _attribute_object(entry, cells["attributes"])
    for name in ATTRIBUTES:
        if name in cells:
            entry.attributes[name.replace("_", " ")] = _attribute_value(cells[name])
    if "condition" in cells:  # every shop's goods are new
        condition = values.text(cells["condition"]).lower()
        entry.attributes["condition"] = condition if condition not in ("", "new") else None
    if "product_detail" in cells:
        entry.attributes.update(_details(cells["product_detail"]))
    if len(entry.attributes) > MAX_ATTRIBUTES:
        raise BadValue("attributes", f"has {len(entry.attributes)} entries; the most is {MAX_ATTRIBUTES}")


def _attribute_object(entry: Entry, cell: Any) -> dict[str, Any]:
    if isinstance(cell, str) and cell:
        try:
            cell = cleaned(orjson.loads(cell))
        except orjson.JSONDecodeError as error:
            raise BadValue("attributes", f'is not valid JSON ({error}); write it like {{"color": "red"}}') from None
    if not cell:
        return {}
    if not isinstance(cell, dict):
        raise BadValue("attributes", 'is no JSON object; write it like {"color": "red"}')
    found = {}
    for key, value in cell.items():
        name = " ".join(key.split())[:80]
        clean = _attribute_value(value)
        if isinstance(value, dict):
            entry.note("attributes", NESTED)
        if name and clean is not None:
            found[name] = clean
    return found


def _attribute_value(value: Any) -> Any:
    """The value as the catalogue keeps it; None for an empty or a nested one."""
    if isinstance(value, str):
        return values.plain_text(value) or None
    if isinstance(value, list):
        return [clean for item in value if (clean := _attribute_value(item)) is not None] or None
    if isinstance(value, float) and abs(value) >= EXACT_FLOATS:
        return int(Decimal(repr(value)))  # as the database gives it back
    return None if isinstance(value, dict) else value


def _details(cell: Any) -> dict[str, Any]:
    """Google's product_detail: `Section:Name:Value,...`, or objects with attribute_name and attribute_value."""
    found: dict[str, Any] = {}
    items = cell if isinstance(cell, list) else values.many(cell)
    for item in items:
        if isinstance(item, dict):
            name, value = values.text(item.get("attribute_name")), values.text(item.get("attribute_value"))
        else:
            *_, name, value = ["", "", *str(item).split(":", 2)]
        if name and value:
            found[name.strip().lower()[:80]] = value.strip()
    return found


def _pictures(entry: Entry, cells: dict[str, Any]) -> None:
    if "image_link" in cells or "additional_image_link" in cells:
        addresses = [values.text(cells.get("image_link")), *values.many(cells.get("additional_image_link"))]
        entry.pictures = list(dict.fromkeys(filter(None, addresses)))
