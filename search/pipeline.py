"""A search, from what the shopper typed to the hits of a page. Read this file first.

Understand the query, encode it, get candidates and counts in one SQL statement, fuse, rank, cut out the page.
`evaluate_search` calls the same function as the API, so the figures in the README are what shoppers get.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from search.browse import browse
from search.categories import category_tree
from search.chosen_meaning import meant_by, moved
from search.conditions import filter_conditions
from search.facets import AttributeCounts, Facet, read_facets
from search.filters import ProductFilters
from search.hits import Hit, page_of_hits, related_hits
from search.identifiers import possible_identifiers
from search.item_groups import in_use
from search.lexical import LexicalQuery, lexical_query
from search.merchandising import NOTHING, steer
from search.query import Understood
from search.ranking import ranking, score_parts
from search.retrieval import SemanticQuery, retrieve
from search.rules import Banner, Rule
from search.synonyms import for_the_encoder
from search.timing import Stopwatch
from search.trace import Trace
from search.understanding import understand
from search.variants import LIVE, MEMORY, Variant
from search.versions import ActiveEncoder, active_encoder
from search.words import is_chinese

SYSTEMS = ("served", "hybrid", "lexical", "semantic")  # what shoppers get, and its ablations
EVERYTHING = ProductFilters()


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
    attributes: AttributeCounts  # all of the matches', for filters that no facet offers yet
    notice: str | None
    trace: Trace  # what search/explain.py tells from
    banner: Banner | None = None
    redirect: str | None = None  # where the shopper goes instead
    without: Mapping[str, int] = field(default_factory=dict)  # totals without each filter, by facet key
    timings_ms: dict[str, float] = field(default_factory=dict)
    test_id: int | None = None  # the online test that mixed this page (search/interleaving.py), ...
    teams: tuple[int, ...] | None = None  # ... and whose each of the hits and of the related is: 0 A, 1 B, -1 neither


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
    variant: Variant = LIVE,
    by_group: bool = True,
    with_facts: bool = False,
) -> SearchResults:
    """Hits for `query` under `filters`, page numbers from 1; an empty query browses by popularity.

    `verbatim` searches the words as they were typed, without correcting their spelling. `lifted` is for the second try
    of a search whose constraints, said in words, left nothing. `rules` are the merchant's in the place of the active
    ones, to see what they would do. `variant` is which version and which learners answer. `by_group` False gives every
    variant of a product a hit of its own, for measuring: judgments and clicks are of products. `with_facts`
    keeps in the trace what a ranker learns from.
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
    lexical = lexical_query(query, understood.english) if system != "semantic" else LexicalQuery({}, ())
    watch.lap("understand")
    active = active_encoder(variant) if query and system != "lexical" else None
    told = _told(query, understood.english, active) if active and system == "served" else query
    semantic = _semantic_query(told, active, knows_words=bool(lexical.idfs) or system == "semantic")
    learns = system == "served" and MEMORY in variant.learners
    meant = meant_by(query, typed, lexical.unknown) if learns and semantic else None
    if semantic and meant:
        semantic = replace(semantic, vector=moved(semantic.vector, semantic.version_id, meant))
    watch.lap("encode")
    start, stop = (page - 1) * page_size, page * page_size
    by_group = by_group and system == "served" and in_use()
    ranker = active.ranker if active and system == "served" else None
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
            by_group=by_group,
            with_facts=with_facts or ranker is not None,
        )
        if query
        else browse(
            conditions=where,
            sort=sort,
            start=first,
            stop=last,
            pinned=steering.pinned,
            popular_order=steering.popular_order(),
            by_group=by_group,
        )
    )
    watch.lap("sql")
    if not found.total and system == "served":
        again = _second_try(
            understood, verbatim, partial(search_products, typed, filters=picked, sort=sort, page=page,
                                          page_size=page_size, rules=rules, variant=variant, by_group=by_group,
                                          with_facts=with_facts),
        )  # fmt: skip
        if again is not None:
            return again
    parts = score_parts(
        query, found, semantic, steering, system, variant, typed=typed, english=understood.english,
        enough=lexical.enough(), ranker=ranker,
    )
    scores = parts.total
    order = ranking(found, scores, system, pinned=steering.pinned)
    hits = page_of_hits(found, order, scores, steering, sort=sort, start=start, stop=stop)
    watch.lap("rank")
    related = related_hits(
        found, semantic, where, hits, start=start, room=stop - max(found.total, start), by_group=by_group
    )
    facets, attributes = read_facets(found.facets, filters=filters, total=found.total, tree=category_tree())
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
        attributes=attributes,
        notice=_notice(query, active, system),
        trace=Trace(lexical, semantic, found, parts, where, frozenset(steering.pinned), meant),
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
    vector = active.encode_query(query)
    return SemanticQuery(vector, active.version_id, floor, active.lexical_weight, active.kind_weight)


def _told(query: str, english: str | None, active: ActiveEncoder) -> str:
    """What the encoder is told: the query with its synonyms, in English where it reads no Chinese."""
    return for_the_encoder(query if active.encoder.config.reads_chinese or english is None else english)


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


def _mode(query: str, semantic: SemanticQuery | None) -> str:
    if not query:
        return "browse"
    return "hybrid" if semantic else "lexical"


def _notice(query: str, active: ActiveEncoder | None, system: str) -> str | None:
    if query and active is None and system != "lexical":
        return "words_only"  # the API has the sentence, in the shopper's language
    return None
