"""nDCG@10 before and after, measured alike: of the pages that shoppers would get, by the code that serves them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search.gate import bare
from search.judged_queries import GradedQuery
from search.metrics import Interval, Values, bootstrap, paired_bootstrap
from search.side_by_side import page_of, page_values
from search.variants import LIVE, MEMORY, Variant

BEFORE, WITH_MEMORY, WITH_EVERYTHING = "before", "with click memory", "with everything"

Groups = Mapping[str, Sequence[GradedQuery]]


@dataclass(frozen=True)
class Measured:
    """By system, then by group of queries; differences are to BEFORE, paired over the group's queries."""

    queries: Mapping[str, int]
    means: Mapping[str, Mapping[str, Interval]]
    differences: Mapping[str, Mapping[str, Interval]]


def before(version_id: int) -> Variant:
    """The version that was active, and nothing that was learned beside it."""
    return bare(version_id)


def after(version_id: int) -> dict[str, Variant]:
    """That version with the click memory; and what shoppers get, whichever version is active, with all learners."""
    return {WITH_MEMORY: Variant(version_id=version_id, learners=frozenset({MEMORY})), WITH_EVERYTHING: LIVE}


def values_by_group(groups: Groups, variant: Variant) -> dict[str, Values]:
    """nDCG@10 of each query, (n,) for a group of n; one search a query, which is not logged."""
    queries = dict.fromkeys(query.query for found in groups.values() for query in found)
    pages = {query: page_of(query, variant) for query in queries}
    return {name: page_values(found, pages) for name, found in groups.items()}


def measured(values: Mapping[str, Mapping[str, Values]]) -> Measured:
    """`values` by system, BEFORE among them, then by group."""
    base = values[BEFORE]
    return Measured(
        queries={name: len(found) for name, found in base.items()},
        means={system: {name: bootstrap(found) for name, found in of.items()} for system, of in values.items()},
        differences={
            system: {name: paired_bootstrap(found, base[name]) for name, found in of.items()}
            for system, of in values.items()
            if system != BEFORE
        },
    )
