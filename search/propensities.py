"""How likely a shopper looks at a position of a page of hits: 1 for the first, less below (Joachims et al. 2017)."""

from dataclasses import dataclass

POSITIONS = 100


@dataclass(frozen=True)
class Propensities:
    """`values` of positions 1, 2, ...; the first is 1.0."""

    values: tuple[float, ...]

    def of(self, position: float) -> float:
        """Positions beyond the last get the last value."""
        return self.values[min(max(round(position), 1), len(self.values)) - 1]


PRIOR = Propensities(tuple(1 / rank for rank in range(1, POSITIONS + 1)))
