"""What a search kept of its way, for whoever asks why: references only, so it costs nothing when nobody does."""

from collections.abc import Mapping
from dataclasses import dataclass

from psycopg import sql

from search.chosen_meaning import Meant
from search.lexical import LexicalQuery
from search.retrieval import Retrieved, SemanticQuery
from search.score_parts import ScoreParts


@dataclass(frozen=True)
class Trace:
    """The query as it was searched, the pool with its scores, the filters as SQL by facet key, what is pinned, and the
    clicks that moved the query's vector."""

    lexical: LexicalQuery
    semantic: SemanticQuery | None
    found: Retrieved
    scores: ScoreParts
    conditions: Mapping[str, sql.Composable]
    pinned: frozenset[int] = frozenset()  # by rules
    meant: Meant | None = None

    def rows(self) -> dict[int, int]:
        """The row in the pool of each product there."""
        return {product_id: row for row, product_id in enumerate(self.found.product_ids.tolist())}

    def named_ids(self) -> set[int]:
        """The products that the query names by their number."""
        return set(self.found.product_ids[self.found.is_named].tolist())
