"""What came of comparing two ways to search, as it is stored with a version and shown in the admin.

Figures are nDCG@10, rounded to four places when they are measured, so that reading back gives what was written.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from search.metrics import Interval
from search.variants import Variant


@dataclass(frozen=True)
class Side:
    """One of the two: the version's name, and what answered."""

    name: str
    variant: Variant


@dataclass(frozen=True)
class SliceResult:
    """One group of queries. `worse` is the share of bootstrap samples in which the challenger is below the active."""

    name: str
    allowance: float
    queries: int
    active: Interval
    challenger: Interval
    difference: Interval
    worse: float


@dataclass(frozen=True)
class TopHit:
    """A product near the top of a page, with its title at the time."""

    product_id: int
    title: str
    grade: int


@dataclass(frozen=True)
class QueryResult:
    """One query whose value changed, and both pages as far as they are shown."""

    query: str
    slice: str
    active: float
    challenger: float
    active_top: tuple[TopHit, ...]
    challenger_top: tuple[TopHit, ...]

    @property
    def difference(self) -> float:
        return self.challenger - self.active


@dataclass(frozen=True)
class Comparison:
    """`wins` and `losses` of the challenger are the largest ones, largest first."""

    active: Side
    challenger: Side
    slices: tuple[SliceResult, ...]
    wins: tuple[QueryResult, ...]
    losses: tuple[QueryResult, ...]

    def slice(self, name: str) -> SliceResult | None:
        return next((found for found in self.slices if found.name == name), None)

    def to_json(self) -> dict[str, Any]:
        """For EncoderVersion.gate and QueryAdapter.gate."""
        found = asdict(self)
        for name, side in (("active", self.active), ("challenger", self.challenger)):
            found[name]["variant"] = side.variant.to_json()
        return found

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> "Comparison":
        """The inverse of `to_json`. Raises KeyError and TypeError where it is none."""
        return cls(
            active=_side(fields["active"]),
            challenger=_side(fields["challenger"]),
            slices=tuple(map(_slice_result, fields["slices"])),
            wins=tuple(map(_query_result, fields["wins"])),
            losses=tuple(map(_query_result, fields["losses"])),
        )


@dataclass(frozen=True)
class Decision:
    """Whether the challenger becomes the active one, and why, in one sentence."""

    promote: bool
    reason: str


def record(comparison: Comparison, decision: Decision) -> dict[str, Any]:
    """What a version's `gate` holds."""
    return {"comparison": comparison.to_json(), "decision": asdict(decision)}


def read_record(gate: Mapping[str, Any]) -> tuple[Comparison, Decision]:
    """The inverse of `record`. Raises KeyError and TypeError where it is none."""
    return Comparison.from_json(gate["comparison"]), Decision(**gate["decision"])


def _side(fields: Mapping[str, Any]) -> Side:
    return Side(fields["name"], Variant.from_json(fields["variant"]))


def _slice_result(fields: Mapping[str, Any]) -> SliceResult:
    intervals = {name: Interval(**fields[name]) for name in ("active", "challenger", "difference")}
    return SliceResult(**{**fields, **intervals})


def _query_result(fields: Mapping[str, Any]) -> QueryResult:
    tops = {name: tuple(TopHit(**hit) for hit in fields[name]) for name in ("active_top", "challenger_top")}
    return QueryResult(**{**fields, **tops})
