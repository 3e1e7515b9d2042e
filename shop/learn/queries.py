"""What simulated shoppers search for, and what nobody searches for, to see whether learning carries over."""

from dataclasses import dataclass

import numpy as np

from search.catalogue_needs import needs_from_catalogue
from search.judged_queries import GradedQuery
from search.models import SearchQuery
from search.shopper_needs import Need, NoNeeds, with_popularity
from shop.learn.wishes import wishes

HELD_OUT_SHARE = 0.3
ASKED, HELD_OUT = "searched for", "held out"


@dataclass(frozen=True)
class Split:
    """Wishes in shoppers' words, and needs made of the catalogue's. Nobody ever searched for those held out, in earlier
    runs neither."""

    asked: tuple[Need, ...]
    held_out: tuple[Need, ...]

    def groups(self) -> dict[str, list[GradedQuery]]:
        return {ASKED: _graded(self.asked), HELD_OUT: _graded(self.held_out)}


def split_needs(count: int, *, seed: int) -> Split:
    """The same ones for the same catalogue and seed, less what the log has. Raises NoNeeds where a part is empty."""
    needs = all_needs(count, seed=seed)
    order = np.random.default_rng(seed).permutation(len(needs)).tolist()
    aside = round(HELD_OUT_SHARE * len(needs))
    held_out, asked = ([needs[at] for at in sorted(part)] for part in (order[:aside], order[aside:]))
    logged = SearchQuery.objects.filter(query__in=[need.query for need in held_out])
    known = set(logged.values_list("query", flat=True).distinct())
    unknown = tuple(need for need in held_out if need.query not in known)
    if not asked or not unknown:
        raise NoNeeds(
            f"Of {len(needs)} queries, {len(unknown)} could be held out; "
            "take more of them (--needs), or the --seed of the run before."
        )
    return Split(tuple(asked), unknown)


def all_needs(count: int, *, seed: int) -> list[Need]:
    """Wishes first, as far as the store has what they are for, and as many of the catalogue as are missing.

    Raises NoNeeds.
    """
    said = wishes()[:count]
    made = needs_from_catalogue(count - len(said), seed=seed) if count > len(said) else []
    return with_popularity([*said, *made], seed=seed)


def _graded(needs: tuple[Need, ...]) -> list[GradedQuery]:
    return [GradedQuery(need.query, need.language, need.grades) for need in needs]
