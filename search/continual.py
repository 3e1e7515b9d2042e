"""Ten weeks of a store that learns: does it get better at what is new, and what does it forget meanwhile?

Shoppers' interests drift (search/shopper_needs.py). Each week has its log, at its end the click memory and a round of
learning as at night, and the gate decides. Then the version that is live is compared with the first one, both bare: on
the forgetting set, on what was asked this week, on what was asked this week for the first time, and on what was asked
in the weeks before. Against forgetting, weights are averaged with the parent's and pairs of earlier rounds are learned
again. The measures are those of continual learning: backward and forward transfer (Lopez-Paz & Ranzato 2017).
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from search import click_memory
from search.click_model import ClickModel
from search.gate import bare
from search.index import embed_stale_products
from search.judged_queries import GradedQuery, ensure_forgetting_set, graded_queries
from search.learning_evaluation import forget_learning
from search.learning_models import JudgedQuery, TrainingRound
from search.metrics import Interval, Values, bootstrap, paired_bootstrap
from search.models import EncoderVersion, SearchQuery
from search.recipe import Recipe
from search.rounds import Progress, retrain
from search.shopper_needs import Need, drift
from search.side_by_side import page_of, page_values
from search.simulation import simulate_log
from search.versions import active_version

FORGETTING, THIS_WEEK, NEW, EARLIER = "forgetting set", "asked this week", "asked for the first time", "asked before"
GROUPS = (FORGETTING, THIS_WEEK, NEW, EARLIER)
AVERAGE = 0.5  # of trained and parent's weights, so that a week moves a version half as far (Wortsman et al. 2022)
MAY_LOSE = 0.01  # of nDCG@10 on the forgetting set, in all weeks together

Say = Callable[[str], object]
Learn = Callable[[datetime], TrainingRound | None]  # of the log until then


class WeekFailed(Exception):
    """A week could not be learned, so what comes after it means nothing; the message says why."""


@dataclass(frozen=True)
class Change:
    """nDCG@10 of the first version and of a later one over the same queries; the difference is paired."""

    queries: int
    first: Interval
    live: Interval
    difference: Interval


@dataclass(frozen=True)
class Week:
    """What happened in a week, counted from 1, and how good the version is that was live at its end.

    `at_first_sight`: queries that were new, by the version that was live when they were asked. Groups without a query
    are left out: nothing was asked before the first week.
    """

    number: int
    sessions: int
    clicks: int
    decision: str
    is_promoted: bool
    version: str
    examples: Mapping[str, int]  # that the challenger was trained on, by source
    groups: Mapping[str, Change]
    at_first_sight: Change | None


@dataclass(frozen=True)
class WeeksReport:
    weeks: tuple[Week, ...]

    @property
    def largest_loss(self) -> float:
        """Of nDCG@10 on the forgetting set, against the first version, of all weeks; 0 where nothing was lost."""
        return max([0.0, *(-week.groups[FORGETTING].difference.mean for week in self.weeks)])

    @property
    def least_gain(self) -> float | None:
        """Of nDCG@10 on what was asked for the first time, of all weeks; None where no week had anything new."""
        return min((week.groups[NEW].difference.mean for week in self.weeks if NEW in week.groups), default=None)

    @property
    def remembers(self) -> bool:
        return self.largest_loss <= MAY_LOSE

    @property
    def gains(self) -> bool:
        """Whether each week's new queries are better answered than by the first version."""
        return self.least_gain is not None and self.least_gain > 0


def evaluate_weeks(
    needs: Sequence[Need],
    *,
    weeks: int,
    sessions: int,
    seed: int,
    learn: Learn,
    say: Say = lambda _: None,
) -> WeeksReport:
    """In the database that is connected, whose log and learned state are deleted before and after. Minutes a week.

    `sessions` are of a week; the last week ends now. Raises WeekFailed.
    """
    simulation = _Simulation(needs, sessions=sessions, seed=seed, learn=learn)
    ends, report = timezone.now(), list[Week]()
    for number in range(1, weeks + 1):
        report.append(simulation.week(number, ends - timedelta(weeks=weeks - number)))
        say(f"Week {number}: {report[-1].decision}")
    forget_learning()
    return WeeksReport(tuple(report))


def rounds_of_learning(recipe: Recipe, progress: Progress | None = None) -> Learn:
    """A whole round each week: training, export, embedding, gate."""
    return lambda until: retrain(recipe=recipe, even_if_nothing_new=True, until=until, progress=progress)


class _Simulation:
    """The weeks so far: what was asked, and what every bare version answered, which stays the same."""

    def __init__(self, needs: Sequence[Need], *, sessions: int, seed: int, learn: Learn) -> None:
        self._needs, self._sessions, self._seed, self._learn = needs, sessions, seed, learn
        forget_learning()
        embed_stale_products()  # the first version's, which an earlier evaluation may have cleaned up
        if not ensure_forgetting_set():
            raise WeekFailed("The catalogue is too small for a forgetting set; there is nothing to forget.")
        self._first = _live()
        self._forgetting = graded_queries(JudgedQuery.Source.FORGETTING)
        self._asked_before: set[str] = set()
        self._pages: dict[int, dict[str, list[int]]] = defaultdict(dict)  # by version and query
        self._values([*self._forgetting, *map(_graded, needs)], self._first)  # now: it may be cleaned up in between

    def week(self, number: int, until: datetime) -> Week:
        """What shoppers did until then, a round of learning, and what it brought."""
        needs, served = drift(self._needs, number - 1, seed=self._seed), _live()
        start = until - timedelta(weeks=1)
        made = simulate_log(needs, self._sessions, click_model=ClickModel(), start=start, end=until, seed=self._seed)
        click_memory.refresh_click_memory(until)
        groups = self._groups(needs, _asked(start, until))
        found = self._learned(until)
        live = _live()
        return Week(
            number=number,
            sessions=made.searches,
            clicks=made.clicks,
            decision=found.message,
            is_promoted=found.stage == TrainingRound.Stage.PROMOTED,
            version=live.name,
            examples=found.challenger.card["examples"] if found.challenger else {},
            groups={name: self._change(queries, live) for name, queries in groups.items()},
            at_first_sight=self._change(groups[NEW], served) if NEW in groups else None,
        )

    def _learned(self, until: datetime) -> TrainingRound:
        found = self._learn(until)
        if found is None:
            raise WeekFailed("Another process is at a round of learning in this database.")
        if found.stage == TrainingRound.Stage.FAILED:
            raise WeekFailed(found.message)
        return found

    def _groups(self, needs: Sequence[Need], asked: set[str]) -> dict[str, list[GradedQuery]]:
        """Those that have a query; from then on, what was asked was asked before."""
        graded = [_graded(need) for need in needs]
        groups = {
            FORGETTING: self._forgetting,
            THIS_WEEK: [query for query in graded if query.query in asked],
            NEW: [query for query in graded if query.query in asked - self._asked_before],
            EARLIER: [query for query in graded if query.query in self._asked_before],
        }
        self._asked_before |= asked
        return {name: queries for name, queries in groups.items() if queries}

    def _change(self, queries: Sequence[GradedQuery], live: EncoderVersion) -> Change:
        before, after = self._values(queries, self._first), self._values(queries, live)
        return Change(len(queries), bootstrap(before), bootstrap(after), paired_bootstrap(after, before))

    def _values(self, queries: Sequence[GradedQuery], version: EncoderVersion) -> Values:
        pages = self._pages[version.pk]
        for query in queries:
            if query.query not in pages:
                pages[query.query] = page_of(query.query, bare(version.pk))
        return page_values(queries, pages)


def _live() -> EncoderVersion:
    version = active_version(fresh=True)
    if version is None:
        raise WeekFailed("There is no active encoder version; export one first (manage.py export_encoder).")
    return version


def _asked(since: datetime, until: datetime) -> set[str]:
    searches = SearchQuery.objects.filter(created_at__gte=since, created_at__lt=until)
    return set(searches.values_list("query", flat=True).distinct())


def _graded(need: Need) -> GradedQuery:
    return GradedQuery(need.query, need.language, need.grades)
