"""How near a query is to the name of each category that holds products, for stores that sort their products.

Among "TV Wall Mount" and "Television" the names tell an accessory from the thing: "tv" is nearer to the second, while
both kinds of products speak of television. The vectors of names belong to a version, and the write path makes them.
"""

import time
from collections.abc import Sequence

import numpy as np
from django.db import transaction

from search.encoder import Encoder, Vectors
from search.fusion import Scores
from search.models import CategoryName, EncoderVersion
from search.partitions import Types
from shop.catalog.models import Category

MAX_AGE_S = 30.0
SHARPNESS = 0.03  # temperature of the softmax over categories: search/EXPERIMENTS.md, 2026-11-26

_cached: dict[int, tuple[float, tuple[Types, Vectors]]] = {}


def encode_names(version: EncoderVersion, encoder: Encoder) -> int:
    """Encodes the names of categories with products that are new or renamed; returns how many."""
    names = dict(Category.objects.filter(products__is_active=True).distinct().values_list("id", "name"))
    known = dict(CategoryName.objects.filter(version=version).values_list("category_id", "name"))
    stale = [pk for pk, name in names.items() if known.get(pk) != name]
    vectors = encoder.encode_documents([names[pk] for pk in stale])
    with transaction.atomic():
        CategoryName.objects.filter(version=version).exclude(category__in=names).delete()
        CategoryName.objects.bulk_create(
            [
                CategoryName(version=version, category_id=pk, name=names[pk], vector=vector.tobytes())
                for pk, vector in zip(stale, vectors, strict=True)
            ],
            update_conflicts=True,
            unique_fields=["version", "category"],
            update_fields=["name", "vector"],
        )
    return len(stale)


def category_shares(vector: Vectors, version_id: int, category_ids: Sequence[int]) -> Scores:
    """(n,) the probability of each of these categories given the query's vector (d,); 0 for unknown ones."""
    known, names = _names(version_id)
    if not len(known):
        return np.zeros(len(category_ids))
    cosine = names @ vector
    odds = np.exp((cosine - cosine.max()) / SHARPNESS)
    share = dict(zip(known.tolist(), (odds / odds.sum()).tolist(), strict=True))
    return np.array([share.get(category_id, 0.0) for category_id in category_ids])


def _names(version_id: int) -> tuple[Types, Vectors]:
    """Category ids (c,) and the vectors of their names (c, d), at most MAX_AGE_S old."""
    read_at, names = _cached.get(version_id, (float("-inf"), None))
    if names is None or time.monotonic() - read_at > MAX_AGE_S:
        rows = list(CategoryName.objects.filter(version=version_id).values_list("category_id", "vector"))
        vectors = [np.frombuffer(bytes(raw), dtype=np.float32) for _, raw in rows]
        names = np.array([pk for pk, _ in rows], dtype=np.int64), np.array(vectors, dtype=np.float32)
        for other in list(_cached)[:-1]:  # of versions that were active before; a test has two of them
            if other != version_id:
                _cached.pop(other, None)
        _cached[version_id] = (time.monotonic(), names)
    return names


def forget() -> None:
    """Reads the names anew: for tests, and in another database."""
    _cached.clear()
