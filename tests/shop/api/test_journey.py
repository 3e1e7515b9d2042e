"""From a search to a purchase: every step is logged under the same query_id."""

import uuid

from search.event_log import queries
from search.index import embed_stale_products
from search.models import SearchEvent, SearchQuery
from shop.orders.models import OrderItem
from tests.catalogue import make_product
from tests.shop.api.conftest import Shopper
from tests.shop.api.test_checkout import ADDRESS, KEY


def test_search_impression_click_cart_and_purchase_join_by_query_id(shopper: Shopper) -> None:
    for number in range(3):
        make_product(f"Desk lamp {number}")
    embed_stale_products()
    body = shopper.get("/api/search/?q=lamp").json()
    query_id, hit = body["query_id"], body["hits"][1]
    product_id = hit["product"]["id"]
    seen = {"query_id": query_id, "position": hit["position"], "product_id": product_id}
    events = [
        {"event_id": str(uuid.uuid4()), "action_name": name, **seen} for name in ("impression", "click", "view")
    ]
    for _ in range(2):  # a beacon that is sent again counts once
        shopper.send("post", "/api/events/", {"events": events})
    shopper.send("post", "/api/cart/items/", seen)
    for _ in range(2):
        assert shopper.send("post", "/api/checkout/", ADDRESS, **KEY).status_code == 201
    queries.flush()

    logged = SearchQuery.objects.get(pk=query_id)
    assert logged.product_ids[hit["position"] - logged.first_position] == product_id
    rows = SearchEvent.objects.filter(query_id=query_id).order_by("created_at", "action_name")
    assert [(row.action_name, row.product_id, row.position, row.client_id) for row in rows] == [
        (name, product_id, 2, logged.client_id) for name in ("click", "impression", "view", "add_to_cart", "purchase")
    ]
    item = OrderItem.objects.get()
    assert (str(item.query_id), item.position) == (query_id, 2)


def test_a_later_search_takes_the_credit_and_no_search_takes_none_away(shopper: Shopper) -> None:
    mug = make_product("Mug")
    first, second = str(uuid.uuid4()), str(uuid.uuid4())
    for led_here in ({"query_id": first, "position": 1}, {"query_id": second, "position": 4}, {}):
        shopper.send("post", "/api/cart/items/", {"product_id": mug.pk, **led_here})
    shopper.send("post", "/api/checkout/", ADDRESS, **KEY)
    purchase = SearchEvent.objects.get(action_name="purchase")
    assert (str(purchase.query_id), purchase.position) == (second, 4)
