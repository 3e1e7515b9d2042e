"""The ways in which a search can be answered: under which encoder version, and with which learners beside it.

Shoppers get LIVE: the active version with everything that was learned. The gate compares variants, an online test mixes
two of them, and an ablation leaves a learner out; all of them call the same `search_products`.
"""

from dataclasses import dataclass
from typing import Any

MEMORY, ADAPTER, RANKER = "memory", "adapter", "ranker"  # search/click_memory.py, adapters.py, ranker.py
LEARNERS = frozenset({MEMORY, ADAPTER, RANKER})


@dataclass(frozen=True)
class Variant:
    """`version_id` None is the active version, `adapter_id` and `ranker_id` None the version's active ones;
    `lexical_weight` None the version's own."""

    version_id: int | None = None
    adapter_id: int | None = None
    learners: frozenset[str] = LEARNERS
    lexical_weight: float | None = None
    ranker_id: int | None = None

    def to_json(self) -> dict[str, Any]:
        """For OnlineTest and reports."""
        return {
            "version_id": self.version_id,
            "adapter_id": self.adapter_id,
            "learners": sorted(self.learners),
            "lexical_weight": self.lexical_weight,
            "ranker_id": self.ranker_id,
        }

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> "Variant":
        """The inverse of `to_json`. Raises KeyError where a field is missing."""
        return cls(
            version_id=fields["version_id"],
            adapter_id=fields["adapter_id"],
            learners=frozenset(fields["learners"]) & LEARNERS,
            lexical_weight=fields["lexical_weight"],
            ranker_id=fields.get("ranker_id"),  # what was written before there were rankers has none
        )


LIVE = Variant()
