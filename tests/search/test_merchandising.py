"""Rules: when they apply, and what they do to hits, totals, facets and pages in every mode."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from search import rules
from search.filters import ProductFilters
from search.index import embed_stale_products
from search.links import validate_link
from search.merchandising import Steering, steer
from search.models import EncoderVersion
from search.pipeline import SearchResults, search_products
from search.rule_models import MerchandisingRule, RuleAction
from shop.catalog.models import Product
from tests.catalogue import make_category, make_product

pytestmark = pytest.mark.django_db


def rule(query: str = "kettle", **fields: Any) -> MerchandisingRule:
    rules.forget()
    return MerchandisingRule.objects.create(name=query or "rule", query=query, **fields)


def act(made: MerchandisingRule, kind: str, product: Product | None = None, **fields: Any) -> RuleAction:
    rules.forget()
    return RuleAction.objects.create(rule=made, kind=kind, product=product, **fields)


def ids(found: SearchResults) -> list[int]:
    return [hit.product_id for hit in found.hits]


@pytest.fixture
def kettles() -> list[Product]:
    """Twelve kettles that fit equally well, so they come by id, and a lamp."""
    made = [
        make_product(
            f"Kettle {number:02}", sku=f"k{number}", brand="Bosko" if number % 2 else "Lumen", popularity=20 - number,
            price_cents=1000 + number, category=None,
        )
        for number in range(12)
    ]  # fmt: skip
    made.append(make_product("Desk lamp", brand="Glow", popularity=1))
    embed_stale_products()
    return made


def is_on(made: MerchandisingRule, query: str, **filters: Any) -> bool:
    rules.forget()
    MerchandisingRule.objects.filter(pk=made.pk).update(banner_title="On")
    return search_products(query, filters=ProductFilters(**filters)).banner is not None


@pytest.mark.parametrize(
    ("match", "query", "typed", "applies"),
    [
        ("exact", "Red Kettles", "red kettle", True),
        ("exact", "red kettle", "  RED  kéttle!", True),
        ("exact", "red kettle", "the red kettle", True),
        ("exact", "red kettle", "kettle red", False),
        ("exact", "red kettle", "small red kettle", False),
        ("contains", "red kettle", "kettle, small and red", True),
        ("contains", "red kettle", "kettle", False),
        ("contains", "红色", "红色手机壳", True),
        ("exact", "kettle", "", False),
    ],
)
def test_a_rule_applies_to_a_query(match: str, query: str, typed: str, applies: bool) -> None:
    assert is_on(rule(query, match=match), typed) is applies


def test_a_category_rule_applies_to_browsing_it_and_to_its_name() -> None:
    kitchen = make_category("kitchen", translations={"zh": {"name": "厨房"}})
    make_category("kettles", parent=kitchen)
    make_category("garden")
    made = rule("", match="category", category=kitchen)
    assert is_on(made, "", category="kitchen")
    assert is_on(made, "", category="kettles")
    assert is_on(made, "kitchens")
    assert is_on(made, "厨房")
    assert not is_on(made, "", category="garden")
    assert not is_on(made, "kitchen knife")
    assert not is_on(made, "")


def test_a_product_type_rule_applies_where_the_type_is_named_or_browsed() -> None:
    make_category("tea-kettles", name="Tea kettles")
    made = rule("", match="product_type", product_type="Tea kettle")
    assert is_on(made, "blue kettle for tea")
    assert is_on(made, "", category="tea-kettles")
    assert not is_on(made, "kettle")


def test_a_rule_applies_within_its_dates_and_while_it_is_active() -> None:
    today = timezone.localdate()
    one = timedelta(days=1)
    made = rule()
    for fields, applies in (
        ({"starts_on": today, "ends_on": today}, True),
        ({"starts_on": today + one, "ends_on": None}, False),
        ({"starts_on": None, "ends_on": today - one}, False),
        ({"starts_on": None, "ends_on": None, "is_active": False}, False),
    ):
        MerchandisingRule.objects.update(**fields)
        assert is_on(made, "kettle") is applies


def test_hidden_products_are_in_no_list_total_or_facet(kettles: list[Product]) -> None:
    act(rule(), "hide", kettles[1])
    for options in ({}, {"sort": "price_asc"}):
        found = search_products("kettle", page_size=100, **options)  # type: ignore[arg-type]
        assert kettles[1].pk not in ids(found)
        assert found.total == len(found.hits) == 11
        brands = next(facet for facet in found.facets if facet.key == "brand")
        assert {value.value: value.count for value in brands.values} == {"Lumen": 6, "Bosko": 5}
        prices = next(facet for facet in found.facets if facet.key == "price")
        assert prices.min_cents == 1000


def test_pins_stand_at_their_positions_on_every_page(kettles: list[Product]) -> None:
    made = rule()
    act(made, "pin", kettles[12], position=1)
    act(made, "pin", kettles[9], position=6)
    whole = search_products("kettle", page_size=100)
    expected = [12, 0, 1, 2, 3, 9, 4, 5, 6, 7, 8, 10, 11]
    assert ids(whole) == [kettles[number].pk for number in expected]
    assert whole.total == 13
    pages = [search_products("kettle", page=page, page_size=5) for page in (1, 2, 3)]
    assert [pk for page in pages for pk in ids(page)] == ids(whole)
    assert [hit.position for page in pages for hit in page.hits] == list(range(1, 14))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 24])
def test_pins_far_down_stand_after_the_candidates_too(size: int) -> None:
    products = [make_product("Kettle", sku=f"k{number}") for number in range(130)]
    lamp = make_product("Lamp")
    embed_stale_products()
    made = rule()
    for product, position in ((lamp, 100), (products[129], 3), (products[0], 3), (products[5], 99)):
        act(made, "pin", product, position=position)
    whole = ids(search_products("kettle", page_size=1000))
    assert (len(whole), len(set(whole))) == (131, 131)
    assert [whole.index(product.pk) for product in (products[129], products[0], products[5], lamp)] == [2, 3, 98, 99]
    for page in (1, 2, 96 // size + 1, 100 // size + 1, 130 // size + 1):
        cut = whole[(page - 1) * size : page * size]
        assert ids(search_products("kettle", page=page, page_size=size)) == cut


def test_a_pin_beyond_the_last_result_comes_last(kettles: list[Product]) -> None:
    made = rule("lamp")
    act(made, "pin", kettles[0], position=50)
    act(made, "pin", kettles[1], position=60)
    assert ids(search_products("lamp")) == [kettles[12].pk, kettles[0].pk, kettles[1].pk]


def test_a_pin_shows_where_nothing_else_is_found(kettles: list[Product]) -> None:
    act(rule("samovar"), "pin", kettles[3], position=1)
    found = search_products("samovar")
    assert (ids(found), found.total) == ([kettles[3].pk], 1)


def test_pins_keep_to_the_shoppers_filters_and_to_what_is_for_sale(kettles: list[Product]) -> None:
    made = rule()
    act(made, "pin", kettles[12], position=1)
    act(made, "pin", kettles[11], position=2)
    found = search_products("kettle", filters=ProductFilters(brands=("Bosko",)))
    assert ids(found) == [kettles[number].pk for number in (1, 11, 3, 5, 7, 9)]
    assert found.total == 6
    Product.objects.filter(pk=kettles[12].pk).update(is_active=False)
    assert ids(search_products("kettle"))[:2] == [kettles[0].pk, kettles[11].pk]


def test_under_a_chosen_sort_pins_count_but_do_not_move(kettles: list[Product]) -> None:
    act(rule(), "pin", kettles[12], position=1)
    found = search_products("kettle", sort="price_asc", page_size=100)
    assert found.total == 13
    assert ids(found) == [product.pk for product in kettles]  # the lamp costs most


def test_what_one_rule_hides_another_does_not_pin(kettles: list[Product]) -> None:
    act(rule(), "pin", kettles[5], position=1)
    act(rule("kettle", match="contains"), "hide", kettles[5])
    found = search_products("kettle")
    assert kettles[5].pk not in ids(found)
    assert found.total == 11


def test_the_rule_with_the_higher_priority_wins(kettles: list[Product]) -> None:
    act(rule(banner_title="Low"), "pin", kettles[5], position=9)
    act(rule(banner_title="High", priority=1), "pin", kettles[5], position=2)
    found = search_products("kettle")
    assert ids(found)[1] == kettles[5].pk
    assert found.banner is not None
    assert found.banner.title == "High"


def test_products_brands_and_categories_move(kettles: list[Product]) -> None:
    teapots = make_category("teapots")
    Product.objects.filter(pk=kettles[3].pk).update(category=teapots)
    made = rule()
    act(made, "boost", kettles[10], strength=4)
    act(made, "boost", brand="bosko", strength=1)
    act(made, "bury", category=teapots, strength=3)
    order = [10, 1, 5, 7, 9, 11, 0, 2, 4, 6, 8, 3]
    assert ids(search_products("kettle")) == [kettles[number].pk for number in order]


def test_moves_and_pins_hold_for_what_only_meaning_finds(active_encoder_version: EncoderVersion) -> None:
    jacket = make_product("Down jacket", description="Warm in snow.", brand="North")
    parka = make_product("Rain jacket", description="Warm in a storm.", brand="South")
    knife = make_product("Kitchen knife", description="Cuts bread.")
    embed_stale_products()
    before = search_products("winter coat")
    assert before.mode == "hybrid"
    assert {jacket.pk, parka.pk} <= set(ids(before))
    last = max((jacket, parka), key=lambda product: ids(before).index(product.pk))
    made = rule("winter coat")
    act(made, "boost", last, strength=4)
    act(made, "pin", knife, position=2)
    after = search_products("winter coat")
    assert ids(after)[:2] == [last.pk, knife.pk]
    assert after.total == len(set(ids(before)) | {knife.pk})
    act(made, "hide", last)
    hidden = search_products("winter coat")
    assert last.pk not in {hit.product_id for hit in (*hidden.hits, *hidden.related)}


def test_browsing_a_category_is_steered(kettles: list[Product]) -> None:
    kitchen = make_category("kitchen")
    Product.objects.filter(title__startswith="Kettle").update(category=kitchen)
    made = rule("", match="category", category=kitchen)
    act(made, "hide", kettles[0])
    act(made, "pin", kettles[8], position=2)
    act(made, "pin", kettles[12], position=1)  # not of the category: the filter holds
    act(made, "boost", brand="Bosko", strength=4)
    filters = ProductFilters(category="kitchen")
    whole = search_products("", filters=filters, page_size=100)
    order = [1, 8, 3, 5, 7, 9, 11, 2, 4, 6, 10]
    assert (whole.mode, whole.total) == ("browse", 11)
    assert ids(whole) == [kettles[number].pk for number in order]
    for size in (1, 2, 3, 4):
        pages = [search_products("", filters=filters, page=page, page_size=size) for page in range(1, 11 // size + 2)]
        assert [pk for page in pages for pk in ids(page)] == ids(whole)
    cheapest = search_products("", filters=filters, sort="price_asc", page_size=100)
    assert ids(cheapest) == [kettles[number].pk for number in range(1, 12)]


def test_a_pin_that_is_not_for_sale_leaves_browsing_as_it_is(kettles: list[Product]) -> None:
    kitchen = make_category("kitchen")
    Product.objects.filter(title__startswith="Kettle").update(category=kitchen)
    act(rule("", match="category", category=kitchen), "pin", kettles[12], position=1)
    filters = ProductFilters(category="kitchen")
    assert ids(search_products("", filters=filters, page=2, page_size=5)) == [kettles[n].pk for n in range(5, 10)]


def test_a_categorys_pins_are_not_in_the_way_of_a_search_within_it(kettles: list[Product]) -> None:
    kitchen = make_category("kitchen")
    Product.objects.update(category=kitchen)
    made = rule("", match="category", category=kitchen)
    act(made, "pin", kettles[12], position=1)
    act(made, "hide", kettles[0])
    found = search_products("kettle", filters=ProductFilters(category="kitchen"))
    assert ids(found) == [product.pk for product in kettles[1:12]]


def test_a_redirect_and_a_banner_come_with_the_results(kettles: list[Product]) -> None:
    rule(redirect="/category/kettles", banner_title="Tea time", banner_text="All kettles", banner_link="/category/tea")
    found = search_products("kettles")
    assert found.redirect == "/category/kettles"
    assert found.banner == rules.Banner("Tea time", "All kettles", "/category/tea")
    assert (search_products("lamp").redirect, search_products("lamp").banner) == (None, None)


def test_the_ablations_of_an_evaluation_are_not_steered(kettles: list[Product]) -> None:
    act(rule(), "hide", kettles[0])
    assert search_products("kettle", system="lexical").total == 12


def test_without_a_rule_that_applies_a_search_costs_nothing_more(
    kettles: list[Product], django_assert_num_queries: Any
) -> None:
    act(rule("samovar"), "pin", kettles[0], position=1)
    search_products("kettle")
    with django_assert_num_queries(2):  # the query's words, the one statement
        search_products("kettle")
    with django_assert_num_queries(1):
        search_products("")
    assert steer(("kettle",), category_id=None) == Steering()


def test_rules_that_pin_and_hide_cost_no_query(kettles: list[Product], django_assert_num_queries: Any) -> None:
    made = rule()
    act(made, "pin", kettles[0], position=3)
    act(made, "hide", kettles[1])
    act(made, "boost", kettles[2])
    search_products("kettle")
    with django_assert_num_queries(2):
        search_products("kettle")
    act(made, "boost", brand="Bosko")
    search_products("kettle")
    with django_assert_num_queries(3):  # also the brands of the candidates
        search_products("kettle")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"match": "exact", "query": ""}, "Say what the rule applies to."),
        ({"match": "exact", "query": "the"}, "“the” has no word that search looks for."),
        ({"match": "category"}, "Say what the rule applies to."),
        ({"match": "product_type"}, "Say what the rule applies to."),
        ({"query": "lamp", "banner_text": "Light"}, "A banner needs a title."),
        ({"query": "lamp", "starts_on": "2026-02-02", "ends_on": "2026-02-01"}, "The last day is before the first."),
        ({"query": "lamp", "redirect": "//evil.example"}, "Two slashes lead to another host."),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        MerchandisingRule(name="rule", **fields).full_clean()
    assert message in " ".join(refused.value.messages)


@pytest.mark.parametrize("link", ["/", "/search?q=lamp", "/category/lamps#top", "https://example.com/a?b=c"])
def test_links_into_the_store_and_to_https_are_allowed(link: str) -> None:
    validate_link(link)


@pytest.mark.parametrize(
    "link",
    [
        "//evil.example", "/\\evil.example", "\\\\evil.example", "http://example.com", "javascript:alert(1)", "lamps",
        "https://", "https:///path", "https://user:secret@example.com", "/a\nb", "/a b", "data:text/html,x", "https://[x",
    ],
)  # fmt: skip
def test_links_elsewhere_are_refused(link: str) -> None:
    with pytest.raises(ValidationError):
        validate_link(link)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"kind": "pin", "position": 1}, "Choose a product."),
        ({"kind": "hide", "brand": "Bosko"}, "Choose a product."),
        ({"kind": "pin", "product": True}, "Which position? 1 is the first."),
        ({"kind": "pin", "product": True, "position": 0}, "greater than or equal to 1"),
        ({"kind": "boost"}, "Choose one of product, brand and category."),
        ({"kind": "bury", "product": True, "brand": "Bosko"}, "Choose one of product, brand and category."),
    ],
)
def test_an_action_that_lacks_something_is_refused(fields: dict[str, Any], message: str) -> None:
    if fields.get("product"):
        fields = {**fields, "product": make_product("Kettle")}
    with pytest.raises(ValidationError) as refused:
        RuleAction(rule=rule(), **fields).full_clean()
    assert message in " ".join(refused.value.messages)
