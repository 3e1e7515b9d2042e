"""Single cells: money, quantities, dates, numbers of trade, paths, texts. Each raises BadValue with what to do."""

import html
import math
import re
from datetime import date, datetime, timezone
from html.parser import HTMLParser
from typing import Any

from shop.catalog.feeds.entry import BadValue

MAX_CENTS = 2_147_483_647
MAX_STOCK = 2_147_483_647
MAX_DEPTH = 8
CURRENCY_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "US$": "USD"}
_AMOUNT = re.compile(r"-?[\d.,'\s]*\d")
_TAG = re.compile(
    r"</?(?:p|br|hr|b|i|u|s|em|strong|small|sub|sup|span|div|ul|ol|li|a|img|h[1-6]|table|t[rhd]|tbody|thead|font|meta|style"
    r"|script|section|iframe|video|figure|blockquote|pre|code|dl|dt|dd|center|label|button|input)\b[^<>]*/?>",
    re.IGNORECASE,
)
_BLOCKS = {"p", "br", "hr", "div", "ul", "ol", "table", "tr", "section", "blockquote", "pre", "dl", "dt", "dd"} | {
    f"h{level}" for level in range(1, 7)
}
_YES = {"yes", "true", "1", "y", "active", "published"}
_NO = {"no", "false", "0", "n", "draft", "archived", "inactive"}


def text(value: Any) -> str:
    """The cell as plain text: numbers as written, HTML turned to text where there is any."""
    if value is None or isinstance(value, dict):
        return ""
    if isinstance(value, list):
        return ", ".join(filter(None, map(text, value)))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return plain_text(str(value))


def plain_text(source: str) -> str:
    """Without tags and entities, if it has some; paragraphs and list items on lines of their own."""
    if "<" not in source and "&" not in source:
        return source
    if not _TAG.search(source):
        return html.unescape(source).strip()
    parser = _Text()
    parser.feed(source)
    parser.close()
    lines = [re.sub(r"[^\S\n]+", " ", line).strip() for line in "".join(parser.parts).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in {"script", "style"}:
            self._silent += 1
        elif tag == "li":
            self.parts.append("\n• ")
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self._silent = max(0, self._silent - 1)
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(re.sub(r"\s+", " ", data))


def cents(field: str, value: Any, currency: str) -> int | None:
    """Integer cents; None for an empty cell. `12.99`, `12,99 EUR`, `$1,299.00` and `1.299,00` are understood."""
    if value is None or value == "":
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _in_range(field, _rounded(field, value), value)
    written = str(value).strip()
    amount = _AMOUNT.search(written)
    if amount is None:
        raise BadValue(field, f"{_shown(value)} is no price; write it like 12.99 {currency}")
    unit = (written[: amount.start()] + written[amount.end() :]).strip()
    unit = CURRENCY_SIGNS.get(unit, unit).upper()
    if unit and unit != currency:
        wrong = f"is in {unit}, but the store sells in {currency}" if re.fullmatch("[A-Z]{3}", unit) else "is no price"
        raise BadValue(field, f"{_shown(value)} {wrong}; write it like 12.99 {currency}")
    return _in_range(field, _cents_of(field, re.sub(r"[\s']", "", amount.group())), value)


def _cents_of(field: str, number: str) -> int:
    """The last of comma and point is the decimal one, unless it only ever groups thousands."""
    whole, mark, fraction = number, "", ""
    last = max(number.rfind("."), number.rfind(","))
    if last >= 0:
        whole, mark, fraction = number[:last], number[last], number[last + 1 :]
    other = "," if mark == "." else "."
    groups = mark == "," and len(fraction) == 3 and other not in whole
    groups = groups or (mark != "" and whole.count(mark) >= 1 and len(fraction) == 3)  # 1.299.000
    if groups:
        whole, fraction = whole + mark + fraction, ""
    if len(fraction) > 2 and fraction.rstrip("0") != fraction[:2].rstrip("0"):
        raise BadValue(field, f"{_shown(number)} has more than two decimals; write it like 1299.00")
    digits = re.sub(r"[.,]", "", whole) or "0"
    if not re.fullmatch(r"-?\d+", digits) or not re.fullmatch(r"\d*", fraction):
        raise BadValue(field, f"{_shown(number)} is no price; write it like 1299.00")
    return int(digits + fraction[:2].ljust(2, "0"))


def _rounded(field: str, value: float) -> int:
    if not math.isfinite(value) or abs(value * 100 - round(value * 100)) > 1e-6 * max(1.0, abs(value)):
        raise BadValue(field, f"{value} has more than two decimals; write it like 12.99")
    return round(value * 100)


def _in_range(field: str, amount: int, value: Any) -> int:
    if amount < 0:
        raise BadValue(field, f"{_shown(value)} is below 0")
    if amount > MAX_CENTS:
        raise BadValue(field, f"{_shown(value)} is more than {MAX_CENTS // 100:,}, the highest price")
    return amount


def quantity(field: str, value: Any) -> int | None:
    """Pieces in stock; None for an empty cell. A negative one (oversold elsewhere) is none."""
    if value is None or value == "":
        return None
    try:
        number = float(str(value).replace(",", "").strip())
        count = int(number)
    except (ValueError, OverflowError):
        raise BadValue(field, f"{_shown(value)} is no quantity; write a whole number") from None
    if count != number or count > MAX_STOCK:
        raise BadValue(field, f"{_shown(value)} is no quantity; write a whole number up to {MAX_STOCK:,}")
    return max(0, count)


def availability(value: Any) -> bool | None:
    """Whether it can be ordered now; None for an empty cell."""
    word = re.sub(r"[\s_\-]+", " ", str(value or "").lower()).strip().rsplit("/", 1)[-1]
    if not word:
        return None
    if word in {"in stock", "instock", "available", "limited availability"}:
        return True
    if word in {"out of stock", "outofstock", "sold out", "preorder", "pre order", "backorder", "back order"}:
        return False
    raise BadValue("availability", f"{_shown(value)} is unknown; write in_stock, out_of_stock, preorder or backorder")


def flag(field: str, value: Any) -> bool | None:
    """Yes or no; None for an empty cell."""
    word = text(value).lower()
    if not word:
        return None
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise BadValue(field, f"{_shown(value)} is neither yes nor no")


def day(value: Any) -> date:
    """The date of an ISO date or time. Raises ValueError."""
    return date.fromisoformat(str(value).strip()[:10])


def is_running(value: Any, now: datetime) -> bool:
    """Whether `now` is within an interval as `2026-02-24T11:07+0100/2026-02-29T23:07+0100`. Raises ValueError."""
    start, _, end = str(value).partition("/")
    return _moment(start) <= now <= _moment(end)


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value.strip())
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)  # noqa: UP017


def trade_number(value: Any) -> tuple[str, str]:
    """A GTIN's digits and what is odd about it; no digits where it is none."""
    digits = re.sub(r"[\s\-]", "", text(value)).removeprefix("'")
    if not digits:
        return "", ""
    if not digits.isascii() or not digits.isdigit():
        return "", "is not a number of digits, left out (a spreadsheet may have rounded it: format the column as text)"
    if len(digits) > 14:
        return "", "has more than 14 digits, left out"
    if len(digits) not in (8, 12, 13, 14):
        padded = digits.zfill(12 if len(digits) < 12 else 14)
        if has_check_digit(padded) and len(digits) == 11:
            return padded, "had lost its leading zero, put back"
        return digits, "has not 8, 12, 13 or 14 digits, kept"
    return digits, "" if has_check_digit(digits) else "has a wrong check digit, kept"


def has_check_digit(digits: str) -> bool:
    """GS1 General Specifications, 7.9: weights 3 and 1 from the right."""
    body = reversed(digits[:-1])
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(body))
    return (10 - total % 10) % 10 == int(digits[-1])


def path(value: Any) -> tuple[str, ...]:
    """`Home > Kitchen > Kettles` as its names; of several paths the first."""
    if isinstance(value, list):
        value = value[0] if value else ""
    names = [" ".join(part.split())[:120] for part in text(value).split(">")]
    return tuple(name for name in names if name)[:MAX_DEPTH]


def many(value: Any) -> list[str]:
    """A cell with several values: a list, or text with commas between them."""
    if value is None or value == "":
        return []
    parts = [part for item in value for part in many(item)] if isinstance(value, list) else str(value).split(",")
    return [part.strip() for part in parts if part.strip()]


def _shown(value: Any) -> str:
    written = str(value)
    return repr(written if len(written) <= 40 else written[:39] + "…")
