"""The one SQL statement of a search, with words and vectors made by hand."""

import numpy as np
import pytest

from search.bm25 import covering_sets
from search.candidates import CANDIDATES
from search.index import create_vector_index, embed_stale_products, remove_inactive
from search.lexical import LexicalQuery, lexical_query
from search.models import EncoderVersion
from search.retrieval import Retrieved, SemanticQuery, retrieve
from shop.catalog.models import Product
from tests.catalogue import make_product
from tests.search.vectors import axis, give_vectors, make_many, make_version

pytestmark = pytest.mark.django_db

NO_WORDS = LexicalQuery({}, ())


@pytest.fixture
def version() -> EncoderVersion:
    return make_version()


def find(query: str = "", *, near: SemanticQuery | None = None, sort: str = "relevance", stop: int = 24) -> Retrieved:
    lexical = lexical_query(query) if query else NO_WORDS
    return retrieve(lexical, near, conditions={}, sort=sort, start=0, stop=stop)


def scores(found: Retrieved) -> dict[int, tuple[float, float]]:
    return {
        int(pk): (float(bm25), float(cosine))
        for pk, bm25, cosine in zip(found.product_ids, found.bm25, found.cosine, strict=True)
    }


def test_each_candidate_has_the_scores_of_both_sides(version: EncoderVersion) -> None:
    word, meaning, both, neither = (make_product(name) for name in ("kettle", "boiler", "kettle jug", "sofa"))
    embed_stale_products()
    give_vectors([meaning, both], np.stack([axis(1.0), axis(0.5)]), version)
    found = scores(find("kettle", near=SemanticQuery(axis(1.0), version.pk, 0.0)))
    assert set(found) == {word.pk, meaning.pk, both.pk}
    assert neither.pk not in found
    assert found[word.pk][0] > found[both.pk][0] > 0
    assert found[meaning.pk] == pytest.approx((0.0, 1.0), abs=1e-3)
    assert found[both.pk][1] == pytest.approx(0.5, abs=1e-3)
    assert np.isnan(found[word.pk][1])


def test_a_product_below_the_floor_does_not_match(version: EncoderVersion) -> None:
    near, far = make_product("near"), make_product("far")
    embed_stale_products()
    give_vectors([near, far], np.stack([axis(0.6), axis(0.2)]), version)
    found = find(near=SemanticQuery(axis(1.0), version.pk, 0.4))
    assert (found.product_ids.tolist(), found.total) == ([near.pk], 1)


def test_vectors_of_another_version_are_not_read(version: EncoderVersion) -> None:
    other = make_version("other")
    mine, theirs = make_product("mine"), make_product("theirs")
    embed_stale_products()
    give_vectors([mine, theirs], np.stack([axis(0.5), axis(0.4)]), version)
    give_vectors([mine, theirs], np.stack([axis(0.1), axis(1.0)]), other)
    found = scores(find(near=SemanticQuery(axis(1.0), version.pk, 0.0)))
    assert {pk: round(cosine, 2) for pk, (_, cosine) in found.items()} == {mine.pk: 0.5, theirs.pk: 0.4}


@pytest.mark.parametrize("indexed", [False, True])
def test_products_that_are_not_for_sale_take_no_place_among_the_nearest(version: EncoderVersion, indexed: bool) -> None:
    products = make_many(3 * CANDIDATES)
    gone = products[: 2 * CANDIDATES]
    apart = np.random.default_rng(5).normal(scale=0.1, size=(len(products), 8))  # alike are not linked in the index
    rows = [axis(0.9 if row < len(gone) else 0.5, *apart[row]) for row in range(len(products))]
    give_vectors(products, np.stack(rows), version)
    if indexed:
        create_vector_index(version)
    Product.objects.filter(pk__in=[product.pk for product in gone]).update(is_active=False)
    assert find(near=SemanticQuery(axis(1.0), version.pk, 0.0)).total == 0
    remove_inactive()
    found = find(near=SemanticQuery(axis(1.0), version.pk, 0.0))
    assert found.total == CANDIDATES


def test_everything_with_most_of_the_words_matches_however_many() -> None:
    for number in range(CANDIDATES + 30):
        make_product(f"red kettle number {number}", sku=f"k{number}")
    make_product("red sofa")
    embed_stale_products()
    lexical = lexical_query("kettle")
    assert covering_sets(lexical.idfs) == [list(lexical.idfs)]
    found = find("kettle", stop=1000)
    assert found.total == CANDIDATES + 30
    assert len(found.product_ids) == CANDIDATES
    assert len({*found.product_ids.tolist(), *found.page_ids}) == CANDIDATES + 30


def test_the_rest_after_the_pool_is_not_read_when_the_pool_fills_the_page() -> None:
    for number in range(CANDIDATES + 30):
        make_product(f"kettle {number}", sku=f"k{number}")
    embed_stale_products()
    assert find("kettle", stop=CANDIDATES).page_ids == []
    assert len(find("kettle", stop=CANDIDATES + 1).page_ids) >= 1


def test_unknown_words_and_no_vector_match_nothing() -> None:
    make_product("kettle")
    embed_stale_products()
    found = find("zzyzx")
    assert (found.total, found.product_ids.tolist(), found.page_ids) == (0, [], [])
