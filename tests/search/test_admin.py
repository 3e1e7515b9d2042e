"""What search stores, in the admin."""

from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from search.index import embed_stale_products, stale_products
from search.models import EncoderVersion, FacetKey, FacetValue, LexicalDocument, SearchEvent, SearchQuery
from tests.catalogue import add_picture, make_product
from tests.merchant import Merchant, staff_who_may

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


WHY = f"{QUERIES}why/"


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return unescape(" ".join(response.content.decode().split()))


def test_why_each_result_stands_where_it_does(merchant: Merchant) -> None:
    add_picture(make_product("Red kettle"), "b" * 32)
    make_product("Kettle stand", description="Holds a red one.")
    embed_stale_products()
    page = text_of(merchant.get(WHY, {"q": "red kettle"}))
    assert "2 products match “red kettle”" in page
    assert f"/img/{'b' * 32}/160.webp" in page
    assert "Has “red” and “kettle” in its title." in page
    assert "Has “kettle” in its title and “red” in its description." in page
    assert "Below the one before it because its words match less." in page


def test_what_the_query_was_understood_as(merchant: Merchant) -> None:
    make_product("Red kettle", price_cents=1500)
    embed_stale_products()
    page = text_of(merchant.get(WHY, {"q": "kettle under $20"}))
    assert "Searched as “kettle”; filtered by “under $20”." in page


def test_one_result_is_picked(merchant: Merchant) -> None:
    make_product("Red kettle")
    stand = make_product("Kettle stand", description="Holds a red one.")
    embed_stale_products()
    response = merchant.get(WHY, {"q": "red kettle", "product": stand.pk})
    assert [(row.product, row.position) for row in response.context["rows"]] == [(stand, 2)]


def test_a_logged_search_is_explained_with_its_filters(merchant: Merchant) -> None:
    make_product("Red kettle", brand="Lumen")
    blue = make_product("Blue kettle", brand="Glow")
    embed_stale_products()
    logged = log_search("kettle", 1)
    SearchQuery.objects.update(filters={"brand": ["Glow"], "price_max": 5000})
    opened = merchant.get(f"{QUERIES}{logged.pk}/why-row/", follow=True)
    assert [row.product for row in opened.context["rows"]] == [blue]
    assert "With the filters of the logged search: brand: Glow, price max: 5000" in text_of(opened)


def test_the_log_leads_to_the_explanation(merchant: Merchant) -> None:
    logged = log_search("kettle", 2)
    assert f"{QUERIES}{logged.pk}/why-row/" in text_of(merchant.get(QUERIES))
    assert f"{QUERIES}{logged.pk}/why-logged/" in text_of(merchant.get(f"{QUERIES}{logged.pk}/change/"))


@pytest.mark.parametrize("params", [{}, {"q": ""}, {"q": "a\x00'%s"}, {"log": "x"}, {"q": "x", "product": "9" * 40}])
def test_odd_addresses_are_no_error(merchant: Merchant, params: dict[str, str]) -> None:
    assert merchant.get(WHY, params).status_code == 200


def test_how_a_product_is_found(merchant: Merchant) -> None:
    make_product("Red kettle")
    lamp = make_product("Desk lamp")
    embed_stale_products()
    path = f"/admin/catalog/product/{lamp.pk}/how-found/"
    assert path in text_of(merchant.get(f"/admin/catalog/product/{lamp.pk}/change/"))
    assert [row.position for row in merchant.get(path, {"q": "lamp"}).context["rows"]] == [1]
    page = text_of(merchant.get(path, {"q": "kettle"}))
    assert "Not found." in page
    assert "Has none of the query's words: “kettle”." in page
    assert merchant.get("/admin/catalog/product/999999/how-found/").status_code == 404
    assert merchant.get("/admin/catalog/product/x/how-found/").status_code == 404


def test_only_staff_who_may_see_searches_and_products_see_why(client: Client) -> None:
    lamp = make_product("Desk lamp")
    path = f"/admin/catalog/product/{lamp.pk}/how-found/"
    assert (client.get(WHY).status_code, client.get(path).status_code) == (302, 302)  # to the sign-in page
    client.force_login(staff_who_may("view_order"))
    assert (client.get(WHY).status_code, client.get(path).status_code) == (403, 403)
    client.force_login(staff_who_may("view_searchquery"))
    assert (client.get(WHY).status_code, client.get(path).status_code) == (200, 403)
    client.force_login(staff_who_may("view_product"))
    assert (client.get(WHY).status_code, client.get(path).status_code) == (403, 200)
