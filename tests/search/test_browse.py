"""Browsing without words: everything for sale, before it is indexed too."""

import pytest

from search.filters import ProductFilters
from search.index import embed_stale_products
from search.models import FacetKey
from search.pipeline import search_products
from tests.catalogue import make_category, make_product

pytestmark = pytest.mark.django_db


def test_everything_for_sale_comes_most_popular_first() -> None:
    made = [make_product(name, popularity=by) for name, by in (("Third", 1), ("First", 9), ("Second", 1.5))]
    make_product("Hidden", popularity=100, is_active=False)
    found = search_products("")
    assert [hit.product_id for hit in found.hits] == [made[1].pk, made[2].pk, made[0].pk]
    assert (found.mode, found.total, found.related, found.notice) == ("browse", 3, (), None)


def test_a_new_product_is_there_before_it_is_indexed() -> None:
    lamps = make_category("lamps")
    lamp = make_product("Lamp", category=lamps)
    assert [hit.product_id for hit in search_products("", filters=ProductFilters(category="lamps")).hits] == [lamp.pk]


def test_an_attribute_filter_leaves_out_what_is_not_indexed_yet() -> None:
    FacetKey.objects.create(key="color")
    lamp = make_product("Lamp", attributes={"color": "red"})
    red = ProductFilters(attributes=(("color", "red"),))
    assert search_products("", filters=red).total == 0
    embed_stale_products()
    assert [hit.product_id for hit in search_products("", filters=red).hits] == [lamp.pk]


def test_an_empty_store_has_no_hits_and_no_counts() -> None:
    found = search_products("")
    assert (found.total, found.hits) == (0, ())
    assert {value.count for facet in found.facets for value in facet.values} == {0}


def test_an_unknown_category_has_nothing() -> None:
    make_product("Lamp")
    assert search_products("", filters=ProductFilters(category="nowhere")).total == 0
