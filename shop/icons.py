"""The storefront's icons, drawn from its favicon: `python -m shop.icons` writes frontend/public/icons/.

An icon for "any" place keeps the favicon's rounded square. Where a phone cuts the icon to a shape of its own
(maskable, and Apple's), the square is full to its edges and the mark stays within the 80 % that every shape shows.
"""

import re
from pathlib import Path

PUBLIC = Path(__file__).resolve().parent.parent / "frontend" / "public"
SIZES = {  # name: (pixels, whether a phone cuts it)
    "icon-192.png": (192, False),
    "icon-512.png": (512, False),
    "maskable-192.png": (192, True),
    "maskable-512.png": (512, True),
    "apple-touch-icon.png": (180, True),
}
SAFE = 0.8  # of a maskable icon's width: https://www.w3.org/TR/appmanifest/#icon-masks


def write_icons(favicon: Path, folder: Path) -> None:
    """Writes every icon of SIZES."""
    import resvg_py

    drawing = favicon.read_text(encoding="utf-8").strip()
    folder.mkdir(parents=True, exist_ok=True)
    for name, (size, is_cut) in SIZES.items():
        svg = to_the_edges(drawing) if is_cut else drawing
        (folder / name).write_bytes(bytes(resvg_py.svg_to_bytes(svg_string=svg, width=size)))


def to_the_edges(drawing: str) -> str:
    """The drawing with its ground, the first rectangle, unrounded, and its mark made smaller around the middle."""
    ground = re.search(r'<rect width="(\d+)"[^>]*?( rx="\d+")[^>]*/>', drawing)
    if ground is None:
        raise ValueError("The favicon has no rounded rectangle as its ground.")
    middle = int(ground[1]) * (1 - SAFE) / 2
    square = ground[0].replace(ground[2], "")
    before, after = drawing[: ground.start()], drawing[ground.end() :].removesuffix("</svg>")
    return f'{before}{square}<g transform="translate({middle} {middle}) scale({SAFE})">{after}</g></svg>'


if __name__ == "__main__":
    write_icons(PUBLIC / "favicon.svg", PUBLIC / "icons")
