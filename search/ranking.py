"""The order of the pool: scores as sums of named parts, and pages that are mixed where a query is about no one kind."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from search.click_parts import with_clicks
from search.consensus import kind_shares, voters
from search.diversity import REPEAT_COST, spread, vagueness
from search.fusion import Scores, fused_parts, rank
from search.item_groups import one_of_each
from search.merchandising import Steering
from search.ranker import Ranker
from search.relevance import NAMED_WEIGHT, relevance
from search.remembered_clicks import memory_of
from search.retrieval import Retrieved, SemanticQuery
from search.said_categories import said_categories
from search.score_parts import LEARNED, NAMED, RARE_WORD, RULES, ScoreParts
from search.settings_of_store import search_settings
from search.variants import LIVE, MEMORY, Variant
from search.words import query_terms

# A query of one word that so few products have means them, whatever the encoder makes of a name it has never seen.
FEW = 3
RARE_WORD_WEIGHT = 5.0  # more than meaning, kind and category name give together


def score_parts(
    query: str,
    found: Retrieved,
    semantic: SemanticQuery | None,
    steering: Steering,
    system: str,
    variant: Variant = LIVE,
    *,
    typed: str = "",
    english: str | None = None,
    enough: float = 0.0,
    ranker: Ranker | None = None,
) -> ScoreParts:
    """Of the pool; products named by their number before all others.

    What shoppers chose is looked up for `query`, and for what was `typed` before it was understood; `english` is what
    a Chinese query says. A `ranker` needs what was found with its facts.
    """
    if system != "served":
        return fused_parts(found.bm25, found.cosine)
    parts = relevance(
        found,
        semantic,
        enough=enough,
        said=said_categories(query) | (said_categories(english) if english else frozenset()),
        sold_out=search_settings().sold_out,
    )
    if len(query_terms(query)) == 1 and 0 < np.count_nonzero(found.bm25 > 0) <= FEW:
        parts = parts.with_part(RARE_WORD, np.where(found.bm25 > 0, RARE_WORD_WEIGHT, 0.0))
    if ranker is not None and found.facts is not None:
        ids, facts = found.product_ids.tolist(), found.facts
        added = ranker.residual(query, ids, facts, parts, found.cosine, found.is_in_stock)
        parts = parts.with_part(LEARNED, added)
    if MEMORY in variant.learners and query:
        lifts = memory_of(query, typed or query)
        parts = with_clicks(parts, found.product_ids, found.categories, found.clusters, lifts=lifts)
    if steering.moves:
        parts = parts.with_part(RULES, steering.moved(found.product_ids, parts.total))
    return parts.with_part(NAMED, np.where(found.is_named, NAMED_WEIGHT, 0.0))


def ranking(
    found: Retrieved, scores: Scores, system: str, *, pinned: Sequence[int] = ()
) -> npt.NDArray[np.intp]:
    """Row numbers of the pool, best first; kinds are mixed where the query is about none, as far as it is known.

    Of the variants of a product the best that passes the filters, or the first that is `pinned` (a product id).
    """
    order = rank(found.product_ids, scores)
    if found.item_groups.any():
        row_of = {pk: row for row, pk in enumerate(found.product_ids.tolist())} if pinned else {}
        first = [row_of[pk] for pk in pinned if pk in row_of]
        order = one_of_each(order, found.item_groups, found.passes, first=first)
    if system != "served" or not (found.categories >= 0).any() or not search_settings().is_spread:
        return order
    shares = kind_shares(found.categories, found.clusters[:, :0], voters(found.cosine))
    return spread(order, scores, found.categories[:, 0], cost=REPEAT_COST * vagueness(shares))
