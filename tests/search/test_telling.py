"""A page in plain words, and why a product is not on it, on a real index."""

from typing import Any

import pytest

from search.filters import ProductFilters
from search.index import embed_stale_products
from search.models import EncoderVersion, ProductEmbedding
from search.not_found import why_not
from search.pipeline import search_products
from search.reasons import Reason
from search.telling import tell
from shop.catalog.models import Product
from tests.catalogue import make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(active_encoder_version: EncoderVersion) -> dict[str, Product]:
    EncoderVersion.objects.update(relevance_floor=0.3, nonsense_ceiling=0.3)
    titles = ("Trail running shoe", "Wool sock", "Steel kettle", "Running jacket", "Road running shoe")
    made = {title: make_product(title, price_cents=1000 * number) for number, title in enumerate(titles, 1)}
    embed_stale_products()
    return made


def why(product: Product, query: str, **filters: Any) -> list[tuple[str, str]]:
    results = search_products(query, filters=ProductFilters(**filters))
    assert product.pk not in [hit.product_id for hit in results.hits]
    return [(reason.about, reason.text) for reason in why_not(product.pk, results)]


def test_each_hit_has_its_reasons(store: dict[str, Product]) -> None:
    told = tell(search_products("trail running shoe"))
    assert [hit.position for hit in told] == list(range(1, len(told) + 1))
    assert told[0].product_id == store["Trail running shoe"].pk
    assert told[0].reasons[:2] == (
        Reason("Words", "Has “trail”, “running” and “shoe” in its title."),
        Reason("Meaning", "The nearest of 5 products."),
    )
    assert told[1].reasons[-1].text.startswith("Below the one before it because")


def test_only_the_products_that_are_asked_for(store: dict[str, Product]) -> None:
    road = store["Road running shoe"].pk
    results = search_products("running shoe")
    (told,) = tell(results, [road])
    assert (told.product_id, told.position) == (road, [hit.product_id for hit in results.hits].index(road) + 1)


def test_a_page_costs_the_same_queries_whatever_its_length(
    store: object, django_assert_num_queries: Any
) -> None:
    tell(search_products("running shoe"))  # names of categories are remembered
    for page_size in (1, 24):
        results = search_products("running shoe", page_size=page_size)
        with django_assert_num_queries(3):  # words, texts, how many products; a category would be one more
            tell(results)


def test_a_product_that_is_not_for_sale(store: dict[str, Product]) -> None:
    Product.objects.update(is_active=False)
    assert why(store["Steel kettle"], "kettle") == [
        ("Active", "It is not active, and search shows active products only.")
    ]


def test_a_product_that_is_not_indexed_yet(store: object) -> None:
    assert why(make_product("Copper kettle"), "copper kettle") == [
        ("Index", "It is not indexed yet; that takes a moment after it is saved.")
    ]


def test_a_product_that_a_filter_leaves_out(store: dict[str, Product]) -> None:
    kettle = store["Steel kettle"]
    assert why(kettle, "kettle", brands=("Novara",)) == [("Filter", "Left out by the filter brand.")]
    assert why(kettle, "running under $20") == [("Filter", "Left out by “under $20”.")]


def test_words_that_it_lacks_and_a_meaning_below_the_floor(store: dict[str, Product]) -> None:
    words, meaning = why(store["Steel kettle"], "trail running shoe")
    assert words == ("Words", "Has none of the query's words: “trail”, “running” and “shoe”.")
    assert meaning[1].startswith("Too far from the query: its nearness is ")
    assert meaning[1].endswith(", and a match needs 0.30.")


def test_words_that_others_match_better(db: None) -> None:
    for number in range(101):
        make_product("Running shoe", sku=f"SHOE-{number}")
    jacket = make_product("Running jacket", description="Warm, light and made for long days in the hills.")
    embed_stale_products()
    assert why(jacket, "running shoe zzunknown") == [
        ("Words", "Has “running”, but not “shoe” and “zzunknown”; 100 other products match the words better."),
        ("Meaning", "This search goes by words only."),
    ]


def test_a_product_without_a_vector(store: dict[str, Product]) -> None:
    ProductEmbedding.objects.filter(product=store["Steel kettle"]).delete()
    assert why(store["Steel kettle"], "running")[1] == (
        "Meaning", "It is not embedded yet, so it can only be found by its words.",
    )  # fmt: skip


def test_a_match_beyond_the_hits_that_were_read(store: dict[str, Product]) -> None:
    results = search_products("running shoe", page_size=1)
    other = next(pk for pk in results.trace.found.product_ids.tolist() if pk != results.hits[0].product_id)
    assert why_not(other, results) == (Reason("Place", "It matches, but comes after the first 1 results."),)


def test_a_product_that_is_gone(store: object) -> None:
    assert why_not(999_999, search_products("kettle")) == (Reason("Product", "There is no such product any more."),)
