"""Corrections with the words of the live catalogue: when the vocabulary is built, and what a search makes of it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from search import corrections, synonyms, versions
from search.corrections import corrected, finished, refresh_vocabulary
from search.filters import ProductFilters
from search.index import embed_stale_products
from search.models import EncoderVersion, SpellingVocabulary
from search.pipeline import search_products
from search.rule_models import Synonym
from search.versions import active_encoder
from shop.catalog.models import Product
from tests.catalogue import make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue(active_encoder_version: EncoderVersion) -> list[Product]:
    """Thirty wireless mice and twelve desk lamps, indexed, with their vocabulary."""
    products = [make_product("Wireless optical mouse", sku=f"MOUSE-{n}") for n in range(30)]
    products += [make_product("Bright desk lamp", sku=f"LAMP-{n}", brand="Lumo") for n in range(12)]
    embed_stale_products()
    refresh_vocabulary()
    return products


def test_a_misspelt_query_finds_what_was_meant_and_says_so(catalogue: list[Product]) -> None:
    results = search_products("wireles mosue", page_size=100)
    assert (results.query, results.understood.text) == ("wireles mosue", "wireless mouse")
    assert results.understood.corrected_from == "wireles mosue"
    assert {hit.product_id for hit in results.hits} >= {product.pk for product in catalogue[:30]}


def test_a_word_with_a_synonym_is_not_misspelt(catalogue: list[Product]) -> None:
    assert corrected("wireles mouse") == "wireless mouse"
    Synonym.objects.create(words="wireles", synonyms=["mouse"])
    synonyms.forget()
    assert corrected("wireles mouse") is None


def test_the_api_says_what_was_corrected_and_takes_verbatim(catalogue: list[Product], client: Client) -> None:
    interpreted = client.get("/api/search/", {"q": "wireles mosue"}).json()["interpreted"]
    nothing_said = {"constraints": [], "relaxed": [], "drop": []}
    assert interpreted == {"query": "wireless mouse", "corrected_from": "wireles mosue", **nothing_said}
    interpreted = client.get("/api/search/", {"q": "wireles mosue", "verbatim": "1"}).json()["interpreted"]
    assert interpreted == {"query": "wireles mosue", "corrected_from": None, **nothing_said}


def test_ablations_search_what_was_typed(catalogue: list[Product]) -> None:
    assert search_products("wireles mosue", system="lexical").total == 0


def test_where_only_the_typed_words_find_something_they_win(catalogue: list[Product]) -> None:
    lone = make_product("Something", sku="WIRELES", brand="Bare")
    lone.attributes = {"note": "wireles " + "and more words of no meaning " * 3}  # too long for the vocabulary
    lone.save()
    embed_stale_products()
    EncoderVersion.objects.update(relevance_floor=0.95)  # only words match
    versions.forget()
    assert search_products("wireles").understood.corrected_from == "wireles"
    results = search_products("wireles", filters=ProductFilters(price_min_cents=10**9))
    assert (results.total, results.understood.corrected_from) == (0, "wireles")  # neither finds anything
    results = search_products("wireles", filters=ProductFilters(brands=("Bare",)))
    assert [hit.product_id for hit in results.hits] == [lone.pk]
    assert results.understood.corrected_from is None


def test_a_product_newer_than_the_vocabulary_is_found_by_its_own_name(catalogue: list[Product]) -> None:
    assert corrected("dexk") == "desk"
    make_product("Dexk", sku="DEXK")
    embed_stale_products()
    assert corrected("dexk") is None


def test_words_that_are_gone_are_no_corrections(catalogue: list[Product]) -> None:
    assert corrected("brigth lamp") == "bright lamp"
    Product.objects.filter(sku__startswith="LAMP").update(is_active=False, updated_at=timezone.now())
    embed_stale_products()
    assert corrected("brigth lamp") is None


def test_a_vocabulary_is_built_again_only_when_products_changed_and_it_is_old(catalogue: list[Product]) -> None:
    assert refresh_vocabulary(at_once=True) == 0  # nothing has changed
    make_product("Ergonomic trackball", sku="NEW")
    assert refresh_vocabulary() == 0  # it is too young
    SpellingVocabulary.objects.update(built_at=timezone.now() - timedelta(minutes=6))
    assert refresh_vocabulary() == 43
    assert SpellingVocabulary.objects.get().revision == 2


def test_where_building_takes_long_there_is_more_time_between(catalogue: list[Product]) -> None:
    make_product("Ergonomic trackball", sku="NEW")
    SpellingVocabulary.objects.update(built_at=timezone.now() - timedelta(minutes=6), took_s=60)
    assert refresh_vocabulary() == 0


def test_a_process_takes_a_newer_vocabulary_after_a_while(
    catalogue: list[Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert corrected("trackbaal") is None
    for number in range(12):
        make_product("Ergonomic trackball", sku=f"BALL-{number}")
    embed_stale_products()
    assert refresh_vocabulary(at_once=True) == 54
    assert corrected("trackbaal") is None
    monkeypatch.setattr(corrections, "RECHECK_S", 0.0)
    assert corrected("trackbaal") == "trackball"


def test_a_vocabulary_of_another_layout_is_not_read(catalogue: list[Product]) -> None:
    SpellingVocabulary.objects.update(source="0 1 42")
    corrections.forget()
    assert corrected("wireles mosue") is None


def test_without_an_encoder_nothing_is_built(db: None) -> None:
    make_product("Wireless mouse", sku="MOUSE")
    assert refresh_vocabulary() == 0
    assert corrected("wireles mosue") is None


def test_a_query_without_mistakes_costs_no_sql(catalogue: list[Product], django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    corrected("wireless mouse")
    synonyms.thesaurus()  # read every few seconds, by every search
    with django_assert_num_queries(0):
        assert corrected("wireless optical mouse") is None
    with django_assert_num_queries(1):
        assert corrected("wireles mouse") == "wireless mouse"


def test_the_words_of_the_encoder_are_words_of_the_language(active_encoder_version: EncoderVersion) -> None:
    active = active_encoder()
    assert active is not None
    words = set(active.encoder.whole_words())
    assert {"gift", "quiet", "lawyer", "keyboard"} <= words
    assert not {"keybord", "##ing", "a", "gb"} & words
    assert len(words) > 20_000


def test_an_unfinished_word_is_finished_and_can_be_taken_as_typed(catalogue: list[Product], client: Client) -> None:
    interpreted = client.get("/api/search/", {"q": "opti"}).json()["interpreted"]
    assert (interpreted["query"], interpreted["corrected_from"]) == ("optical", "opti")
    interpreted = client.get("/api/search/", {"q": "opti", "verbatim": "1"}).json()["interpreted"]
    assert (interpreted["query"], interpreted["corrected_from"]) == ("opti", None)


def test_only_a_beginning_of_some_length_that_is_no_word_is_finished(catalogue: list[Product]) -> None:
    assert finished("bright  Wirel ") == "bright  wireless"
    whole = ("", "wir", "wireless", "lamp", "zzzzz", "4wire", "wire")  # a wire is something else
    assert [finished(query) for query in whole] == [None] * 7


def test_a_beginning_that_is_a_synonym_is_whole(catalogue: list[Product]) -> None:
    Synonym.objects.create(words="opti", synonyms=["mouse"])
    synonyms.forget()
    assert finished("opti") is None
