"""Constraints said in words on a catalogue: which of them hold, what is found under them, and what leaves nothing."""

import pytest

from search.filters import ProductFilters
from search.index import embed_stale_products
from search.models import FacetKey
from search.narrowing import narrow
from search.pipeline import SearchResults, search_products
from shop.catalog.models import Product
from tests.catalogue import make_category, make_product

pytestmark = pytest.mark.django_db

NO_FILTERS = ProductFilters()


@pytest.fixture(autouse=True)
def catalogue(db: None) -> None:
    """Ten lamps in red, blue and white, laptops with bags for them, toner, juice, and noise machines in any colour."""
    for key in ("color", "ram_gb"):
        FacetKey.objects.create(key=key)
    laptops, bags = make_category("laptops"), make_category("bags")
    for number in range(10):
        color = ("red", "red", "blue", "white", "white")[number % 5]
        make_product(
            f"Desk lamp {number}", sku=f"lamp{number}", brand="Lumen" if number < 7 else "Glow",
            price_cents=1000 * (number + 1), stock=number % 2, rating_average=1 + number % 5,
            attributes={"color": color}, translations={"zh": {"title": f"台灯 {number}"}},
        )  # fmt: skip
    for number in range(6):
        ram = (8, 16, 16)[number % 3]
        make_product(
            f"Laptop {number}", sku=f"laptop{number}", category=laptops, brand="Lenovo" if number < 3 else "Sony",
            price_cents=50_000 + 10_000 * number, attributes={"ram_gb": ram},
        )  # fmt: skip
        make_product(f"Laptop bag {number}", sku=f"bag{number}", category=bags, brand="Targus")
        make_product(f"Toner for Lenovo printer {number}", sku=f"toner{number}", brand="Lenovo" if number else "Inky")
        make_product(f"Orange juice {number}", sku=f"juice{number}", brand="Orange" if number == 5 else "Sunny")
        make_product(
            f"White noise machine {number}", sku=f"noise{number}",
            attributes={"color": ("white", "black", "red")[number % 3]},
        )  # fmt: skip
    embed_stale_products()


def titles(results: SearchResults) -> list[str]:
    names = dict(Product.objects.values_list("id", "title"))
    return sorted(names[hit.product_id] for hit in results.hits)


def said(query: str, filters: ProductFilters = NO_FILTERS) -> list[tuple[str, str]]:
    return [(one.key, one.text) for one in narrow(query, filters)[0].constraints]


def selected(results: SearchResults, key: str) -> list[str]:
    return [value.value for facet in results.facets if facet.key == key for value in facet.values if value.selected]


def test_a_price_in_words_is_the_same_as_one_picked() -> None:
    spoken = search_products("desk lamp under $40")
    picked = search_products("desk lamp", filters=ProductFilters(price_max_cents=3999))
    assert (spoken.total, spoken.facets) == (picked.total, picked.facets)
    assert titles(spoken) == ["Desk lamp 0", "Desk lamp 1", "Desk lamp 2"]
    assert (spoken.understood.text, spoken.query) == ("desk lamp", "desk lamp under $40")


def test_a_price_range_in_chinese() -> None:
    assert titles(search_products("20到40元的台灯")) == ["Desk lamp 1", "Desk lamp 2", "Desk lamp 3"]


def test_a_query_of_nothing_but_a_price_browses() -> None:
    results = search_products("under $20")
    assert (results.mode, results.total) == ("browse", 25)
    assert titles(search_products("over $900")) == ["Laptop 4", "Laptop 5"]


def test_rating_and_stock() -> None:
    assert titles(search_products("desk lamp 4 stars and up")) == [f"Desk lamp {n}" for n in (3, 4, 8, 9)]
    assert titles(search_products("desk lamp in stock 4星以上")) == ["Desk lamp 3", "Desk lamp 9"]


def test_a_colour_is_a_filter_where_the_matches_have_colours() -> None:
    results = search_products("red desk lamp")
    assert titles(results) == ["Desk lamp 0", "Desk lamp 1", "Desk lamp 5", "Desk lamp 6"]
    assert selected(results, "attr.color") == ["red"]
    assert results.understood.text == "desk lamp"
    (constraint,) = results.understood.constraints
    assert (constraint.key, constraint.text, constraint.without) == ("attr.color", "red", "desk lamp")


def test_a_colour_in_chinese() -> None:
    assert said("红色台灯") == [("attr.color", "红色")]
    assert titles(search_products("红色台灯")) == ["Desk lamp 0", "Desk lamp 1", "Desk lamp 5", "Desk lamp 6"]


@pytest.mark.parametrize(
    "query", ["orange juice", "white noise machine", "red wine", "white laptop bag", "juice orange"]
)
def test_a_colour_word_that_means_something_else_stays_a_word(query: str) -> None:
    understood, filters = narrow(query, NO_FILTERS)
    assert (understood.text, understood.constraints, understood.relaxed, filters) == (query, (), (), NO_FILTERS)


def test_a_measure_is_a_filter_of_the_products_that_have_it() -> None:
    results = search_products("laptop 16gb ram")
    assert titles(results) == ["Laptop 1", "Laptop 2", "Laptop 4", "Laptop 5"]
    assert selected(results, "attr.ram_gb") == ["16"]
    assert said("desk lamp 16 GB") == []


def test_a_brand_is_a_filter_only_where_all_that_name_it_are_of_it() -> None:
    assert said("sony laptop") == [("brand", "sony")]
    assert titles(search_products("sony laptop")) == ["Laptop 3", "Laptop 4", "Laptop 5"]
    assert said("lenovo toner") == []  # others make toner for it
    assert said("toner for lenovo") == []
    assert said("sony") == []


def test_what_is_not_wanted_is_neither_shown_nor_searched() -> None:
    results = search_products("desk lamp not Lumen")
    assert titles(results) == ["Desk lamp 7", "Desk lamp 8", "Desk lamp 9"]
    assert results.understood.text == "desk lamp"
    assert said("desk lamp not Lumen") == [("not", "not Lumen")]
    brands = {value.value for facet in results.facets if facet.key == "brand" for value in facet.values}
    assert brands == {"Glow"}
    assert titles(search_products("laptop without bag")) == [f"Laptop {number}" for number in range(6)]
    assert said("laptop without frobnication") == []


def test_cheap_is_the_lowest_third_of_what_matches() -> None:
    assert titles(search_products("cheap desk lamp")) == [f"Desk lamp {number}" for number in range(4)]
    assert titles(search_products("便宜的台灯")) == [f"Desk lamp {number}" for number in range(4)]
    assert said("cheap trick") == []


def test_a_filter_picked_by_hand_wins_and_the_words_are_not_searched() -> None:
    picked = ProductFilters(price_max_cents=2000, attributes=(("color", "blue"),))
    understood, filters = narrow("red desk lamp under $90", picked)
    assert (understood.text, understood.constraints, filters) == ("desk lamp", (), picked)
    assert said("red desk lamp under $90", ProductFilters(in_stock=True)) == [
        ("attr.color", "red"), ("price", "under $90"),
    ]  # fmt: skip


def test_a_price_that_leaves_nothing_is_lifted_and_the_cheapest_named() -> None:
    results = search_products("desk lamp under $5")
    (relaxed,) = results.understood.relaxed
    assert (results.total, results.understood.constraints) == (10, ())
    assert (relaxed.constraint.text, relaxed.constraint.without) == ("under $5", "desk lamp")
    assert relaxed.nearest_cents == 1000
    (relaxed,) = search_products("desk lamp over $500").understood.relaxed
    assert relaxed.nearest_cents == 10_000


def test_the_price_is_the_last_to_be_lifted() -> None:
    understood, filters = narrow("desk lamp under $40 5 stars and up", NO_FILTERS)
    assert [one.key for one in understood.constraints] == ["price"]
    assert [one.constraint.key for one in understood.relaxed] == ["rating"]
    assert filters == ProductFilters(price_max_cents=3999)


def test_a_colour_that_no_match_has_is_said_and_not_filtered_by() -> None:
    results = search_products("black desk lamp")
    assert [one.constraint.key for one in results.understood.relaxed] == ["attr.color"]
    assert results.total == 10


def test_what_only_meaning_finds_is_lifted_after_the_search(active_encoder_version: object) -> None:
    embed_stale_products()
    results = search_products("notebook computer under $2")
    assert [one.constraint.text for one in results.understood.relaxed] == ["under $2"]
    assert results.total > 0


def test_nothing_is_said_to_be_lifted_where_nothing_is_found_either_way() -> None:
    results = search_products("zzyzx under $5")
    assert (results.total, results.understood.relaxed) == (0, ())
    assert [one.key for one in results.understood.constraints] == ["price"]


def test_every_page_of_a_search_has_the_same_constraints() -> None:
    pages = [search_products("desk lamp over $30", page=page, page_size=3) for page in (1, 2, 3)]
    assert {page.total for page in pages} == {8}
    assert len({hit.product_id for page in pages for hit in page.hits}) == 8


def test_only_the_served_system_understands() -> None:
    assert search_products("desk lamp under $40", system="lexical").understood.constraints == ()


def test_most_queries_cost_no_query_of_the_database(django_assert_num_queries: object) -> None:
    narrow("desk lamp under $50", NO_FILTERS)  # reads the vocabulary and the categories
    with django_assert_num_queries(0):  # type: ignore[operator]
        narrow("desk lamp", NO_FILTERS)
    with django_assert_num_queries(2):  # type: ignore[operator]
        narrow("desk lamp under $50", NO_FILTERS)
    with django_assert_num_queries(2):  # type: ignore[operator]
        narrow("red desk lamp", NO_FILTERS)
    with django_assert_num_queries(3):  # type: ignore[operator]
        narrow("red desk lamp under $50", NO_FILTERS)


def test_a_measure_alone_is_about_whatever_has_it() -> None:
    assert said("16GB") == [("attr.ram_gb", "16GB")]
    found = search_products("16 gb under $650")
    assert titles(found) == ["Laptop 1"]
    assert found.total == 1


def test_a_measure_that_nothing_has_stays_words() -> None:
    assert said("15.6 inch") == []


def test_numbers_and_units_are_read_however_they_are_written() -> None:
    for key in ("storage_gb", "screen_size"):
        FacetKey.objects.create(key=key)
    drives = make_category("drives")
    for number, (storage, screen) in enumerate([(1000, 15.6), (1024, 15.6), (512, 14), (256, 13)] * 2):
        make_product(
            f"Quick drive {number}", sku=f"drive{number}", category=drives,
            attributes={"storage_gb": storage, "screen_size": screen},
        )  # fmt: skip
    embed_stale_products()
    terabyte, wide = [f"Quick drive {n}" for n in (0, 1, 4, 5)], [f"Quick drive {n}" for n in (0, 1, 4, 5)]
    for query in ("drive 1TB", "1 TB drive", "drive 1024GB", "1tb", "1 TB"):
        assert (query, titles(search_products(query))) == (query, terabyte)
    for query in ('drive 15.6"', "15.6 inch drive", "15.6-inch drive", "15.6 inch"):
        assert (query, titles(search_products(query))) == (query, wide)
