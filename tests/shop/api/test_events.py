"""/api/events/"""

import uuid
from typing import Any

from search.models import SearchEvent
from tests.shop.api.conftest import Shopper, errors


def click(**more: Any) -> dict[str, Any]:
    return {"event_id": str(uuid.uuid4()), "action_name": "click", "product_id": 7, **more}


def test_events_are_counted_once_however_often_they_are_sent(shopper: Shopper) -> None:
    query_id = str(uuid.uuid4())
    events = [click(query_id=query_id, position=3, timestamp="2026-11-24T10:00:00Z"), click()]
    first = shopper.send("post", "/api/events/", {"events": events})
    again = shopper.send("post", "/api/events/", {"events": [*events, click()]})
    assert (first.status_code, first.json()) == (202, {"accepted": 2})
    assert (again.status_code, again.json()) == (202, {"accepted": 1})
    event = SearchEvent.objects.get(pk=events[0]["event_id"])
    assert (event.action_name, event.product_id, event.position) == ("click", 7, 3)
    assert str(event.query_id) == query_id


def test_one_client_keeps_one_id_in_a_cookie_that_scripts_cannot_read(shopper: Shopper) -> None:
    for _ in range(2):
        shopper.send("post", "/api/events/", {"events": [click()]})
    (client_id,) = set(SearchEvent.objects.values_list("client_id", flat=True))
    cookie = shopper.cookies["ps_client"]
    assert cookie.value == str(client_id)
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 365 * 24 * 3600)


def test_a_broken_client_cookie_is_replaced(shopper: Shopper) -> None:
    shopper.cookies["ps_client"] = "not a uuid"
    shopper.send("post", "/api/events/", {"events": [click()]})
    assert shopper.cookies["ps_client"].value == str(SearchEvent.objects.get().client_id)


def test_beacons_need_no_token_within_a_session(shopper: Shopper) -> None:
    shopper.cookies["sessionid"] = "some-session"
    assert shopper.post("/api/events/", {"events": [click()]}, content_type="application/json").status_code == 202


def test_money_follows_purchases_so_clients_cannot_claim_them(shopper: Shopper) -> None:
    response = shopper.send("post", "/api/events/", {"events": [click(), click(action_name="purchase")]})
    assert (response.status_code, errors(response)) == (400, [("events.1.action_name", "invalid_choice")])
    assert SearchEvent.objects.count() == 0


def test_bad_events_are_refused_with_the_field(shopper: Shopper) -> None:
    for body, expected in [
        ({}, [("events", "required")]),
        ({"events": []}, [("events", "empty")]),
        ({"events": [click()] * 201}, [("events", "max_length")]),
        ({"events": [click(event_id="x")]}, [("events.0.event_id", "invalid")]),
        ({"events": [click(query_id=False)]}, [("events.0.query_id", "invalid")]),
        ({"events": [click(position=0)]}, [("events.0.position", "min_value")]),
        ({"events": [click(product_id=2**70)]}, [("events.0.product_id", "invalid")]),
        ({"events": [3]}, [("events.0", "invalid")]),
    ]:
        response = shopper.send("post", "/api/events/", body)
        assert (response.status_code, errors(response)) == (400, expected), body
