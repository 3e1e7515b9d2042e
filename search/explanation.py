"""What is told of a search: its stages, and of each hit the parts of its score. search/explain.py fills it in."""

from dataclasses import dataclass

from search.query import Understood

PLACE = "place"  # the part of a hit that is not in the pool, or not ranked by relevance: minus its position


@dataclass(frozen=True)
class Term:
    """A word of the query as it is indexed; a rare one has a high idf."""

    term: str
    term_id: int
    idf: float
    document_frequency: int
    is_synonym: bool = False  # of a word of the query, by the merchant


@dataclass(frozen=True)
class Kind:
    """A category that the query may be about; both shares are 0 to 1.

    `share` is its weight among the nearest products, `name_share` how near its name is among all names.
    """

    category_id: int
    slug: str
    name: str
    share: float
    name_share: float


@dataclass(frozen=True)
class Pool:
    """How many candidates there were, and how many of them have what; one may count in several."""

    size: int
    with_words: int
    near: int  # at least as near as a match must be
    named: int
    passing: int  # the filters


@dataclass(frozen=True)
class ExplainedHit:
    """One hit with both raw scores and both z-scores, None where a side has none; the parts add up to the score.

    `cosine_rank` is its place by cosine, from 1.
    """

    product_id: int
    position: int
    score: float
    bm25: float | None
    cosine: float | None
    bm25_z: float | None
    cosine_z: float | None
    cosine_rank: int | None
    category_id: int | None
    parts: dict[str, float]
    is_pinned: bool = False  # by a rule


@dataclass(frozen=True)
class Explanation:
    """Everything that a search went through; `floor` is the cosine from which on a product matches by meaning,
    `meant_by` the query whose clicks moved the meaning of this one: itself, or how it ends."""

    understood: Understood
    version_id: int | None
    sort: str
    terms: tuple[Term, ...]
    unknown: tuple[str, ...]
    lexical_weight: float
    agreement: float | None
    coverage: float | None
    floor: float | None
    meant_by: str | None
    kinds: tuple[Kind, ...]
    pool: Pool
    hits: tuple[ExplainedHit, ...]
