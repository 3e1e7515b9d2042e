"""The line on a hit's card that says why it is there: rare, short, and in the shopper's language."""

from typing import Any

import pytest

from search.index import embed_stale_products
from search.models import FacetKey
from search.often_chosen import MIN_CLIENTS, often_chosen
from shop.api.cards import CardText
from shop.api.why import MOST_CHARACTERS, _facts, _line, stems
from shop.catalog.models import Product
from tests.catalogue import make_category, make_product
from tests.search.search_log import did, searched
from tests.shop.api.conftest import Shopper


def facts(
    words: str, *, title: str = "Kite headphones", language: str = "en", reads_all: bool = True, **text: Any
) -> list[str]:
    card = {"title": title, "brand": "Basswerk", "category": {"slug": "headphones", "name": "Headphones"}}
    fields = {"attributes": {}, "own": {}, "product_type": "", "terms": stems(words), **text}
    asked = {term: word for word in words.split() for term in stems(word)}
    keys = fields["attributes"].keys() - {"oem_code"}
    return _facts(card, CardText(**fields), asked, language, reads_all=reads_all, filterable=keys)


def test_a_value_that_the_title_does_not_show() -> None:
    assert facts("leather headphones", attributes={"material": "recycled leather"}) == ["recycled leather"]


def test_an_attribute_that_nobody_filters_by_says_nothing() -> None:
    assert facts("leather headphones", attributes={"oem_code": "leather"}, reads_all=False) == []


def test_what_the_card_shows_is_not_said_again() -> None:
    assert facts("kite basswerk headphones", attributes={"type": "kite"}) == []


def test_a_yes_is_told_by_its_name() -> None:
    assert facts("noise cancelling", attributes={"noise_cancelling": True}, terms=frozenset()) == ["noise cancelling"]
    assert facts("noise", attributes={"noise_cancelling": True}, terms=frozenset()) == []
    assert facts("noise cancelling", attributes={"noise_cancelling": False}, terms=frozenset()) == []


def test_a_number_counts_only_beside_its_name() -> None:
    assert facts("battery 40", attributes={"battery_h": 40}, terms=frozenset()) == ["40 h"]
    assert facts("gen 40", attributes={"battery_h": 40}, terms=frozenset()) == []


def test_words_of_the_description_as_they_were_typed() -> None:
    assert facts("quiet flights") == ["quiet", "flights"]
    assert facts("quiet flights", terms=frozenset({"quiet"})) == ["quiet"]
    assert facts("quiet", reads_all=False) == []  # where nobody knows that it is the thing itself
    assert facts("gift for people who want two") == []


def test_chinese_values_and_whole_words_only() -> None:
    own = {"feature": "主动降噪"}
    assert facts("降噪 耳机", title="耳机", language="zh", attributes={"feature": "anc"}, own=own) == ["主动降噪"]
    assert facts("飞行 耳机", title="耳机", language="zh") == ["飞行"]
    assert facts("安静飞行", title="耳机", language="zh", terms=frozenset({"安静"})) == []


@pytest.mark.parametrize(
    ("told", "language", "line"),
    [
        (["noise cancelling", "quiet"], "en", "Matches: noise cancelling, quiet"),
        (["noise cancelling", "recycled plastic", "quiet"], "en", "Matches: noise cancelling, quiet"),
        (["a" * 32], "en", ""),
        (["a", "b", "c", "d"], "en", "Matches: a, b, c"),
        (["主动降噪", "40 小时"], "zh", "符合:主动降噪、40 小时"),
        ([], "en", ""),
    ],
)
def test_as_many_as_fit(told: list[str], language: str, line: str) -> None:
    assert _line(told, language) == line
    assert len(line) <= MOST_CHARACTERS


@pytest.fixture
def store(db: None) -> dict[str, Product]:
    """Six mugs, one of them of bamboo and none of them saying so in its title."""
    FacetKey.objects.create(key="material")
    category = make_category("mugs")
    made = {}
    for number in range(6):
        made[f"mug {number}"] = make_product(
            f"Travel mug {number}", sku=f"MUG-{number}", mpn=f"MG-770{number}", category=category,
            attributes={"material": "bamboo fibre" if number == 3 else "steel"},
            translations={"zh": {"title": f"旅行杯 {number}",
                                 "attributes": {"material": "竹纤维" if number == 3 else "钢"}}},
        )  # fmt: skip
    embed_stale_products()
    return made


def lines(shopper: Shopper, q: str, lang: str = "en", **params: Any) -> dict[int, str]:
    body = shopper.get("/api/search/", {"q": q, "lang": lang, **params}).json()
    return {hit["product"]["id"]: hit["why"] for hit in body["hits"] if hit["why"]}


def test_a_hit_says_what_its_title_does_not(shopper: Shopper, store: dict[str, Product]) -> None:
    assert lines(shopper, "bamboo mug") == {store["mug 3"].pk: "Matches: bamboo fibre"}
    assert lines(shopper, "竹纤 旅行杯", "zh") == {store["mug 3"].pk: "符合:竹纤维"}


def test_what_most_hits_would_say_is_left_out(shopper: Shopper, store: object) -> None:
    assert lines(shopper, "steel mug") == {}
    assert lines(shopper, "travel mug") == {}
    assert lines(shopper, "") == {}


def test_a_product_that_is_named_by_its_number(shopper: Shopper, store: dict[str, Product]) -> None:
    assert lines(shopper, "travel mug MG-7704") == {store["mug 4"].pk: "Exact part number"}
    assert lines(shopper, "旅行杯 MG-7704", "zh") == {store["mug 4"].pk: "型号完全一致"}


def test_what_many_shoppers_chose_for_the_same_words(shopper: Shopper, store: dict[str, Product]) -> None:
    shown = [product.pk for product in store.values()]
    for client in range(MIN_CLIENTS):
        did("click", searched("Travel Mug", client, product_ids=shown), shown[2])
    often_chosen.refresh()
    assert lines(shopper, "travel mug") == {shown[2]: "Often chosen for this search"}
    assert lines(shopper, "travel  MUG", "zh") == {shown[2]: "搜索此词的顾客常选"}
    assert lines(shopper, "mug") == {}


def test_similar_products_say_nothing(shopper: Shopper, active_encoder_version: object, store: object) -> None:
    body = shopper.get("/api/search/", {"q": "bamboo mug"}).json()
    assert {hit["why"] for hit in body["related"]} <= {None}


def test_it_costs_no_query(shopper: Shopper, store: object, django_assert_num_queries: Any) -> None:
    lines(shopper, "bamboo mug")
    for page_size in (1, 6):
        with django_assert_num_queries(3):  # the query's words, the one statement, the cards
            lines(shopper, "bamboo mug", page_size=page_size)
