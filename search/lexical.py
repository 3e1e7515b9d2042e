"""The lexical side of a search: the query as a sparse vector of idf values, and the SQL that scores by it.

A product's BM25 score is the inner product of its stored weights with the query's idf values (search/bm25.py), so
PostgreSQL finds candidates with a GIN index on term ids and ranks them with pgvector, exactly. Where words have
synonyms the query has several wordings, and a product's score is that of the wording that it fits best.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search.bm25 import DIMENSIONS, covering_sets, idf
from search.prepared import prepared_cursor
from search.synonyms import Segment, segments, wordings
from search.words import is_chinese, query_terms

# A query's words are enough to go by where a product has as much of them as so many words that no other product has:
# a pasted title with others' words around it (search/EXPERIMENTS.md, 2026-11-26).
ENOUGH = 2.2
OTHERS = 0.6  # of the rarest word's idf is what a product with it has at least, as a rule, when there are many


@dataclass(frozen=True)
class Rare:
    """Ids of the rare words of a query, and the score that no product without any of them reaches."""

    term_ids: list[int]
    others_at_most: float


@dataclass(frozen=True)
class LexicalQuery:
    """The query's known terms with their idf; without any, nothing matches lexically.

    `wordings` are the same for the query with synonyms in the place of its words. `unknown_idf` is that of all words
    together that no product has, `most_idf` that of one such word.
    """

    idfs: dict[int, float]
    unknown: tuple[str, ...]
    wordings: tuple[dict[int, float], ...] = ()
    unknown_idf: float = 0.0
    most_idf: float = 0.0

    def vector(self) -> str | None:
        """The idf values as the text of a sparsevec; None without any."""
        return _sparse(self.idfs)

    def more_vectors(self) -> list[str | None]:
        """Those of the other wordings."""
        return [_sparse(idfs) for idfs in self.wordings]

    def enough(self) -> float:
        """The score of a product that says all of the query, in the wording that has least, or as much as ENOUGH words
        that no other product has."""
        own = sum(self.idfs.values()) + self.unknown_idf
        return min([own, ENOUGH * self.most_idf, *(sum(idfs.values()) for idfs in self.wordings)])

    def term_ids(self) -> list[int]:
        return sorted(set(self.idfs).union(*self.wordings))

    def rare(self) -> "Rare | None":
        """The rare words, where the others weigh so little that the best products have one of the rare."""
        if self.wordings or len(self.idfs) < 2:
            return None
        by_weight = sorted(self.idfs, key=lambda term: (-self.idfs[term], term))
        most = OTHERS * self.idfs[by_weight[0]]
        kept, others = len(by_weight), 0.0
        while kept > 1 and others + self.idfs[by_weight[kept - 1]] <= most:
            kept -= 1
            others += self.idfs[by_weight[kept]]
        return Rare(sorted(by_weight[:kept]), others) if kept < len(by_weight) else None

    def covers(self) -> list[list[int]]:
        """Sets of term ids: a product with all terms of any of them matches, whatever its rank."""
        sets = [terms for idfs in (self.idfs, *self.wordings) for terms in covering_sets(idfs)]
        if not self.wordings:
            return sets
        different = list(dict.fromkeys(map(tuple, sets)))
        return [list(one) for one in different if not any(set(other) < set(one) for other in different)]


def distance_sql(wordings: int) -> str:
    """SQL for minus the BM25 score of `d`; the CTE `q` has the query's vector, and those of so many other wordings."""
    own = "d.weights <#> (SELECT terms FROM q)"
    others = [f"d.weights <#> (SELECT terms_{number} FROM q)" for number in range(wordings)]
    return f"least({', '.join([own, *others])})" if others else own


def lexical_query(query: str, english: str | None = None) -> LexicalQuery:
    """Looks the query's terms up; one SQL query, none when there is no term. `english` is one more wording of it."""
    texts = [query] if english is None else [query, english]
    terms, cuts = [query_terms(text) for text in texts], [segments(text) for text in texts]
    if not terms[0]:
        return LexicalQuery({}, ())
    own = dict.fromkeys(term for of_text in terms for term in of_text)
    others = {term for cut in cuts for segment in cut for alternative in segment.alternatives for term in alternative}
    found, documents = _look_up([*own, *sorted(others - own.keys())])
    made = [
        idfs
        for of_text, cut in zip(terms, cuts, strict=True)
        for idfs in wordings(cut, found, unknown_idf=lambda term: idf(0, documents.get(_field(term), 0)))
        or [{found[term][0]: found[term][1] for term in of_text if term in found}]
    ]
    first, *more = list(filter(None, made)) or [{}]
    unknown = tuple(term for term in terms[0] if term not in found)
    most = idf(0, documents.get(_field(terms[0][0]), 0))
    # Where none of the words is known, the first wording is another one, which has no unknown words.
    unheard = set(unknown) - _replaced(cuts[0], found) if made[0] else ()
    return LexicalQuery(first, unknown, tuple(more), most * len(unheard), most)


def _replaced(cut: Sequence[Segment], found: Mapping[str, tuple[int, float]]) -> set[str]:
    """The terms that have a synonym which the catalogue knows: what they mean is searched for, known or not."""
    known = (segment for segment in cut if any(set(one) <= found.keys() for one in segment.alternatives))
    return {term for segment in known for term in segment.terms}


def _look_up(terms: list[str]) -> tuple[dict[str, tuple[int, float]], Mapping[str, int]]:
    """(id, idf) of each term that the catalogue has, and how many documents each field has. One SQL query."""
    with prepared_cursor() as cursor:
        cursor.execute(
            "SELECT t.term, t.id, t.document_frequency, f.name, f.document_count FROM search_lexicalfield f "
            "LEFT JOIN search_lexicalterm t ON t.term = ANY(%s) AND t.document_frequency > 0",
            [terms],
        )
        rows = cursor.fetchall()
    found = {
        term: (term_id, idf(frequency, documents))
        for term, term_id, frequency, field, documents in rows
        if term is not None and field == _field(term)
    }
    return found, {field: documents for *_, field, documents in rows}


def _field(term: str) -> str:
    return "zh" if is_chinese(term) else "text"


def _sparse(idfs: Mapping[int, float]) -> str | None:
    pairs = ",".join(f"{term}:{weight:.7g}" for term, weight in sorted(idfs.items()))
    return f"{{{pairs}}}/{DIMENSIONS}" if pairs else None
