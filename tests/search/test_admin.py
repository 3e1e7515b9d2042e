"""What search stores, in the admin."""

from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from search.index import embed_stale_products, stale_products
from search.models import EncoderVersion, FacetKey, FacetValue, LexicalDocument, SearchEvent, SearchQuery
from tests.catalogue import make_product
from tests.merchant import Merchant

pytestmark = pytest.mark.django_db
QUERIES = "/admin/search/searchquery/"


@pytest.fixture
def merchant(db: None) -> Merchant:
    return Merchant()


def log_search(query: str, total: int, product_ids: tuple[int, ...] = ()) -> SearchQuery:
    return SearchQuery.objects.create(
        query=query, total=total, client_id=uuid4(), mode="hybrid", product_ids=list(product_ids), took_ms=4.25,
        created_at=timezone.now(),
    )  # fmt: skip


def queries(response: Any) -> list[str]:
    return sorted(row.query for row in response.context["cl"].result_list)


def test_searches_that_found_nothing_are_listed(merchant: Merchant) -> None:
    for query, total in (("samovar", 0), ("kettle", 2), ("lamp", 40)):
        log_search(query, total)
    assert queries(merchant.get(QUERIES)) == ["kettle", "lamp", "samovar"]
    assert queries(merchant.get(f"{QUERIES}?results=none")) == ["samovar"]
    assert queries(merchant.get(f"{QUERIES}?results=few")) == ["kettle"]
    assert queries(merchant.get(f"{QUERIES}?results=some")) == ["lamp"]
    assert queries(merchant.get(f"{QUERIES}?q=lam")) == ["lamp"]


def test_a_search_shows_its_products_by_name(merchant: Merchant) -> None:
    kettle = make_product("Red kettle")
    query = log_search("kettle", 2, (kettle.pk, 999_999))
    page = merchant.get(f"{QUERIES}{query.pk}/change/").content.decode()
    assert "Red kettle, product 999999, deleted" in page
    assert "4.2 ms" in page


def test_the_log_is_not_edited(merchant: Merchant) -> None:
    query = log_search("kettle", 2)
    assert merchant.post(f"{QUERIES}{query.pk}/change/", {"query": "x"}).status_code == 403
    assert merchant.post(f"{QUERIES}{query.pk}/delete/", {"post": "yes"}).status_code == 403
    assert SearchQuery.objects.get().query == "kettle"


def test_events_name_their_products(merchant: Merchant) -> None:
    kettle = make_product("Red kettle")
    for product_id in (kettle.pk, 999_999):
        SearchEvent.objects.create(
            event_id=uuid4(), action_name="click", client_id=uuid4(), product_id=product_id, created_at=timezone.now()
        )
    page = merchant.get("/admin/search/searchevent/").content.decode()
    assert "Red kettle" in page
    assert "Product 999999, deleted" in page


def test_encoder_versions_show_how_many_products_they_have(
    merchant: Merchant, active_encoder_version: EncoderVersion
) -> None:
    make_product("Red kettle")
    make_product("Blue kettle")
    embed_stale_products()
    response = merchant.get("/admin/search/encoderversion/")
    assert [(row.name, row.embeddings_stored) for row in response.context["cl"].result_list] == [
        (active_encoder_version.name, 2)
    ]


def test_a_filter_is_switched_off_in_the_list(merchant: Merchant) -> None:
    FacetKey.objects.create(key="color")
    FacetKey.objects.create(key="weight")
    sent = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2", "form-0-key": "color", "form-1-key": "weight"}
    merchant.post("/admin/search/facetkey/", {**sent, "form-0-is_active": "on", "_save": "Save"})
    assert dict(FacetKey.objects.values_list("key", "is_active")) == {"color": True, "weight": False}


def test_a_filter_that_is_switched_on_gets_its_products(merchant: Merchant) -> None:
    FacetKey.objects.create(key="color", is_active=False)
    kettle = make_product("Red kettle", attributes={"color": "red"})
    make_product("Desk lamp")
    embed_stale_products()
    assert LexicalDocument.objects.get(product=kettle).facet_ids == []
    merchant.post("/admin/search/facetkey/color/change/", {"is_active": "on"})
    assert list(stale_products(None)) == [kettle]
    embed_stale_products()
    value = FacetValue.objects.get(key="color", value="red")
    assert LexicalDocument.objects.get(product=kettle).facet_ids == [value.pk]
