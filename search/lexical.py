"""The lexical side of a search: the query as a sparse vector of idf values, and the SQL that scores by it.

A product's BM25 score is the inner product of its stored weights with the query's idf values (search/bm25.py), so
PostgreSQL finds candidates with a GIN index on term ids and ranks them with pgvector, exactly.
"""

from dataclasses import dataclass

from search.bm25 import DIMENSIONS, covering_sets, idf
from search.prepared import prepared_cursor
from search.words import is_chinese, query_terms


@dataclass(frozen=True)
class LexicalQuery:
    """The query's known terms with their idf; without any, nothing matches lexically."""

    idfs: dict[int, float]
    unknown: tuple[str, ...]

    def vector(self) -> str | None:
        """The idf values as the text of a sparsevec; None without any."""
        pairs = ",".join(f"{term}:{weight:.7g}" for term, weight in sorted(self.idfs.items()))
        return f"{{{pairs}}}/{DIMENSIONS}" if pairs else None

    def term_ids(self) -> list[int]:
        return sorted(self.idfs)

    def covers(self) -> list[list[int]]:
        """Sets of term ids: a product with all terms of any of them matches, whatever its rank."""
        return covering_sets(self.idfs)


def lexical_query(query: str) -> LexicalQuery:
    """Looks the query's terms up; one SQL query, none when there is no term."""
    terms = query_terms(query)
    if not terms:
        return LexicalQuery({}, ())
    with prepared_cursor() as cursor:
        cursor.execute(
            "SELECT t.term, t.id, t.document_frequency, f.name, f.document_count FROM search_lexicalfield f "
            "LEFT JOIN search_lexicalterm t ON t.term = ANY(%s) AND t.document_frequency > 0",
            [terms],
        )
        rows = cursor.fetchall()
    idfs = {
        term_id: idf(frequency, documents)
        for term, term_id, frequency, field, documents in rows
        if term is not None and field == ("zh" if is_chinese(term) else "text")
    }
    known = {row[0] for row in rows}
    return LexicalQuery(idfs, tuple(term for term in terms if term not in known))
