"""The demo's synonyms and rules: valid, and loaded once."""

import pytest

from search.rule_models import MerchandisingRule, Synonym
from shop.demo.merchandising import (
    BANNERS,
    ONE_WAY,
    ONE_WAY_CHINESE,
    REDIRECTS,
    TWO_WAY,
    TWO_WAY_CHINESE,
    load_demo_merchandising,
)

pytestmark = pytest.mark.django_db

SYNONYMS = sum(map(len, (TWO_WAY, TWO_WAY_CHINESE, ONE_WAY, ONE_WAY_CHINESE)))


def test_every_row_is_valid_and_there_once() -> None:
    assert load_demo_merchandising() == SYNONYMS + len(REDIRECTS) + len(BANNERS)
    assert load_demo_merchandising() == 0
    assert Synonym.objects.count() == SYNONYMS


def test_a_store_with_rules_of_its_own_is_left_alone() -> None:
    MerchandisingRule.objects.create(name="mine", query="mine", redirect="/orders")
    assert load_demo_merchandising() == 0
    assert not Synonym.objects.exists()
