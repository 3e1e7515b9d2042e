"""Constraints said in words: which parts of a query are read as what, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.constraints import Said, constraints, without
from search.facet_words import vocabulary_of

BRANDS = ["Apple", "HP", "Lenovo", "Sony", "3M", "Ring", "Orange", "Tripp Lite", "Corsair", "Targus", "Samsung"]
VALUES = [
    *(("color", name) for name in ("red", "black", "white", "orange", "gold", "grey", "Red/Black")),
    ("material", "leather"), ("material", "stainless steel"), ("ram_gb", "8"), ("ram_gb", "16"), ("storage_gb", "512"),
    ("storage_gb", "1000"), ("ssd capacity", "1024"), ("internal memory", "16"), ("screen_in", "15.6"), ("size", "M"),
    ("size", "42"), ("length_m", "2"), ("power_w", "65"), ("capacity_l", "1.5"), ("capacity_mah", "10000"),
    ("speed", "2.4 GHz"), ("weight_kg", "2"), ("weight_g", "5"), ("connectivity", "wireless"),
]  # fmt: skip
VOCABULARY = vocabulary_of(BRANDS, VALUES)


def price(low: int | None, high: int | None) -> str:
    return f"price {'' if low is None else low}-{'' if high is None else high}"


def shown(said: Said) -> str:
    """`kind: what`, short enough for a table."""
    if said.kind == "price":
        return price(said.min_cents, said.max_cents)
    if said.kind == "rating":
        return f"rating {said.rating:g}"
    if said.kind in {"brand", "not"} and said.brands:
        return f"{said.kind} {said.brands[0]}"
    if said.kind == "not":
        return f"not {said.words}"
    return " ".join([said.kind, *sorted(option.key for option in said.options)])


def read(query: str) -> tuple[str, list[str]]:
    found = constraints(query, VOCABULARY)
    return without(query, found), [shown(said) for said in found]


FOUND = [
    ("headphones under $50", "headphones", [price(None, 4999)]),
    ("under $50 headphones", "headphones", [price(None, 4999)]),
    ("headphones under 50", "headphones", [price(None, 4999)]),
    ("mug below 50 dollars", "mug", [price(None, 4999)]),
    ("mug less than 50", "mug", [price(None, 4999)]),
    ("mug cheaper than $9.50", "mug", [price(None, 949)]),
    ("case up to €30", "case", [price(None, 3000)]),
    ("case for under £30", "case", [price(None, 2999)]),
    ("case max $30", "case", [price(None, 3000)]),
    ("case $30 or less", "case", [price(None, 3000)]),
    ("case <$30", "case", [price(None, 2999)]),
    ("mug 39,90 € or less", "mug", [price(None, 3990)]),
    ("laptop over 100", "laptop", [price(10000, None)]),
    ("laptop $100 and up", "laptop", [price(10000, None)]),
    ("laptop over $1,000", "laptop", [price(100000, None)]),
    ("tv under $1.5k", "tv", [price(None, 149999)]),
    ("bag from 20 to 40", "bag", [price(2000, 4000)]),
    ("bag between 20 and 40", "bag", [price(2000, 4000)]),
    ("bag $20-$40", "bag", [price(2000, 4000)]),
    ("bag 20 to 40 dollars", "bag", [price(2000, 4000)]),
    ("bag over $20 under $40", "bag", [price(2000, None), price(None, 3999)]),
    ("headphones under 50 for running", "headphones for running", [price(None, 4999)]),
    ("gift for under $20", "gift", [price(None, 1999)]),
    ("toys under 20", "toys", [price(None, 1999)]),
    ("under $20", "", [price(None, 1999)]),
    ("50元以下的耳机", "耳机", [price(None, 5000)]),
    ("耳机50元以下", "耳机", [price(None, 5000)]),
    ("耳机 低于50元", "耳机", [price(None, 4999)]),
    ("耳机 不超过 50 块", "耳机", [price(None, 5000)]),
    ("¥50以内的耳机", "耳机", [price(None, 5000)]),
    ("100到200元的手机", "手机", [price(10000, 20000)]),
    ("手机100-200元", "手机", [price(10000, 20000)]),
    ("手机 100元以上", "手机", [price(10000, None)]),
    ("手机50元以下", "手机", [price(None, 5000)]),
    ("cheap mug", "mug", ["cheap"]),
    ("便宜的耳机", "耳机", ["cheap"]),
    ("headphones 4 stars and up", "headphones", ["rating 4"]),
    ("mug at least 4 stars", "mug", ["rating 4"]),
    ("4+ stars mug", "mug", ["rating 4"]),
    ("mug 4.5 stars or more", "mug", ["rating 4.5"]),
    ("mug rated 4 and up", "mug", ["rating 4"]),
    ("4星以上 耳机", "耳机", ["rating 4"]),
    ("耳机4星及以上", "耳机", ["rating 4"]),
    ("mug in stock", "mug", ["in_stock"]),
    ("mug available now", "mug", ["in_stock"]),
    ("有货的耳机", "耳机", ["in_stock"]),
    ("现货 耳机", "耳机", ["in_stock"]),
    ("red lamp", "lamp", ["value color"]),
    ("gray lamp", "lamp", ["value color"]),
    ("红色台灯", "台灯", ["value color"]),
    ("红色的台灯", "台灯", ["value color"]),
    ("leather wallet", "wallet", ["value material"]),
    ("stainless steel kettle", "kettle", ["value material"]),
    ("red case for iphone", "case for iphone", ["value color"]),
    ("laptop 16 GB", "laptop", ["measure internal memory ram_gb"]),
    ("16gb ram laptop", "laptop", ["measure internal memory ram_gb"]),
    ("笔记本16GB内存", "笔记本", ["measure internal memory ram_gb"]),
    ("laptop 512gb ssd", "laptop ssd", ["measure storage_gb"]),
    ("laptop 1TB", "laptop", ["measure ssd capacity storage_gb"]),
    ("laptop 1 TB", "laptop", ["measure ssd capacity storage_gb"]),
    ("laptop 1024 GB", "laptop", ["measure ssd capacity storage_gb"]),
    ("laptop 1000gb", "laptop", ["measure ssd capacity storage_gb"]),
    ("15.6 inch laptop", "laptop", ["measure screen_in"]),
    ('15.6" laptop', "laptop", ["measure screen_in"]),
    ("15.6寸 笔记本", "笔记本", ["measure screen_in"]),
    ("hdmi cable 2 m", "hdmi cable", ["measure length_m"]),
    ("200 cm cable", "cable", ["measure length_m"]),
    ("65w charger", "charger", ["measure power_w"]),
    ("1500 ml bottle", "bottle", ["measure capacity_l"]),
    ("power bank 10000mah", "power bank", ["measure capacity_mah"]),
    ("2.4ghz receiver", "receiver", ["measure speed"]),
    ("size 42 shoes", "shoes", ["size size"]),
    ("M码 T恤", "T恤", ["size size"]),
    ("lenovo laptop", "laptop", ["brand Lenovo"]),
    ("tripp lite cable", "cable", ["brand Tripp Lite"]),
    ("联想笔记本", "笔记本", ["brand Lenovo"]),
    ("phone not Apple", "phone", ["not Apple"]),
    ("phone non-apple", "phone", ["not Apple"]),
    ("phone not from apple", "phone", ["not Apple"]),
    ("printer except HP", "printer", ["not HP"]),
    ("cable other than tripp lite", "cable", ["not Tripp Lite"]),
    ("lamp not red", "lamp", ["not red"]),
    ("headphones without wireless", "headphones", ["not wireless"]),
    ("headphones without wireless under $50", "headphones", ["not wireless", price(None, 4999)]),
    ("手机 非苹果", "手机", ["not Apple"]),
    ("不要苹果的手机", "手机", ["not Apple"]),
    ("耳机 不要蓝牙", "耳机", ["not 蓝牙"]),
    ("不含咖啡因的茶", "茶", ["not 咖啡因"]),
    ("red lamp under $20 in stock", "lamp", ["value color", price(None, 1999), "in_stock"]),
    ("sony headphones not red under 100", "headphones", ["brand Sony", "not red", price(None, 9999)]),
    ("16 GB", "", ["measure internal memory ram_gb"]),
]  # fmt: skip

LEFT_ALONE = [
    "", "   ", "mug", "under", "under desk", "under desk treadmill", "under armour shoes", "weights under 2 kg",
    "laptop under 15 inch", "up to 16 gb ram", "over 500gb drive", "toys under 5 years", "kids under 10",
    "women over 50 vitamins", "vitamins for men over 50", "films under 18", "under 18", "books under 300 pages",
    "10 ft cable", "non-apple phone", "4k tv", "monitor up to 4k", "windows 10", "iphone 11", "rtx 2060",
    "playstation 4", "apple", "vans", "desk", "red",
    "lenovo", "best rated mug", "5 star hotel guide", "4 star notebook", "$50 headphones", "$25 gift card",
    "toner for HP 2035", "case for iPhone", "charger for lenovo laptop", "ink compatible with hp", "适用于联想的充电器",
    "bag for 15.6 inch laptop", "2 in 1 laptop", "2 in 1 charger", "5g phone", "no bluetooth keyboard", "no. 5 perfume",
    "not your mother's shampoo", "do not disturb sign", "non-stick pan", "laptop -hp", "usb-c hub", "red-hot sauce",
    "10以内加减法", "无线耳机", "2 x 8gb kit", "30 x 40 cm frame", "one size hat", "stock pot", "over the door hook",
    "1984", "between us", "area 51", "catch 22", "at least it is friday", "from 9 to 5", "cheap", "便宜",
]  # fmt: skip


@pytest.mark.parametrize(("query", "rest", "expected"), FOUND)
def test_a_constraint_is_read_and_the_rest_is_left(query: str, rest: str, expected: list[str]) -> None:
    assert read(query) == (rest, expected)


@pytest.mark.parametrize("query", LEFT_ALONE)
def test_words_that_are_no_constraint_stay_as_they_are(query: str) -> None:
    assert read(query) == (query, [])


def test_a_word_is_also_the_values_that_it_is_a_part_of() -> None:
    (said,) = constraints("red lamp", VOCABULARY)
    assert [option.values for option in said.options] == [("red", "Red/Black")]


_WORDS = (
    "under over $50 50 € 元 以下 到 - and from to between not without except apple red 16 gb ram 4 stars up 星以上 in "
    "stock 有货 cheap 便宜的 size 42 不要 的 , lamp 台灯 for 1,000 k + 2 m tb 1TB"
).split()
_QUERIES = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from(_WORDS), max_size=9).flatmap(
        lambda words: st.sampled_from([" ".join(words), "".join(words)])
    ),
)


@given(_QUERIES)
def test_parts_are_in_order_never_overlap_and_say_what_the_query_says(query: str) -> None:
    last = 0
    for said in constraints(query, VOCABULARY):
        assert last <= said.start < said.stop <= len(query)
        last = said.stop
        assert query[said.start : said.stop].strip() == query[said.start : said.stop]
        left = without(query, (said,))
        assert left == query or len(left) < len(query)


@given(_QUERIES)
def test_what_is_left_has_no_constraint_of_its_own(query: str) -> None:
    rest = without(query, constraints(query, VOCABULARY))
    again = constraints(rest, VOCABULARY)
    assert {said.kind for said in again} <= {"value", "brand"}
    if not constraints(query, VOCABULARY):
        assert rest == query
