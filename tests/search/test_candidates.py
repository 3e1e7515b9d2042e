"""The best by words, found through the rare ones: the same products and scores as by all of them."""

import random

import numpy as np
import pytest
from psycopg import sql

from search import candidates
from search.index import embed_stale_products
from search.lexical import ENOUGH, LexicalQuery, Rare, lexical_query
from search.retrieval import Retrieved, retrieve
from tests.catalogue import make_product


def test_words_that_together_weigh_little_are_left_to_the_rare_one() -> None:
    assert LexicalQuery({1: 5.0, 2: 1.0, 3: 1.5}, ()).rare() == Rare([1], 2.5)
    assert LexicalQuery({1: 5.0, 2: 2.0, 3: 2.5}, ()).rare() == Rare([1, 3], 2.0)


def test_a_single_word_alike_words_and_synonyms_have_no_rare_ones() -> None:
    assert LexicalQuery({1: 5.0}, ()).rare() is None
    assert LexicalQuery({1: 5.0, 2: 4.0}, ()).rare() is None
    assert LexicalQuery({1: 5.0, 2: 1.0}, (), ({1: 5.0},)).rare() is None
    assert LexicalQuery({}, ()).rare() is None


@pytest.fixture
def catalogue(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """120 products of common and rare words; ten candidates a side, so that both ways are taken."""
    monkeypatch.setattr(candidates, "CANDIDATES", 10)
    rng = random.Random(8)
    words = ["cable"] * 12 + ["black"] * 8 + ["laser", "printer", "printer", "toner"] + [f"w{n}" for n in range(40)]
    for number in range(120):
        make_product(" ".join(rng.choices(words, k=rng.randint(3, 9))), sku=f"p{number}")
    embed_stale_products()


def found(lexical: LexicalQuery) -> Retrieved:
    return retrieve(lexical, None, conditions={"all": sql.SQL("true")}, sort="relevance", start=0, stop=24)


@pytest.mark.parametrize("query", ["laser cable", "black printer cable", "w3 cable", "toner black", "w1 w2 black"])
def test_the_same_candidates_either_way(catalogue: None, query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lexical = lexical_query(query)
    assert lexical.rare() is not None
    short = found(lexical)
    monkeypatch.setattr(LexicalQuery, "rare", lambda self: None)
    whole = found(lexical)
    assert short.product_ids.tolist() == whole.product_ids.tolist()
    np.testing.assert_array_equal(short.bm25, whole.bm25)
    assert short.total == whole.total


def test_all_words_of_the_wording_with_least_are_enough() -> None:
    assert LexicalQuery({1: 5.0, 2: 1.5}, (), most_idf=9.0).enough() == 6.5
    assert LexicalQuery({1: 5.0, 2: 1.5}, (), ({3: 4.0},), most_idf=9.0).enough() == 4.0
    assert LexicalQuery({1: 5.0}, ("unheard", "of"), unknown_idf=14.0, most_idf=9.0).enough() == 19.0
    assert LexicalQuery({}, ()).enough() == 0.0


def test_of_many_words_as_much_is_enough_as_a_few_that_no_other_product_has() -> None:
    assert LexicalQuery(dict.fromkeys(range(9), 4.0), (), most_idf=9.0).enough() == pytest.approx(ENOUGH * 9.0)
