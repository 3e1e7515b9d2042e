"""Suggestions where what was typed has a typo in it: exact ones first, typos seen through only where those are few."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from search import rules, suggestions
from search.corrections import refresh_vocabulary
from search.index import embed_stale_products
from search.models import EncoderVersion
from search.rule_models import MerchandisingRule, RuleAction
from search.suggestions import MOST, suggest
from shop.catalog.models import Product
from tests.catalogue import make_category, make_product
from tests.search.search_log import searched

pytestmark = pytest.mark.django_db


def products(text: str) -> list[tuple[str, str | None]]:
    return [(one.text, one.read_as) for one in suggest(text) if one.kind == "product"]


def names(text: str, language: str = "en") -> list[tuple[str, str, str | None]]:
    return [(one.kind, one.text, one.read_as) for one in suggest(text, language=language) if one.kind != "product"]


@pytest.fixture
def catalogue(active_encoder_version: EncoderVersion) -> dict[str, Product]:
    """Twenty-five wireless mice, two headphones, a laptop, with the vocabulary of their words."""
    audio = make_category("headphones", "Headphones", translations={"zh": {"name": "耳机"}})
    for number in range(25):
        make_product("Wireless optical mouse", sku=f"MOUSE-{number}", product_type="Mice")
    made = {
        title: make_product(title, popularity=by, brand="Sonora", **fields)
        for title, by, fields in (
            ("Studio headphones", 5, {"category": audio}),
            ("Travel headphones", 3, {"category": audio}),
            ("Slim laptop", 1, {}),
        )
    }
    embed_stale_products()
    refresh_vocabulary()
    return made


def test_an_unfinished_word_may_have_one_mistake(catalogue: dict[str, Product]) -> None:
    assert products("hedph") == [("Studio headphones", "headph"), ("Travel headphones", "headph")]
    assert products("lpatop") == [("Slim laptop", "laptop")]


def test_finished_words_are_corrected_and_the_last_one_stays_a_beginning(catalogue: dict[str, Product]) -> None:
    assert products("wireles mous") == [("Wireless optical mouse", "wireless mous")] * MOST
    assert products("wireles mosu")[0] == ("Wireless optical mouse", "wireless mous")


def test_names_are_found_in_both_languages(catalogue: dict[str, Product]) -> None:
    assert names("hedph") == [("category", "Headphones", "headph")]
    assert names("hedph", "zh") == [("category", "耳机", "headph")]
    assert names("sonroa") == [("brand", "Sonora", "sonora")]


def test_a_word_with_two_mistakes_is_corrected_when_it_is_whole(catalogue: dict[str, Product]) -> None:
    assert products("werelless")[0] == ("Wireless optical mouse", "wireless")


def test_names_alone_are_enough_without_an_encoder() -> None:
    make_category("garden-tools")
    assert names("gadren") == [("category", "Garden tools", "garden")]


def test_exact_ones_come_first_and_few_of_them_are_joined_by_others(catalogue: dict[str, Product]) -> None:
    make_product("Hedphi amplifier", sku="AMP")
    embed_stale_products()
    assert products("hedph")[:2] == [("Hedphi amplifier", None), ("Studio headphones", "headph")]
    for number in range(2):
        make_product("Hedphi speaker", sku=f"SPEAKER-{number}")
    embed_stale_products()
    suggestions.forget()
    assert {read_as for _, read_as in products("hedph")} == {None}


@pytest.mark.parametrize("typed", ["hed", "edphones", "hdphns", "lapp", "耳几", "he4dph", "travel", "mous\\"])
def test_short_ones_other_first_letters_and_words_of_the_language_are_left_alone(
    catalogue: dict[str, Product], typed: str
) -> None:
    assert {one.read_as for one in suggest(typed)} <= {None, "lap"}


def test_a_popular_query_is_offered_as_it_is_spelt_right_and_only_once(catalogue: dict[str, Product]) -> None:
    for query, clients in (("wireles mouse", 9), ("wireless mouse", 5), ("wirelss", 7)):
        for number in range(clients):
            searched(query, number)
    assert names("wirel") == [("query", "wireless mouse", None), ("query", "wireless", None)]
    assert names("wireless") == [("query", "wireless mouse", None)]
    suggestions.forget()
    assert [one.text for one in suggest("") if one.kind == "query"] == ["wireless mouse", "wireless"]


def hide(product: Product, query: str, **fields: Any) -> None:
    rule = MerchandisingRule.objects.create(name=query, query=query, match="exact", **fields)
    RuleAction.objects.create(rule=rule, kind="hide", product=product)


@pytest.mark.parametrize("typed", ["headphones", "headph", "he", "hedph", "Headphone"])
def test_what_a_rule_hides_is_not_suggested_nor_before_the_word_is_finished(
    catalogue: dict[str, Product], typed: str
) -> None:
    assert "Studio headphones" in [text for text, _ in products(typed)]
    hide(catalogue["Studio headphones"], "headphones")
    rules.forget()
    assert [text for text, _ in products(typed)] == ["Travel headphones"]


def test_a_rule_for_other_words_or_of_another_day_hides_nothing(catalogue: dict[str, Product]) -> None:
    hide(catalogue["Studio headphones"], "cheap headphones")
    hide(catalogue["Studio headphones"], "headphones", ends_on=timezone.localdate() - timedelta(days=1))
    assert [text for text, _ in products("headph")] == ["Studio headphones", "Travel headphones"]


def test_sold_out_ones_come_last(catalogue: dict[str, Product]) -> None:
    Product.objects.filter(pk=catalogue["Studio headphones"].pk).update(stock=0)
    assert [text for text, _ in products("hedph")] == ["Travel headphones", "Studio headphones"]


def test_exact_suggestions_cost_one_query_and_a_typo_at_most_five(
    catalogue: dict[str, Product], django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    suggest("la")  # reads names, rules and the vocabulary
    suggest("lapx")
    with django_assert_num_queries(1):
        suggest("wireless mous")
    with django_assert_max_num_queries(5):
        suggest("wireles mosu")
