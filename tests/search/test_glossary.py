"""A Chinese query in English by a small glossary."""

import pytest

from search.glossary import NAME, NO_GLOSSARY, Glossary

GLOSSARY = Glossary(
    {
        "跑鞋": ("running shoes", NAME),
        "婴儿推车": ("pram", NAME),
        "手机": ("phone", 0.8),
        "手机壳": ("phone case", NAME),
        "无线": ("wireless", 0.5),
        "线": ("cable", 0.4),
        "红色": ("red", NAME),
        "桌面游戏": ("board game", NAME),
        "充电宝": ("power bank", NAME),
        "充电器": ("charger", NAME),
        "电": ("electric", 0.4),
    }
)


@pytest.mark.parametrize(
    ("query", "english"),
    [
        ("手机壳", "phone case"),  # not "phone" and something
        ("红色手机壳", "red phone case"),
        ("无线充电器", "wireless charger"),  # not "cable" and something
        ("跑步鞋", "running shoes"),  # said longer
        ("婴儿车", "pram"),  # said shorter
        ("桌游", "board game"),  # the first characters of its words
        ("手机壳 leather", "phone case leather"),
        ("无线 headphones", "wireless headphones"),
        ("Nordvik手机壳", "nordvik phone case"),
        ("USB-C 线", "usb-c cable"),
        ("手机 手机壳", "phone case"),  # no word twice
        ("我的手机", "phone"),  # what is unknown is left out
    ],
)
def test_what_a_query_says(query: str, english: str) -> None:
    assert GLOSSARY.english(query) == english


@pytest.mark.parametrize("query", ["", "phone case", "55 inch tv", "café"])
def test_a_query_without_chinese_is_not_read(query: str) -> None:
    assert GLOSSARY.english(query) is None


@pytest.mark.parametrize("query", ["大象", "大象 42", "大"])
def test_nothing_is_said_where_nothing_is_known(query: str) -> None:
    assert GLOSSARY.english(query) is None


def test_the_latin_words_are_told_where_the_chinese_is_unknown() -> None:
    assert GLOSSARY.english("大象 keyring") == "keyring"
    assert NO_GLOSSARY.english("手机 case") == "case"


def test_a_long_query_is_read_in_no_time_to_speak_of() -> None:
    assert GLOSSARY.english("红色手机壳" * 100) == "red phone case"


def test_a_synonym_of_a_name_is_read_as_the_name() -> None:
    known = Glossary({"太阳镜": ("sunglasses", NAME), "外套": ("coat", 0.9), "夹克": ("jacket", 0.9)})
    taught = known.taught([("墨镜", ("太阳镜", "眼镜")), ("外套", ("夹克",)), ("太阳镜", ("墨镜",))])
    assert taught.english("红色墨镜") == "sunglasses"
    assert taught.english("外套") == "coat"
    assert taught.english("太阳镜") == "sunglasses"


def test_a_synonym_counts_only_as_it_stands() -> None:
    known = Glossary({"台式电脑": ("desktop computer", NAME)})
    taught = known.taught([("桌面电脑", ("台式电脑",))])
    assert taught.english("桌面电脑") == "desktop computer"
    assert taught.english("桌面") is None
