"""Products as cards: what every list of products in the API shows, in one SQL query."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import orjson
from django.conf import settings

from search.prepared import prepared_cursor
from shop.api.attributes import key_attributes, telling_keys_version
from shop.catalog.models import ProductImage
from shop.catalog.pictures import CONTENT_TYPES, WIDTHS

LOW_STOCK = 5
NEW_FOR_DAYS = 60
CARD_IMAGES = 4

# JSON comes back as text and is read by orjson, several times faster than rows of the ORM with JSON fields.
_SELECT = """
SELECT p.id, p.sku, p.title, p.brand, p.price_cents, p.sale_price_cents, p.stock, p.is_active,
  p.rating_average::float8, p.rating_count, p.released_on, p.attributes::text,
  (p.translations -> %(language)s::text)::text, c.slug,
  coalesce(c.translations -> %(language)s::text ->> 'name', c.name),
  (SELECT json_agg(i)::text FROM (
    SELECT checksum, width, height, color, alt FROM catalog_productimage
    WHERE product_id = p.id ORDER BY position, id LIMIT %(images)s) AS i),
  {texts}
FROM catalog_product p LEFT JOIN catalog_category c ON c.id = p.category_id
WHERE p.id = ANY(%(ids)s::bigint[]) AND (p.is_active OR %(inactive)s::boolean)
"""
# The attributes of all variants, as one JSON array; NULL where a product has no group.
_VARIANTS = (
    "CASE WHEN p.item_group <> '' THEN (SELECT '[' || string_agg(v.attributes::text, ',' ORDER BY v.id) || ']' "
    "FROM catalog_product v WHERE v.item_group = p.item_group AND v.item_group <> '' AND v.is_active) END"
)
_CARDS = _SELECT.format(texts="'', ARRAY[]::text[], NULL")
_WITH_TYPE = _SELECT.format(texts=f"p.product_type, ARRAY[]::text[], {_VARIANTS}")
# Which of a query's words a product has anywhere: the index knows, so that no description is read.
_SEARCHED = (
    "WITH asked AS MATERIALIZED (SELECT id, term FROM search_lexicalterm WHERE term = ANY(%(terms)s::text[])) "
    + _SELECT.format(
        texts="p.product_type, ARRAY(SELECT a.term::text FROM search_lexicaldocument d JOIN asked a "
        f"ON a.id = ANY(d.term_ids) WHERE d.product_id = p.id), {_VARIANTS}"
    )
)


@dataclass(frozen=True)
class CardText:
    """What a product says beside its card: all attributes, `own` translation, and the query's terms that it has.

    `variants` are the attributes of all products of its group, as a JSON array (shop/api/variants.py).
    """

    attributes: Mapping[str, Any]
    own: Mapping[str, Any]
    product_type: str
    terms: frozenset[str]
    variants: str | None = None


SearchedCards = Mapping[int, tuple[dict[str, Any], CardText]]


def product_cards(
    product_ids: Sequence[int], language: str, *, images: int = CARD_IMAGES, inactive: bool = False
) -> list[dict[str, Any]]:
    """Cards of these products in the given order; unknown ones and (unless `inactive`) those not for sale are left out.

    One SQL query.
    """
    found = _read(_CARDS, product_ids, language, images=images, inactive=inactive)
    return [found[pk][0] for pk in product_ids if pk in found]


def searched_cards(
    product_ids: Sequence[int],
    language: str,
    terms: Sequence[str],
    *,
    having: Set[int] | None = None,
    images: int = CARD_IMAGES,
) -> dict[int, tuple[dict[str, Any], CardText]]:
    """Cards of hits by product id, each with what its product says of a query's index terms. One SQL query.

    `having` are the products with the one term that there is, where that is known: the index is then not asked.
    """
    if having is None or len(terms) != 1:
        return _read(_SEARCHED if terms else _WITH_TYPE, product_ids, language, images=images, terms=terms)
    cards = _read(_WITH_TYPE, product_ids, language, images=images)
    term = frozenset(terms)
    return {pk: (card, replace(text, terms=term) if pk in having else text) for pk, (card, text) in cards.items()}


def _read(
    statement: str,
    product_ids: Sequence[int],
    language: str,
    *,
    images: int = CARD_IMAGES,
    inactive: bool = False,
    terms: Sequence[str] = (),
) -> dict[int, tuple[dict[str, Any], CardText]]:
    if not product_ids:
        return {}
    parameters = {"ids": list(product_ids), "language": language, "images": images, "inactive": inactive}
    with prepared_cursor() as cursor:
        cursor.execute(statement, parameters | ({"terms": list(terms)} if terms else {}))
        return {row[0]: _card(row, language) for row in cursor.fetchall()}


def _card(row: tuple[Any, ...], language: str) -> tuple[dict[str, Any], CardText]:
    pk, sku, title, brand, price, sale_price, stock, is_active, rating, ratings, released_on, *texts = row
    raw_attributes, words, category_slug, category_name, pictures, product_type, terms, variants = texts
    attributes, own, facts = _said(raw_attributes, words or "{}", language, telling_keys_version())
    text = CardText(attributes, own.get("attributes") or {}, product_type, frozenset(terms), variants)
    shown_title = own.get("title") or title
    left = stock if is_active else 0
    images = orjson.loads(pictures) if pictures else []
    if shown_title != title:  # pictures are described in one language
        images = [{**image, "alt": ""} for image in images]
    card = {
        "id": pk,
        "sku": sku,
        "title": shown_title,
        "brand": brand,
        "category": {"slug": category_slug, "name": category_name} if category_slug else None,
        "price_cents": price,
        "sale_price_cents": sale_price,
        "currency": settings.STORE_CURRENCY,
        "rating_average": rating,
        "rating_count": ratings,
        "stock_status": stock_status(left),
        "stock_left": left if 0 < left <= LOW_STOCK else None,
        "is_new": is_new(released_on),
        "images": [picture(image, shown_title) for image in images],
        "key_attributes": facts,
    }
    return card, text


@lru_cache(maxsize=2048)  # some 10 MB: popular products are in many lists
def _said(raw_attributes: str, raw_own: str, language: str, version: int) -> tuple[Any, Any, list[dict[str, str]]]:
    """Attributes and own translation, read from their JSON, and what a card shows of them; nobody changes them.

    `version` is that of the keys that tell most.
    """
    attributes, own = orjson.loads(raw_attributes), orjson.loads(raw_own)
    return attributes, own, key_attributes(attributes, own.get("attributes") or {}, language)


def stock_status(stock: int) -> str:
    if stock <= 0:
        return "out_of_stock"
    return "low_stock" if stock <= LOW_STOCK else "in_stock"


def is_new(released_on: date | None) -> bool:
    return released_on is not None and date.today() - timedelta(days=NEW_FOR_DAYS) <= released_on <= date.today()


def picture(row: Mapping[str, Any], alt: str = "") -> dict[str, Any]:
    """A picture's address template: the client puts in a width and a format. `alt` where the merchant gave none."""
    return {
        "src": f"/img/{row['checksum']}/{{w}}.{{f}}",
        "widths": WIDTHS,
        "formats": tuple(CONTENT_TYPES),
        "width": row["width"],
        "height": row["height"],
        "color": row["color"],
        "alt": row["alt"] or alt,
    }


def first_pictures(product_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The first picture of each product that has one; one SQL query."""
    rows = (
        ProductImage.objects.filter(product_id__in=product_ids)
        .order_by("product_id", "position", "id")
        .distinct("product_id")
        .values("product_id", "checksum", "width", "height", "color", "alt")
    )
    return {row["product_id"]: picture(row) for row in rows}
