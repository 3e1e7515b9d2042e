"""The groups of queries by which two ways to search are compared, and how much each may lose.

A mean over all queries hides who pays for it, so the same queries are also looked at apart: those people judged, those
of held-out clicks, frequent and rare ones, new ones, long ones, with a typo, in the second language, and the forgetting
set. "Held-out" are clicks of the time after the training window: a version is never judged by what it learned from.

Grades from clicks are propensity-weighted click-through within the query (Joachims et al. 2017). Of a product that was
never shown they say nothing. Counted as 0 it would favour what is being served, whatever a challenger brings up. So
both rankings are compared by the products that were shown, the others taken out (condensed lists, Sakai 2007). What a
challenger brings up that is no good, the judged queries, the forgetting set and an online test can see.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from search.benchmark.typos import typos
from search.judged_queries import GradedQuery, for_sale, graded_queries
from search.learning_models import JudgedQuery
from search.product_clicks import ProductClicks
from search.training_pairs import SLIPS
from search.words import STOP_WORDS, normal_query, query_terms, split_words

MIN_QUERIES = 10  # a slice of fewer is shown but does not decide
MIN_MAIN = 20  # with fewer queries of people the forgetting set is the main metric
ALLOWANCE = -0.02  # the mean difference of nDCG@10 below which a slice has lost something
FORGETTING_ALLOWANCE = -0.01  # for every query that shoppers do not ask, and a larger set

MAIN, HUMAN, CLICKS, HEAD, TAIL = "all queries", "judged by people", "held-out clicks", "frequent", "rare"
NEW, NEW_WORDS, NATURAL = "new queries", "with new words", "natural language"
TYPOS, SECOND_LANGUAGE, FORGETTING = "with a typo", "second language", "forgetting set"

MIN_CLIENTS = 5  # that saw the results of a query whose clicks are to grade them
MIN_CLICKS = 3  # of different clients or on different products
MOST_CLICK_QUERIES = 500  # of a busy store: evenly from the most frequent to the rarest
PRIOR_EXAMINED = 1.0  # times, added to each product: one click at the page's end proves little, nor does one skip
TYPO_SEED = 4_711
LONG = 4  # words of a query that is natural language
_FUNCTION_WORDS = STOP_WORDS | set("i me my you your that which what how who when where need want can does do".split())


@dataclass(frozen=True)
class Slice:
    """Queries that are looked at together; `allowance` is the mean difference of nDCG@10, below 0, that is too much."""

    name: str
    queries: tuple[GradedQuery, ...]
    allowance: float = ALLOWANCE


def make_slices(
    held_out: Sequence[ProductClicks] = (),
    training: Sequence[ProductClicks] = (),
    *,
    human: Sequence[GradedQuery] | None = None,
) -> list[Slice]:
    """All slices, MAIN first; `human` judgments in the place of the stored ones. A few SQL queries.

    `held_out` are clicks of the time after the split, `training` those before it, which only tell what is new.
    """
    judged = list(human) if human is not None else graded_queries(JudgedQuery.Source.HUMAN)
    clicked, forgetting = click_queries(held_out), graded_queries(JudgedQuery.Source.FORGETTING)
    main = _each_once([*judged, *clicked])
    base = main if len(main) >= MIN_MAIN else forgetting
    half = len(clicked) // 2
    asked = main if training else []  # without a training window nothing is new
    known_queries = {row.query for row in training}
    known_words = {term for query in known_queries for term in query_terms(query)}
    found = {
        MAIN: main,
        HUMAN: judged,
        CLICKS: clicked,
        HEAD: clicked[:half],
        TAIL: clicked[half:],
        NEW: [query for query in asked if normal_query(query.query) not in known_queries],
        NEW_WORDS: [query for query in asked if not known_words.issuperset(query_terms(query.query))],
        NATURAL: [query for query in base if is_natural(query.query)],
        TYPOS: with_typos(base),
        SECOND_LANGUAGE: second_language(_each_once([*main, *forgetting])),
        FORGETTING: forgetting,
    }
    allowances = {FORGETTING: FORGETTING_ALLOWANCE}
    return [Slice(name, tuple(queries), allowances.get(name, ALLOWANCE)) for name, queries in found.items()]


def click_queries(clicks: Iterable[ProductClicks]) -> list[GradedQuery]:
    """Queries with grades from their clicks, as far as enough clients were there; those of most clients first."""
    rows: dict[str, list[ProductClicks]] = defaultdict(list)
    for row in clicks:
        rows[row.query].append(row)
    clients = {query: max(row.shown for row in found) for query, found in rows.items()}
    enough = [query for query in rows if clients[query] >= MIN_CLIENTS]
    frequent = sorted(enough, key=lambda query: (-clients[query], query))
    graded = [
        replace(query, shown=frozenset(row.product_id for row in rows[query.query]))
        for query in for_sale({query: click_grades(rows[query]) for query in frequent})
    ]
    return graded[:: max(1, -(-len(graded) // MOST_CLICK_QUERIES))]


def click_grades(rows: Sequence[ProductClicks]) -> dict[int, float]:
    """Grades of one query's products by their clicks; those that are chosen no more often than slips are left out.

    A rate is the clicks per examination, as if each product had been examined PRIOR_EXAMINED times more, and chosen
    then as often as the query's products are on average. Taken for skipped then, a product far down, at which few have
    looked, would count less than it is worth, and whatever moves it up would look worse (search/EXPERIMENTS.md).

    A grade is not cut into steps, so that its gain, 2 ** grade - 1, is in proportion to the rate above the slips', with
    7 (grade 3) for the best: whole grades, and thresholds for them, would hold against a product what is only a lack of
    looks. The best is one that several clients clicked.
    """
    if sum(row.clicked for row in rows) < MIN_CLICKS:
        return {}
    usual = sum(row.value for row in rows) / max(sum(row.examined for row in rows), PRIOR_EXAMINED)
    rates = {
        row.product_id: (row.value + PRIOR_EXAMINED * usual) / (row.examined + PRIOR_EXAMINED) for row in rows
    }
    best = max((rates[row.product_id] for row in rows if row.clicked > 1), default=max(rates.values()))
    gains = {pk: 7 * min((rate / best - SLIPS) / (1 - SLIPS), 1.0) for pk, rate in rates.items()}
    return {pk: round(math.log2(1 + gain), 3) for pk, gain in gains.items() if gain > 0}


def is_natural(query: str) -> bool:
    """Whether it is said as to a person: LONG words or more, or with words that only hold others together."""
    words = split_words(query)
    return len(words) >= LONG or not _FUNCTION_WORDS.isdisjoint(words)


def with_typos(queries: Sequence[GradedQuery]) -> list[GradedQuery]:
    """Each with one random edit in one word, always the same one; those without a word of letters are left out."""
    by_text = {query.query: query for query in queries}
    return [replace(by_text[typo.query], query=typo.typed) for typo in typos(list(by_text), TYPO_SEED)]


def second_language(queries: Sequence[GradedQuery]) -> list[GradedQuery]:
    """Those in another language than most."""
    ((most, _),) = Counter(query.language for query in queries).most_common(1) or [("", 0)]
    return [query for query in queries if query.language != most]


def training_slice(training: Sequence[ProductClicks]) -> Slice:
    """The queries of the training window with grades from its clicks: to choose parameters by, never to decide by."""
    return Slice("training window", tuple(click_queries(training)))


def _each_once(queries: Iterable[GradedQuery]) -> list[GradedQuery]:
    """The first of those that differ only in case and spaces."""
    found: dict[str, GradedQuery] = {}
    for query in queries:
        found.setdefault(normal_query(query.query), query)
    return list(found.values())
