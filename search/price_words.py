"""Prices said in words, English and Chinese: "under $50", "from 20 to 40", "100到200元".

A number with a currency is a price. A bare one is a price only after words such as "under", and only where nothing
follows that it could count: "under 2 kg", "under 18 films" and "women over 50" are left alone.
"""

import re
from dataclasses import dataclass

MAX_CENTS = 2_000_000_000  # what the database's integers hold
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d{1,8}(?:[.,]\d{1,2})?(?![.,]?\d)"
_BEFORE = r"us\$|[$€£¥]"
_AFTER = (
    r"(?:dollars?|bucks|euros?|usd|eur|gbp|yuan|rmb|cny|quid)(?![a-z])|[$€£]|人民币|美元|欧元|元|块钱|块"
)
_NEXT = (  # what may follow a bare number; anything else might be what it counts
    r"(?=\s*(?:$|[,;!?]|(?:for|with|and|or|by|that|which|please|only|but|not|without|in stock|available)\b))"
)
_PEOPLE = re.compile(
    r"\b(?:m[ea]n|wom[ea]n|adults?|people|kids?|child(?:ren)?|ages?|aged|years?|seniors?|bab(?:y|ies)|toddlers?|boys?|"
    r"girls?|vitamins?|films?|movies?|rated)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Price:
    """A part of the query and the range that it says, both ends included."""

    start: int
    stop: int
    min_cents: int | None
    max_cents: int | None
    is_bare: bool  # without a currency


def _amount(name: str) -> str:
    return (
        rf"(?P<{name}_before>{_BEFORE})?\s?(?P<{name}>{_NUMBER})(?:(?P<{name}_k>k)(?![a-z0-9]))?"
        rf"\s?(?P<{name}_after>{_AFTER})?"
    )


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


_LEAD = r"(?:\b(?:priced|costing|price|for)\s+)?"
_BELOW = r"(?:\b(?:under|below|less than|cheaper than)\s|<)\s*"
_AT_MOST = r"\b(?:up to|no more than|not more than|not over)\s+"
_ABOVE = r"(?:\b(?:over|above|more than)\s|>)\s*"
_DASH = r"(?:-|–|~|～|—|到|至|\bto\b)"
# (pattern, which ends it sets, whether a bare number will do, whether the upper end itself is left out)
_PATTERNS = (
    (_pattern(rf"{_LEAD}\b(?:from|between)\s+{_amount('low')}\s*(?:{_DASH}|\band\b)\s*{_amount('high')}"), True, False),
    (_pattern(rf"(?:价格)?(?<![a-z0-9_.,]){_amount('low')}\s*{_DASH}\s*{_amount('high')}(?:之间)?的?"), False, False),
    (_pattern(rf"{_LEAD}{_BELOW}{_amount('high')}"), True, True),
    (_pattern(rf"{_LEAD}{_AT_MOST}{_amount('high')}"), True, False),
    (_pattern(rf"{_LEAD}\b(?:at most|max|maximum|max of|budget)\s+{_amount('high')}"), False, False),
    (_pattern(rf"(?<![a-z0-9_.,]){_amount('high')}\s+(?:or|and)\s+(?:less|under|below|cheaper)\b"), False, False),
    (_pattern(rf"(?:价格)?(?:低于|不到|少于|小于){_amount('high')}的?"), False, True),
    (_pattern(rf"(?:价格)?(?:不超过|最多){_amount('high')}的?"), False, False),
    (_pattern(rf"(?:价格)?(?<![a-z0-9_.,]){_amount('high')}\s*(?:以下|以内|之内|之下)的?"), False, False),
    (_pattern(rf"{_LEAD}{_ABOVE}{_amount('low')}"), True, False),
    (_pattern(rf"{_LEAD}\b(?:from|at least|starting at|min|minimum)\s+{_amount('low')}"), False, False),
    (_pattern(rf"(?<![a-z0-9_.,]){_amount('low')}\s+(?:or|and)\s+(?:up|more|above|over)\b"), False, False),
    (_pattern(rf"(?:价格)?(?:高于|超过|大于|不低于|至少){_amount('low')}的?"), False, False),
    (_pattern(rf"(?:价格)?(?<![a-z0-9_.,]){_amount('low')}\s*(?:以上|起)的?"), False, False),
)  # fmt: skip
_WORTH_TRYING = re.compile(r"\d")
_STOPS_BARE = re.compile(_NEXT, re.IGNORECASE)


def prices(query: str) -> list[Price]:
    """The prices in the query, in order; none at all if two of them say different things about the same end."""
    if not _WORTH_TRYING.search(query):
        return []
    found: list[Price] = []
    for pattern, bare_will_do, is_open in _PATTERNS:
        for match in pattern.finditer(query):
            price = _price(query, match, bare_will_do=bare_will_do, is_open=is_open)
            if price and not any(price.start < other.stop and other.start < price.stop for other in found):
                found.append(price)
    lows = [price.min_cents for price in found if price.min_cents is not None]
    highs = [price.max_cents for price in found if price.max_cents is not None]
    if len(lows) > 1 or len(highs) > 1 or (lows and highs and lows[0] > highs[0]):
        return []
    return sorted(found, key=lambda price: price.start)


def _price(query: str, match: "re.Match[str]", *, bare_will_do: bool, is_open: bool) -> Price | None:
    groups = match.groupdict()
    is_bare = not any(groups.get(f"{end}_{side}") for end in ("low", "high") for side in ("before", "after"))
    if is_bare and not (bare_will_do and _bare_is_price(query, match, groups)):
        return None
    if not is_bare and re.match(r"[\w%]", query[match.end() : match.end() + 1]) and match[0][-1].isdigit():
        return None  # "$50mm": part of something else
    low, high = _cents(groups, "low"), _cents(groups, "high")
    if high is not None and is_open:
        high = max(0, high - 1)
    if max(low or 0, high or 0) > MAX_CENTS:
        return None
    return Price(match.start(), match.end(), low, high, is_bare)


def _bare_is_price(query: str, match: "re.Match[str]", groups: dict[str, str | None]) -> bool:
    thousands = any(groups.get(f"{end}_k") for end in ("low", "high"))  # "up to 4k" is a resolution
    return not thousands and _STOPS_BARE.match(query, match.end()) is not None and not _PEOPLE.search(query)


def _cents(groups: dict[str, str | None], name: str) -> int | None:
    text = groups.get(name)
    if text is None:
        return None
    if re.fullmatch(r"\d+,\d{1,2}", text):  # 39,90
        text = text.replace(",", ".")
    amount = float(text.replace(",", "")) * (1000 if groups.get(f"{name}_k") else 1)
    return round(amount * 100)
