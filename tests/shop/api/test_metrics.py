"""/api/metrics/"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from shop.metrics.models import Reading
from tests.shop.api.conftest import Shopper, errors

VISIT = {"page": "product", "device": "phone", "lcp": 1234.5, "inp": 88, "cls": 0.03}


@pytest.fixture(autouse=True)
def _unknown_address() -> Iterator[None]:
    """Nobody has sent anything in the last minute."""
    cache.clear()
    yield
    cache.clear()


def test_a_visit_is_kept_without_anything_about_who_it_was(shopper: Shopper) -> None:
    response = shopper.send("post", "/api/metrics/", VISIT)
    assert (response.status_code, response.json()) == (202, {"accepted": 3})
    assert "ps_client" not in shopper.cookies
    rows = Reading.objects.order_by("metric").values_list("metric", "page", "device", "value")
    assert list(rows) == [
        ("cls", "product", "phone", 0.03), ("inp", "product", "phone", 88.0), ("lcp", "product", "phone", 1234.5),
    ]  # fmt: skip
    assert {field.name for field in Reading._meta.get_fields()} == {
        "id", "metric", "page", "device", "value", "created_at",
    }  # fmt: skip


def test_a_metric_that_was_not_measured_is_left_out(shopper: Shopper) -> None:
    assert shopper.send("post", "/api/metrics/", {"page": "home", "device": "desktop", "cls": 0}).status_code == 202
    assert [row.metric for row in Reading.objects.all()] == ["cls"]


def test_a_beacon_needs_no_token_within_a_session(shopper: Shopper) -> None:
    shopper.cookies["sessionid"] = "some-session"
    assert shopper.post("/api/metrics/", VISIT, content_type="application/json").status_code == 202


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"page": "admin"}, [("page", "invalid_choice")]),
        ({"device": "watch"}, [("device", "invalid_choice")]),
        ({"lcp": -1}, [("lcp", "min_value")]),
        ({"lcp": 120_001}, [("lcp", "max_value")]),
        ({"inp": "nan"}, [("inp", "invalid")]),
        ({"inp": True}, [("inp", "invalid")]),
        ({"cls": 21}, [("cls", "max_value")]),
        ({"cls": None}, [("cls", "null")]),
        ({"url": "/product/3"}, [("url", "unknown")]),
    ],
)
def test_what_is_no_reading_is_refused(shopper: Shopper, change: dict[str, Any], expected: list[Any]) -> None:
    response = shopper.send("post", "/api/metrics/", {**VISIT, **change})
    assert (response.status_code, errors(response)) == (400, expected)
    assert Reading.objects.count() == 0


def test_a_visit_without_any_metric_is_refused(shopper: Shopper) -> None:
    response = shopper.send("post", "/api/metrics/", {"page": "home", "device": "phone"})
    assert (response.status_code, errors(response)) == (400, [(None, "required")])


def test_one_address_may_send_twenty_visits_a_minute(shopper: Shopper) -> None:
    sent = [shopper.send("post", "/api/metrics/", VISIT).status_code for _ in range(21)]
    assert sent == [202] * 20 + [429]
    assert Reading.objects.count() == 60
    assert shopper.get("/api/metrics/").status_code == 200  # asking is free
    elsewhere = shopper.post("/api/metrics/", VISIT, content_type="application/json", REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 202


def test_browsers_are_told_how_many_visits_to_measure(shopper: Shopper, settings: Any) -> None:
    settings.METRICS_SAMPLE_PERCENT = 10
    response = shopper.get("/api/metrics/")
    assert response.json() == {"sample_percent": 10}
    assert response["Cache-Control"] == "public, max-age=3600"


def test_with_a_sample_of_none_nothing_is_kept(shopper: Shopper, settings: Any) -> None:
    settings.METRICS_SAMPLE_PERCENT = 0
    assert shopper.send("post", "/api/metrics/", VISIT).json() == {"accepted": 0}
    assert Reading.objects.count() == 0


def test_an_address_that_the_visitor_makes_up_is_no_other_address(shopper: Shopper) -> None:
    sent = [
        shopper.send("post", "/api/metrics/", VISIT, **{"X-Forwarded-For": f"10.0.0.{number}"}).status_code
        for number in range(21)
    ]
    assert sent[-1] == 429
