"""Where packs lie: files named after their content in MEDIA_ROOT, and which one is current.

A pack's name changes with its content, so browsers keep it for ever. The one before stays for phones that have just
been told of it. What was trained lies beside, so that new prices and products need no new training.
"""

import hashlib
import json
import tempfile
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from django.conf import settings

from search.pack.encoder import PackEncoder, Space

FOLDER = "search-packs"
CURRENT, TRAINED = "current.json", "trained.npz"
KEPT = 3


@dataclass(frozen=True)
class CurrentPack:
    """`source` says what it was built from; `trained_at` is when its encoder was, `took_s` what building took."""

    checksum: str
    version_id: int
    products: int
    bytes: int
    source: str
    trained_at: datetime
    built_at: datetime
    took_s: float


def current_pack() -> CurrentPack | None:
    """None where none was ever built, or its file is gone."""
    try:
        said = json.loads((_folder() / CURRENT).read_text())
        times = {name: datetime.fromisoformat(said[name]) for name in ("trained_at", "built_at")}
        pack = CurrentPack(**{**said, **times})
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return pack if pack_path(pack.checksum).is_file() else None


def pack_path(checksum: str) -> Path:
    return _folder() / f"{checksum}.pack.gz"


def checksum_of(packed: bytes) -> str:
    return hashlib.sha256(packed).hexdigest()[:20]


def keep_pack(packed: bytes, current: CurrentPack) -> None:
    """Makes it the current one; older than the KEPT latest are deleted."""
    _write(pack_path(current.checksum), packed)
    said = asdict(current) | {"trained_at": current.trained_at.isoformat(), "built_at": current.built_at.isoformat()}
    _write(_folder() / CURRENT, json.dumps(said).encode())
    packs = sorted(_folder().glob("*.pack.gz"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in packs[KEPT:]:
        path.unlink(missing_ok=True)


def keep_trained(encoder: PackEncoder, space: Space, version_id: int) -> None:
    _folder().mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=_folder(), suffix=".tmp", delete=False) as file:
        np.savez(
            file, version=version_id, tokens=np.array("\n".join(encoder.tokens)), table=encoder.table,
            others=np.array("\n".join(encoder.others)), mean=space.mean, components=space.components,
        )  # fmt: skip
    Path(file.name).replace(_folder() / TRAINED)


def trained(version_id: int) -> tuple[PackEncoder, Space] | None:
    """The latest that was trained, if it was for this version."""
    try:
        with np.load(_folder() / TRAINED) as kept:
            if int(kept["version"]) != version_id:
                return None
            tokens, others = (tuple(str(kept[name]).split("\n")) for name in ("tokens", "others"))
            encoder = PackEncoder(tokens, kept["table"], others)
            return encoder, Space(kept["mean"], kept["components"])
    except (OSError, ValueError, KeyError):
        return None


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as file:
        file.write(content)
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / FOLDER
