"""The SQL of a search's candidates: the best by words, the nearest by meaning, those that are named, and the pinned.

Words first look only at products with one of the rare words. A product without any of them scores less than all the
other words together can give; when the CANDIDATES-th best with a rare word has more than that, the rest need not be
looked at, and the result is the same (MaxScore, Turtle & Flood 1995). "laser printer" then reads what says laser.
"""

from dataclasses import dataclass

from psycopg import sql

from search.lexical import distance_sql

CANDIDATES = 100  # a side: search/EXPERIMENTS.md
SEMANTIC_SHARE = 0.5  # of the best cosine; costs no quality down to 0.5: search/EXPERIMENTS.md, 2026-11-25


@dataclass(frozen=True)
class Shape:
    """What the text of the statement depends on beside filters; values are parameters."""

    has_words: bool
    has_rare: bool  # some of the words are enough to find the best, as a rule
    version_id: int | None  # in the text, because the HNSW index is partial
    covers: int  # how many sets of terms make a product match
    has_identifiers: bool
    sort: str
    wordings: int = 0  # beside the one that was typed: search/synonyms.py
    has_pins: bool = False
    by_group: bool = False  # variants of one product count once: search/item_groups.py
    has_facts: bool = False  # what a ranker reads of the candidates: search/ranker.py


def pool(shape: Shape) -> sql.Composable:
    """CTEs q, lexical and semantic (product_id, score), named, and pool: the union of these and the pinned ones."""
    best_semantic = (
        "SELECT e.product_id, -(e.vector <#> (SELECT vector FROM q)) AS score FROM search_productembedding e "
        "WHERE e.version_id = {version} AND e.is_for_sale "
        "ORDER BY e.vector <#> (SELECT vector FROM q) LIMIT {limit}"
    )
    named = (
        "(SELECT id AS product_id FROM catalog_product WHERE upper(sku) = ANY(%(identifiers)s::text[]) "
        "LIMIT {limit}) UNION "
        "(SELECT id FROM catalog_product WHERE gtin = ANY(%(identifiers)s::text[]) AND gtin <> '' LIMIT {limit}) "
        "UNION (SELECT id FROM catalog_product WHERE upper(mpn) = ANY(%(identifiers)s::text[]) AND mpn <> '' "
        "LIMIT {limit})"
    )
    nothing = "SELECT NULL::bigint AS product_id, NULL::float8 AS score WHERE false"
    return sql.SQL(
        "q AS MATERIALIZED (SELECT %(terms)s::sparsevec AS terms, %(vector)s::halfvec AS vector"
        f"{''.join(f', %(terms_{number})s::sparsevec AS terms_{number}' for number in range(shape.wordings))}), "
        f"lexical AS MATERIALIZED ({_best_lexical(shape) if shape.has_words else nothing}), "
        f"semantic AS MATERIALIZED ({best_semantic if shape.version_id else nothing}), "
        f"named AS MATERIALIZED ({named if shape.has_identifiers else nothing}), "
        "pool AS MATERIALIZED (SELECT product_id FROM lexical UNION "
        "SELECT product_id FROM semantic WHERE score >= %(floor)s::float8 "
        "AND score >= {semantic_share} * (SELECT max(score) FROM semantic) UNION SELECT product_id FROM named"
        f"{' UNION SELECT unnest(%(pinned)s::bigint[])' if shape.has_pins else ''})"
    ).format(
        limit=sql.Literal(CANDIDATES),
        version=sql.Literal(shape.version_id or 0),
        semantic_share=sql.Literal(SEMANTIC_SHARE),
    )


def _best_lexical(shape: Shape) -> str:
    distance = distance_sql(shape.wordings)

    def best(terms: str) -> str:
        return (
            f"SELECT d.product_id, -({distance}) AS score FROM search_lexicaldocument d "
            f"WHERE d.term_ids && %({terms})s::int[] ORDER BY {distance}, d.product_id LIMIT {{limit}}"
        )

    if not shape.has_rare:
        return best("term_ids")
    return (
        f"WITH rare AS MATERIALIZED ({best('rare_ids')}), enough AS MATERIALIZED ("
        "SELECT count(*) = {limit} AND min(score) >= %(others_at_most)s::float8 AS is_so FROM rare) "
        "SELECT product_id, score FROM rare WHERE (SELECT is_so FROM enough) UNION ALL "
        f"SELECT product_id, score FROM ({best('term_ids')}) AS every WHERE NOT (SELECT is_so FROM enough)"
    )
