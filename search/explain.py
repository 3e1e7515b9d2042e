"""Why a search gave what it gave: the one source for the API's `explain`, and for the admin's page in plain words.

Read from what the search kept (search/trace.py), so it tells what ranked the hits, not what would have. Only words and
categories are looked up by their names: two SQL queries, and none in a search that nobody asks about.
"""

import numpy as np

from search.category_names import category_shares
from search.consensus import column_shares
from search.explanation import PLACE, ExplainedHit, Explanation, Kind, Pool, Term
from search.hits import Hit
from search.models import LexicalTerm
from search.pipeline import SearchResults
from search.score_parts import Scores
from search.trace import Trace
from shop.catalog.models import Category

MOST_KINDS = 5


def explain(results: SearchResults) -> Explanation:
    """Of one page of results. Two SQL queries at most."""
    trace = results.trace
    return Explanation(
        understood=results.understood,
        version_id=results.version_id,
        sort=results.sort,
        terms=_terms(trace),
        unknown=trace.lexical.unknown,
        lexical_weight=trace.scores.lexical_weight,
        agreement=trace.scores.agreement,
        coverage=trace.scores.coverage,
        floor=trace.semantic.floor if trace.semantic else None,
        meant_by=trace.meant.query if trace.meant else None,
        kinds=_kinds(trace),
        pool=_pool(trace),
        hits=_hits(results.hits, trace),
    )


def _terms(trace: Trace) -> tuple[Term, ...]:
    """The rarest first."""
    own = trace.lexical.idfs
    idfs = {**{pk: weight for wording in trace.lexical.wordings for pk, weight in wording.items()}, **own}
    rows = LexicalTerm.objects.in_bulk(list(idfs)) if idfs else {}
    known = [
        Term(rows[pk].term, pk, weight, rows[pk].document_frequency, is_synonym=pk not in own)
        for pk, weight in idfs.items()
        if pk in rows
    ]
    return tuple(sorted(known, key=lambda term: (-term.idf, term.term)))


def _kinds(trace: Trace) -> tuple[Kind, ...]:
    """The MOST_KINDS categories of the pool with the largest shares of both kinds."""
    column = trace.found.categories[:, 0]
    ids, first = np.unique(column, return_index=True)  # one candidate of each category
    shares, names = column_shares(column, trace.found.cosine), _name_shares(trace)
    found = [(int(pk), float(shares[row]), float(names[row])) for pk, row in zip(ids, first, strict=True) if pk >= 0]
    best = sorted((kind for kind in found if kind[1] + kind[2] > 0), key=lambda kind: (-kind[1] - kind[2], kind[0]))
    categories = Category.objects.in_bulk([pk for pk, *_ in best[:MOST_KINDS]]) if best else {}
    return tuple(
        Kind(pk, categories[pk].slug, categories[pk].name, share, name_share)
        for pk, share, name_share in best[:MOST_KINDS]
        if pk in categories
    )


def _name_shares(trace: Trace) -> Scores:
    """(n,) of the pool; 0 where names do not count."""
    if trace.semantic is None:
        return np.zeros(len(trace.found.product_ids))
    categories = trace.found.categories[:, 0].tolist()
    return category_shares(trace.semantic.vector, trace.semantic.version_id, categories)


def _pool(trace: Trace) -> Pool:
    found = trace.found
    floor = trace.semantic.floor if trace.semantic else np.inf
    return Pool(
        size=len(found.product_ids),
        with_words=int((np.nan_to_num(found.bm25) > 0).sum()),
        near=int((np.nan_to_num(found.cosine, nan=-2.0) >= floor).sum()),
        named=int(found.is_named.sum()),
        passing=int(found.passes.sum()),
    )


def _hits(hits: tuple[Hit, ...], trace: Trace) -> tuple[ExplainedHit, ...]:
    rows, ranks = trace.rows(), _cosine_ranks(trace)
    return tuple(_hit(hit, rows.get(hit.product_id), ranks, trace) for hit in hits)


def _hit(hit: Hit, row: int | None, ranks: dict[int, int], trace: Trace) -> ExplainedHit:
    category = -1 if row is None else int(trace.found.categories[row, 0])
    scores = trace.scores
    return ExplainedHit(
        product_id=hit.product_id,
        position=hit.position,
        score=hit.score,
        bm25=hit.lexical,
        cosine=hit.semantic,
        bm25_z=None if row is None or hit.lexical is None else float(scores.bm25_z[row]),
        cosine_z=None if row is None or hit.semantic is None else float(scores.cosine_z[row]),
        cosine_rank=None if row is None else ranks.get(row),
        category_id=category if category >= 0 else None,
        parts={PLACE: hit.score} if row is None else scores.of(row),
        is_pinned=hit.product_id in trace.pinned,
    )


def _cosine_ranks(trace: Trace) -> dict[int, int]:
    """The place by cosine of each row of the pool that has one; equally near ones share the better place."""
    cosine = trace.found.cosine
    known = np.flatnonzero(~np.isnan(cosine))
    nearest_first = np.sort(-cosine[known])
    places = np.searchsorted(nearest_first, -cosine[known], side="left") + 1
    return {int(row): int(place) for row, place in zip(known, places, strict=True)}
