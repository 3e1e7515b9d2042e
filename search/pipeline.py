"""A search, from what the shopper typed to the hits of a page. Read this file first.

Understand the query, encode it, get candidates and counts in one SQL statement, fuse, rank, cut out the page.
`evaluate_search` calls the same function as the API, so the figures in the README are what shoppers get.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import numpy.typing as npt
from psycopg import sql

from search.browse import browse
from search.categories import category_tree
from search.conditions import filter_conditions
from search.consensus import kind_shares
from search.diversity import REPEAT_COST, spread, vagueness
from search.facets import Facet, read_facets
from search.filters import ProductFilters
from search.fusion import fused_parts, rank
from search.identifiers import possible_identifiers
from search.lexical import LexicalQuery, lexical_query
from search.merchandising import NOTHING, Steering, steer
from search.query import Understood
from search.relevance import NAMED_WEIGHT, relevance
from search.retrieval import Retrieved, SemanticQuery, retrieve
from search.rules import Banner, Rule
from search.said_categories import said_categories
from search.score_parts import NAMED, RULES, ScoreParts, Scores
from search.semantic import nearest_products
from search.settings_of_store import search_settings
from search.synonyms import for_the_encoder
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
    banner: Banner | None = None
    redirect: str | None = None  # where the shopper goes instead
    without: Mapping[str, int] = field(default_factory=dict)  # totals without each filter, by facet key
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
    rules: Sequence[Rule] | None = None,
) -> SearchResults:
    """Hits for `query` under `filters`, page numbers from 1; an empty query browses by popularity.

    `verbatim` searches the words as they were typed, without correcting their spelling. `lifted` is for the second try
    of a search whose constraints, said in words, left nothing. `rules` are the merchant's in the place of the active
    ones, to see what they would do.
    """
    watch, typed, picked = Stopwatch(), query, filters
    understood, filters = (
        understand(query, filters, verbatim=verbatim, lifted=lifted)
        if query and system == "served"
        else (Understood(query), filters)
    )
    query = understood.text
    category_id = category_tree().id_of(filters.category)
    steering = steer((typed, query), category_id=category_id, rules=rules) if system == "served" else NOTHING
    where = {**filter_conditions(filters), **steering.conditions()}
    lexical = lexical_query(query) if system != "semantic" else LexicalQuery({}, ())
    watch.lap("understand")
    active = active_encoder() if query and system != "lexical" else None
    told = for_the_encoder(query) if active and system == "served" else query
    semantic = _semantic_query(told, active, knows_words=bool(lexical.idfs) or system == "semantic")
    watch.lap("encode")
    start, stop = (page - 1) * page_size, page * page_size
    first, last = steering.window(start, stop) if sort == "relevance" else (start, stop)
    found = (
        retrieve(
            lexical,
            semantic,
            conditions=where,
            sort=sort,
            start=first,
            stop=last,
            identifiers=possible_identifiers(query) if system == "served" else (),
            pinned=steering.pinned,
        )
        if query
        else browse(
            conditions=where,
            sort=sort,
            start=first,
            stop=last,
            pinned=steering.pinned,
            popular_order=steering.popular_order(),
        )
    )
    watch.lap("sql")
    if not found.total and system == "served":
        again = _second_try(
            understood, verbatim, partial(search_products, typed, filters=picked, sort=sort, page=page,
                                          page_size=page_size, rules=rules),
        )  # fmt: skip
        if again is not None:
            return again
    parts = _scores(query, found, semantic, steering, system)
    scores = parts.total
    hits = _page(found, _order(found, scores, system), scores, steering, sort=sort, start=start, stop=stop)
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
        trace=Trace(lexical, semantic, found, parts, where, frozenset(steering.pinned)),
        banner=steering.banner,
        redirect=steering.redirect,
        without=found.without,
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


def _second_try(understood: Understood, verbatim: bool, search: Callable[..., SearchResults]) -> SearchResults | None:
    """Where nothing was found: as typed, if that was corrected; else without what was said, if there was anything."""
    if understood.corrected_from:
        as_typed = search(verbatim=True)
        if as_typed.total:
            return as_typed
    if understood.constraints:
        lifted = search(verbatim=verbatim, lifted=True)
        if lifted.total:
            return lifted
    return None


def _scores(
    query: str, found: Retrieved, semantic: SemanticQuery | None, steering: Steering, system: str
) -> ScoreParts:
    """Of the pool; products named by their number before all others."""
    if system != "served":
        return fused_parts(found.bm25, found.cosine)
    parts = relevance(
        found,
        semantic.vector if semantic else None,
        semantic.version_id if semantic else None,
        said=said_categories(query),
        sold_out=search_settings().sold_out,
    )
    if steering.moves:
        parts = parts.with_part(RULES, steering.moved(found.product_ids, parts.total))
    return parts.with_part(NAMED, np.where(found.is_named, NAMED_WEIGHT, 0.0))


def _order(found: Retrieved, scores: Scores, system: str) -> npt.NDArray[np.intp]:
    """Row numbers of the pool, best first; kinds are mixed where the query is about none, as far as it is known."""
    order = rank(found.product_ids, scores)
    if system != "served" or not search_settings().is_spread:
        return order
    shares = kind_shares(found.categories, found.clusters[:, :0], found.cosine)
    return spread(order, scores, found.categories[:, 0], cost=REPEAT_COST * vagueness(shares))


def _page(
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
