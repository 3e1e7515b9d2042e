"""Which encoder version is active, and its encoder, loaded once a process.

The active version is read from the database at most once a second, so that a promotion reaches every process within
seconds and no search waits for the question. A search takes one `ActiveEncoder` and keeps it: its query vector and
the product vectors it reads are of the same version.
"""

import logging
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from search.encoder import Encoder, EncoderUnavailable, load_encoder
from search.models import EncoderVersion

logger = logging.getLogger(__name__)

RECHECK_S = 1.0
RETRY_S = 30.0  # a broken encoder is tried again after this


@dataclass(frozen=True)
class ActiveEncoder:
    """The active version's number, its floors and its encoder."""

    version_id: int
    relevance_floor: float
    nonsense_ceiling: float
    encoder: Encoder


_lock = threading.Lock()
_version: tuple[float, EncoderVersion | None] = (0.0, None)
_encoders: dict[tuple[int, str], Encoder] = {}
_failed_at: dict[tuple[int, str], float] = {}


def active_version(*, fresh: bool = False) -> EncoderVersion | None:
    """The active version, at most RECHECK_S old; None before the first export."""
    global _version
    read_at, version = _version
    if fresh or time.monotonic() - read_at > RECHECK_S:
        version = EncoderVersion.objects.filter(is_active=True).first()
        _version = (time.monotonic(), version)
    return version


def encoder_of(version: EncoderVersion, *, threads: int = 1) -> Encoder:
    """The version's encoder, kept in memory. Raises EncoderUnavailable (again only after RETRY_S)."""
    key = (version.pk, version.checksum)
    with _lock:
        if key not in _encoders:
            if time.monotonic() - _failed_at.get(key, -RETRY_S) < RETRY_S:
                raise EncoderUnavailable(f"Encoder {version} could not be loaded a moment ago.")
            try:
                _encoders[key] = load_encoder(
                    encoder_folder(version), threads=threads, query_cache=settings.SEARCH_QUERY_CACHE
                )
            except EncoderUnavailable:
                _failed_at[key] = time.monotonic()
                raise
        return _encoders[key]


def encoder_folder(version: EncoderVersion) -> Path:
    """Where the version's files are; a relative path is under ENCODER_DIR, so the folder can move."""
    return Path(settings.ENCODER_DIR) / version.path


def active_encoder() -> ActiveEncoder | None:
    """The active version ready to encode, or None: then search answers lexically, and the log says why."""
    version = active_version()
    if version is None:
        return None
    try:
        return ActiveEncoder(version.pk, version.relevance_floor, version.nonsense_ceiling, encoder_of(version))
    except EncoderUnavailable as error:
        logger.warning("Searching without meaning: %s", error)
        return None


def activate(version: EncoderVersion) -> None:
    """Makes it the one that search uses, in one transaction; its products must be embedded by then."""
    with transaction.atomic():
        EncoderVersion.objects.exclude(pk=version.pk).filter(is_active=True).update(is_active=False)
        EncoderVersion.objects.filter(pk=version.pk).update(is_active=True, activated_at=timezone.now())


def forget() -> None:
    """Drops everything that is remembered: for tests, and after a promotion in this process."""
    global _version
    _version = (0.0, None)
    with _lock:
        _encoders.clear()
        _failed_at.clear()
