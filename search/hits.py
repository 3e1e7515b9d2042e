"""The hits of a page, cut out of what was found; and what is shown as similar where few products match."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from psycopg import sql

from search.fusion import Scores
from search.merchandising import Steering
from search.retrieval import Retrieved, SemanticQuery
from search.semantic import nearest_products


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
    row_of = {int(found.product_ids[row]): row for row in order}
    if sort == "relevance" and (len(found.product_ids) or steering.pins):
        ids = [int(found.product_ids[row]) for row in order] + found.page_ids
        ids = steering.placed(ids, live=row_of, total=found.total, start=start, stop=stop)
    else:
        ids = found.page_ids
    hits = []
    for position, product_id in enumerate(ids, start + 1):
        row = row_of.get(product_id)
        hits.append(
            Hit(
                product_id=product_id,
                position=position,
                score=float(scores[row]) if row is not None else -float(position),
                lexical=_score(found.bm25[row]) if row is not None else None,
                semantic=_score(found.cosine[row]) if row is not None else None,
            )
        )
    return tuple(hits)


def related_hits(
    found: Retrieved,
    semantic: SemanticQuery | None,
    where: dict[str, sql.Composable],
    hits: tuple[Hit, ...],
    *,
    start: int,
    room: int,
) -> tuple[Hit, ...]:
    """When fewer match than fit on the page: the nearest products under the same filters, to be shown as similar."""
    if semantic is None or room <= 0 or start >= max(found.total, 1):
        return ()
    seen = {hit.product_id for hit in hits} | set(found.product_ids[found.passes].tolist()) | set(found.page_ids)
    near = nearest_products(
        semantic.vector,
        semantic.version_id,
        where=list(where.values()),
        limit=room + len(seen),
        floor=semantic.floor,
    )
    fresh = [(product_id, cosine) for product_id, cosine in near if product_id not in seen][:room]
    return tuple(
        Hit(product_id, start + len(hits) + rank_, cosine - 2.0, None, cosine)
        for rank_, (product_id, cosine) in enumerate(fresh, 1)
    )


def _score(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
