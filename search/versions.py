"""Which encoder version is active, its adapter and its encoder, loaded once a process.

The active version is read from the database at most once a second, so that a promotion reaches every process within
seconds and no search waits for the question. A search takes one `ActiveEncoder` and keeps it: its query vector and
the product vectors it reads are of the same version.
"""

import logging
import threading
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from search.adapters import Adapter
from search.encoder import Encoder, EncoderUnavailable, Vectors, load_encoder
from search.learning_models import LearnedRanker, OnlineTest, QueryAdapter
from search.models import EncoderVersion
from search.ranker import FEATURES, Ranker, Weights
from search.remembered import Remembered
from search.trees import Trees
from search.variants import ADAPTER, LIVE, RANKER, Variant

logger = logging.getLogger(__name__)

RECHECK_S = 1.0
MAX_LOADED = 3  # encoders in memory, 60 MB each: the active one, and two of a test or a comparison
RETRY_S = 30.0  # a broken encoder is tried again after this
_SERVING = EncoderVersion.objects.defer("card", "gate")  # long reports: a search has no use for them


@dataclass(frozen=True)
class ActiveEncoder:
    """The version that answers a search: its number, its floors and weight, its encoder, the adapter of queries and the
    ranker."""

    version_id: int
    relevance_floor: float
    nonsense_ceiling: float
    lexical_weight: float
    kind_weight: float
    encoder: Encoder
    adapter: Adapter | None = None
    ranker: Ranker | None = None

    def encode_query(self, query: str) -> Vectors:
        """(d,) float32, unit; as the adapter, if there is one, moves it."""
        vector = self.encoder.encode_query(query)
        return self.adapter(vector) if self.adapter else vector


_lock = threading.Lock()
_version: tuple[float, EncoderVersion | None] = (0.0, None)
_encoders: dict[tuple[int, str], Encoder] = {}
_failed_at: dict[tuple[int, str], float] = {}


def active_version(*, fresh: bool = False) -> EncoderVersion | None:
    """The active version, at most RECHECK_S old; None before the first export."""
    global _version
    read_at, version = _version
    if fresh or time.monotonic() - read_at > RECHECK_S:
        version = _SERVING.filter(is_active=True).first()
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
            for other in list(_encoders)[: -MAX_LOADED]:  # the longest ago loaded; a search that has one keeps it
                del _encoders[other]
        return _encoders[key]


def encoder_folder(version: EncoderVersion) -> Path:
    """Where the version's files are; a relative path is under ENCODER_DIR, so the folder can move."""
    return Path(settings.ENCODER_DIR) / version.path


def active_encoder(variant: Variant = LIVE) -> ActiveEncoder | None:
    """The variant's version ready to encode, or None: then search answers lexically, and the log says why."""
    version = active_version() if variant.version_id is None else _other_version(variant.version_id)
    if version is None:
        return None
    try:
        encoder = encoder_of(version)
    except EncoderUnavailable as error:
        logger.warning("Searching without meaning: %s", error)
        return None
    return ActiveEncoder(
        version.pk,
        version.relevance_floor,
        version.nonsense_ceiling,
        version.lexical_weight if variant.lexical_weight is None else variant.lexical_weight,
        version.kind_weight,
        encoder,
        _adapter_of(version, variant),
        _ranker_of(version, variant),
    )


def can_answer(variant: Variant) -> bool:
    """Whether its version is there and its encoder loads."""
    version = active_version() if variant.version_id is None else _other_version(variant.version_id)
    try:
        return version is not None and encoder_of(version) is not None
    except EncoderUnavailable:
        return False


def _other_version(version_id: int) -> EncoderVersion | None:
    """A version that is compared with the active one."""
    active = active_version()
    return active if active and active.pk == version_id else _SERVING.filter(pk=version_id).first()


def _adapter_of(version: EncoderVersion, variant: Variant) -> Adapter | None:
    if ADAPTER not in variant.learners:
        return None
    if variant.adapter_id is not None:
        return _loaded_adapter(variant.adapter_id)
    number = _active_adapters().get(version.pk)
    return _loaded_adapter(number) if number else None


_active_adapters = Remembered(
    lambda: dict(QueryAdapter.objects.filter(is_active=True).values_list("version_id", "id")), max_age_s=RECHECK_S
)


@lru_cache(maxsize=8)
def _loaded_adapter(adapter_id: int) -> Adapter | None:
    """A row is never changed after it was written, so it is read once."""
    row = QueryAdapter.objects.filter(pk=adapter_id).first()
    return Adapter.from_bytes(bytes(row.down), bytes(row.up), rank=row.rank) if row else None


def _ranker_of(version: EncoderVersion, variant: Variant) -> Ranker | None:
    if RANKER not in variant.learners:
        return None
    number = _active_rankers().get(version.pk) if variant.ranker_id is None else variant.ranker_id
    return _loaded_ranker(number) if number else None


_active_rankers = Remembered(
    lambda: dict(LearnedRanker.objects.filter(is_active=True).values_list("version_id", "id")), max_age_s=RECHECK_S
)


@lru_cache(maxsize=8)
def _loaded_ranker(ranker_id: int) -> Ranker | None:
    """A row is never changed after it was written, so it is read once. None for one whose features are not made any
    more: the next night learns another."""
    row = LearnedRanker.objects.filter(pk=ranker_id).first()
    if row is None or tuple(row.features) != FEATURES:
        return None
    scorer = Trees.from_json(row.trees) if row.trees else Weights(np.array(row.weights))
    return Ranker(scorer, dict(zip(row.product_ids, row.lifts, strict=True)))


def versions_under_test() -> list[EncoderVersion]:
    """Those that an online test compares or is about to, beside the active one: their products are kept fresh, too."""
    tests = OnlineTest.objects.filter(ended_at__isnull=True).values_list("variant_a", "variant_b")
    numbers = {variant["version_id"] for pair in tests for variant in pair}
    return list(EncoderVersion.objects.filter(pk__in=numbers - {None}, is_active=False).order_by("pk"))


def activate(version: EncoderVersion) -> None:
    """Makes it the one that search uses, in one transaction; its products must be embedded by then."""
    with transaction.atomic():
        EncoderVersion.objects.exclude(pk=version.pk).filter(is_active=True).update(is_active=False)
        EncoderVersion.objects.filter(pk=version.pk).update(is_active=True, activated_at=timezone.now())


def forget() -> None:
    """Drops everything that is remembered: for tests, and after a promotion in this process."""
    global _version
    _version = (0.0, None)
    _active_adapters.forget()
    _loaded_adapter.cache_clear()
    _active_rankers.forget()
    _loaded_ranker.cache_clear()
    with _lock:
        _encoders.clear()
        _failed_at.clear()
