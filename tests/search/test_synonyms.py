"""Synonyms: the other wordings of a query, what they weigh, and what search finds by them."""

import math

import pytest
from django.core.exceptions import ValidationError

from search import synonyms
from search.bm25 import idf
from search.index import embed_stale_products
from search.lexical import lexical_query
from search.models import LexicalTerm
from search.pipeline import search_products
from search.rule_models import Synonym
from search.synonyms import Segment, for_the_encoder, segments, thesaurus_of, wordings
from shop.catalog.models import Product
from tests.catalogue import make_product

LAPTOP = thesaurus_of([("laptop", ["notebook computer"], True)])


def add(words: str, *others: str, **fields: bool) -> Synonym:
    synonyms.forget()
    return Synonym.objects.create(words=words, synonyms=list(others), **fields)


def titles(query: str, **options: object) -> list[str]:
    names = dict(Product.objects.values_list("id", "title"))
    found = search_products(query, **options)  # type: ignore[arg-type]
    assert found.total == len(found.hits)
    return [names[hit.product_id] for hit in found.hits]


def test_a_query_is_cut_at_the_longest_phrases() -> None:
    assert segments("red notebook computers bag", LAPTOP) == [
        Segment(("red",)), Segment(("notebook", "comput"), (("laptop",),)), Segment(("bag",)),
    ]  # fmt: skip
    assert segments("notebook bag", LAPTOP) == []


def test_one_way_is_one_way_and_two_way_is_a_group() -> None:
    assert thesaurus_of([("tv", ["television", "telly"], False)]) == {("tv",): (("televis",), ("telli",))}
    group = thesaurus_of([("tv", ["television", "telly"], True)])
    assert group["telli",] == (("tv",), ("televis",))


def test_loops_are_harmless_and_go_one_step() -> None:
    loop = thesaurus_of([("a1", ["b1"], True), ("b1", ["c1"], True), ("c1", ["a1"], False)])
    assert segments("a1", loop) == [Segment(("a1",), (("b1",),))]
    assert segments("b1", loop) == [Segment(("b1",), (("a1",), ("c1",)))]


def test_a_synonym_weighs_no_more_than_what_was_typed() -> None:
    cut = segments("laptop bag", LAPTOP)
    found = {"laptop": (1, 2.0), "bag": (2, 1.0), "notebook": (3, 3.0), "comput": (4, 1.0)}
    assert wordings(cut, found, unknown_idf=lambda term: 9.0) == [{1: 2.0, 2: 1.0}, {3: 1.5, 4: 0.5, 2: 1.0}]


def test_words_that_the_catalogue_lacks_give_way_to_those_that_it_has() -> None:
    cut = segments("laptop bag", LAPTOP)
    found = {"bag": (2, 1.0), "notebook": (3, 3.0), "comput": (4, 1.0)}
    assert wordings(cut, found, unknown_idf=lambda term: 9.0) == [{3: 3.0, 4: 1.0, 2: 1.0}]
    del found["comput"]  # then "notebook" alone is not the synonym
    assert wordings(cut, found, unknown_idf=lambda term: 9.0) == [{2: 1.0}]


def test_wordings_are_few_however_many_synonyms_there_are() -> None:
    many = thesaurus_of((word, [f"{word}{n}" for n in range(8)], False) for word in ("xa", "xb", "xc"))
    terms = {term for phrase, others in many.items() for one in (phrase, *others) for term in one}
    found = {term: (number, 1.0) for number, term in enumerate(terms)}
    assert len(wordings(segments("xa xb xc", many), found, unknown_idf=lambda term: 1.0)) == synonyms.MAX_WORDINGS


@pytest.fixture
def catalogue(db: None) -> None:
    for title in ("Laptop bag", "Laptop stand", "Notebook computer bag", "Paper notebook", "Desk lamp", "Bag of rice"):
        make_product(title)
    embed_stale_products()


def test_products_are_found_by_either_word_and_counted(catalogue: None) -> None:
    assert titles("laptop") == ["Laptop bag", "Laptop stand"]
    add("laptop", "notebook computer")
    assert sorted(titles("laptop")) == ["Laptop bag", "Laptop stand", "Notebook computer bag", "Paper notebook"]
    assert titles("laptop bag")[:2] == ["Laptop bag", "Notebook computer bag"]
    assert "Laptop bag" in titles("notebook computer")


def test_a_synonym_matches_under_every_sort(catalogue: None) -> None:
    add("sneaker", "lamp")
    assert titles("sneaker", sort="price_asc") == ["Desk lamp"]
    assert titles("sneakers") == ["Desk lamp"]


def test_one_way_does_not_lead_back(catalogue: None) -> None:
    add("bag", "lamp", is_two_way=False)
    assert "Desk lamp" in titles("bag")
    assert titles("lamp") == ["Desk lamp"]


def test_inactive_synonyms_do_nothing(catalogue: None) -> None:
    add("laptop", "lamp", is_active=False)
    assert "Desk lamp" not in titles("laptop")


def test_having_both_words_earns_nothing_extra(db: None) -> None:
    make_product("Sofa couch red")
    make_product("Sofa sofa red")
    make_product("Couch bench red")
    embed_stale_products()
    add("sofa", "couch")
    terms = dict(LexicalTerm.objects.values_list("term", "document_frequency"))
    query = lexical_query("sofa")
    assert [list(w.values()) for w in (query.idfs, *query.wordings)] == [
        [pytest.approx(idf(terms["sofa"], 3))], [pytest.approx(idf(terms["couch"], 3))],
    ]  # fmt: skip
    scores = {hit.product_id: hit.lexical for hit in search_products("sofa").hits}
    both = Product.objects.get(title="Sofa couch red").pk
    assert scores[both] == pytest.approx(idf(2, 3) * 3 / (3 + 0.6), rel=1e-3)  # twice in the title, once in the SKU


def test_a_match_by_a_synonym_counts_beyond_the_candidates(db: None) -> None:
    for number in range(130):
        make_product(f"Telly {number}", sku=f"t{number}")
    make_product("Lamp")
    embed_stale_products()
    add("television", "telly")
    found = search_products("television", page_size=24, page=6)
    assert (found.total, len(found.hits)) == (130, 10)
    pages = [hit.product_id for page in range(1, 7) for hit in search_products("television", page=page).hits]
    assert len(set(pages)) == 130


def test_chinese_words_have_synonyms_too(db: None) -> None:
    make_product("Phone case", translations={"zh": {"title": "红色手机壳"}})
    make_product("Lamp", translations={"zh": {"title": "台灯"}})
    embed_stale_products()
    add("手机套", "手机壳")
    assert titles("红色手机套") == ["Phone case"]


def test_search_costs_no_more_queries_with_synonyms(catalogue: None, django_assert_num_queries: object) -> None:
    add("laptop", "notebook computer")
    search_products("laptop")
    with django_assert_num_queries(2):  # type: ignore[operator]
        search_products("laptop")


@pytest.mark.parametrize(
    ("words", "others", "message"),
    [
        ("laptop", ["Laptops"], "“Laptops” and “laptop” are the same to search: endings do not count."),
        ("laptop", ["notebook", "notebooks"], "“notebooks” and “notebook” are the same to search"),
        ("laptop", ["!!"], "“!!” has no word that search looks for."),
        ("the", ["lamp"], "“the” has no word that search looks for."),
        ("laptop", [f"word{n}" for n in range(9)], "There are 9; the most is 8."),
        ("laptop", [], "This field cannot be blank."),
        ("", ["lamp"], "This field cannot be blank."),
    ],
)
def test_bad_input_gets_a_clear_error(words: str, others: list[str], message: str, db: None) -> None:
    with pytest.raises(ValidationError) as refused:
        Synonym(words=words, synonyms=others).full_clean()
    assert message in " ".join(refused.value.messages)


def test_words_have_one_entry(db: None) -> None:
    add("Laptop", "notebook")
    with pytest.raises(ValidationError, match="There is an entry for these words already"):
        Synonym(words="laptop", synonyms=["ultrabook"]).full_clean()


def test_an_unknown_word_with_a_known_synonym_is_not_missing(catalogue: None) -> None:
    first, second = [term.term for term in LexicalTerm.objects.order_by("-document_frequency")[:2]]
    known = sum(lexical_query(first).idfs.values())
    missing = lexical_query(f"{first} zorble")
    assert missing.enough() == pytest.approx(known + missing.most_idf)
    add("zorble", second)
    found = lexical_query(f"{first} zorble")
    assert found.unknown_idf == 0
    assert found.enough() == pytest.approx(sum(found.idfs.values()))


def test_scores_stay_finite(catalogue: None) -> None:
    add("rice", "basmati grain")
    assert all(math.isfinite(hit.score) for hit in search_products("rice").hits)


@pytest.mark.django_db
def test_the_encoder_is_told_the_synonyms_as_they_were_written() -> None:
    Synonym.objects.create(words="stroller", synonyms=["Pram", "Pushchair", "Buggy", "Carriage"])
    Synonym.objects.create(words="cut finger", synonyms=["Plasters"], is_two_way=False)
    synonyms.forget()
    assert for_the_encoder("strollers for twins") == "strollers for twins Pram Pushchair Buggy"
    assert for_the_encoder("cut finger") == "cut finger Plasters"
    assert for_the_encoder("plasters") == "plasters"
    assert for_the_encoder("kettle") == "kettle"
