"""Draws a demo product's pictures: an icon, recoloured, on a soft tinted ground; whole, close up, and in a scene.

SVG text in, SVG text out; 960 units square. Recolouring turns the icon's main hue to the product's colour and leaves
other hues (a screen, a leaf, a tongue) as they are, so a red backpack stays a backpack with grey straps.
"""

import colorsys
import gzip
import json
import re
from collections import Counter
from functools import cache, lru_cache

from shop.catalog.demo.pick_art import ART

SIZE = 960
VIEWS = ("whole", "close", "scene")
# Hue in degrees, saturation and lightness factors; neutral colours have no hue.
_TARGETS: dict[str, tuple[float | None, float, float]] = {
    "red": (2, 1.0, 0.98), "orange": (28, 1.0, 1.0), "yellow": (46, 1.05, 1.05), "green": (142, 0.75, 0.92),
    "blue": (214, 0.9, 1.0), "purple": (268, 0.85, 1.0), "pink": (338, 0.8, 1.12), "brown": (24, 0.5, 0.75),
    "black": (None, 0.06, 0.42), "white": (None, 0.08, 1.55), "grey": (None, 0.06, 0.95), "silver": (None, 0.1, 1.25),
}  # fmt: skip
GREY_PAINT = 0.55  # saturation of what was grey
# Grounds: pairs of light tints by department, picked to sit well beside each other in a grid.
_GROUNDS = {
    "phones": ("#eef1fb", "#dfe5f8"), "computers": ("#eef3f7", "#dde8f0"), "audio": ("#f4effa", "#e7ddf4"),
    "cameras": ("#f6f1ec", "#ecdfd3"), "kitchen": ("#fdf1ea", "#f9dfcf"), "home": ("#f4f3ec", "#e6e3d3"),
    "tools": ("#f1f4ee", "#dfe7d6"), "clothing": ("#fbf0f2", "#f4dde2"), "shoes": ("#eef4f6", "#d9e8ec"),
    "beauty": ("#fdf0f4", "#f9dde7"), "sports": ("#eef6f0", "#d8ebde"), "stationery": ("#f1f2fb", "#dfe2f5"),
    "grocery": ("#fbf6e9", "#f4e9c9"), "pets": ("#f7f2ec", "#ebdfd0"), "health": ("#ecf6f6", "#d5eaea"),
    "toys": ("#fdf5e6", "#f9e6c4"), "music": ("#f8efea", "#eeddd2"), "jewellery": ("#f5f1f7", "#e6dcec"),
}  # fmt: skip
_HEX = re.compile(r"#[0-9A-Fa-f]{6}\b|#[0-9A-Fa-f]{3}\b")
_ID = re.compile(r'(id="|url\(#|href="#)([\w-]+)')


def compose(icons: tuple[str, ...], color: str, view: str, department: str) -> str:
    """The picture as SVG."""
    light, deep = _GROUNDS[department]
    main = _icon(icons[0], color, "a")
    extra = _icon(icons[1], "", "b") if len(icons) > 1 else ""
    if view == "close":
        art = _place(main, 500, 520, 940, turn=-10) + (_place(extra, 740, 250, 260, turn=8) if extra else "")
        return _svg(light, deep, art, shadow=(500, 900, 330))
    if view == "scene":
        strong = _scene_color(color, deep)
        art = _place(main, 480, 490, 520) + (_place(extra, 690, 330, 190) if extra else "")
        return _svg(strong, _mix(strong, "#000000", 0.14), _pedestal(strong) + art, shadow=(480, 762, 200))
    art = _place(main, 480, 474, 640) + (_place(extra, 738, 242, 220) if extra else "")
    return _svg(light, deep, art, shadow=(480, 790, 220))


def ground_color(view: str, color: str, department: str) -> str:
    """The picture's background as one colour, shown until it has loaded."""
    deep = _GROUNDS[department][1]
    return _scene_color(color, deep) if view == "scene" else _mix(*_GROUNDS[department], 0.5)


@cache
def _art() -> dict[str, str]:
    bodies: dict[str, str] = json.loads(gzip.decompress(ART.read_bytes()))
    return bodies


@lru_cache(maxsize=1024)
def _icon(name: str, color: str, prefix: str) -> str:
    """The icon's inner SVG with ids of its own, in the colour if one is given."""
    body = _ID.sub(lambda match: f"{match[1]}{prefix}-{match[2]}", _art()[name])
    return _recolour(body, color) if color in _TARGETS else body


def _recolour(body: str, color: str) -> str:
    hue, saturation_by, lightness_by = _TARGETS[color]
    main = _main_hue(body)

    def turn(match: re.Match[str]) -> str:
        h, lightness, s = colorsys.rgb_to_hls(*_rgb(match[0]))
        if main is None:  # a grey icon takes the colour as paint
            away, s = 0.0, GREY_PAINT
        elif s < 0.12 or abs((h * 360 - main + 180) % 360 - 180) > 48:
            return match[0]
        else:
            away = h * 360 - main
        new_hue = (hue if hue is not None else 220) + (away if hue is not None else 0) * 0.5
        new_l = min(0.96, lightness * lightness_by) if lightness_by <= 1.2 else 1 - (1 - lightness) * 0.42
        return _hex(*colorsys.hls_to_rgb((new_hue % 360) / 360, max(0.04, new_l), min(1.0, s * saturation_by)))

    return _HEX.sub(turn, body)


def _main_hue(body: str) -> float | None:
    """The hue, in degrees, that most of the icon's saturated colours are near; None for a grey icon."""
    weights: Counter[int] = Counter()
    for text in _HEX.findall(body):
        h, lightness, s = colorsys.rgb_to_hls(*_rgb(text))
        if s > 0.2 and 0.12 < lightness < 0.93:
            for near in (-1, 0, 1):
                weights[(int(h * 36) + near) % 36] += s * (2 if near == 0 else 1)  # type: ignore[assignment]
    return (weights.most_common(1)[0][0] + 0.5) * 10 if weights else None


def _place(body: str, x: float, y: float, size: float, turn: float = 0) -> str:
    """An icon of 32 units, centred at x, y."""
    scale = size / 32
    return f'<g transform="translate({x} {y}) rotate({turn}) scale({scale:.4g}) translate(-16 -16)">{body}</g>'


def _svg(light: str, deep: str, art: str, *, shadow: tuple[float, float, float]) -> str:
    x, y, width = shadow
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 {SIZE} {SIZE}" width="{SIZE}" height="{SIZE}">'
        f'<defs><radialGradient id="ground" cx="0.5" cy="0.36" r="0.8">'
        f'<stop offset="0" stop-color="{_mix(light, "#ffffff", 0.35)}"/><stop offset="1" stop-color="{deep}"/>'
        f'</radialGradient>'
        f'<radialGradient id="shade"><stop offset="0" stop-color="#1c2030" stop-opacity="0.26"/>'
        f'<stop offset="1" stop-color="#1c2030" stop-opacity="0"/></radialGradient></defs>'
        f'<rect width="{SIZE}" height="{SIZE}" fill="url(#ground)"/>'
        f'<ellipse cx="{x}" cy="{y}" rx="{width}" ry="{width * 0.15:.0f}" fill="url(#shade)"/>{art}</svg>'
    )


def _pedestal(strong: str) -> str:
    """A round wall light and a low plinth."""
    top, side = _mix(strong, "#ffffff", 0.34), _mix(strong, "#ffffff", 0.12)
    return (
        f'<circle cx="480" cy="440" r="330" fill="{_mix(strong, "#ffffff", 0.22)}"/>'
        f'<path d="M170 770v96c0 40 139 72 310 72s310-32 310-72v-96z" fill="{side}"/>'
        f'<ellipse cx="480" cy="770" rx="310" ry="62" fill="{top}"/>'
    )


def _scene_color(color: str, deep: str) -> str:
    """A richer ground that lets the product stand out: its opposite hue for strong colours, the tint for others."""
    hue = _TARGETS.get(color, (None, 0.0, 0.0))[0]
    h, _, s = colorsys.rgb_to_hls(*_rgb(deep))
    if hue is not None:
        h = ((hue + 160) % 360) / 360
    return _hex(*colorsys.hls_to_rgb(h, 0.72, min(0.5, s + 0.16)))


def _mix(one: str, other: str, share: float) -> str:
    """`share` of the other colour."""
    pairs = zip(_rgb(one), _rgb(other), strict=True)
    return _hex(*(a + (b - a) * share for a, b in pairs))


def _rgb(text: str) -> tuple[float, float, float]:
    digits = text[1:] if len(text) == 7 else "".join(char * 2 for char in text[1:])
    return int(digits[0:2], 16) / 255, int(digits[2:4], 16) / 255, int(digits[4:6], 16) / 255


def _hex(r: float, g: float, b: float) -> str:
    return "#" + "".join(f"{round(min(1.0, max(0.0, part)) * 255):02x}" for part in (r, g, b))
