"""The score of the served results, on a store with categories: the thing comes before what goes with it."""

import numpy as np
import pytest

from search import settings_of_store
from search.index import embed_stale_products
from search.models import LEXICAL_WEIGHT, EncoderVersion, SearchSettings
from search.pipeline import search_products
from search.relevance import LEAST_COVERED, LEAST_LEXICAL
from shop.catalog.models import Category, Product
from tests.catalogue import make_category, make_product

pytestmark = pytest.mark.django_db

WORDS = "oak birch pine cedar maple elm ash willow".split()


@pytest.fixture
def store(active_encoder_version: EncoderVersion) -> None:
    """Televisions that are never called "tv", mounts that are, and other things."""
    television, mount, sofa = (make_category(name) for name in ("television", "tv-wall-mount", "sofa"))
    for number in range(24):
        word = f"{WORDS[number % 8]} {number}".capitalize()
        make_product(f"{word} Television, 55 inch", sku=f"t{number}", category=television, description="Sharp.")
        make_product(f"{word} TV Wall Mount", sku=f"m{number}", category=mount, description="Holds your TV.")
        make_product(f"{word} Sofa", sku=f"s{number}", category=sofa, description="Seats three.")
    embed_stale_products()


def first_categories(query: str, system: str = "served") -> list[str]:
    ids = [hit.product_id for hit in search_products(query, page_size=5, system=system).hits]
    slugs = dict(Product.objects.filter(pk__in=ids).values_list("id", "category__slug"))
    return [slugs[pk] for pk in ids]


def test_a_word_that_only_accessories_have_does_not_bring_them_to_the_top(store: None) -> None:
    assert "tv-wall-mount" in first_categories("tv", "hybrid")  # what words and meaning alone would show
    assert set(first_categories("tv")) == {"television"}


def test_a_new_word_is_found_first_whatever_sounds_like_it(store: None) -> None:
    for number in range(20):
        make_product(f"Zephyr sofa {number}", sku=f"z{number}", category=Category.objects.get(slug="sofa"))
    wanted = make_product("TV wall mount zephyrine73", sku="new", category=Category.objects.get(slug="tv-wall-mount"))
    embed_stale_products()
    assert search_products("zephyrine73").hits[0].product_id == wanted.pk


def test_words_count_less_in_a_sentence_that_no_product_says(store: None) -> None:
    said = search_products("birch sofa").trace.scores
    sentence = search_products("somewhere for my tired family to sit and watch three films").trace.scores
    assert said.coverage == pytest.approx(0.9, abs=0.1)
    assert sentence.coverage == pytest.approx(0.1, abs=0.1)
    # Both as far as words and meaning agree; of the sentence's weight only a part stays.
    agreed = np.array([said.agreement, sentence.agreement], dtype=float)
    full = LEXICAL_WEIGHT * (LEAST_LEXICAL + (1 - LEAST_LEXICAL) * agreed)
    assert [said.lexical_weight, sentence.lexical_weight] == pytest.approx(full * [1.0, LEAST_COVERED])


def test_a_title_among_other_words_is_still_found_by_its_words(store: None) -> None:
    """As shoppers paste it from elsewhere: the product has but half of the words, and no other has as many."""
    wanted = make_product("Quorlix Zanther 7000 TV Wall Mount", sku="q", category=Category.objects.get(slug="sofa"))
    embed_stale_products()
    found = search_products("buy genuine quorlix zanther 7000 tv wall mount bargain dispatch today")
    assert found.hits[0].product_id == wanted.pk
    assert found.trace.scores.coverage == pytest.approx(1.0, abs=0.4)


def test_accessories_come_first_when_they_are_asked_for(store: None) -> None:
    assert set(first_categories("tv mount")) == {"tv-wall-mount"}


def test_a_named_product_is_first_whatever_kind_the_query_is_about(store: None) -> None:
    product = Product.objects.get(sku="s3")
    Product.objects.filter(pk=product.pk).update(mpn="KX-9001")
    hits = search_products("television KX-9001").hits
    assert hits[0].product_id == product.pk


def in_order_of_stock(query: str) -> list[bool]:
    ids = [hit.product_id for hit in search_products(query).hits]
    stock = dict(Product.objects.filter(pk__in=ids).values_list("id", "stock"))
    return [stock[pk] > 0 for pk in ids]


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("alike", [False, True, False, True]),
        ("later", [True, True, False, False]),
        ("last", [True, True, False, False]),
    ],
)
def test_merchants_choose_where_sold_out_products_stand(
    active_encoder_version: EncoderVersion, choice: str, expected: list[bool]
) -> None:
    for number in range(4):
        make_product("Red kettle", sku=f"k{number}", stock=number % 2)
    SearchSettings.objects.create(sold_out=choice)
    embed_stale_products()
    assert in_order_of_stock("kettle") == expected


def test_a_sold_out_product_that_is_what_was_asked_for_stays_before_others(
    active_encoder_version: EncoderVersion,
) -> None:
    wanted = make_product("Red kettle", sku="k", stock=0)
    for number in range(6):
        make_product(f"Kitchen thing {number}", sku=f"t{number}")
    embed_stale_products()
    assert search_products("red kettle").hits[0].product_id == wanted.pk
    SearchSettings.objects.create(sold_out="last")
    settings_of_store.forget()
    hits = [hit.product_id for hit in search_products("red kettle").hits]
    assert hits == [wanted.pk]  # nothing else matches
