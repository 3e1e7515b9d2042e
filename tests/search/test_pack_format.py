"""The pack's file: what is read is what was written, whatever else is refused."""

import gzip
import json
import struct
from dataclasses import asdict, replace

import numpy as np
import pytest

from search.pack.format import LAYOUT, MAGIC, PackInvalid, from_bytes
from tests.search.packs import ANSWERS, PACK, answers, small_pack


def test_what_is_read_is_what_was_written() -> None:
    pack = small_pack()
    read = from_bytes(pack.to_bytes())
    assert asdict(read.cards) == asdict(pack.cards)
    assert read.encoder.tokens == pack.encoder.tokens
    assert read.encoder.others == pack.encoder.others
    assert np.array_equal(read.encoder.table, pack.encoder.table)
    assert np.array_equal(read.vectors, pack.vectors)
    assert read.version_id == 3


def test_the_same_pack_is_the_same_file() -> None:
    assert small_pack().to_bytes() == small_pack().to_bytes()


def test_a_block_of_numbers_is_one_gzip_stream_with_the_text() -> None:
    packed = small_pack().to_bytes()
    assert gzip.decompress(packed)[:4] == MAGIC
    assert len(packed) < len(gzip.compress(gzip.decompress(packed), 9))


@pytest.mark.parametrize("spoil", [
    lambda raw: b"",
    lambda raw: gzip.compress(b"NOPE" + raw[4:]),
    lambda raw: gzip.compress(raw[:-1]),
    lambda raw: gzip.compress(raw + b"\0"),
    lambda raw: gzip.compress(raw)[:-20],
], ids=["empty", "another file", "too short", "too long", "broken gzip"])  # fmt: skip
def test_anything_else_is_refused(spoil) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(PackInvalid):
        from_bytes(spoil(gzip.decompress(small_pack().to_bytes())))


def test_another_layout_is_refused() -> None:
    raw = gzip.decompress(small_pack().to_bytes())
    end = 8 + struct.unpack("<I", raw[4:8])[0]
    about = json.dumps(json.loads(raw[8:end]) | {"layout": LAYOUT + 1}).encode()
    with pytest.raises(PackInvalid, match=f"layout {LAYOUT + 1}"):
        from_bytes(gzip.compress(MAGIC + struct.pack("<I", len(about)) + about + raw[end:]))


def test_a_pack_without_products_can_be_written_and_read() -> None:
    pack = small_pack()
    columns = {name: [] for name, value in asdict(pack.cards).items() if isinstance(value, list)}
    empty = replace(pack, cards=replace(pack.cards, **columns), vectors=pack.vectors[:0])
    assert from_bytes(empty.to_bytes()).vectors.shape == (0, 24)


def test_the_storefronts_fixtures_are_this_pack_and_its_answers() -> None:
    """If not: `python -m tests.search.packs`."""
    assert gzip.decompress(PACK.read_bytes()) == gzip.decompress(small_pack().to_bytes())
    assert json.loads(ANSWERS.read_text(encoding="utf-8")) == answers(small_pack())
