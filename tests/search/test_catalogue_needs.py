"""Needs from the catalogue: what is asked is there, and grades say how well each product answers."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from search.catalogue_needs import grade, needs_from_catalogue, product_ids_by_sku
from search.shopper_needs import Need, NoNeeds
from shop.catalog.models import Product
from tests.catalogue import make_category, make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def bags() -> dict[str, int]:
    """Product ids by SKU."""
    bags = make_category("bags")
    backpack = make_category("backpack", "Backpack", parent=bags, translations={"zh": {"name": "背包"}})
    charger = make_category("charger", "Charger for Backpack", parent=bags)
    red = {"zh": {"title": "红色背包", "attributes": {"color": "红色"}}}
    for sku, category, brand, color in (
        ("RED", backpack, "Nordvik", "red"), ("RED-TAVIO", backpack, "Tavio", "red"),
        ("BLUE", backpack, "Nordvik", "blue"), ("CHARGER", charger, "Nordvik", "red"),
    ):  # fmt: skip
        make_product(
            f"{brand} {sku.title()} {category.name}", sku=sku, category=category, product_type=category.name,
            brand=brand, attributes={"color": color, "volume_l": 20, "lined": True, "washable": False},
            translations=red if color == "red" else {},
        )  # fmt: skip
    make_product("Nordvik Trail", sku="TRAIL", product_type="Bags > Hiking backpacks", brand="Nordvik")
    make_product("Old backpack", sku="OLD", category=backpack, brand="Nordvik", is_active=False)
    return product_ids_by_sku()


def needs() -> dict[str, Need]:
    return {need.query: need for need in needs_from_catalogue(500, seed=1)}


def graded(query: str, products: dict[str, int]) -> dict[str, int]:
    skus = {pk: sku for sku, pk in products.items()}
    return {skus[pk]: grade for pk, grade in needs()[query].grades.items()}


def test_what_was_named_makes_the_grade(bags: dict[str, int]) -> None:
    assert graded("red backpack", bags) == {"RED": 3, "RED-TAVIO": 3, "BLUE": 1, "TRAIL": 1}
    assert graded("red backpack from nordvik", bags) == {"RED": 3, "RED-TAVIO": 2, "BLUE": 2, "TRAIL": 2}
    assert graded("nordvik backpack", bags) == {"RED": 3, "BLUE": 3, "TRAIL": 3, "RED-TAVIO": 1}


def test_a_type_alone_is_answered_by_its_kinds_and_not_by_what_goes_with_it(bags: dict[str, int]) -> None:
    assert graded("backpack", bags) == {"RED": 3, "RED-TAVIO": 3, "BLUE": 3, "TRAIL": 3}
    assert graded("hiking backpacks", bags) == {"TRAIL": 3}
    assert graded("charger for backpack", bags) == {"CHARGER": 3}


def test_values_are_named_as_people_type_them(bags: dict[str, int]) -> None:
    queries = set(needs())
    assert {"20 l backpack", "lined backpack"} <= queries
    assert not [query for query in queries if "washable" in query or "volume" in query]


def test_words_of_titles_name_single_products(bags: dict[str, int]) -> None:
    assert graded("hiking backpacks trail", bags) == {"TRAIL": 3}


def test_people_also_ask_in_sentences(bags: dict[str, int]) -> None:
    assert graded("i am looking for blue backpack", bags) == {"BLUE": 3, "RED": 1, "RED-TAVIO": 1, "TRAIL": 1}


def test_chinese_needs_come_from_translations(bags: dict[str, int]) -> None:
    assert graded("红色背包", bags) == {"RED": 3, "RED-TAVIO": 3, "BLUE": 1}
    found = needs()
    assert found["红色背包"].language == "zh"
    assert found["red backpack"].language == "en"


def test_every_need_can_be_met(bags: dict[str, int]) -> None:
    assert all(3 in need.grades.values() for need in needs().values())
    assert not [need for need in needs().values() if bags["OLD"] in need.grades]


def test_the_same_seed_asks_the_same(bags: dict[str, int]) -> None:
    one, again, other = (needs_from_catalogue(8, seed=seed) for seed in (1, 1, 2))
    assert len(one) == 8
    assert one == again
    assert {need.query for need in one} != {need.query for need in other}


def test_needs_cost_one_query(bags: dict[str, int]) -> None:
    with CaptureQueriesContext(connection) as queries:
        needs()
    assert len(queries) == 1


def test_grades_by_rule() -> None:
    assert [grade(0, 0), grade(1, 1), grade(1, 0), grade(2, 2), grade(2, 1), grade(2, 0)] == [3, 3, 1, 3, 2, 1]


def test_a_catalogue_without_products_or_types_is_refused() -> None:
    with pytest.raises(NoNeeds, match="no active products"):
        needs_from_catalogue()
    make_product("Red lamp")
    with pytest.raises(NoNeeds, match="product type"):
        needs_from_catalogue()
    assert Product.objects.count() == 1
