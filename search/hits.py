"""The hits of a page, cut out of what was found; and what is shown as similar where few products match."""

import math
from collections.abc import Mapping, Set
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from psycopg import sql

from search.facets import is_facet
from search.fusion import Scores
from search.merchandising import Steering
from search.retrieval import Retrieved, SemanticQuery
from search.semantic import nearest_products

FEW = 3  # below it a page looks like a mistake, and filters are what a shopper takes back first
SIMILAR = 8


@dataclass(frozen=True)
class Hit:
    """One row of a response. `lexical` is BM25, `semantic` cosine; None where that side has no score."""

    product_id: int
    position: int
    score: float
    lexical: float | None = None
    semantic: float | None = None


def page_of_hits(
    found: Retrieved,
    order: npt.NDArray[np.intp],
    scores: Scores,
    steering: Steering,
    *,
    sort: str,
    start: int,
    stop: int,
) -> tuple[Hit, ...]:
    """By relevance: the pool in that order, then the other matches; and the pins."""
    order = order[found.passes[order]]
    pool: list[int] = found.product_ids[order].tolist()
    row_of = dict(zip(pool, order.tolist(), strict=True))
    if sort == "relevance" and (len(found.product_ids) or steering.pins):
        ids = steering.placed(pool + found.page_ids, live=row_of, total=found.total, start=start, stop=stop)
    else:
        ids = found.page_ids
    return tuple(_hit(found, scores, pk, position, row_of.get(pk)) for position, pk in enumerate(ids, start + 1))


def _hit(found: Retrieved, scores: Scores, product_id: int, position: int, row: int | None) -> Hit:
    if row is None:  # a match outside the pool
        return Hit(product_id, position, -float(position))
    return Hit(product_id, position, float(scores[row]), _score(found.bm25[row]), _score(found.cosine[row]))


def related_hits(
    found: Retrieved,
    semantic: SemanticQuery | None,
    where: dict[str, sql.Composable],
    hits: tuple[Hit, ...],
    *,
    start: int,
    room: int,
    by_group: bool = False,
) -> tuple[Hit, ...]:
    """When fewer match than fit on the page: the nearest products under the same filters, to be shown as similar.

    Where those too leave hardly anything, the filters that a shopper can drop are left out.
    """
    if semantic is None or room <= 0 or start >= max(found.total, 1):
        return ()
    seen = {hit.product_id for hit in hits} | set(found.product_ids[found.passes].tolist()) | set(found.page_ids)
    groups = set(found.item_groups[found.passes].tolist()) if by_group else None
    fresh = _nearest(semantic, where, seen, groups, room)
    fixed = {key: condition for key, condition in where.items() if not is_facet(key)}
    if found.total + len(fresh) < FEW and fixed != where:
        known = seen | {product_id for product_id, _ in fresh}
        fresh += _nearest(semantic, fixed, known, groups, min(SIMILAR, room))
    return tuple(
        Hit(product_id, start + len(hits) + rank_, cosine - 2.0, None, cosine)
        for rank_, (product_id, cosine) in enumerate(fresh, 1)
    )


def _nearest(
    semantic: SemanticQuery, where: Mapping[str, sql.Composable], seen: Set[int], groups: Set[int] | None, room: int
) -> list[tuple[int, float]]:
    """Ids and cosines of at most `room` products that are not `seen` and not of these groups, nearest first."""
    return nearest_products(
        semantic.vector,
        semantic.version_id,
        where=list(where.values()),
        limit=room,
        floor=semantic.floor,
        without=seen,
        without_groups=groups,
    )


def _score(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
