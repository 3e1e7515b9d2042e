"""The pack's file: one gzip stream that a browser unpacks by itself, a JSON text, then two blocks of int8.

    "PACK" | length of the JSON, uint32, little-endian | JSON | vectors, dimension by dimension | table, likewise

By dimension, because the numbers of one are alike. The blocks are noise in which gzip finds no repetitions, only that
some numbers are more frequent (Huffman 1952): looking for repetitions would make them 10 % larger.
"""

import gzip
import json
import struct
import zlib
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from search.pack.encoder import PRODUCT_STEP, QUERY_SCALE, TOKEN_STEP, Bytes, PackEncoder

LAYOUT = 1  # raise it when the phone's code could not read the file any more
MAGIC = b"PACK"
_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"  # no name, no time: the same pack is the same file


class PackInvalid(Exception):
    """The bytes are no pack of this layout; the message says why."""


@dataclass(frozen=True)
class Cards:
    """What the phone shows of products, column by column, the most popular product first.

    `brand`, `category` and `picture` are places in the lists of their names; -1 is none. `zh` is "" where the title is
    the same.
    """

    currency: str
    brands: list[str]
    categories: list[tuple[str, str, str]]  # slug, name, Chinese name or ""
    pictures: list[tuple[str, int, int, str]]  # checksum, width, height, colour
    id: list[int]
    sku: list[str]
    title: list[str]
    zh: list[str]
    brand: list[int]
    category: list[int]
    picture: list[int]
    price_cents: list[int]
    sale_price_cents: list[int | None]
    rating: list[float | None]
    ratings: list[int]
    in_stock: list[bool]

    def texts(self) -> list[str]:
        """The words of each product that the phone's index has."""
        named = zip(self.title, self.zh, self.brand, self.category, strict=True)
        return [
            " ".join((title, zh, self.brands[brand] if brand >= 0 else "", *self._names(category)))
            for title, zh, brand, category in named
        ]

    def _names(self, category: int) -> tuple[str, str]:
        return self.categories[category][1:] if category >= 0 else ("", "")


@dataclass(frozen=True, eq=False)
class Pack:
    """`vectors` (products, dimensions) in the cards' order."""

    cards: Cards
    encoder: PackEncoder
    vectors: Bytes
    version_id: int

    def to_bytes(self) -> bytes:
        """Gzipped; the same for the same pack."""
        about = {
            "layout": LAYOUT,
            "version": self.version_id,
            "dimensions": self.vectors.shape[1],
            "product_step": PRODUCT_STEP,
            "token_step": TOKEN_STEP,
            "query_scale": QUERY_SCALE,
            "tokens": "\n".join(self.encoder.tokens),
            "others": "\n".join(self.encoder.others),
            "cards": asdict(self.cards),
        }
        text = json.dumps(about, ensure_ascii=False, separators=(",", ":")).encode()
        blocks = self.vectors.T.tobytes() + self.encoder.table.T.tobytes()
        return _gzipped(MAGIC + struct.pack("<I", len(text)) + text, blocks)


def from_bytes(packed: bytes) -> Pack:
    """What `to_bytes` gave. Raises PackInvalid."""
    try:
        raw = gzip.decompress(packed)
    except (OSError, EOFError, zlib.error) as error:
        raise PackInvalid(f"The pack cannot be unpacked: {error}") from error
    if raw[:4] != MAGIC:
        raise PackInvalid("The file is no pack.")
    end = 8 + struct.unpack("<I", raw[4:8])[0]
    about = json.loads(raw[8:end])
    if about["layout"] != LAYOUT:
        raise PackInvalid(f"The pack has layout {about['layout']}, not {LAYOUT}.")
    cards, tokens, width = _cards(about["cards"]), tuple(about["tokens"].split("\n")), about["dimensions"]
    numbers = np.frombuffer(raw, dtype=np.int8, offset=end)
    if len(numbers) != width * (len(cards.id) + len(tokens)):
        raise PackInvalid("The pack ends too early.")
    vectors, table = np.split(numbers, [width * len(cards.id)])
    encoder = PackEncoder(tokens, table.reshape(width, -1).T.copy(), tuple(about["others"].split("\n")))
    return Pack(cards, encoder, vectors.reshape(width, -1).T.copy(), about["version"])


def _cards(columns: dict[str, Any]) -> Cards:
    lists = {name: [tuple(row) for row in columns[name]] for name in ("categories", "pictures")}
    return Cards(**{**columns, **lists})


def _gzipped(text: bytes, blocks: bytes) -> bytes:
    """One stream of two deflate parts (RFC 1951): the first ends with a full flush, so the second needs none of it."""
    first = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    second = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_HUFFMAN_ONLY)
    body = first.compress(text) + first.flush(zlib.Z_FULL_FLUSH) + second.compress(blocks) + second.flush()
    checksum, length = zlib.crc32(text + blocks), len(text) + len(blocks)
    return _GZIP_HEADER + body + struct.pack("<II", checksum, length % 2**32)
