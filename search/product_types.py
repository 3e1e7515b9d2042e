"""Gives every product its kinds, under an encoder version: clusters of the catalogue, found anew when it has changed.

A product's kinds are stale when they are older than its vector, a comparison like all staleness (search/index.py).
"""

import numpy as np
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Mod

from search.encoder import Vectors
from search.models import EncoderVersion, ProductEmbedding, ProductKinds, TypePartition
from search.partitions import SAMPLE, assign, find_centres, signatures

MIN_PRODUCTS = 50  # fewer are looked through without knowing their kinds
CHANGED = 0.2  # share by which the number of products must have moved to find kinds anew
BATCH = 5000


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
    points = _points(rows.annotate(turn=Mod("product_id", every)).filter(turn=0))[1]
    TypePartition.objects.filter(version=version).delete()
    ProductKinds.objects.filter(version=version).delete()
    TypePartition.objects.bulk_create(
        TypePartition(version=version, number=number, centres=centres.tobytes(), products=products)
        for number, centres in enumerate(find_centres(points))
    )


def _assign_stale(version: EncoderVersion) -> int:
    partitions = list(TypePartition.objects.filter(version=version).order_by("number"))
    current = ProductKinds.objects.filter(
        product=OuterRef("product"), version=OuterRef("version"), embedded_at__gte=OuterRef("embedded_at")
    )
    stale = ProductEmbedding.objects.filter(~Exists(current), version=version).order_by("product_id")
    done = 0
    while rows := list(stale[:BATCH].values_list("product_id", "embedded_at")):
        batch = stale.filter(product__in=[product_id for product_id, _ in rows])
        ids, points = _points(batch)
        kinds = np.stack([assign(points, _centres(partition, points.shape[1])) for partition in partitions], axis=1)
        embedded_at = dict(rows)
        ProductKinds.objects.bulk_create(
            [
                ProductKinds(product_id=pk, version=version, kinds=row, embedded_at=embedded_at[pk])
                for pk, row in zip(ids, kinds.tolist(), strict=True)
                if pk in embedded_at
            ],
            update_conflicts=True,
            unique_fields=["product", "version"],
            update_fields=["kinds", "embedded_at"],
        )
        done += len(rows)
    return done


def _points(rows: QuerySet[ProductEmbedding]) -> tuple[list[int], Vectors]:
    """Product ids and their signatures; one SQL query."""
    found = [
        (pk, np.array(vector, dtype=np.float32), list(attributes or {}))
        for pk, vector, attributes in rows.values_list("product_id", "vector", "product__attributes").iterator()
    ]
    return [pk for pk, _, _ in found], signatures(np.stack([row[1] for row in found]), [row[2] for row in found])


def _centres(partition: TypePartition, width: int) -> Vectors:
    return np.frombuffer(bytes(partition.centres), dtype=np.float32).reshape(-1, width)


def _take_turns() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7041004)")
