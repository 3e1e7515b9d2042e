"""Variants of one product are one hit: totals, pages, facets and rules say so, whatever is filtered and sorted."""

import random
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest

from search.filters import ProductFilters
from search.index import embed_stale_products
from search.item_groups import one_of_each
from search.models import EncoderVersion, FacetKey
from search.pipeline import search_products
from search.retrieval import SORTS
from search.rules import Rule
from shop.catalog.models import Product
from tests.catalogue import make_category, make_product
from tests.search.generated import generate, passing, pick, random_filters

pytestmark = pytest.mark.django_db

QUERIES = ["", "lamp", "bright lamp", "small steel mug lighting"]


@pytest.fixture
def variants() -> list[Product]:
    """300 products, two thirds of them in groups of up to five, each group within one category."""
    products = generate(300)
    rng = random.Random(3)
    by_category: dict[int | None, list[Product]] = defaultdict(list)
    for product in products:
        by_category[product.category_id].append(product)
    for category, found in by_category.items():
        for product in found:
            if rng.random() < 0.66:
                product.item_group = f"{category}-{rng.randrange(max(1, len(found) // 4))}"
    Product.objects.bulk_update(products, ["item_group"])
    embed_stale_products()
    return products


def hits(product: Product) -> str:
    """What a product is a hit of."""
    return product.item_group or f"#{product.pk}"


def pages(query: str, size: int, **options: object) -> list[int]:
    """Every hit, page after page."""
    ids: list[int] = []
    for page in range(1, 100):
        found = search_products(query, page=page, page_size=size, **options)  # type: ignore[arg-type]
        ids += [hit.product_id for hit in found.hits]
        if page * size >= found.total:
            break
    return ids


@pytest.mark.parametrize("query", QUERIES)
def test_every_group_is_one_hit_and_the_total_says_so(variants: list[Product], query: str) -> None:
    by_id = {product.pk: product for product in variants}
    matching = {hit.product_id for hit in search_products(query, page_size=1000, by_group=False).hits}
    for filters in random_filters(7, 10):
        left = {hits(product) for product in passing((by_id[pk] for pk in matching), filters)}
        for sort in ("relevance", *SORTS):
            shown = [hits(by_id[pk]) for pk in pages(query, 7, filters=filters, sort=sort)]
            assert sorted(shown) == sorted(left), (filters, sort)
        assert search_products(query, filters=filters).total == len(left)


@pytest.mark.parametrize("query", QUERIES)
def test_a_facets_count_is_the_total_when_it_is_picked(variants: list[Product], query: str) -> None:
    for filters in random_filters(23, 4):
        for facet in search_products(query, filters=filters).facets:
            for value in facet.values:
                picked = search_products(query, filters=pick(filters, facet.key, value.value))
                assert picked.total == value.count, (filters, facet.key, value)


def test_dropping_a_filter_counts_groups_too(variants: list[Product]) -> None:
    red = ProductFilters(attributes=(("color", "red"),))
    without = search_products("", filters=ProductFilters(brands=("Nobody",), attributes=red.attributes)).without
    assert without["brand"] == search_products("", filters=red).total
    assert without["brand"] < search_products("", filters=red, by_group=False).total


@pytest.mark.parametrize("query", ["lamp", ""])
@pytest.mark.parametrize("sort", ["relevance", *SORTS])
def test_the_first_of_its_group_stands_for_it(variants: list[Product], query: str, sort: str) -> None:
    by_id = {product.pk: product for product in variants}
    each = pages(query, 1000, sort=sort, by_group=False)
    first: dict[str, int] = {}
    for pk in each:
        first.setdefault(hits(by_id[pk]), pk)
    assert pages(query, 1000, sort=sort) == list(first.values())


def shirts() -> list[Product]:
    """A T-shirt in three colours, the red one most popular, and two other things."""
    FacetKey.objects.create(key="color")
    made = [
        make_product(
            f"Cotton shirt {color}", item_group="shirt", attributes={"color": color}, popularity=10 - number,
            price_cents=1000 + number,
        )
        for number, color in enumerate(("red", "blue", "green"))
    ]  # fmt: skip
    made += [make_product("Cotton shirt stretcher", popularity=5), make_product("Cotton socks", popularity=4)]
    embed_stale_products()
    return made


def rule(pins: tuple[tuple[int, int], ...] = (), hidden: tuple[int, ...] = ()) -> Rule:
    """For "cotton shirt", and nothing else."""
    return Rule(
        rule_id=1, match="exact", words=("cotton", "shirt"), names=(), category_ids=frozenset(), starts_on=None,
        ends_on=None, pins=pins, hidden=hidden, moves=(), banner=None, redirect=None,
    )  # fmt: skip


def test_a_filter_lets_another_variant_stand_for_the_group() -> None:
    _, blue, *_ = shirts()
    filters = ProductFilters(attributes=(("color", "blue"),))
    for query in ("cotton shirt", ""):
        found = search_products(query, filters=filters)
        assert [hit.product_id for hit in found.hits] == [blue.pk]
        assert found.total == 1


def test_a_pinned_variant_stands_for_its_group() -> None:
    _, blue, green, stretcher, socks = shirts()
    mine = rule(pins=((1, green.pk), (2, socks.pk), (3, blue.pk)))
    found = search_products("cotton shirt", rules=[mine])
    assert [hit.product_id for hit in found.hits] == [green.pk, socks.pk, stretcher.pk]
    assert found.total == 3
    assert pages("cotton shirt", 1, rules=[mine]) == [green.pk, socks.pk, stretcher.pk]


def test_a_pinned_variant_stands_for_its_group_when_a_category_is_browsed() -> None:
    _, _, green, stretcher, socks = shirts()
    category = make_category("cotton")
    Product.objects.update(category=category)
    mine = replace(rule(pins=((2, green.pk),)), words=(), category_ids=frozenset({category.pk}))
    filters = ProductFilters(category="cotton")
    assert pages("", 24, filters=filters, rules=[mine]) == [stretcher.pk, green.pk, socks.pk]
    assert pages("", 1, filters=filters, rules=[mine]) == [stretcher.pk, green.pk, socks.pk]


def test_a_hidden_variant_leaves_the_others() -> None:
    red, *_ = shirts()
    mine = rule(hidden=(red.pk,))
    found = search_products("cotton shirt", rules=[mine])
    assert found.total == 3
    assert red.pk not in {hit.product_id for hit in found.hits}


def test_ablations_and_measuring_see_every_variant() -> None:
    made = shirts()
    for system in ("hybrid", "lexical"):
        assert search_products("cotton shirt", system=system).total == len(made)
    assert search_products("cotton shirt", by_group=False).total == len(made)


def test_similar_products_are_no_variants_of_a_hit_or_of_each_other(active_encoder_version: EncoderVersion) -> None:
    category = make_category("shoes")
    for number, color in enumerate(("red", "blue", "green", "black")):
        make_product(f"Zephyrine runner {color}", sku=f"Z{number}", item_group="zephyrine", category=category)
        make_product(f"Leather sneakers {color}", sku=f"S{number}", item_group="sneakers", category=category)
    embed_stale_products()
    found = search_products("zephyrine")
    shown = [hit.product_id for hit in (*found.hits, *found.related)]
    groups = list(Product.objects.filter(pk__in=shown).values_list("item_group", flat=True))
    assert sorted(groups) == sorted(set(groups))
    assert "zephyrine" in groups


def test_a_group_with_nothing_that_passes_has_no_row() -> None:
    groups = np.array([5, 0, 5, 7, 7], dtype=np.int64)
    passes = np.array([False, False, True, False, False])
    order = np.array([4, 0, 1, 2, 3], dtype=np.intp)
    assert one_of_each(order, groups, passes).tolist() == [1, 2]
    assert one_of_each(order, groups, passes | True).tolist() == [4, 0, 1]
    assert one_of_each(order, groups, passes | True, first=[3]).tolist() == [0, 1, 3]
