"""What a search tells about itself: every stage, and parts that add up to the scores."""

import math
from functools import reduce
from operator import add

import numpy as np
import pytest

from search.explain import explain
from search.explanation import PLACE
from search.filters import ProductFilters
from search.index import embed_stale_products
from search.models import EncoderVersion
from search.pipeline import search_products
from search.score_parts import ScoreParts
from shop.catalog.models import Product
from tests.catalogue import make_category, make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(active_encoder_version: EncoderVersion) -> dict[str, Product]:
    """Shoes and socks, six of each, and a kettle without a category."""
    shoes, socks = make_category("running-shoes", "Running shoes"), make_category("socks", "Socks")
    made = {}
    for number in range(6):
        made[f"shoe {number}"] = make_product(f"Trail running shoe {number}", category=shoes, sku=f"SHOE-{number}")
        made[f"sock {number}"] = make_product(f"Wool sock {number}", category=socks, sku=f"SOCK-{number}")
    made["kettle"] = make_product("Steel kettle", sku="KETTLE", mpn="KX-9001")
    embed_stale_products()
    return made


def test_parts_are_added_in_their_order() -> None:
    zeros = np.zeros(2)
    parts = ScoreParts({"words": np.array([0.1, 1.0])}, zeros, zeros, 0.5).with_part("stock", np.array([0.2, -1.0]))
    assert parts.total.tolist() == [0.1 + 0.2, 0.0]
    assert parts.of(0) == {"words": 0.1, "stock": 0.2}


@pytest.mark.parametrize("system", ["served", "hybrid", "lexical", "semantic"])
@pytest.mark.parametrize("query", ["running shoes", "KX-9001", "zzgibberish shoe"])
def test_the_parts_of_each_hit_add_up_to_its_score_exactly(store: object, query: str, system: str) -> None:
    hits = explain(search_products(query, system=system)).hits
    assert hits
    assert [reduce(add, hit.parts.values()) for hit in hits] == [hit.score for hit in hits]


def test_explaining_changes_no_order_and_no_score(store: object) -> None:
    results = search_products("running shoes")
    explained = explain(results).hits
    assert [(hit.product_id, hit.position, hit.score) for hit in explained] == [
        (hit.product_id, hit.position, hit.score) for hit in results.hits
    ]


def test_the_words_come_with_their_idf_and_frequency_and_the_unknown_ones_apart(store: object) -> None:
    explanation = explain(search_products("running zzgibberish wool"))
    assert [(term.term, term.document_frequency) for term in explanation.terms] == [("run", 6), ("wool", 6)]
    assert explanation.terms[0].idf == pytest.approx(math.log(1 + (13 - 6 + 0.5) / (6 + 0.5)))
    assert explanation.unknown == ("zzgibberish",)


def test_the_kinds_that_a_query_is_about(store: object) -> None:
    kinds = explain(search_products("running shoes")).kinds
    assert (kinds[0].slug, kinds[0].name) == ("running-shoes", "Running shoes")
    assert kinds[0].share > kinds[1].share
    assert sum(kind.share for kind in kinds) <= 1 + 1e-9


def test_a_named_product_has_the_part_of_its_number(store: dict[str, Product]) -> None:
    explanation = explain(search_products("KX-9001"))
    assert explanation.pool.named == 1
    assert [hit.parts["named"] for hit in explanation.hits if hit.product_id == store["kettle"].pk] == [100.0]


def test_places_by_cosine_count_from_the_nearest(store: object) -> None:
    hits = explain(search_products("running shoes")).hits
    nearest = sorted((hit for hit in hits if hit.cosine is not None), key=lambda hit: -(hit.cosine or 0))
    assert [hit.cosine_rank for hit in nearest[:3]] == [1, 2, 3]


def test_filters_leave_candidates_in_the_pool(store: object) -> None:
    pool = explain(search_products("running shoes", filters=ProductFilters(category="socks"))).pool
    assert pool.passing < pool.size


def test_browsing_and_other_orders_have_a_place_instead_of_a_score(store: object) -> None:
    hits = explain(search_products("")).hits
    assert [hit.parts for hit in hits[:2]] == [{PLACE: -1.0}, {PLACE: -2.0}]


def test_it_costs_two_queries_whatever_the_page(store: object, django_assert_num_queries: object) -> None:
    for page_size in (2, 13):
        results = search_products("running shoes", page_size=page_size)
        with django_assert_num_queries(2):  # type: ignore[operator]
            explain(results)
