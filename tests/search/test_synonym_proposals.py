"""propose_synonyms: what clicks of many clients say about words that the catalogue does not use."""

import pytest

from search.index import embed_stale_products
from search.rule_models import Synonym
from search.synonym_proposals import Proposal, propose_synonyms
from shop.catalog.models import Product
from tests.catalogue import make_product
from tests.search.search_log import did, searched

pytestmark = pytest.mark.django_db


@pytest.fixture
def trainers() -> list[Product]:
    """Five trainers and five lamps."""
    made = [make_product(f"Red trainers {number}", sku=f"t{number}") for number in range(5)]
    for number in range(5):
        make_product(f"Desk lamp {number}", sku=f"l{number}")
    embed_stale_products()
    return made


def clicks(query: str, products: list[Product], clients: int) -> None:
    for number in range(clients):
        did("click", searched(query, by=number), product_id=products[number % len(products)].pk)


def test_a_word_that_leads_to_products_of_another_is_proposed(trainers: list[Product]) -> None:
    clicks("Red sneakers", trainers[:2], 6)
    clicks("red trainers", trainers, 10)
    assert propose_synonyms() == [Proposal("sneakers", "trainers", "red sneakers", "red trainers", 6, 1.0)]


def test_only_the_words_that_the_catalogue_lacks_are_replaced(trainers: list[Product]) -> None:
    clicks("red sneakers", trainers[:2], 6)
    clicks("trainers", trainers, 10)
    assert [(p.words, p.synonym) for p in propose_synonyms()] == [("sneakers", "trainers")]


def test_four_clients_are_too_few_however_much_they_click(trainers: list[Product]) -> None:
    clicks("trainers", trainers, 10)
    for _ in range(3):
        clicks("sneakers", trainers[:1], 4)
    assert propose_synonyms() == []
    assert propose_synonyms(min_clients=1) == []  # privacy is not a setting
    did("click", searched("sneakers", by=99), product_id=trainers[0].pk)
    assert [proposal.words for proposal in propose_synonyms()] == ["sneakers"]


def test_what_shoppers_say_next_who_found_nothing_is_proposed(trainers: list[Product]) -> None:
    for number in range(5):
        searched("red sneakers", by=number, days_ago=1 + number / 10)
        again = searched("trainers", by=number, days_ago=1 + number / 10 - 1 / (24 * 60), product_ids=[trainers[0].pk])
        did("click", again, product_id=trainers[0].pk)
    for number in range(20):
        searched("desk lamp", by=100 + number, days_ago=3)
    wanted = Proposal("sneakers", "trainers", "red sneakers", "trainers", 5, 1.0, said_next=True)
    assert propose_synonyms() == [wanted]
    Synonym.objects.create(words="sneakers", synonyms=["trainers"], is_active=False)
    assert propose_synonyms() == []


def test_clicks_that_scatter_propose_nothing(trainers: list[Product]) -> None:
    lamps = list(Product.objects.filter(title__startswith="Desk").order_by("id"))
    clicks("trainers", trainers, 10)
    clicks("present", [*trainers[:2], *lamps[:2]], 8)
    assert propose_synonyms() == []


def test_words_that_the_products_have_are_no_synonyms(trainers: list[Product]) -> None:
    Product.objects.filter(pk=trainers[0].pk).update(title="Red trainers Speedy")
    Product.objects.get(pk=trainers[0].pk).save()
    embed_stale_products()
    clicks("trainers", trainers, 10)
    clicks("speedy", trainers[:1], 6)
    assert propose_synonyms() == []


def test_what_was_accepted_or_declined_is_not_proposed_again(trainers: list[Product]) -> None:
    clicks("sneakers", trainers, 6)
    clicks("trainers", trainers, 10)
    Synonym.objects.create(words="Sneaker", synonyms=["trainers"], is_active=False)
    assert propose_synonyms() == []


def test_old_clicks_are_forgotten(trainers: list[Product]) -> None:
    clicks("trainers", trainers, 10)
    for number in range(6):
        did("click", searched("sneakers", by=number, days_ago=100), product_id=trainers[0].pk)
    assert propose_synonyms() == []
