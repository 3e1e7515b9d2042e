"""Numbers with units, so that "1TB", "1 TB" and a facet `storage_gb` of 1000 or 1024 are the same thing.

An amount is brought to one unit a family: gigabytes, inches, millimetres, watts and so on. Inches stay apart from
millimetres, because screens are sold in inches and nobody who asks for 15 inches means a length of 381 mm.
"""

import re

Measure = tuple[str, float]  # family, amount in the family's unit

_UNITS: dict[str, tuple[str, float]] = {
    "gb": ("GB", 1), "g字节": ("GB", 1), "inch": ("in", 1), "inches": ("in", 1), "in": ("in", 1), '"': ("in", 1),
    "″": ("in", 1), "”": ("in", 1), "英寸": ("in", 1), "寸": ("in", 1), "mm": ("mm", 1), "cm": ("mm", 10),
    "m": ("mm", 1000), "毫米": ("mm", 1), "厘米": ("mm", 10), "米": ("mm", 1000), "metre": ("mm", 1000),
    "metres": ("mm", 1000), "meter": ("mm", 1000), "meters": ("mm", 1000), "w": ("W", 1), "watt": ("W", 1),
    "watts": ("W", 1), "kw": ("W", 1000), "瓦": ("W", 1), "mah": ("mAh", 1), "ah": ("mAh", 1000), "毫安": ("mAh", 1),
    "毫安时": ("mAh", 1), "wh": ("Wh", 1), "ml": ("ml", 1), "cl": ("ml", 10), "l": ("ml", 1000), "litre": ("ml", 1000),
    "litres": ("ml", 1000), "liter": ("ml", 1000), "liters": ("ml", 1000), "毫升": ("ml", 1), "升": ("ml", 1000),
    "hz": ("Hz", 1), "khz": ("Hz", 1e3), "mhz": ("Hz", 1e6), "ghz": ("Hz", 1e9), "kg": ("g", 1000), "g": ("g", 1),
    "千克": ("g", 1000), "公斤": ("g", 1000), "克": ("g", 1), "v": ("V", 1), "volt": ("V", 1), "volts": ("V", 1),
    "mp": ("MP", 1), "megapixel": ("MP", 1), "megapixels": ("MP", 1), "lm": ("lm", 1), "lumen": ("lm", 1),
    "lumens": ("lm", 1), "流明": ("lm", 1),
}  # fmt: skip
# Keys of feeds that leave the unit out: what the number is by the words of the key.
_UNSAID = (
    (re.compile(r"\b(?:internal memory|ram|storage capacity|ssd capacity|ssds capacity|hdd capacity)$"), "gb"),
    (re.compile(r"\b(?:display diagonal|screen size|diagonal)$"), "inch"),
)
_IN_MEGABYTES = re.compile(r"\b(?:memory|ram)$")  # feeds mix units here: 2048 beside 16
_NUMBER = r"\d{1,6}(?:\.\d{1,3})?"
_NAMES = "|".join(sorted((re.escape(name) for name in (*_UNITS, "tb")), key=len, reverse=True))
# "2 in 1" and "5 in the box" are no inches; "5g" beside a phone is a network, so grams need their space.
MEASURE = re.compile(
    rf"(?<![a-z0-9_.$€£¥/-])(?P<amount>{_NUMBER})(?P<gap>[ -]?)(?P<unit>{_NAMES})"
    r"(?![a-z0-9])(?!(?<=in) (?:\d|one\b|stock\b|the\b|an?\b))",
    re.IGNORECASE,
)
_WHOLE = re.compile(rf"({_NUMBER}) ?({_NAMES})", re.IGNORECASE)


def measure(amount: str, unit: str) -> Measure:
    """The amount in its family's unit; 1024, 1000 GB and a terabyte are one and the same."""
    name = unit.lower()
    if name == "tb":
        return "GB", round(float(amount) * 1000, 6)
    family, factor = _UNITS[name]
    value = round(float(amount) * factor, 6)
    if family == "GB" and value >= 1000 and value % 1024 == 0 and value % 1000:
        value = value / 1024 * 1000
    return family, value


def facet_measure(key: str, value: str) -> Measure | None:
    """What a facet's value measures, by the unit in it, at the end of its key, or implied by the key; often nothing."""
    whole = _WHOLE.fullmatch(value)
    if whole:
        return measure(whole[1], whole[2])
    if not re.fullmatch(_NUMBER, value):
        return None
    last = key.rpartition("_")[2]
    if last != key and (last in _UNITS or last == "tb"):
        return measure(value, last)
    said = key.replace("_", " ")
    unit = next((unit for pattern, unit in _UNSAID if pattern.search(said)), None)
    if unit is None or (float(value) >= 1000 and _IN_MEGABYTES.search(said)):
        return None
    return measure(value, unit)
