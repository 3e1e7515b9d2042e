"""Why a product is not among the matches of a search, in plain words for merchants.

The same rules as search/retrieval.py, asked about one product: it is for sale, passes the filters, and is among the
nearest in meaning, or among the best by words, or has most of the weight of the query's words.
"""

from dataclasses import dataclass

from django.db import connection
from psycopg import sql

from search.candidates import CANDIDATES
from search.explain import explain
from search.explanation import Explanation
from search.merchandising import HIDDEN
from search.pipeline import SearchResults
from search.prepared import beside_parameters
from search.reasons import Reason, listed, query_words
from search.semantic import vector_text
from search.trace import Trace


@dataclass(frozen=True)
class _Facts:
    """What the database knows of one product for one query; `cosine` None without a vector."""

    is_active: bool
    is_indexed: bool
    cosine: float | None
    term_ids: frozenset[int]
    failing: tuple[str, ...]  # facet keys of the filters that it does not pass


def why_not(product_id: int, results: SearchResults) -> tuple[Reason, ...]:
    """Why a product is not among the matches, or not among the hits that were asked for. Three SQL queries."""
    facts = _facts(product_id, results.trace)
    if facts is None:
        return (Reason("Product", "There is no such product any more."),)
    if not facts.is_active:
        return (Reason("Active", "It is not active, and search shows active products only."),)
    if not facts.is_indexed:
        return (Reason("Index", "It is not indexed yet; that takes a moment after it is saved."),)
    explanation = explain(results)
    filtered = tuple(_filtered(key, explanation) for key in facts.failing)
    if filtered:
        return filtered
    if product_id in results.trace.rows() or any(facts.term_ids.issuperset(s) for s in results.trace.lexical.covers()):
        return (Reason("Place", f"It matches, but comes after the first {len(results.hits):,} results."),)
    return (_words(facts, explanation), _meaning(facts, results))


def _facts(product_id: int, trace: Trace) -> _Facts | None:
    """One SQL query."""
    checks = [sql.SQL("coalesce(({}), false)").format(beside_parameters(one)) for one in trace.conditions.values()]
    statement = sql.SQL(
        "SELECT p.is_active, d.product_id IS NOT NULL, -(e.vector <#> %(vector)s::halfvec), d.term_ids, "
        "ARRAY[{checks}]::boolean[] FROM catalog_product p "
        "LEFT JOIN search_lexicaldocument d ON d.product_id = p.id "
        "LEFT JOIN search_productembedding e ON e.product_id = p.id AND e.version_id = %(version)s "
        "WHERE p.id = %(id)s"
    ).format(checks=sql.SQL(", ").join(checks))
    semantic = trace.semantic
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {
                "id": product_id,
                "vector": vector_text(semantic.vector) if semantic else None,
                "version": semantic.version_id if semantic else None,
            },
        )
        row = cursor.fetchone()
    if row is None:
        return None
    is_active, is_indexed, cosine, term_ids, passed = row
    failing = tuple(key for key, passes in zip(trace.conditions, passed, strict=True) if not passes)
    return _Facts(is_active, is_indexed, cosine, frozenset(term_ids or ()), failing)


def _filtered(key: str, explanation: Explanation) -> Reason:
    """A filter as it was said in the query, or by its name."""
    if key == HIDDEN:
        return Reason("Rule", "Hidden by a rule.")
    said = [one.text for one in explanation.understood.constraints if one.key == key]
    name = f"“{said[0]}”" if said else f"the filter {key.removeprefix('attr.').replace('_', ' ')}"
    return Reason("Filter", f"Left out by {name}.")


def _words(facts: _Facts, explanation: Explanation) -> Reason:
    """Which of the query's words it has, and which it lacks."""
    words = query_words(explanation.understood.text)
    ids = {one.term: one.term_id for one in explanation.terms if not one.is_synonym}
    shown = {ids[term]: word for term, word in words.items() if term in ids}
    has = [word for pk, word in shown.items() if pk in facts.term_ids]
    lacks = [word for pk, word in shown.items() if pk not in facts.term_ids]
    unknown = [words.get(term, term) for term in explanation.unknown]
    if not shown:
        return Reason("Words", f"No product has {listed(unknown)}." if unknown else "The query has no words.")
    if not has:
        return Reason("Words", f"Has none of the query's words: {listed([*lacks, *unknown])}.")
    lacking = f", but not {listed([*lacks, *unknown])}" if lacks or unknown else ""
    return Reason("Words", f"Has {listed(has)}{lacking}; {CANDIDATES} other products match the words better.")


def _meaning(facts: _Facts, results: SearchResults) -> Reason:
    semantic = results.trace.semantic
    if semantic is None:
        return Reason("Meaning", "This search goes by words only.")
    if facts.cosine is None:
        return Reason("Meaning", "It is not embedded yet, so it can only be found by its words.")
    if facts.cosine < semantic.floor:
        least = f"{facts.cosine:.2f}, and a match needs {semantic.floor:.2f}"
        return Reason("Meaning", f"Too far from the query: its nearness is {least}.")
    return Reason("Meaning", f"Near to the query ({facts.cosine:.2f}), but not among the {CANDIDATES} nearest.")
