"""From which cosine on a product matches a query: measured for each encoder version on the catalogue itself.

Every query has a nearest product, also one without meaning. So words that nobody knows are made up, always the same
ones, and the cosines that they reach are what chance gives: below the FLOOR_RANK-th best product of the median
nonsense query nothing is a match, and a query of which the catalogue knows no word must beat what nine of ten
nonsense queries reach at their very best. Measured values are in search/EXPERIMENTS.md, 2026-11-25.
"""

import random
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from django.db import connection
from psycopg import sql

from search.encoder import Encoder, Vectors
from search.models import EncoderVersion, ProductEmbedding
from search.semantic import vector_literal

NONSENSE_QUERIES = 64
FLOOR_RANK = 10
CEILING_SHARE = 0.9  # of the nonsense queries stay below it
MIN_PRODUCTS = 50  # with fewer, the nearest product says little about chance
CHANGED = 0.2  # share by which the number of products must have moved to measure again

_CONSONANTS = "bcdfghjklmnpqrstvwxyz"
_VOWELS = "aeiou"


def calibrate(version: EncoderVersion, encoder: Encoder) -> bool:
    """Sets the version's floors unless they are of about this many products already; whether it did."""
    products = ProductEmbedding.objects.filter(version=version).count()
    if products < MIN_PRODUCTS or abs(products - version.calibrated_products) <= CHANGED * version.calibrated_products:
        return False
    nearest = _nearest_cosines(encoder.encode_queries(nonsense_queries()), version)
    EncoderVersion.objects.filter(pk=version.pk).update(
        relevance_floor=float(np.median(nearest[:, -1])),
        nonsense_ceiling=float(np.quantile(nearest[:, 0], CEILING_SHARE)),
        calibrated_products=products,
    )
    return True


def nonsense_queries() -> list[str]:
    """NONSENSE_QUERIES queries of one to three made-up words; the same ones always."""
    rng = random.Random(7)
    return [" ".join(_word(rng) for _ in range(rng.choice([1, 1, 2, 3]))) for _ in range(NONSENSE_QUERIES)]


def _word(rng: random.Random) -> str:
    length = rng.randint(4, 9)
    return "".join(
        rng.choice(_CONSONANTS if place % 2 == 0 or rng.random() < 0.4 else _VOWELS) for place in range(length)
    )


def _nearest_cosines(queries: Vectors, version: EncoderVersion) -> npt.NDArray[np.float64]:
    """(n, FLOOR_RANK) cosines of the nearest products of each query, best first; one SQL query each."""
    statement = sql.SQL(
        "SELECT -(vector <#> {vector}) FROM search_productembedding WHERE version_id = {version} "
        "ORDER BY vector <#> {vector} LIMIT {limit}"
    )
    return np.array([_cosines(statement, vector, version) for vector in queries])


def _cosines(statement: sql.SQL, vector: Vectors, version: EncoderVersion) -> Sequence[float]:
    with connection.cursor() as cursor:
        cursor.execute(
            statement.format(
                vector=vector_literal(vector), version=sql.Literal(version.pk), limit=sql.Literal(FLOOR_RANK)
            )
        )
        return [row[0] for row in cursor.fetchall()]
