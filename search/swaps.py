"""Two neighbours in a random order, on a few searches: the one way to know what a position does to a product's clicks.

On SWAP_SHARE of the searches the hits k and k + 1, k at random from the first nine, are put in an order that a coin
decides. Over many such searches both places hold equally good products, so what the lower one gets less is due to its
place (Joachims et al. 2017; search/propensities.py reads it). A shopper loses next to nothing: neighbours are about as
good. The log has k whether or not the two changed places; only together do both outcomes tell anything.

Done where a page is answered, not in `search_products`, so that what is measured stays the same from run to run.
"""

import random
from dataclasses import replace

from search.pipeline import SearchResults

SWAP_SHARE = 0.02  # 1,000 swaps of 50,000 searches; half of them change anything
LAST_POSITION = 9  # k + 1 is on the first screens of a phone, where most clicks are


class Swaps:
    """`share` of the searches, 0 to 1. `chance` is the system's by default: it needs no seed, and a forked process does
    not repeat its parent's."""

    def __init__(self, *, share: float = SWAP_SHARE, chance: random.Random | None = None) -> None:
        self.share = share
        self.chance = chance or random.SystemRandom()

    def applied(self, results: SearchResults) -> tuple[SearchResults, int | None]:
        """The page, perhaps with two neighbours swapped, and k; None where no two were put in a random order."""
        if self.chance.random() >= self.share or not _may_swap(results):
            return results, None
        position = self.chance.randint(1, LAST_POSITION)
        if position >= len(results.hits) or _is_fixed(results, position):
            return results, None
        return (_swapped(results, position) if self.chance.random() < 0.5 else results), position


def _may_swap(results: SearchResults) -> bool:
    """Only where hits are ranked by relevance, somebody sees them, and no online test has mixed them."""
    is_ranked = results.sort == "relevance" and bool(results.query) and results.test_id is None
    return is_ranked and results.page == 1 and results.redirect is None


def _is_fixed(results: SearchResults, position: int) -> bool:
    """Whether one of the two is where it is for a reason: pinned by a rule, or named by its number."""
    fixed = results.trace.pinned | results.trace.named_ids()
    return any(hit.product_id in fixed for hit in results.hits[position - 1 : position + 1])


def _swapped(results: SearchResults, position: int) -> SearchResults:
    first, second = results.hits[position - 1 : position + 1]
    pair = (replace(second, position=first.position), replace(first, position=second.position))
    return replace(results, hits=(*results.hits[: position - 1], *pair, *results.hits[position + 1 :]))


swaps = Swaps()
