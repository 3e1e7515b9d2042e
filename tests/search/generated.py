"""A generated catalogue, and its filters and facets counted in plain Python: what search in SQL must agree with."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from search.facets import PRICE_BANDS, RATINGS
from search.filters import ProductFilters
from search.models import FacetKey
from shop.catalog.models import Category, Product
from tests.catalogue import make_category

BRANDS = ("Lumen", "Glow", "Ember", "O'Neil & Co")
COLORS = ("red", "blue", "green")
SIZES = ("8", "16", "128")
KINDS = {"lamp": "lighting", "torch": "lighting", "mug": "kitchen", "pan": "kitchen"}
FILLER = "bright small steel warm cotton quiet handy solid".split()


def generate(count: int, seed: int = 5) -> list[Product]:
    """Products of four types in two departments; some inactive, sold out, unrated, on sale, without category."""
    rng = random.Random(seed)
    FacetKey.objects.bulk_create([FacetKey(key="color"), FacetKey(key="ram_gb"), FacetKey(key="tags")])
    departments = {slug: make_category(slug) for slug in ("lighting", "kitchen")}
    types = {kind: make_category(f"{kind}s", parent=departments[parent]) for kind, parent in KINDS.items()}
    return Product.objects.bulk_create(_product(rng, number, types) for number in range(count))


def _product(rng: random.Random, number: int, types: dict[str, Category]) -> Product:
    kind = rng.choice(list(types))
    price = rng.choice([999, 1000, 2499, 2500, 4999, 20_000, 250_000])
    attributes = {"color": rng.choice(COLORS), "ram_gb": int(rng.choice(SIZES)), "tags": rng.sample(["eco", "new"], 2)}
    return Product(
        sku=f"G-{number}",
        title=f"{kind} {rng.choice(FILLER)}",
        description=" ".join(rng.choices(FILLER, k=4)),
        brand=rng.choice([*BRANDS, ""]),
        category=rng.choice([types[kind], types[kind], types[kind].parent, None]),
        price_cents=price,
        sale_price_cents=price // 2 if rng.random() < 0.2 else None,
        stock=rng.choice([0, 1, 9]),
        rating_average=rng.choice([None, 1.5, 2, 3.99, 4, 5]),
        rating_count=rng.randrange(9),
        popularity=rng.randrange(5),
        released_on=rng.choice([None, date(2026, 1, 1) + timedelta(days=rng.randrange(9))]),
        attributes={key: value for key, value in attributes.items() if rng.random() < 0.8},
        is_active=rng.random() < 0.9,
    )


def random_filters(seed: int, count: int) -> Iterator[ProductFilters]:
    """None at all first, then any combination of filters, values that no product has included."""
    rng = random.Random(seed)
    yield ProductFilters()
    for _ in range(count):
        low, high = sorted(rng.choices([0, 999, 1000, 2500, 2501, 100_000, 2_000_000_000], k=2))
        pairs = [("color", color) for color in (*COLORS, "plaid")] + [("ram_gb", size) for size in SIZES]
        yield ProductFilters(
            category=rng.choice(["", "", "lighting", "kitchen", "lamps", "mugs"]),
            brands=tuple(rng.sample([*BRANDS, "Nobody"], rng.choice([0, 0, 1, 2]))),
            price_min_cents=rng.choice([None, low]),
            price_max_cents=rng.choice([None, high]),
            rating_min=rng.choice([None, None, 2, 4]),
            in_stock=rng.random() < 0.3,
            attributes=tuple(rng.sample([*pairs, ("tags", "eco"), ("unknown", "x")], rng.choice([0, 0, 1, 2, 3]))),
        )


def passing(products: Iterable[Product], filters: ProductFilters, *, but: str = "") -> list[Product]:
    """The active products under all filters, `but` the one of that facet."""
    return [product for product in products if product.is_active and _passes(product, filters, but)]


def _passes(product: Product, filters: ProductFilters, but: str) -> bool:
    price = product.price_cents if product.sale_price_cents is None else product.sale_price_cents
    low, high = filters.price_min_cents, filters.price_max_cents
    rating = -1 if product.rating_average is None else product.rating_average
    checks = {
        "category": not filters.category or filters.category in _path(product),
        "brand": not filters.brands or product.brand in filters.brands,
        "price": (low is None or price >= low) and (high is None or price <= high),
        "rating": filters.rating_min is None or rating >= filters.rating_min,
        "in_stock": not filters.in_stock or product.stock > 0,
    }
    for key in filters.attribute_keys():
        wanted = {value for name, value in filters.attributes if name == key}
        checks[f"attr.{key}"] = bool(wanted & set(_values(product, key)))
    return all(passed for name, passed in checks.items() if name != but)


def _path(product: Product) -> list[str]:
    path, category = [], product.category
    while category is not None:
        path.append(category.slug)
        category = category.parent
    return path


def _values(product: Product, key: str) -> list[str]:
    raw = product.attributes.get(key, [])
    return [str(value) for value in (raw if isinstance(raw, list) else [raw])]


def facet_counts(products: list[Product], filters: ProductFilters, key: str) -> dict[str, int]:
    """How many products each value of that facet would leave; values that would leave none are left out."""
    left = passing(products, filters, but=key)
    counts: Counter[str] = Counter()
    for product in left:
        counts.update(_facet_values(product, key))
    return dict(counts)


def _facet_values(product: Product, key: str) -> list[str]:
    if key == "category":
        return _path(product)
    if key == "brand":
        return [product.brand] if product.brand else []
    if key == "price":
        price = product.price_cents if product.sale_price_cents is None else product.sale_price_cents
        low = max(end for end in PRICE_BANDS if end <= price)
        return [next((f"{low}-{end - 1}" for end in PRICE_BANDS if end > low), f"{low}-")]
    if key == "rating":
        return [str(stars) for stars in RATINGS if (product.rating_average or 0) >= stars]
    if key == "in_stock":
        return ["1"] if product.stock > 0 else []
    return _values(product, key.removeprefix("attr."))


def pick(filters: ProductFilters, key: str, value: str) -> ProductFilters:
    """The filters with that value instead of what was chosen of its facet."""
    if key == "category":
        return replace(filters, category=value)
    if key == "brand":
        return replace(filters, brands=(value,))
    if key == "price":
        low, high = value.split("-")
        return replace(filters, price_min_cents=int(low), price_max_cents=int(high) if high else None)
    if key == "rating":
        return replace(filters, rating_min=float(value))
    if key == "in_stock":
        return replace(filters, in_stock=True)
    name = key.removeprefix("attr.")
    others = tuple(pair for pair in filters.attributes if pair[0] != name)
    return replace(filters, attributes=(*others, (name, value)))
