"""Single cells of a feed, as merchants write them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from shop.catalog.feeds import values
from shop.catalog.feeds.entry import BadValue


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("12.99 USD", 1299), ("12.99", 1299), ("12,99", 1299), ("USD 12.99", 1299), ("$12.99", 1299), ("12", 1200),
        ("12.5", 1250), ("1,299.00", 129900), ("1.299,00 USD", 129900), ("1 299,00", 129900), ("1,299", 129900),
        ("1,299,000", 129900000), ("1.299.000", 129900000), ("0.5", 50), ("12.990", 1299), ("12.9900", 1299),
        (12.99, 1299), (12, 1200), (0.29, 29), (4.35, 435), ("", None), (None, None), ("0", 0), (".99", 99),
    ],
)  # fmt: skip
def test_prices_are_read_as_cents(written: Any, expected: int | None) -> None:
    assert values.cents("price", written, "USD") == expected


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("12,99 EUR", "'12,99 EUR' is in EUR, but the store sells in USD; write it like 12.99 USD"),
        ("€12.99", "'€12.99' is in EUR, but the store sells in USD; write it like 12.99 USD"),
        ("free", "'free' is no price; write it like 12.99 USD"),
        ("from 12.99", "'from 12.99' is no price; write it like 12.99 USD"),
        ("1.299", "'1.299' has more than two decimals; write it like 1299.00"),
        (12.999, "12.999 has more than two decimals; write it like 12.99"),
        ("-1", "'-1' is below 0"),
        ("99999999999", "'99999999999' is more than 21,474,836, the highest price"),
        (True, "'True' is no price; write it like 12.99 USD"),
    ],
)
def test_a_wrong_price_is_refused_with_the_reason(written: Any, reason: str) -> None:
    with pytest.raises(BadValue) as refused:
        values.cents("price", written, "USD")
    assert (refused.value.field, refused.value.reason) == ("price", reason)


def test_a_price_in_the_stores_currency_with_a_comma_is_read() -> None:
    assert values.cents("price", "12,99 EUR", "EUR") == 1299


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("in_stock", True), ("In Stock", True), ("in stock", True), ("https://schema.org/InStock", True),
        ("out_of_stock", False), ("out of stock", False), ("preorder", False), ("backorder", False), ("", None),
    ],
)  # fmt: skip
def test_availability_is_read(written: str, expected: bool | None) -> None:
    assert values.availability(written) is expected


def test_an_unknown_availability_is_refused() -> None:
    with pytest.raises(BadValue, match="'maybe' is unknown; write in_stock"):
        values.availability("maybe")


@pytest.mark.parametrize(("written", "expected"), [("7", 7), (7.0, 7), ("1,200", 1200), ("-3", 0), ("", None), (0, 0)])
def test_quantities_are_read(written: Any, expected: int | None) -> None:
    assert values.quantity("quantity", written) == expected


@pytest.mark.parametrize("written", ["many", "1.5", "1e400", "nan", "99999999999"])
def test_a_quantity_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(BadValue, match="is no quantity"):
        values.quantity("quantity", written)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("4006381333931", ("4006381333931", "")),  # GS1's own example
        ("400-6381 333931", ("4006381333931", "")),
        ("85896333746", ("085896333746", "had lost its leading zero, put back")),
        ("4006381333932", ("4006381333932", "has a wrong check digit, kept")),
        ("123", ("123", "has not 8, 12, 13 or 14 digits, kept")),
        ("", ("", "")),
    ],
)
def test_gtins_are_read(written: str, expected: tuple[str, str]) -> None:
    assert values.trade_number(written) == expected


@pytest.mark.parametrize("written", ["4.00638E+12", "none"])
def test_what_is_no_gtin_is_left_out(written: str) -> None:
    digits, odd = values.trade_number(written)
    assert digits == ""
    assert "left out" in odd


def test_html_becomes_text() -> None:
    html = "<p>Boils <b>1.7&nbsp;l</b>.</p><ul><li>Steel</li><li>2&nbsp;years</li></ul><script>alert(1)</script>"
    assert values.plain_text(html) == "Boils 1.7 l.\n\n• Steel\n• 2 years"


@pytest.mark.parametrize("text", ["for heights < 3 m and > 1 m", "a <- b", "R2<D2"])
def test_text_with_angle_brackets_stays(text: str) -> None:
    assert values.plain_text(text) == text


def test_paths_are_read() -> None:
    assert values.path("Home >  Kitchen> Kettles ") == ("Home", "Kitchen", "Kettles")
    assert values.path(["Home > Kitchen", "Gifts"]) == ("Home", "Kitchen")
    assert values.path("") == ()


def test_dates_and_times_are_dates() -> None:
    assert values.day("2006-07-01") == values.day("2006-07-01T10:00-0800") == date(2006, 7, 1)


def test_a_sale_runs_within_its_period() -> None:
    period = "2026-02-24T11:07+0100/2026-02-28T23:07+0100"
    assert values.is_running(period, datetime(2026, 2, 24, 10, 7, tzinfo=UTC))
    assert not values.is_running(period, datetime(2026, 2, 24, 10, 6, tzinfo=UTC))
    assert not values.is_running(period, datetime(2026, 3, 1, tzinfo=UTC))
