"""What the clicks after a query add to the scores: for the products that were chosen, and for others of their kind.

A product that was chosen more often than expected rises, one that was looked at and left alone sinks
(search/click_lifts.py). The kinds of the chosen ones are votes on what is meant, as the nearest products' are
(search/consensus.py), so that products rise which no one was shown.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from search.consensus import Voters, kind_shares
from search.partitions import Types
from search.score_parts import CLICKED_KIND, CLICKS, ScoreParts

# Both in z-scores; for tuning by simulated sessions.
CLICKS_WEIGHT = 1.5  # of a lift, which is -1.5 to 2.0
CLICKED_KIND_WEIGHT = 1.0  # of a share of 1
SURE = 1.0  # sum of lifts that makes the kinds count half: one click says little about kinds either


def with_clicks(
    parts: ScoreParts,
    product_ids: npt.NDArray[np.int64],
    categories: Types,
    clusters: Types,
    *,
    lifts: Mapping[int, float],
) -> ScoreParts:
    """The parts of these (n,) candidates with those of clicks; the same where none of them has a lift."""
    own = np.array([lifts.get(pk, 0.0) for pk in product_ids.tolist()] if lifts else [])
    if not own.any():
        return parts
    parts = parts.with_part(CLICKS, CLICKS_WEIGHT * own)
    rows = np.flatnonzero(own > 0)
    if not len(rows):
        return parts
    chosen = float(own[rows].sum())
    shares = kind_shares(categories, clusters, Voters(rows, own[rows]))
    return parts.with_part(CLICKED_KIND, CLICKED_KIND_WEIGHT * chosen / (chosen + SURE) * shares)
