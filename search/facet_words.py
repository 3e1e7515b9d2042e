"""The words that a store's own catalogue gives a meaning: its brands and the values that its products are filtered by.

Only colours, materials and sizes count as words: "gaming" or "wireless" are values too, but belong to what is sought.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from search.measures import Measure, facet_measure
from search.words import normalise

_WORDY = re.compile(r"(?:^|[ _])(?:colou?r|material)$")
_SIZE = re.compile(r"^(?:size|(?:clothing|shoe|ring) size)$")
_PARTS = re.compile(r"\s*[,/&+]\s*")
_CHINESE = {
    "红色": "red", "蓝色": "blue", "绿色": "green", "黄色": "yellow", "黑色": "black", "白色": "white", "灰色": "grey",
    "银色": "silver", "金色": "gold", "粉色": "pink", "粉红色": "pink", "紫色": "purple", "棕色": "brown",
    "橙色": "orange", "米色": "beige", "皮革": "leather", "真皮": "leather", "纯棉": "cotton",
    "不锈钢": "stainless steel", "实木": "wood",
    "陶瓷": "ceramic", "玻璃": "glass", "硅胶": "silicone", "羊毛": "wool", "真丝": "silk",
}  # fmt: skip
_SPELLINGS = {"grey": "gray", "aluminium": "aluminum"}
_CHINESE_BRANDS = {
    "苹果": "apple", "三星": "samsung", "华为": "huawei", "小米": "xiaomi", "联想": "lenovo", "惠普": "hp",
    "戴尔": "dell", "索尼": "sony", "佳能": "canon", "爱普生": "epson", "微软": "microsoft", "任天堂": "nintendo",
    "飞利浦": "philips", "罗技": "logitech", "华硕": "asus", "宏碁": "acer", "谷歌": "google", "耐克": "nike",
    "阿迪达斯": "adidas", "兄弟": "brother", "松下": "panasonic",
}  # fmt: skip


@dataclass(frozen=True)
class Option:
    """A facet that may be meant, with the values that say so: "red" is also "Red/Black"."""

    key: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Vocabulary:
    """By folded words: brands as the catalogue spells them, and what facets a word, a size or a measure may be of."""

    brands: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: Mapping[str, tuple[Option, ...]] = field(default_factory=dict)
    sizes: Mapping[str, tuple[Option, ...]] = field(default_factory=dict)
    measures: Mapping[Measure, tuple[Option, ...]] = field(default_factory=dict)


def vocabulary_of(brands: Iterable[str], values: Iterable[tuple[str, str]]) -> Vocabulary:
    """From brand names and the (key, value) pairs of all facets."""
    spellings: dict[str, list[str]] = defaultdict(list)
    for brand in brands:
        spellings[_folded(brand)].append(brand)
    for chinese, brand in _CHINESE_BRANDS.items():
        if brand in spellings:
            spellings[chinese] = spellings[brand]
    words: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    sizes: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    found: dict[Measure, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for key, value in values:
        measure = facet_measure(key, value)
        if measure:
            found[measure][key].append(value)
        if _WORDY.search(key):
            for part in {_folded(part) for part in (value, *_PARTS.split(value))}:
                if len(part) > 2 and not part.isnumeric() and part not in {"yes", "not", "other", "none"}:
                    words[part][key].append(value)
        elif _SIZE.match(key):
            sizes[_folded(value)][key].append(value)
    for here, there in (*_SPELLINGS.items(), *((b, a) for a, b in _SPELLINGS.items()), *_CHINESE.items()):
        source = there if here in _CHINESE else here
        target = here if here in _CHINESE else there
        if source in words and target not in words:
            words[target] = words[source]
    return Vocabulary(
        brands={name: tuple(found) for name, found in spellings.items() if name},
        words={word: _options(keys) for word, keys in words.items()},
        sizes={size: _options(keys) for size, keys in sizes.items()},
        measures={measure: _options(keys) for measure, keys in found.items()},
    )


def _options(keys: Mapping[str, list[str]]) -> tuple[Option, ...]:
    return tuple(Option(key, tuple(values)) for key, values in keys.items())


def _folded(text: str) -> str:
    return " ".join(normalise(text).split())
