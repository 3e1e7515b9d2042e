"""Which picked filters to drop: the counts are those of the searches without them."""

from dataclasses import replace
from typing import Any

import pytest

from search import rules
from search.dropping import MOST_DROPS, Drop, drops
from search.filters import ProductFilters
from search.index import embed_stale_products
from search.models import FacetKey
from search.pipeline import search_products
from search.rule_models import MerchandisingRule, RuleAction
from shop.catalog.models import Category, Product
from tests.catalogue import make_category, make_product

pytestmark = pytest.mark.django_db

RED_GLOW = ProductFilters(brands=("Glow",), attributes=(("color", "red"),))


@pytest.fixture(autouse=True)
def catalogue(db: None) -> None:
    """Twelve lamps: red, blue or both; from Lumen, two from Glow (blue); $10 to $120; and two red sofas from Glow."""
    for key in ("color", "style"):
        FacetKey.objects.create(key=key)
    lamps = make_category("lamps")
    for number in range(12):
        is_glow = number in (1, 5)
        make_product(
            f"Desk lamp {number}", sku=f"lamp{number}", category=lamps, brand="Glow" if is_glow else "Lumen",
            price_cents=1000 * (number + 1), stock=number, rating_average=3,
            attributes={"color": ["blue"] if is_glow else [["red"], ["red", "blue"]][number % 2], "style": "modern"},
        )  # fmt: skip
    for number in range(2):
        make_product(f"Sofa {number}", sku=f"sofa{number}", brand="Glow", attributes={"color": "red"})
    embed_stale_products()


def offered(query: str, picked: ProductFilters, **options: Any) -> list[tuple[str, int]]:
    found = drops(search_products(query, filters=picked, **options), picked, **options)
    return [(drop.key, drop.count) for drop in found]


def test_each_filter_is_offered_with_what_dropping_it_gives_most_first() -> None:
    assert search_products("desk lamp", filters=RED_GLOW).total == 0
    assert offered("desk lamp", RED_GLOW) == [("brand", 10), ("attr.color", 2)]
    assert search_products("desk lamp", filters=replace(RED_GLOW, brands=())).total == 10
    assert search_products("desk lamp", filters=replace(RED_GLOW, attributes=())).total == 2


def test_a_product_with_several_picked_values_counts_once() -> None:
    both = ProductFilters(attributes=(("color", "red"), ("color", "blue")), price_max_cents=500)
    assert offered("desk lamp", both) == [("price", 12)]
    assert drops(search_products("desk lamp", filters=both), both)[0] == Drop("price", 12, max_cents=500)


def test_every_kind_of_filter_has_its_key_and_values() -> None:
    every = ProductFilters(
        category="lamps", brands=("Glow",), price_min_cents=0, price_max_cents=9000, rating_min=3, in_stock=True,
        attributes=(("color", "red"), ("style", "modern")),
    )  # fmt: skip
    assert offered("", every) == [("brand", 6), ("attr.color", 2)]
    without_brand = replace(every, brands=())
    for filters in (
        replace(without_brand, category="", price_max_cents=500),
        replace(without_brand, rating_min=5),
        replace(without_brand, attributes=(("style", "baroque"),)),
    ):
        for drop in drops(search_products("", filters=filters), filters):
            assert drop.count == search_products("", filters=_without(filters, drop.key)).total


def _without(filters: ProductFilters, key: str) -> ProductFilters:
    empty = ProductFilters()
    names = {
        "price": ["price_min_cents", "price_max_cents"], "brand": ["brands"], "rating": ["rating_min"],
        "category": ["category"], "in_stock": ["in_stock"],
    }.get(key, ["attributes"])  # fmt: skip
    return replace(filters, **{name: getattr(empty, name) for name in names})


def test_one_or_two_results_are_few_and_three_are_enough() -> None:
    two = ProductFilters(brands=("Lumen",), price_max_cents=4000, in_stock=True)
    assert search_products("desk lamp", filters=two).total == 2
    assert [key for key, _ in offered("desk lamp", two)] == ["price", "brand", "in_stock"]
    assert offered("desk lamp", replace(two, price_max_cents=5000)) == []


def test_what_gives_no_more_is_not_offered_and_nothing_without_a_filter() -> None:
    assert offered("desk lamp", ProductFilters(brands=("Nobody",), price_max_cents=1)) == []
    assert offered("desk lamp", ProductFilters(brands=("Nobody",), in_stock=True)) == [("brand", 11)]
    assert offered("unicorn", ProductFilters()) == []


def test_there_are_at_most_four() -> None:
    lamp = {"category": Category.objects.get(slug="lamps"), "brand": "Arc", "price_cents": 500, "rating_average": 5.0}
    others = ({"category": None}, {"brand": "Bow"}, {"price_cents": 600}, {"rating_average": 4.0})
    for place, wrong in enumerate(others):
        for number in range(place + 2):
            make_product("Arc lamp", sku=f"arc{place}-{number}", attributes={"color": "blue"}, **{**lamp, **wrong})
    make_product("Arc lamp", attributes={"color": "red"}, **lamp)
    embed_stale_products()
    five = ProductFilters(
        category="lamps", brands=("Arc",), price_max_cents=500, rating_min=5, attributes=(("color", "blue"),)
    )
    assert offered("arc lamp", five) == [("rating", 5), ("price", 4), ("brand", 3), ("category", 2)]
    assert MOST_DROPS == 4


def test_a_colour_in_the_query_holds_again_once_no_other_is_picked() -> None:
    picked = ProductFilters(brands=("Glow",), attributes=(("color", "green"),))
    assert offered("blue desk lamp", picked) == [("attr.color", 2)]
    assert offered("red desk lamp", ProductFilters(attributes=(("color", "green"),))) == [
        ("attr.color", search_products("red desk lamp").total)
    ]


def test_a_category_takes_its_rules_with_it() -> None:
    rule = MerchandisingRule.objects.create(name="r", match="category", category=make_category("sale"))
    for product in Product.objects.filter(sku__startswith="lamp")[:5]:
        RuleAction.objects.create(rule=rule, kind="hide", product=product)
    rules.forget()
    assert offered("desk lamp", ProductFilters(category="sale")) == [("category", 12)]


def test_counting_costs_no_query(django_assert_num_queries: Any) -> None:
    results = search_products("desk lamp", filters=RED_GLOW)
    with django_assert_num_queries(0):
        assert len(drops(results, RED_GLOW)) == 2
