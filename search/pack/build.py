"""Keeps the phone's pack as new as the catalogue and the active version.

Training takes a minute or two, so it is done for a new version, and when a tenth of the products was edited since;
prices, new and deleted products take the encoder that there is, and seconds.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from django.db import transaction
from django.utils import timezone

from search.encoder import Vectors
from search.models import EncoderVersion, ProductEmbedding
from search.pack import files
from search.pack.cards import packed_products, read_cards
from search.pack.encoder import PackEncoder, Space
from search.pack.format import LAYOUT, Pack
from search.pack.training import train_encoder
from search.rebuilding import catalogue_state, is_due, take_turn
from search.versions import ActiveEncoder, active_encoder
from shop.catalog.models import Product

MIN_AGE = timedelta(minutes=10)  # of a pack before there is another: phones need not load it more often
EDITED_SHARE = 0.1  # of the products, edited since the training, that make another one worth it
_BUILD_LOCK = 7_041_031  # advisory lock: one process at a time builds


@dataclass(frozen=True)
class Built:
    """A pack with the encoder's training, which is None where the encoder is an older one."""

    pack: Pack
    space: Space
    is_trained: bool


def refresh_pack(*, at_once: bool = False) -> int:
    """Builds the pack anew if the catalogue or the version has changed; returns its products, 0 if it did not.

    Not before MIN_AGE unless `at_once`, which also trains anew. Without an encoder, or a product with a vector, the
    last pack stays.
    """
    active = active_encoder()
    if active is None:
        return 0
    with transaction.atomic():
        if not take_turn(_BUILD_LOCK):
            return 0
        latest, (source, _) = files.current_pack(), catalogue_state(LAYOUT, active.version_id)
        ids = packed_products(active.version_id)
        if not ids or (latest and not at_once and (latest.source == source or not _is_old(latest))):
            return 0
        started = time.monotonic()
        known = None if at_once or _is_outgrown(latest, active) else files.trained(active.version_id)
        built = build_pack(active, ids, known)
        packed, now = built.pack.to_bytes(), timezone.now()
        if built.is_trained:
            files.keep_trained(built.pack.encoder, built.space, active.version_id)
        files.keep_pack(
            packed,
            files.CurrentPack(
                checksum=files.checksum_of(packed),
                version_id=active.version_id,
                products=len(ids),
                bytes=len(packed),
                source=source,
                trained_at=now if built.is_trained or latest is None else latest.trained_at,
                built_at=now,
                took_s=time.monotonic() - started,
            ),
        )
    return len(ids)


def build_pack(active: ActiveEncoder, product_ids: list[int], known: tuple[PackEncoder, Space] | None = None) -> Built:
    """Of these products, which have vectors under the active version; `known` is an encoder trained before."""
    vectors = _vectors(product_ids, active.version_id)
    if known is None:
        space = Space.of(vectors)
        version = EncoderVersion.objects.get(pk=active.version_id)
        encoder = train_encoder(active, version, vectors, space)
    else:
        encoder, space = known
    return Built(
        Pack(read_cards(product_ids), encoder, space.products(vectors), active.version_id), space, known is None
    )


def _vectors(product_ids: list[int], version_id: int) -> Vectors:
    """(n, d) float32, in order."""
    rows = ProductEmbedding.objects.filter(version=version_id, product__in=product_ids)
    known = {pk: np.array(vector) for pk, vector in rows.values_list("product_id", "vector").iterator()}
    return np.stack([known[pk] for pk in product_ids]).astype(np.float32)


def _is_outgrown(latest: files.CurrentPack | None, active: ActiveEncoder) -> bool:
    """Whether the encoder is for another version, or too much was edited since it was trained."""
    return latest is None or latest.version_id != active.version_id or _edited_share(latest.trained_at) > EDITED_SHARE


def _edited_share(since: datetime) -> float:
    for_sale = Product.objects.filter(is_active=True)
    return for_sale.filter(updated_at__gt=since).count() / max(1, for_sale.count())


def _is_old(latest: files.CurrentPack) -> bool:
    return is_due(latest.built_at, latest.took_s, min_age=MIN_AGE)
