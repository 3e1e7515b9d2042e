"""How a simulated shopper clicks: the position-based model (Craswell et al. 2008; Chuklin, Markov & de Rijke 2015).

P(click) = P(examined | position) * P(attracted | grade), each hit on its own. Examination falls as rank ** -eta, and
attraction is noise + (1 - noise) * (2**grade - 1) / (2**3 - 1), as in Ai et al. 2018: a product that is no answer at
all is clicked by `noise` of those who look at it. Carts follow clicks and purchases follow carts, more often for better
answers; these shares are round guesses, not measurements.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt

from search.datasets import MAX_GRADE

Values = npt.NDArray[np.float64]
Grades = npt.NDArray[np.int64]
Levels = npt.NDArray[np.int8]  # how far a shopper went with a hit: 0 is nothing, else the number of ACTIONS done

ACTIONS = ("click", "add_to_cart", "purchase")  # each after the one before it
NOISE = 0.1
ETA = 1.0
CART_SHARES = (0.02, 0.08, 0.2, 0.4)  # of clicks, by grade
PURCHASE_SHARES = (0.1, 0.2, 0.35, 0.5)  # of carts, by grade


@dataclass(frozen=True)
class Action:
    """One thing that a shopper did with the hit at a position, counted from 1."""

    position: int
    action_name: str


@dataclass(frozen=True)
class ClickModel:
    """Raises ValueError for a noise that is no share, a negative eta, or shares that are not one a grade."""

    noise: float = NOISE
    eta: float = ETA
    cart_shares: tuple[float, ...] = CART_SHARES
    purchase_shares: tuple[float, ...] = PURCHASE_SHARES

    def __post_init__(self) -> None:
        if not 0 <= self.noise <= 1:
            raise ValueError(f"The noise is a share from 0 to 1, not {self.noise}.")
        if not self.eta >= 0:
            raise ValueError(f"Eta is 0 or more, not {self.eta}.")
        for shares in (self.cart_shares, self.purchase_shares):
            if len(shares) != MAX_GRADE + 1 or not all(0 <= share <= 1 for share in shares):
                raise ValueError(f"There is one share from 0 to 1 for each grade from 0 to {MAX_GRADE}, not {shares}.")

    def examination(self, positions: int) -> Values:
        """(positions,): how likely each of the first positions is looked at; that of the first is 1."""
        return np.arange(1, positions + 1, dtype=np.float64) ** -self.eta

    def attraction(self, grades: npt.ArrayLike) -> Values:
        """How likely a hit of that grade is clicked by who looks at it; same shape as `grades`."""
        gain = (2.0 ** np.asarray(grades, dtype=np.float64) - 1) / (2**MAX_GRADE - 1)
        return cast(Values, self.noise + (1 - self.noise) * gain)

    def click_probabilities(self, grades: npt.ArrayLike) -> Values:
        """For pages of grades (..., n), best position first: how likely each hit is clicked, (..., n)."""
        attraction = self.attraction(grades)
        return attraction * self.examination(attraction.shape[-1])

    def draw(self, grades: npt.ArrayLike, rng: np.random.Generator) -> Levels:
        """What shoppers do on pages of grades (..., n), one page a shopper: (..., n) levels."""
        shown = np.asarray(grades, dtype=np.int64)
        clicked = rng.random(shown.shape) < self.click_probabilities(shown)
        carted = clicked & (rng.random(shown.shape) < np.take(self.cart_shares, shown))
        bought = carted & (rng.random(shown.shape) < np.take(self.purchase_shares, shown))
        return clicked.astype(np.int8) + carted + bought


def session(grades: Sequence[int], model: ClickModel, rng: np.random.Generator) -> list[Action]:
    """What one shopper does on one page, whose hits have these grades."""
    return actions_of(model.draw(list(grades), rng))


def actions_of(levels: Levels) -> list[Action]:
    """The actions of one page of levels (n,), from the top down, as a shopper goes through it."""
    return [
        Action(int(at) + 1, name) for at in np.flatnonzero(levels) for name in ACTIONS[: int(levels[at])]
    ]  # fmt: skip
