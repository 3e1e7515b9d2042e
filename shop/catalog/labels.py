"""Names as shoppers read them: attribute labels and translated texts."""

from functools import lru_cache
from typing import Any

# Keys whose words do not say it well, and Chinese labels of common attributes.
_ENGLISH = {"ram_gb": "Memory (GB)", "storage_gb": "Storage (GB)", "capacity_l": "Capacity (L)", "capacity_ml": "Capacity (ml)",
            "screen_in": "Screen (in)", "screen_size_in": "Screen (in)", "battery_h": "Battery (h)", "power_w": "Power (W)",
            "length_cm": "Length (cm)", "width_cm": "Width (cm)", "height_cm": "Height (cm)", "weight_kg": "Weight (kg)",
            "length_m": "Length (m)", "size_in": "Size (in)", "capacity_mah": "Capacity (mAh)", "brightness_lm": "Brightness (lm)",
            "weight_g": "Weight (g)", "size_cm": "Size (cm)", "spf": "SPF", "pages": "Pages"}  # fmt: skip
_CHINESE = {"color": "颜色", "size": "尺码", "material": "材质", "connectivity": "连接方式", "compatible_with": "适用于", "ram_gb": "内存 (GB)",
            "storage_gb": "存储 (GB)", "screen_in": "屏幕 (英寸)", "screen_size_in": "屏幕 (英寸)", "capacity_l": "容量 (升)",
            "capacity_ml": "容量 (毫升)", "battery_h": "续航 (小时)", "power_w": "功率 (瓦)", "length_cm": "长度 (厘米)",
            "width_cm": "宽度 (厘米)", "height_cm": "高度 (厘米)", "weight_kg": "重量 (千克)", "length_m": "长度 (米)",
            "size_in": "尺寸 (英寸)", "capacity_mah": "容量 (毫安时)", "brightness_lm": "亮度 (流明)", "weight_g": "净重 (克)",
            "size_cm": "尺寸 (厘米)", "spf": "SPF", "pages": "页数", "style": "款式", "flavor": "口味", "scent": "香味", "age": "适用年龄",
            "pack_size": "件数", "type": "类型", "waterproof": "防水", "wireless": "无线", "noise_cancelling": "降噪",
            "rechargeable": "可充电", "gender": "人群", "pattern": "图案", "fit": "版型", "players": "人数", "language": "语言",
            "format": "装帧", "genre": "类别", "skin_type": "肤质", "pet_size": "宠物体型", "difficulty": "难度", "brand": "品牌",
            "category": "类别", "price": "价格", "rating": "评分", "in_stock": "有货", "feature": "特点", "season": "季节",
            "use": "用途", "speed": "速度", "resolution": "分辨率", "voltage": "电压", "finish": "表面", "organic": "有机", "roast": "烘焙度"}  # fmt: skip
_FACETS = {"category": "Category", "brand": "Brand", "price": "Price", "rating": "Rating", "in_stock": "Availability"}


@lru_cache(maxsize=4096)
def attribute_label(key: str, language: str) -> str:
    """`screen_in` as "Screen (in)"; a key that nobody named is shown with its own words."""
    if language == "zh" and key in _CHINESE:
        return _CHINESE[key]
    words = _ENGLISH.get(key) or _FACETS.get(key) or key.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def facet_label(key: str, language: str) -> str:
    """A facet's heading; attribute facets have keys such as `attr.color`."""
    return attribute_label(key.removeprefix("attr."), language)


def translated(translations: dict[str, Any] | None, field: str, default: str, language: str) -> str:
    """The field in that language, or the default."""
    words = (translations or {}).get(language) or {}
    return str(words.get(field) or default)
