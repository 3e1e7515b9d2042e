"""A search, from what the shopper typed to the hits of a page. Read this file first.

Understand the query, encode it, get candidates and counts in one SQL statement, fuse, rank, cut out the page.
`evaluate_search` calls the same function as the API, so the figures in the README are what shoppers get.
"""

from dataclasses import dataclass, field

import numpy as np
from psycopg import sql

from search.browse import browse
from search.categories import category_tree
from search.conditions import filter_conditions
from search.facets import Facet, read_facets
from search.filters import ProductFilters
from search.fusion import fused_parts, rank
from search.identifiers import possible_identifiers
from search.lexical import LexicalQuery, lexical_query
from search.query import Understood
from search.relevance import relevance
from search.retrieval import Retrieved, SemanticQuery, retrieve
from search.score_parts import ScoreParts
from search.semantic import nearest_products
from search.timing import Stopwatch
from search.trace import Trace
from search.understanding import understand
from search.versions import ActiveEncoder, active_encoder
from search.words import is_chinese

SYSTEMS = ("served", "hybrid", "lexical", "semantic")  # what shoppers get, and its ablations
EVERYTHING = ProductFilters()


@dataclass(frozen=True)
class Hit:
    """One row of a response. `lexical` is BM25, `semantic` cosine; None where that side has no score."""

    product_id: int
    position: int
    score: float
    lexical: float | None = None
    semantic: float | None = None


@dataclass(frozen=True)
class SearchResults:
    """One page of hits, the true total, and the facets. `related` fills a page that few products match."""

    query: str  # as typed
    understood: Understood
    mode: str
    version_id: int | None
    total: int
    page: int
    page_size: int
    sort: str
    hits: tuple[Hit, ...]
    related: tuple[Hit, ...]
    facets: tuple[Facet, ...]
    notice: str | None
    trace: Trace  # what search/explain.py tells from
    timings_ms: dict[str, float] = field(default_factory=dict)


def search_products(
    query: str,
    *,
    filters: ProductFilters = EVERYTHING,
    sort: str = "relevance",
    page: int = 1,
    page_size: int = 24,
    verbatim: bool = False,
    system: str = "served",
    lifted: bool = False,
) -> SearchResults:
    """Hits for `query` under `filters`, page numbers from 1; an empty query browses by popularity.

    `verbatim` searches the words as they were typed, without correcting their spelling. `lifted` is for the second try
    of a search whose constraints, said in words, left nothing.
    """
    watch, typed, picked = Stopwatch(), query, filters
    understood, filters = (
        understand(query, filters, verbatim=verbatim, lifted=lifted)
        if query and system == "served"
        else (Understood(query), filters)
    )
    query = understood.text
    where = filter_conditions(filters)
    lexical = lexical_query(query) if system != "semantic" else LexicalQuery({}, ())
    watch.lap("understand")
    active = active_encoder() if query and system != "lexical" else None
    semantic = _semantic_query(query, active, knows_words=bool(lexical.idfs) or system == "semantic")
    watch.lap("encode")
    start, stop = (page - 1) * page_size, page * page_size
    found = (
        retrieve(
            lexical,
            semantic,
            conditions=where,
            sort=sort,
            start=start,
            stop=stop,
            identifiers=possible_identifiers(query) if system == "served" else (),
        )
        if query
        else browse(conditions=where, sort=sort, start=start, stop=stop)
    )
    watch.lap("sql")
    if not found.total and understood.constraints:
        again = search_products(
            typed, filters=picked, sort=sort, page=page, page_size=page_size, verbatim=verbatim, lifted=True
        )
        if again.total:
            return again
    scores = _scores(found, semantic, system)
    hits = _page(found, scores, sort=sort, start=start, stop=stop)
    watch.lap("rank")
    related = _related(found, semantic, where, hits, start=start, room=stop - max(found.total, start))
    facets = read_facets(found.facets, filters=filters, total=found.total, tree=category_tree())
    watch.lap("facets")
    return SearchResults(
        query=typed,
        understood=understood,
        mode=_mode(query, semantic),
        version_id=semantic.version_id if semantic else None,
        total=found.total,
        page=page,
        page_size=page_size,
        sort=sort,
        hits=hits,
        related=related,
        facets=facets,
        notice=_notice(query, active, system),
        trace=Trace(lexical, semantic, found, scores, where),
        timings_ms=watch.laps_ms,
    )


def _semantic_query(query: str, active: ActiveEncoder | None, *, knows_words: bool) -> SemanticQuery | None:
    """Where the catalogue knows no word of the query, only what is nearer than nonsense gets is a match.

    None for a language that the encoder cannot read: its vectors would be noise, and outweigh exact words.
    """
    if active is None or (is_chinese(query) and not active.encoder.config.reads_chinese):
        return None
    floor = active.relevance_floor if knows_words else active.nonsense_ceiling
    return SemanticQuery(active.encoder.encode_query(query), active.version_id, floor)


def _scores(found: Retrieved, semantic: SemanticQuery | None, system: str) -> ScoreParts:
    """Of the pool."""
    if system != "served":
        return fused_parts(found.bm25, found.cosine)
    return relevance(found, semantic.vector if semantic else None, semantic.version_id if semantic else None)


def _page(found: Retrieved, parts: ScoreParts, *, sort: str, start: int, stop: int) -> tuple[Hit, ...]:
    """By relevance: products named by their number, the pool by fused score, then the other matches."""
    scores = parts.total
    order = [row for row in rank(found.product_ids, scores) if found.passes[row]]
    row_of = {int(found.product_ids[row]): row for row in order}
    if sort == "relevance" and len(found.product_ids):
        ids = [int(found.product_ids[row]) for row in order] + found.page_ids
        ids = ids[start:stop]
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


def _related(
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


def _mode(query: str, semantic: SemanticQuery | None) -> str:
    if not query:
        return "browse"
    return "hybrid" if semantic else "lexical"


def _notice(query: str, active: ActiveEncoder | None, system: str) -> str | None:
    if query and active is None and system != "lexical":
        return "words_only"  # the API has the sentence, in the shopper's language
    return None
