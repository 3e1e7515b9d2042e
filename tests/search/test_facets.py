"""Totals and facet counts against a count in Python, under every kind of filter, with and without a query."""

import pytest

from search import rules
from search.filters import ProductFilters
from search.index import embed_stale_products
from search.models import EncoderVersion, FacetKey
from search.pipeline import search_products
from search.rule_models import MerchandisingRule, RuleAction
from shop.catalog.models import Product
from tests.catalogue import make_category, make_product
from tests.search.generated import facet_counts, generate, passing, pick, random_filters

pytestmark = pytest.mark.django_db

QUERIES = ["", "lamp", "bright lamp", "small steel mug lighting"]


@pytest.fixture
def catalogue() -> list[Product]:
    products = generate(300)
    embed_stale_products()
    return products


def all_ids(query: str, filters: ProductFilters = ProductFilters()) -> list[int]:
    """Every hit, page after page."""
    ids: list[int] = []
    page = 1
    while True:
        found = search_products(query, filters=filters, page=page, page_size=100)
        ids += [hit.product_id for hit in found.hits]
        if page * 100 >= found.total:
            return ids
        page += 1


def assert_counts_are_true(query: str, products: list[Product], combinations: int) -> None:
    """Which products match must not depend on the filters; then everything else follows from a count."""
    matching = set(all_ids(query))
    matched = [product for product in products if product.pk in matching]
    assert matched
    for filters in random_filters(11, combinations):
        found = search_products(query, filters=filters, page_size=100)
        expected = passing(matched, filters)
        assert found.total == len(expected), filters
        assert {hit.product_id for hit in found.hits} <= {product.pk for product in expected}
        assert len(found.hits) == min(100, found.total)
        for facet in found.facets:
            true = facet_counts(matched, filters, facet.key)
            shown = {value.value: value.count for value in facet.values}
            assert {value: count for value, count in shown.items() if count} == {
                value: count for value, count in true.items() if value in shown
            }, (filters, facet.key)
            if facet.key != "category":
                assert set(true) <= set(shown), (filters, facet.key)


@pytest.mark.parametrize("query", QUERIES)
def test_totals_and_counts_are_true_under_every_combination(catalogue: list[Product], query: str) -> None:
    assert_counts_are_true(query, catalogue, 60)


@pytest.mark.slow
def test_totals_and_counts_are_true_with_meaning(
    active_encoder_version: EncoderVersion, catalogue: list[Product]
) -> None:
    assert search_products("something to drink from").mode == "hybrid"
    assert_counts_are_true("something to drink from", catalogue, 60)


@pytest.mark.parametrize("query", QUERIES)
def test_a_facets_count_is_the_total_when_it_is_picked(catalogue: list[Product], query: str) -> None:
    for filters in random_filters(23, 6):
        for facet in search_products(query, filters=filters).facets:
            for value in facet.values:
                picked = search_products(query, filters=pick(filters, facet.key, value.value))
                assert picked.total == value.count, (filters, facet.key, value)


def test_the_price_range_is_of_everything_but_the_price_filter(catalogue: list[Product]) -> None:
    filters = ProductFilters(brands=("Lumen",), price_min_cents=2000, price_max_cents=3000)
    facet = next(facet for facet in search_products("", filters=filters).facets if facet.key == "price")
    left = passing(catalogue, filters, but="price")
    prices = [product.sale_price_cents or product.price_cents for product in left]
    assert (facet.min_cents, facet.max_cents) == (min(prices), max(prices))


def test_a_chosen_category_shows_its_path_and_children() -> None:
    home = make_category("home")
    lamps, mugs = make_category("lamps", parent=home), make_category("mugs", parent=home)
    make_category("garden")
    desk = make_category("desk-lamps", parent=lamps)
    for number, category in enumerate((desk, lamps, mugs)):
        make_product(f"Thing {number}", category=category)
    embed_stale_products()

    def shown(slug: str) -> list[tuple[str, int, bool]]:
        facets = search_products("", filters=ProductFilters(category=slug)).facets
        facet = next(facet for facet in facets if facet.key == "category")
        return [(value.value, value.count, value.selected) for value in facet.values]

    assert shown("") == [("home", 3, False)]
    assert shown("lamps") == [("home", 3, False), ("lamps", 2, True), ("desk-lamps", 1, False)]


def test_numbers_are_in_order_of_size() -> None:
    FacetKey.objects.create(key="ram_gb")
    for number, size in enumerate([128, 8, 16, 8]):
        make_product(f"Thing {number}", attributes={"ram_gb": size})
    embed_stale_products()
    facet = next(facet for facet in search_products("").facets if facet.key == "attr.ram_gb")
    assert [(value.value, value.count) for value in facet.values] == [("8", 2), ("16", 1), ("128", 1)]


def test_an_attribute_that_few_matches_have_is_no_filter() -> None:
    FacetKey.objects.create(key="color")
    for number in range(9):
        make_product(f"Thing {number}", attributes={"color": ["red", "blue"][number]} if number < 2 else {})
    embed_stale_products()
    assert "attr.color" not in {facet.key for facet in search_products("").facets}
    make_product("Thing 9", attributes={"color": "red"})
    embed_stale_products()
    assert "attr.color" in {facet.key for facet in search_products("").facets}


def test_a_chosen_value_stays_visible_when_nothing_has_it() -> None:
    FacetKey.objects.create(key="color")
    make_product("Lamp", brand="Lumen", attributes={"color": "red"})
    embed_stale_products()
    facets = search_products("", filters=ProductFilters(brands=("Gone",), attributes=(("color", "plaid"),))).facets
    values = {(f.key, v.value): (v.count, v.selected) for f in facets for v in f.values if f.kind == "values"}
    assert values == {
        ("brand", "Lumen"): (0, False), ("brand", "Gone"): (0, True),
        ("attr.color", "red"): (0, False), ("attr.color", "plaid"): (0, True),
    }  # fmt: skip


def shown(key: str, filters: ProductFilters) -> list[tuple[str, int]]:
    facet = next(facet for facet in search_products("", filters=filters).facets if facet.key == key)
    return [(value.value, value.count) for value in facet.values]


def test_values_that_the_other_filters_leave_without_products_are_counted_as_zero_and_stay() -> None:
    FacetKey.objects.bulk_create([FacetKey(key="color"), FacetKey(key="ram_gb")])
    home, garden = make_category("home"), make_category("garden")
    make_product("A", brand="Lumen", category=home, price_cents=500, attributes={"color": "red", "ram_gb": 8})
    make_product("B", brand="Glow", category=garden, price_cents=6000, attributes={"color": "blue", "ram_gb": 16})
    make_product("C", brand="Glow", category=garden, price_cents=6000, attributes={"color": "blue", "ram_gb": 8})
    embed_stale_products()
    lumen = ProductFilters(brands=("Lumen",))
    assert shown("category", lumen) == [("garden", 0), ("home", 1)]
    assert shown("price", lumen) == [("0-999", 1), ("5000-9999", 0)]
    assert shown("attr.color", lumen) == [("blue", 0), ("red", 1)]
    assert shown("brand", ProductFilters(price_max_cents=999)) == [("Lumen", 1), ("Glow", 0)]
    both = ProductFilters(brands=("Lumen",), attributes=(("color", "red"), ("ram_gb", "8")))
    assert shown("attr.ram_gb", both) == [("8", 1), ("16", 0)]


def test_what_a_merchant_hides_has_no_value_not_even_with_zero() -> None:
    make_product("Lamp", brand="Lumen")
    secret = make_product("Secret lamp", brand="Secret")
    embed_stale_products()
    rule = MerchandisingRule.objects.create(name="Hide it", query="lamp")
    RuleAction.objects.create(rule=rule, kind="hide", product=secret)
    rules.forget()
    brands = next(facet for facet in search_products("lamp").facets if facet.key == "brand")
    assert [(value.value, value.count) for value in brands.values] == [("Lumen", 1)]


def test_percent_signs_in_filters_are_just_characters() -> None:
    for number in range(4):
        fat = ["1.5 %s", "3 %"][number % 2]
        make_product(f"Milk {number}", sku=f"m{number}", brand="100% Farm", attributes={"fat %": fat})
    FacetKey.objects.get_or_create(key="fat %")
    embed_stale_products()
    filters = ProductFilters(brands=("100% Farm",), attributes=(("fat %", "3 %"),))
    for query in ("milk", ""):
        results = search_products(query, filters=filters)
        assert results.total == 2
        [values] = [facet.values for facet in results.facets if facet.key == "attr.fat %"]
        assert {value.value: value.count for value in values} == {"1.5 %s": 2, "3 %": 2}
