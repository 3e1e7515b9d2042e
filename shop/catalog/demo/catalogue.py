"""The demo catalogue: some 2,400 products generated from hand-written product types, the same ones every time.

`data/types_*.txt` has departments (`#`), their product types (`=`), attributes (`@`) and what is good about each (`-`),
in English and Chinese. A product is a type with a brand, a model name, one combination of attributes, a price that
fits them, and two or three of the sentences. Brands and models are invented.
"""

import hashlib
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from shop.catalog.labels import attribute_label

DATA = Path(__file__).parent / "data"
PER_TYPE = 12
MODELS = (
    "Aster Birch Cove Dune Ember Fjord Grove Halo Isle Juno Kite Lark Moss Nova Onyx Pine Quay Reef Sage Tide Umber "
    "Vale Wren Yarrow Zephyr Alto Brook Cedar Delta Echo Flint Gale Heron Indigo Jade Koi Linden Mesa Nimbus Opal"
).split()


@dataclass
class ProductType:
    """One product type as written in the data."""

    slug: str
    name: str
    chinese: str
    icons: list[str]
    price: tuple[int, int]  # whole units, cheapest and dearest
    department: str
    brands: list[str]
    attributes: dict[str, list[str]] = field(default_factory=dict)
    phrases: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Department:
    slug: str
    name: str
    chinese: str
    layout: str
    icons: list[str]
    brands: list[str]


@dataclass(frozen=True)
class DemoProduct:
    """One generated product; `icons` and `color` decide its pictures."""

    type: ProductType
    fields: dict[str, Any]
    color: str
    age_days: int


@cache
def departments_and_types() -> tuple[list[Department], list[ProductType]]:
    """Everything in the data files, in their order."""
    departments: list[Department] = []
    types: list[ProductType] = []
    for file in sorted(DATA.glob("types_*.txt")):
        for line in filter(None, file.read_text(encoding="utf-8").splitlines()):
            mark, parts = line[0], [part.strip() for part in line[1:].split("|")]
            if mark == "#":
                slug, name, chinese, layout, icons, brands = parts
                departments.append(Department(slug, name, chinese, layout, icons.split("+"), brands.split(", ")))
            elif mark == "=":
                slug, name, chinese, icons, price = parts
                low, high = price.split("-")
                top = departments[-1]
                types.append(
                    ProductType(slug, name, chinese, icons.split("+"), (int(low), int(high)), top.slug, top.brands)
                )
            elif mark == "@":
                for part in parts[0].split(";"):
                    key, values = part.strip().split(" ", 1)
                    types[-1].attributes[key] = [value.strip() for value in values.split(",")]
            elif mark == "-":
                types[-1].phrases.append((parts[0], parts[1]))
    return departments, types


@cache
def chinese_values() -> dict[str, str]:
    """Chinese for attribute values; values that are names or numbers stay as they are."""
    text = (DATA / "values_zh.txt").read_text(encoding="utf-8")
    pairs = (pair.split("=", 1) for line in text.splitlines() for pair in line.split(";") if "=" in pair)
    return {english.strip(): chinese.strip() for english, chinese in pairs}


def demo_products(limit: int | None = None) -> list[DemoProduct]:
    """All products, or the first of every type until there are `limit`; the same on every machine."""
    _, types = departments_and_types()
    products = [_product(kind, number) for number in range(PER_TYPE) for kind in types]
    return products[:limit]


def _product(kind: ProductType, number: int) -> DemoProduct:
    seed = hashlib.sha256(f"{kind.slug}/{number}".encode()).digest()
    rng = random.Random(seed)
    brand = kind.brands[number % len(kind.brands)]
    first = hashlib.sha256(kind.slug.encode()).digest()[0]
    model = MODELS[(number * 7 + first) % len(MODELS)]  # 7 and 40 share no factor: no model twice in a type
    chosen, grade = _attributes(kind, number, rng)
    price = _price(kind, grade, rng)
    rated = rng.random() < 0.92
    stock = rng.choice([0, 2, 3, 5, 8, 14, 22, 40, 65, 120]) if rng.random() < 0.5 else rng.randint(6, 90)
    title, chinese_title = _titles(kind, brand, model, chosen)
    picked = rng.sample(kind.phrases, k=min(len(kind.phrases), rng.choice([2, 3, 3])))
    english, chinese = _descriptions(kind, brand, chosen, picked)
    digits = f"2{int.from_bytes(seed[1:6], 'big') % 10**11:011d}"
    fields = {
        "sku": f"{kind.slug.upper()[:12].rstrip('-')}-{number + 1:02d}",
        "gtin": digits + _check_digit(digits),
        "mpn": f"{brand[:2].upper()}{1000 + int.from_bytes(seed[6:8], 'big') % 9000}{model[:3].upper()}{100 + number}",
        "brand": brand,
        "title": title,
        "description": english,
        "product_type": kind.name,
        "item_group": "",
        "price_cents": price,
        "sale_price_cents": _sale_price(price, rng),
        "stock": stock,
        "attributes": {key: _typed(value) for key, value in chosen.items()},
        "rating_average": round(min(5.0, rng.gauss(4.2, 0.4)), 1) if rated else None,
        "rating_count": int(rng.lognormvariate(3.3, 1.2)) + 1 if rated else 0,
        "popularity": round(rng.lognormvariate(1.0, 1.0), 2),
        "translations": {
            "zh": {
                "title": chinese_title,
                "description": chinese,
                "attributes": {key: chinese_values()[v] for key, v in chosen.items() if v in chinese_values()},
            }
        },
    }
    return DemoProduct(kind, fields, chosen.get("color", ""), rng.randint(3, 900))


def _attributes(kind: ProductType, number: int, rng: random.Random) -> tuple[dict[str, str], float]:
    """One value of each attribute, and where it stands between the simplest (0) and the best (1)."""
    chosen, grades = {}, []
    for place, (key, values) in enumerate(kind.attributes.items()):
        index = (number + rng.randrange(len(values)) * (place + 1)) % len(values)
        chosen[key] = values[index]
        if key not in {"color", "size", "compatible_with", "scent", "flavor"} and len(values) > 1:
            grades.append(index / (len(values) - 1))
    return chosen, sum(grades) / len(grades) if grades else 0.5


def _price(kind: ProductType, grade: float, rng: random.Random) -> int:
    """Cents: better attributes cost more; ends in 99, 90 or 00 as prices do."""
    low, high = kind.price
    place = min(1.0, max(0.0, 0.65 * grade + 0.35 * rng.random()))
    units = int(low + (high - low) * place**1.4)
    return max(199, units * 100 + rng.choice([-1, -1, -10, 0]))


def _sale_price(price: int, rng: random.Random) -> int | None:
    if rng.random() > 0.16:
        return None
    return int(price * (1 - rng.choice([0.1, 0.15, 0.2, 0.25, 0.3, 0.4])) // 10 * 10) - 1


def _titles(kind: ProductType, brand: str, model: str, chosen: dict[str, str]) -> tuple[str, str]:
    """Brand, model and type, then what tells it from its neighbours."""
    telling = [_said(key, value) for key, value in chosen.items() if key not in {"color", "compatible_with"}][:2]
    color = chosen.get("color", "")
    extras = [text for text in (*telling, color.capitalize()) if text]
    fits = chosen.get("compatible_with")
    title = f"{brand} {model} {kind.name}" + (f" for {fits}" if fits else "")
    chinese = [
        attribute_label(key, "zh") if value == "yes" else chinese_values().get(value) or _said(key, value)
        for key, value in chosen.items()
        if key != "compatible_with" and value != "no"
    ]
    fits_chinese = f" 适用于{chinese_values().get(fits, fits)}" if fits else ""
    return ", ".join([title, *extras]), f"{brand} {model} {kind.chinese}{fits_chinese} {' '.join(chinese[:3])}".strip()


_UNITS = {
    "gb": "GB", "in": "inch", "h": "h", "w": "W", "mah": "mAh", "m": "m", "cm": "cm", "l": "L", "ml": "ml", "g": "g",
    "kg": "kg", "lm": "lm",
}  # fmt: skip


def _said(key: str, value: str) -> str:
    """An attribute as words of a title: "16 GB", "waterproof", "pack of 3"."""
    if value == "no":
        return ""
    if value == "yes":
        return key.replace("_", " ")
    if key == "pack_size":
        return f"pack of {value}" if value != "1" else ""
    if key in {"pages", "players", "age"}:
        return {"pages": f"{value} pages", "players": f"{value} players", "age": f"age {value}"}[key]
    if key == "spf":
        return f"SPF {value}"
    unit = _UNITS.get(key.rsplit("_", 1)[-1]) if "_" in key else None
    return f"{value} {unit}" if unit else value


def _descriptions(
    kind: ProductType, brand: str, chosen: dict[str, str], picked: list[tuple[str, str]]
) -> tuple[str, str]:
    fits = chosen.get("compatible_with")
    english = " ".join(phrase for phrase, _ in picked)
    chinese = "".join(phrase for _, phrase in picked)
    if fits:
        english += f" Fits {fits}."
        chinese += f"适用于{chinese_values().get(fits, fits)}。"
    material = chosen.get("material")
    if material:
        english += f" Made of {material} by {brand}."
        chinese += f"{brand} 出品,{chinese_values().get(material, material)}材质。"
    return english, chinese


def _typed(value: str) -> Any:
    """Numbers as numbers and yes and no as booleans, so that filters and units can work with them."""
    if value in {"yes", "no"}:
        return value == "yes"
    try:
        number = float(value)
    except ValueError:
        return value
    return int(number) if number.is_integer() and "+" not in value else value if "+" in value else number


def _check_digit(digits: str) -> str:
    """GS1's check digit for 12 digits."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return str(-total % 10)


def shifted_release(product: DemoProduct, today: date) -> date:
    """When it came out: the newest are always a few days old, however old the demo is."""
    return today - timedelta(days=product.age_days)
