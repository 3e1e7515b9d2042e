"""Names as shoppers read them: attribute labels, attribute values with their units, and translated texts."""

from functools import lru_cache
from typing import Any

# The last word of a key such as `screen_in` is the unit of its value.
_UNITS = {
    "gb": "GB", "tb": "TB", "in": "in", "w": "W", "wh": "Wh", "h": "h", "mah": "mAh", "l": "L", "ml": "ml",
    "kg": "kg", "g": "g", "m": "m", "cm": "cm", "mm": "mm", "lm": "lm", "v": "V", "hz": "Hz", "ghz": "GHz",
    "mp": "MP",
}  # fmt: skip
_CHINESE_UNITS = {
    "in": "英寸", "h": "小时", "l": "升", "ml": "毫升", "kg": "千克", "g": "克", "m": "米", "cm": "厘米",
    "mm": "毫米", "lm": "流明", "w": "瓦", "mah": "毫安时",
}  # fmt: skip
_ENGLISH = {
    "ram": "Memory", "spf": "SPF", "age": "For age", "in stock": "Availability",
}
_CHINESE = {
    "color": "颜色", "colour": "颜色", "product colour": "颜色", "size": "尺码", "material": "材质",
    "connectivity": "连接方式", "compatible with": "适用于", "compatibility": "适用于", "ram": "内存",
    "storage": "存储", "screen": "屏幕", "screen size": "屏幕", "capacity": "容量", "battery": "续航",
    "power": "功率", "length": "长度", "width": "宽度", "height": "高度", "depth": "深度", "weight": "重量",
    "brightness": "亮度", "spf": "SPF", "pages": "页数", "style": "款式", "flavor": "口味", "scent": "香味",
    "age": "适用年龄", "pack size": "件数", "type": "类型", "waterproof": "防水", "wireless": "无线",
    "noise cancelling": "降噪", "rechargeable": "可充电", "gender": "人群", "pattern": "图案", "fit": "版型",
    "players": "人数", "language": "语言", "format": "装帧", "genre": "类别", "skin type": "肤质",
    "pet size": "宠物体型", "difficulty": "难度", "feature": "特点", "season": "季节", "use": "用途",
    "speed": "速度", "resolution": "分辨率", "voltage": "电压", "finish": "表面", "organic": "有机",
    "roast": "烘焙度", "category": "类别", "brand": "品牌", "price": "价格", "rating": "评分", "in stock": "库存",
}  # fmt: skip
# Of things that are not counted themselves.
_PLURALS = {
    "memory": "memory sizes", "storage": "storage sizes", "internal memory": "memory sizes", "power": "power levels",
    "pages": "page counts", "players": "player counts", "compatible with": "fits", "battery": "battery sizes",
    "brightness": "brightness levels", "spf": "SPF levels", "for age": "ages",
}  # fmt: skip
_CHINESE_VALUES = {
    "yes": "是", "no": "否",
}


@lru_cache(maxsize=4096)
def attribute_label(key: str, language: str) -> str:
    """`storage_gb` as "Storage"; a key that nobody named is shown in its own words."""
    stem, unit = _split_unit(key)
    words = (stem if unit else key).replace("_", " ").strip()
    if language == "zh" and words in _CHINESE:
        return _CHINESE[words]
    english = _ENGLISH.get(key) or _ENGLISH.get(words) or words
    return english[:1].upper() + english[1:]


@lru_cache(maxsize=16384)
def attribute_value(key: str, value: str, language: str) -> str:
    """The value with its unit ("256 GB") or, for words, with a capital ("Recycled plastic")."""
    _, unit = _split_unit(key)
    if unit and _is_number(value):
        chinese = _CHINESE_UNITS.get(unit) if language == "zh" else None
        return f"{value} {chinese or _UNITS[unit]}"
    if language == "zh":
        return _CHINESE_VALUES.get(value, value)
    first = value.split(" ", 1)[0]
    return value[:1].upper() + value[1:] if first.isalpha() and first.islower() else value


def facet_label(key: str, language: str) -> str:
    """A facet's heading; attribute facets have keys such as `attr.color`."""
    return attribute_label(key.removeprefix("attr."), language)


@lru_cache(maxsize=4096)
def counted_label(key: str, count: int, language: str) -> str:
    """How many values there are to choose from: "3 colors", "5 sizes", "2 capacities"; Chinese has no plural."""
    label = attribute_label(key, language)
    if language == "zh":
        return f"{count} 种{label}"
    words = label.lower()
    plural = _PLURALS.get(words)
    if plural is None:
        if words.endswith("y") and words[-2:-1] not in "aeiou":
            plural = f"{words[:-1]}ies"
        else:
            plural = f"{words}es" if words.endswith(("s", "x", "ch", "sh")) else f"{words}s"
    return f"{count} {plural}"


def translated(translations: dict[str, Any] | None, field: str, default: str, language: str) -> str:
    """The field in that language, or the default."""
    words = (translations or {}).get(language) or {}
    return str(words.get(field) or default)


def _split_unit(key: str) -> tuple[str, str]:
    stem, _, last = key.rpartition("_")
    return (stem, last) if stem and last in _UNITS else (key, "")


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


def money(cents: int, currency: str) -> str:
    """`$1,299.00`; a currency without a sign of its own stands behind the amount."""
    sign = {"USD": "$", "EUR": "€", "GBP": "£"}.get(currency, "")
    amount = f"{abs(cents) // 100:,}.{abs(cents) % 100:02d}"
    return f"{'-' if cents < 0 else ''}{sign}{amount}{'' if sign else f' {currency}'}"
