"""A small pack without a database, and what is asked of it: the storefront's tests answer the same.

`python -m tests.search.packs` writes the files that those tests read; a test here says when they are out of date.
"""

import json
import random
from pathlib import Path

import numpy as np

from search.pack.encoder import PackEncoder, whole
from search.pack.format import Cards, Pack
from search.pack.index import PackIndex
from search.pack.searching import PackSearch

FOLDER = Path(__file__).parents[2] / "frontend" / "src" / "pack" / "fixtures"
PACK, ANSWERS = FOLDER / "small.pack.gz", FOLDER / "answers.json"
QUERIES, MOST = 200, 10
KINDS = (
    ("Coffee Mug", "咖啡杯", "kitchen", "Kitchen", "厨房"),
    ("Coffee Maker", "咖啡机", "kitchen", "Kitchen", "厨房"),
    ("Wireless Headphones", "无线耳机", "audio", "Audio", "音响"),
    ("Desk Lamp", "台灯", "lighting", "Lighting", "灯具"),
    ("Crème Brûlée Torch", "喷火枪", "kitchen", "Kitchen", "厨房"),
    ("USB-C Cable 2.5 m", "数据线", "audio", "Audio", "音响"),
    ("Glass Vases", "玻璃花瓶", "home", "Home", "家居"),
    ("16GB Memory 内存", "16GB内存", "audio", "Audio", "音响"),
)  # fmt: skip
COLOURS = (("Red", "红色"), ("Blue", "蓝色"), ("Green", "绿色"), ("Black", "黑色"), ("Olive", "橄榄绿"))
BRANDS = ("Casalina", "O'Neil & Co", "Nordwind", "")
ASKED = (
    "coffee", "coff", "cofee", "cofe m", "hedphones", "hedph", "wirless headphnes",
    "red desk lamp", "lamps", "vase", "vaze", "lambs", "glass", "creme brulee", "CRÈME",
    "usb-c", "2.5 m", "16gb", "16GB内存", "咖啡", "咖", "红色咖啡杯", "耳机 黑色", "台灯", "qwxzzk", "",
    "   ", "!?", "something to keep coffee hot", "o'neil", "casalina mug ", "mug ", "mu",
    "m", "torch for the kitchen",
)  # fmt: skip


def small_pack() -> Pack:
    """120 products; vectors and table are random, but the same each time."""
    rng = np.random.default_rng(11)
    rows = [(kind, colour, version) for version in range(3) for kind in KINDS for colour in COLOURS]
    names = [(brand, f"{brand} {colour[0]} {kind[0]} {version}".strip(), f"{colour[1]}{kind[1]} {version}")
             for number, (kind, colour, version) in enumerate(rows) for brand in [BRANDS[number % 4]]]  # fmt: skip
    categories = list(dict.fromkeys(kind[2:] for kind in KINDS))
    cards = Cards(
        currency="USD",
        brands=[brand for brand in BRANDS if brand],
        categories=categories,
        pictures=[("a1", 960, 960, "#e8eef7")],
        id=[100 + row for row in range(len(rows))],
        sku=[f"S-{row}" for row in range(len(rows))],
        title=[title for _, title, _ in names],
        zh=[zh for _, _, zh in names],
        brand=[BRANDS.index(brand) if brand else -1 for brand, _, _ in names],
        category=[categories.index(kind[2:]) if colour[0] != "Olive" else -1 for kind, colour, _ in rows],
        picture=[0 if row % 2 else -1 for row in range(len(rows))],
        price_cents=[500 + 37 * row for row in range(len(rows))],
        sale_price_cents=[400 if row % 5 == 0 else None for row in range(len(rows))],
        rating=[4.25 if row % 3 else None for row in range(len(rows))],
        ratings=[row % 3 for row in range(len(rows))],
        in_stock=[row % 7 > 0 for row in range(len(rows))],
    )
    tokens = ("coffee", "mug", "hot", "keep", "lamps", "headphones", "wireless", "red", "glass", "coffee mug", "咖啡")
    encoder = PackEncoder(tokens, whole(0.4 * rng.normal(size=(len(tokens), 24)), 0.04), ("vaze", "lamb"))
    return Pack(cards, encoder, whole(0.15 * rng.normal(size=(len(rows), 24)), 0.02), version_id=3)


def search_of(pack: Pack) -> PackSearch:
    return PackSearch(pack.encoder, PackIndex(pack.cards.texts(), pack.encoder.knows), pack.vectors)


def queries(titles: list[str]) -> list[str]:
    """QUERIES texts: those of ASKED, and pieces, beginnings and misspellings of titles."""
    rng = random.Random(4)
    found = list(ASKED)
    while len(found) < QUERIES:
        words = rng.choice(titles).lower().split()
        start = rng.randrange(len(words))
        text = " ".join(words[start : start + rng.randint(1, 3)])
        cut = rng.randrange(1, len(text) + 1)
        typo = text[: cut - 1] + rng.choice("aeiou") + text[cut:]
        found.append(rng.choice([text, text[:cut], typo, f"{text} "]))
    return found


def answers(pack: Pack) -> list[dict[str, object]]:
    search, cards = search_of(pack), pack.cards
    asked = queries([*cards.title, *cards.zh])
    return [{"query": query, "ids": [cards.id[row] for row in search.search(query, MOST)]} for query in asked]


def write_fixtures(pack: Pack, packed: Path, answered: Path) -> None:
    packed.parent.mkdir(parents=True, exist_ok=True)
    packed.write_bytes(pack.to_bytes())
    lines = ",\n".join(json.dumps(answer, ensure_ascii=False) for answer in answers(pack))
    answered.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    write_fixtures(small_pack(), PACK, ANSWERS)
