"""A query means what shoppers choose for it, and so does a longer one that ends in it."""

from typing import Any

import numpy as np
import pytest

from search import chosen_meaning, remembered_clicks
from search.chosen_meaning import MOST_PRODUCTS, Meant, meant_by, moved
from search.explain import explain
from search.index import embed_stale_products
from search.models import EncoderVersion, ProductEmbedding
from search.pipeline import search_products
from search.telling import tell
from search.variants import ADAPTER, MEMORY, Variant
from shop.catalog.models import Product
from tests.search.small_store import make_store
from tests.search.test_remembered_clicks import remember

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    chosen_meaning.forget()
    remembered_clicks.forget()


@pytest.fixture
def store(active_encoder_version: EncoderVersion) -> list[Product]:
    products = make_store()
    embed_stale_products()
    return products


def of_kind(products: list[Product], kind: str) -> list[int]:
    return [product.pk for product in products if product.product_type == kind]


def first(query: str, **options: Any) -> list[int]:
    return sorted(hit.product_id for hit in search_products(query, **options).hits[:3])


def test_others_like_the_chosen_one_are_found_that_nobody_was_shown(store: list[Product]) -> None:
    umbrellas = of_kind(store, "Umbrella")
    assert first("zonnik") != umbrellas
    remember("zonnik", {umbrellas[1]: 2.0})
    remembered_clicks.forget()
    assert first("zonnik") == umbrellas
    assert first("zonniks") == umbrellas  # the plural
    without = Variant(learners=frozenset({ADAPTER}))
    assert first("zonnik", variant=without) != umbrellas
    assert first("zonnik", system="semantic") != umbrellas


@pytest.mark.parametrize("query", ["big black zonnik", "good zonnik for two", "zonnik with a cover"])
def test_a_longer_query_that_says_the_same_thing(store: list[Product], query: str) -> None:
    umbrellas = of_kind(store, "Umbrella")
    remember("zonnik", {umbrellas[1]: 2.0})
    assert first(query) == umbrellas
    assert explain(search_products(query)).meant_by == "zonnik"


@pytest.mark.parametrize(
    ("known", "query", "by"),
    [
        ("zonnik", "zonnik", "zonnik"), ("zonnik", "  Big ZONNIKS", "zonnik"), ("zonnik", "zonnik stand", None),
        ("zonnik", "stand for zonnik", None), ("red kettle", "small red kettles", "red kettle"),
        ("kettle", "kettle", "kettle"), ("kettle", "coffee kettle", None),  # the catalogue knows the word
        ("music for the gym", "loud music for the gym", "music for the gym"), ("the gym", "music for the gym", None),
        ("zonnik", "", None), ("台灯", "红色台灯", None), ("台灯", "台灯", "台灯"),
    ],
)  # fmt: skip
def test_the_end_must_say_what_is_wanted(known: str, query: str, by: str | None) -> None:
    remember(known, {7: 1.0, 8: -1.0})
    found = meant_by(query, query, unknown=["zonnik"])
    assert (found.query if found else None) == by
    assert found is None or (found.product_ids, found.lifts) == ((7,), (1.0,))


def test_the_longest_end_tells() -> None:
    remember("zonnik", {7: 1.0})
    remember("beach zonnik", {8: 1.0})
    assert meant_by("red beach zonnik", "", unknown=["zonnik"]) == Meant("beach zonnik", (8,), (1.0,))


def test_what_nobody_chose_means_nothing() -> None:
    remember("zonnik", {7: -1.0})
    assert meant_by("zonnik", "zonnik") is None


def test_the_most_chosen_products_tell() -> None:
    remember("zonnik", {pk: pk / 8 for pk in range(1, 16)})
    found = meant_by("zonnik", "zonnik")
    assert found is not None
    assert found.product_ids == tuple(range(15, 15 - MOST_PRODUCTS, -1))


def test_the_vector_moves_as_far_as_clicks_are_sure(
    store: list[Product], active_encoder_version: EncoderVersion
) -> None:
    version, product = active_encoder_version.pk, store[0].pk
    own = np.array(ProductEmbedding.objects.get(product=product).vector, dtype=np.float32)
    query = np.eye(len(own), dtype=np.float32)[0]
    little, half, most = (moved(query, version, Meant("x", (product,), (lift,))) for lift in (0.1, 1.0, 2.0))
    assert query @ own < little @ own < half @ own < most @ own
    assert half == pytest.approx((query + 0.5 * own) / np.linalg.norm(query + 0.5 * own), abs=2e-3)


def test_products_without_a_vector_move_nothing(active_encoder_version: EncoderVersion) -> None:
    query = np.eye(384, dtype=np.float32)[0]
    assert moved(query, active_encoder_version.pk, Meant("x", (12345,), (1.0,))).tolist() == query.tolist()


def test_one_sql_query_for_the_first_who_asks(store: list[Product], django_assert_num_queries: Any) -> None:
    remember("zonnik", {store[0].pk: 1.0})
    search_products("kettle")
    with django_assert_num_queries(3):  # the words, the chosen products' vectors, the one statement
        search_products("zonnik")
    with django_assert_num_queries(2):
        search_products("zonnik")


def test_merchants_are_told(store: list[Product]) -> None:
    remember("zonnik", {of_kind(store, "Umbrella")[0]: 2.0})
    told = tell(search_products("big zonnik", variant=Variant(learners=frozenset({MEMORY}))))
    assert any("to it and to what shoppers chose for “zonnik”" in reason.text for hit in told for reason in hit.reasons)
