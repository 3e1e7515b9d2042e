"""Percentiles by page, device and day, how they are rated, and how long readings are kept."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

from shop.metrics.charts import HEIGHT, day_chart
from shop.metrics.models import Reading
from shop.metrics.readings import delete_old_readings, log_readings
from shop.metrics.reports import Day, days, percentiles, rating
from tasks.metrics import delete_old_readings as delete_task

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("metric", "value", "expected"),
    [
        ("lcp", 2500, "good"), ("lcp", 2501, "needs improvement"), ("lcp", 4000, "needs improvement"),
        ("lcp", 4001, "poor"), ("inp", 200, "good"), ("inp", 500, "needs improvement"), ("inp", 501, "poor"),
        ("cls", 0.1, "good"), ("cls", 0.25, "needs improvement"), ("cls", 0.26, "poor"),
    ],
)  # fmt: skip
def test_a_value_on_a_threshold_is_on_its_better_side(metric: str, value: float, expected: str) -> None:
    assert rating(metric, value) == expected


def test_percentiles_are_of_all_visits_and_of_each_page_and_device() -> None:
    for lcp in (1000, 2000, 3000, 4000, 5000):  # the 75th percentile of five is the fourth
        log_readings({"lcp": lcp}, page="home", device="phone")
    log_readings({"lcp": 9000, "cls": 0.5}, page="cart", device="desktop")
    log_readings({"lcp": 1}, page="home", device="phone", at=timezone.now() - timedelta(days=8))
    found = percentiles(timezone.now() - timedelta(days=7))
    assert [(one.metric, one.page, one.device, one.p75, one.readings, one.rating) for one in found] == [
        ("cls", "", "", 0.5, 1, "poor"),
        ("cls", "cart", "desktop", 0.5, 1, "poor"),
        ("lcp", "", "", 4750.0, 6, "poor"),
        ("lcp", "cart", "desktop", 9000.0, 1, "poor"),
        ("lcp", "home", "phone", 4000.0, 5, "needs improvement"),
    ]


def test_days_are_those_of_the_stores_time_zone() -> None:
    late = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)
    log_readings({"inp": 100}, page="home", device="phone", at=late)
    wanted = [date(2026, 11, 25), date(2026, 11, 26)]
    assert days("inp", wanted) == [Day(wanted[0], 100.0), Day(wanted[1], None)]
    with timezone.override("Asia/Shanghai"):
        assert days("inp", wanted) == [Day(wanted[0], None), Day(wanted[1], 100.0)]


def test_a_chart_has_a_bar_for_each_day_with_readings_and_a_line_at_good() -> None:
    chart = day_chart("inp", [Day(date(2026, 11, 25), 400.0), Day(date(2026, 11, 26), None)], ["400 ms", ""])
    (bar,) = chart.bars
    assert (bar.css, bar.y, bar.height, bar.title) == ("needs-improvement", 0.0, HEIGHT, "2026-11-25: 400 ms")
    assert (chart.good_y, chart.first, chart.last) == (HEIGHT / 2, "Nov 25", "Nov 26")


def test_readings_are_kept_for_thirty_days() -> None:
    for age in (29, 31):
        log_readings({"lcp": age}, page="home", device="phone", at=timezone.now() - timedelta(days=age))
    assert delete_task() == 1
    assert [row.value for row in Reading.objects.all()] == [29.0]
    assert delete_old_readings() == 0


def test_the_admin_shows_them_in_words(admin_client: Client, django_assert_num_queries: Any) -> None:
    log_readings({"lcp": 1800, "inp": 320, "cls": 0.3}, page="product", device="phone")
    admin_client.get("/admin/metrics/reading/")
    with django_assert_num_queries(6):  # session, user, and four of its own
        page = admin_client.get("/admin/metrics/reading/?days=7").content.decode()
    for text in ("1.8 s", "320 ms", "0.30", "good", "needs improvement", "poor", "Product", "too few to judge"):
        assert text in page
    assert "Nothing in these" not in page


def test_the_admin_says_when_there_is_nothing(admin_client: Client) -> None:
    assert "Nothing in these 28 days." in admin_client.get("/admin/metrics/reading/?days=x").content.decode()


def test_only_who_may_see_them_does(client: Client) -> None:
    clerk = User.objects.create_user("clerk", password="x", is_staff=True)
    client.force_login(clerk)
    assert client.get("/admin/metrics/reading/").status_code == 403
    clerk.user_permissions.add(Permission.objects.get(codename="view_reading"))
    assert client.get("/admin/metrics/reading/").status_code == 200
