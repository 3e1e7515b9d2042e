"""Serving packs: what is current, and a file that never changes."""

import gzip
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from search.pack.files import CurrentPack, checksum_of, keep_pack
from tests.search.packs import small_pack


@pytest.fixture
def packed(tmp_path: Path, settings: Any) -> bytes:
    settings.MEDIA_ROOT = tmp_path
    content, now = small_pack().to_bytes(), timezone.now()
    keep_pack(content, CurrentPack(checksum_of(content), 1, 120, len(content), "source", now, now, 1.0))
    return content


def test_the_current_pack_is_named_and_served_for_ever(packed: bytes, client: Client) -> None:
    said = client.get("/api/search-pack/").json()
    assert said == {"url": f"/pack/{checksum_of(packed)}", "bytes": len(packed), "products": 120}
    answer = client.get(said["url"], headers={"accept-encoding": "gzip, br"})
    assert answer.content == packed
    assert answer["Content-Encoding"] == "gzip"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"


def test_who_cannot_unpack_gets_it_unpacked(packed: bytes, client: Client) -> None:
    answer = client.get(f"/pack/{checksum_of(packed)}")
    assert answer.content == gzip.decompress(packed)
    assert "Content-Encoding" not in answer


def test_without_a_pack_there_is_no_address(tmp_path: Path, settings: Any, client: Client) -> None:
    settings.MEDIA_ROOT = tmp_path
    assert client.get("/api/search-pack/").json() == {"url": None, "bytes": 0, "products": 0}


def test_a_broken_note_or_a_lost_file_is_no_pack(packed: bytes, settings: Any, client: Client) -> None:
    folder = Path(settings.MEDIA_ROOT) / "search-packs"
    next(folder.glob("*.pack.gz")).unlink()
    assert client.get("/api/search-pack/").json()["url"] is None
    (folder / "current.json").write_text("{")
    assert client.get("/api/search-pack/").json()["url"] is None


@pytest.mark.parametrize("name", ["0" * 20, "current", "trained", "ABCDEF"])
def test_other_names_are_not_found(packed: bytes, client: Client, name: str) -> None:
    assert client.get(f"/pack/{name}").status_code == 404
