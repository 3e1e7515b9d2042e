"""The exact words of a product that get indexed and embedded.

BM25 sees one field: the title twice (a word of the title says more), description, brand, identifiers, category and
the attributes' words; Chinese translations are a second field. The encoder sees two views of a product, whose mean
is stored as its one vector: prose, and attributes. On the Icecat catalogue that beats either alone at no cost for a
query (search/EXPERIMENTS.md).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from search.words import chinese_terms, terms

TITLE_WEIGHT = 2
TEXT_VERSION = 2  # raise it when these words or search/words.py change: every product is stale until indexed again


@dataclass(frozen=True)
class ProductText:
    """The words of one product; `attributes` in the merchant's order, values as shown to a shopper."""

    title: str
    description: str
    brand: str
    category: str
    identifiers: tuple[str, ...]
    attributes: tuple[tuple[str, str], ...]
    chinese: tuple[str, ...]

    def terms(self) -> list[str]:
        """The Latin index terms with repetitions; their number is the document's length in BM25."""
        found = terms(self.title) * TITLE_WEIGHT + terms(self.description)
        named = (self.brand, self.category, *self.identifiers)
        words = [value for _, value in self.attributes if not _is_number(value)]
        for text in (*named, *words):
            found += terms(text)
        return found

    def chinese_terms(self) -> list[str]:
        return [term for text in self.chinese for term in chinese_terms(text)]

    def places(self) -> tuple[tuple[str, str], ...]:
        """Where a word of the product may stand, as (place, text), the most telling first; what `terms` indexes."""
        values = [value for _, value in self.attributes if not _is_number(value)]
        return (
            ("title", self.title),
            ("type", self.category),
            ("brand", self.brand),
            ("numbers", " ".join(self.identifiers)),
            ("attributes", ", ".join(values)),
            ("description", self.description),
            ("Chinese text", " ".join(self.chinese)),
        )

    def views(self) -> tuple[str, str]:
        """The two texts whose mean vector stands for the product."""
        described = self.description and self.description.lower() not in self.title.lower()
        prose = f"{self.title}. {self.description}" if described else self.title
        facts = ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in self.attributes)
        named = " ".join(part for part in (self.category, facts) if part)
        return prose, f"{self.title}. {named}" if named else self.title

    def views_hash(self) -> bytes:
        """16 bytes that change when what is embedded does."""
        return hashlib.blake2b("\0".join(self.views()).encode(), digest_size=16).digest()


def attribute_values(value: Any) -> list[str]:
    """An attribute's values as a shopper reads them: lists apart, 16.0 as 16, yes and no for booleans."""
    if value is None or value == "":
        return []
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, list):
        return [text for item in value for text in attribute_values(item)]
    if isinstance(value, float) and value.is_integer():
        return [str(int(value))]
    return [str(value).strip()]


def product_text(product: Mapping[str, Any]) -> ProductText:
    """From a row with the Product's columns of those names, its attributes and translations, and `category_name`."""
    chinese = (product["translations"] or {}).get("zh") or {}
    chinese_attributes = chinese.get("attributes") or {}
    return ProductText(
        title=product["title"],
        description=product["description"],
        brand=product["brand"],
        category=" ".join(dict.fromkeys(filter(None, (product["category_name"], product["product_type"])))),
        identifiers=tuple(filter(None, (product["sku"], product["gtin"], product["mpn"]))),
        attributes=tuple(
            (key, value) for key, raw in product["attributes"].items() for value in attribute_values(raw)
        ),
        chinese=(
            chinese.get("title") or "",
            chinese.get("description") or "",
            *(text for raw in chinese_attributes.values() for text in attribute_values(raw)),
        ),
    )


def _is_number(value: str) -> bool:
    return value.replace(".", "", 1).replace("-", "", 1).isdigit()
