"""Every page of the admin opens, with the right look, and only for staff."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from search.learning_models import (
    ClickMemory,
    JudgedQuery,
    LearnedRanker,
    OnlineTest,
    PositionBias,
    QueryAdapter,
    TrainingRound,
)
from search.models import EncoderVersion, FacetKey, SearchEvent, SearchQuery, SearchSettings
from search.rule_models import MerchandisingRule, Synonym
from search.variants import LIVE, Variant
from shop.metrics.models import Reading
from shop.orders.models import Order
from tests.catalogue import add_picture, make_category, make_category_picture, make_product
from tests.merchant import Merchant

pytestmark = pytest.mark.django_db


def log_search(query: str, total: int, **fields: object) -> SearchQuery:
    defaults = {
        "client_id": uuid4(), "mode": "hybrid", "product_ids": [], "took_ms": 4.2, "created_at": timezone.now(),
    }  # fmt: skip
    return SearchQuery.objects.create(query=query, total=total, **{**defaults, **fields})


def place(product: object, total_cents: int = 1999, **fields: object) -> Order:
    order = Order.objects.create(
        idempotency_key=uuid4().hex, email="ada@example.com", name="Ada", address_line1="1 Road", city="Town",
        postal_code="12345", country="US", payment_method="cash_on_delivery", currency="USD",
        subtotal_cents=total_cents, shipping_cents=0, total_cents=total_cents, **fields,
    )  # fmt: skip
    order.items.create(product=product, sku="X", title="Kettle", unit_price_cents=total_cents, quantity=1)
    return order


@pytest.fixture
def one_of_each() -> dict[str, object]:
    """An object of every model that the admin has, by `app_model`."""
    category = make_category("kettles", image=make_category_picture("a" * 32))
    product = make_product("Red kettle", category=category, attributes={"color": "red"})
    add_picture(product, "b" * 32)
    version = EncoderVersion.objects.create(name="one", path="one", checksum="x", is_active=True)
    event = SearchEvent.objects.create(
        event_id=uuid4(), action_name="click", client_id=uuid4(), product_id=product.pk, created_at=timezone.now()
    )
    return {
        "catalog_category": category,
        "catalog_product": product,
        "orders_order": place(product),
        "search_encoderversion": version,
        "search_searchsettings": SearchSettings.objects.create(),
        "search_facetkey": FacetKey.objects.create(key="color"),
        "search_searchquery": log_search("kettle", 1, product_ids=[product.pk, 999_999]),
        "search_searchevent": event,
        "search_synonym": Synonym.objects.create(words="boiler", synonyms=["kettle"]),
        "search_merchandisingrule": MerchandisingRule.objects.create(name="Tea", query="kettle"),
        "search_judgedquery": JudgedQuery.objects.create(source="human", query="kettle", grades={str(product.pk): 3}),
        "search_clickmemory": ClickMemory.objects.create(
            query="kettle", product_ids=[product.pk, 999_999], lifts=[0.5, -0.2], updated_at=timezone.now()
        ),
        "search_queryadapter": QueryAdapter.objects.create(version=version, rank=1, down=b"", up=b""),
        "search_learnedranker": LearnedRanker.objects.create(
            version=version, features=["bm25"], weights=[0.5], product_ids=[], lifts=[]
        ),
        "search_positionbias": PositionBias.objects.create(propensities=[1.0, 0.5], method="prior", searches=0),
        "search_traininground": TrainingRound.objects.create(challenger=version),
        "search_onlinetest": OnlineTest.objects.create(
            name="Test", variant_a=LIVE.to_json(), variant_b=Variant(learners=frozenset()).to_json()
        ),
        "metrics_reading": Reading.objects.create(
            metric="lcp", page="home", device="phone", value=1800, created_at=timezone.now()
        ),
        "auth_user": User.objects.create_user("ada"),
        "auth_group": Group.objects.create(name="staff"),
    }


def test_every_page_of_every_model_opens(one_of_each: dict[str, object]) -> None:
    merchant = Merchant()
    registered = {model._meta.label_lower.replace(".", "_"): found for model, found in admin.site._registry.items()}
    assert set(registered) == set(one_of_each)
    for name, found in one_of_each.items():
        base = f"/admin/{name.replace('_', '/')}/"
        pages = {base: 302 if name == "search_searchsettings" else 200, f"{base}?q=kettle": 200}  # there is one row
        pages |= {f"{base}{found.pk}/change/": 200, f"{base}{found.pk}/history/": 200}
        may_add = name not in {
            "orders_order", "search_encoderversion", "search_searchquery", "search_searchevent",
            "search_searchsettings", "search_judgedquery", "search_clickmemory", "search_queryadapter",
            "search_learnedranker", "search_positionbias", "search_traininground", "metrics_reading",
        }  # fmt: skip
        pages[f"{base}add/"] = 200 if may_add else 403
        pages[f"{base}{found.pk}/delete/"] = 200 if may_add and name != "catalog_category" else 302 if may_add else 403
        for path, status in pages.items():
            if "?q=" in path and not registered[name].search_fields:
                continue
            assert (path, merchant.get(path).status_code) == (path, status)


def test_shoppers_do_not_get_in() -> None:
    shopper = Client()
    shopper.force_login(User.objects.create_user("ada"))
    assert shopper.get("/admin/").status_code == 302
    assert shopper.get("/admin/catalog/product/").status_code == 302


def test_the_first_page_has_the_numbers_of_today() -> None:
    product = make_product("Kettle")
    make_product("Lamp", stock=0)
    make_product("Old lamp", is_active=False)
    place(product, 2000)
    place(product, 3000)
    place(product, 9000, status=Order.Status.CANCELLED)
    Order.objects.filter(pk=place(product, 7000).pk).update(created_at=timezone.now() - timedelta(days=2))
    for query, total in (("kettle", 3), ("tea pot", 0), ("tea pot", 0), ("samovar", 0)):
        log_search(query, total)
    log_search("kettle", 3, first_position=25)  # the second page of a search is no search
    log_search("", 3)
    page = Merchant().get("/admin/")
    figures = {figure.title: (figure.value, figure.note) for figure in page.context["figures"]}
    assert figures == {
        "Products for sale": ("2", "1 out of stock"),
        "Waiting to be indexed": ("2", "No encoder: search goes by words alone"),
        "Orders today": ("2", "$50.00"),
        "Searches today": ("4", "75% found nothing"),
    }
    assert page.context["empty_queries"] == [{"query": "tea pot", "times": 2}, {"query": "samovar", "times": 1}]
    assert "tea pot" in page.content.decode()


def test_the_sidebar_shows_only_what_somebody_may_see() -> None:
    clerk = User.objects.create_user("clerk", is_staff=True)
    client = Client()
    client.force_login(clerk)
    page = client.get("/admin/").content.decode()
    assert "Overview" in page
    assert "/admin/orders/order/" not in page.split('id="nav-sidebar"')[1].split('id="main"')[0]


def test_the_stores_name_is_at_the_top() -> None:
    assert "Pocketshop" in Client().get("/admin/login/").content.decode()
