"""Gives every product its kinds, under an encoder version: clusters of the catalogue, found anew when it has changed.

A product's kinds are stale when they are older than its vector, a comparison like all staleness (search/index.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Mod

from search.encoder import Vectors
from search.models import EncoderVersion, ProductEmbedding, ProductKinds, TypePartition
from search.partitions import SAMPLE, Types, assign, find_centres, find_centres_near, signatures

MIN_PRODUCTS = 50  # fewer are looked through without knowing their kinds
CHANGED = 0.2  # share by which the number of products must have moved to find kinds anew
BATCH = 5000
MOST = 0.8  # of the products had kinds under the parent: the new ones begin there


def infer_kinds(version: EncoderVersion) -> int:
    """Brings every embedded product's kinds up to date; returns how many were given."""
    products = ProductEmbedding.objects.filter(version=version).count()
    if products < MIN_PRODUCTS:
        return 0
    with transaction.atomic():  # a search sees the kinds of one clustering or of the other
        _take_turns()
        fitted = TypePartition.objects.filter(version=version).values_list("products", flat=True).first()
        if fitted is None or abs(products - fitted) > CHANGED * fitted:
            _find_kinds(version, products)
        return _assign_stale(version)


def _find_kinds(version: EncoderVersion, products: int) -> None:
    rows = ProductEmbedding.objects.filter(version=version).order_by("product_id")
    every = max(1, products // SAMPLE)
    sample = _read(rows.annotate(turn=Mod("product_id", every)).filter(turn=0))
    points, before = _points(sample), _kinds_of_parent(version, sample)
    centres = find_centres(points) if before is None else find_centres_near(points, before)
    TypePartition.objects.filter(version=version).delete()
    ProductKinds.objects.filter(version=version).delete()
    TypePartition.objects.bulk_create(
        TypePartition(version=version, number=number, centres=centres.tobytes(), products=products)
        for number, centres in enumerate(centres)
    )


def _kinds_of_parent(version: EncoderVersion, sample: Sequence["_Row"]) -> Types | None:
    """(n, p) the kinds under the version that this one was trained from, if most of the products have any."""
    if version.parent_id is None:
        return None
    ids = [row.product_id for row in sample]
    known = dict(
        ProductKinds.objects.filter(version=version.parent_id, product__in=ids).values_list("product_id", "kinds")
    )
    if len(known) < MOST * len(ids):
        return None
    width = len(next(iter(known.values())))
    return np.array([known.get(pk, [-1] * width) for pk in ids], dtype=np.int64).reshape(len(ids), width)


def _assign_stale(version: EncoderVersion) -> int:
    partitions = list(TypePartition.objects.filter(version=version).order_by("number"))
    current = ProductKinds.objects.filter(
        product=OuterRef("product"), version=OuterRef("version"), embedded_at__gte=OuterRef("embedded_at")
    )
    stale = ProductEmbedding.objects.filter(~Exists(current), version=version).order_by("product_id")
    done = 0
    while rows := _read(stale[:BATCH]):
        points = _points(rows)
        kinds = np.stack([assign(points, _centres(partition, points.shape[1])) for partition in partitions], axis=1)
        ProductKinds.objects.bulk_create(
            [
                ProductKinds(product_id=row.product_id, version=version, kinds=own, embedded_at=row.embedded_at)
                for row, own in zip(rows, kinds.tolist(), strict=True)
            ],
            update_conflicts=True,
            unique_fields=["product", "version"],
            update_fields=["kinds", "embedded_at"],
        )
        done += len(rows)
    return done


@dataclass(frozen=True)
class _Row:
    """An embedded product as it was read for its kinds."""

    product_id: int
    embedded_at: datetime
    vector: Vectors  # (d,)
    attribute_keys: tuple[str, ...]


def _read(embeddings: QuerySet[ProductEmbedding]) -> list[_Row]:
    found = embeddings.values_list("product_id", "embedded_at", "vector", "product__attributes").iterator()
    return [
        _Row(pk, embedded_at, np.array(vector, dtype=np.float32), tuple(attributes or ()))
        for pk, embedded_at, vector, attributes in found
    ]


def _points(rows: Sequence[_Row]) -> Vectors:
    return signatures(np.stack([row.vector for row in rows]), [row.attribute_keys for row in rows])


def _centres(partition: TypePartition, width: int) -> Vectors:
    return np.frombuffer(bytes(partition.centres), dtype=np.float32).reshape(-1, width)


def _take_turns() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7041004)")
