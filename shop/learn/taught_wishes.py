"""What clicks on wishes teach the click memory, for these wishes and for longer ones that nobody searched for."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from django.utils import timezone

from search import click_data, click_memory
from search.click_model import ClickModel
from search.learning_evaluation import WEEKS, forget_learning
from search.metrics import Interval, Values, bootstrap, paired_bootstrap, precision
from search.shopper_needs import Need, with_popularity
from search.side_by_side import page_of
from search.simulation import simulate_log
from search.variants import MEMORY, Variant
from shop.learn.wishes import longer_wishes, wishes

SEARCHED, LONGER = "searched for", "longer, not searched for"
PAGE = 10


@dataclass(frozen=True)
class Taught:
    """P@10 by the right type before any click, and the paired difference that the clicks make."""

    queries: int
    before: Interval
    after: Interval
    difference: Interval


def taught(sessions: int, *, seed: int = 1) -> dict[str, Taught]:
    """In the database that is connected, whose log and learned state are deleted before and after. Some minutes."""
    forget_learning()
    needs = wishes()
    groups = {SEARCHED: needs, LONGER: longer_wishes(needs)}
    before = {name: _values(found, frozenset()) for name, found in groups.items()}
    end = timezone.now()
    simulate_log(
        with_popularity(needs, seed=seed), sessions, click_model=ClickModel(), start=end - timedelta(weeks=WEEKS),
        end=end, seed=seed,
    )  # fmt: skip
    click_data.refresh_position_bias()
    click_memory.refresh_click_memory()
    after = {name: _values(found, frozenset({MEMORY})) for name, found in groups.items()}
    forget_learning()
    return {
        name: Taught(
            len(found), bootstrap(before[name]), bootstrap(after[name]), paired_bootstrap(after[name], before[name])
        )
        for name, found in groups.items()
    }


def as_text(found: dict[str, Taught], sessions: int) -> str:
    """A line for each group."""
    lines = [f"P@10 by the right type, before and after {sessions} simulated sessions [95 % interval]"]
    for name, one in found.items():
        change = one.difference
        lines.append(
            f"{f'{name} ({one.queries})':32}{one.before.mean:.3f}  {one.after.mean:.3f}  "
            f"{change.mean:+.3f} [{change.low:+.3f}, {change.high:+.3f}]"
        )
    return "\n".join(lines)


def _values(needs: list[Need], learners: frozenset[str]) -> Values:
    """(n,) the share of right products on each page."""
    variant = Variant(learners=learners)
    pages = [(need, page_of(need.query, variant)[:PAGE]) for need in needs]
    return np.array([precision([int(need.grades.get(pk, 0)) for pk in page], k=PAGE) for need, page in pages])
