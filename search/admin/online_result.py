"""An online test in plain words: what is compared, and what came of it."""

from collections.abc import Sequence

from search.admin.charts import Bar, bars
from search.interleave import Result, wilson_interval
from search.learning_models import OnlineTest
from search.models import EncoderVersion
from search.variants import ADAPTER, MEMORY, RANKER, Variant

LEARNER_NAMES = {MEMORY: "click memory", ADAPTER: "query adapter", RANKER: "ranker"}


def state_of(test: OnlineTest) -> str:
    if test.is_running:
        return "running"
    return "ended" if test.ended_at else "not started"


def described(variant: Variant) -> str:
    """For example "minilm-3, without click memory, weight of words 0.3". One SQL query."""
    parts = ["the active version"]
    if variant.version_id is not None:
        version = EncoderVersion.objects.filter(pk=variant.version_id).first()
        parts = [str(version or f"version {variant.version_id}, deleted")]
    parts += [f"without {name}" for learner, name in LEARNER_NAMES.items() if learner not in variant.learners]
    if variant.lexical_weight is not None:
        parts.append(f"weight of words {variant.lexical_weight:g}")
    return ", ".join(parts)


def verdict(result: Result) -> str:
    """Who wins, whether chance may have done it, and how many more searches would tell."""
    if not result.searches:
        return "No search has been mixed yet."
    if not result.decided:
        return f"None of {_searches(result.searches)} is decided yet."
    wins = f"{_searches(result.decided, kind='decided ')} (p {shown_p(result.p_value)})."
    if result.wins_a == result.wins_b:
        return f"Each side wins half of {wins} No difference seen yet."
    leader, most = ("A", result.wins_a) if result.wins_a > result.wins_b else ("B", result.wins_b)
    said = f"{leader} wins {most:,} of {wins}"
    if result.is_significant:
        return f"{said} Chance alone would hardly do that: {leader} is better."
    needed = result.searches_needed
    if needed is None:
        return f"{said} No difference seen yet."
    return f"{said} Chance alone may do that. About {_searches(_rounded(needed), kind='more ')} are needed."


def numbers(result: Result) -> list[tuple[str, str]]:
    """(what, how much) for a table."""
    share = "–"
    if result.share_of_b is not None:
        low, high = wilson_interval(result.wins_b, result.decided)
        share = f"{result.share_of_b:.0%} [{low:.0%}, {high:.0%}]"
    return [
        ("Searches", f"{result.searches:,}"),
        ("Decided: more clicks on the hits of one side", f"{result.decided:,}"),
        ("Ties: as many clicks on both sides", f"{result.ties:,}"),
        ("Share of the decided that B wins, with its 95 % interval", share),
        ("p-value of the sign test", shown_p(result.p_value).removeprefix("= ")),
    ]


def chart(result: Result) -> Sequence[Bar]:
    undecided = result.searches - result.decided - result.ties
    values = [("A wins", result.wins_a), ("B wins", result.wins_b), ("Ties", result.ties), ("Undecided", undecided)]
    return bars(values, "searches") if result.searches else ()


def shown_p(p_value: float) -> str:
    if p_value < 0.001:
        return "< 0.001"
    return f"= {p_value:.2f}" if p_value >= 0.1 else f"= {p_value:.3f}"


def _searches(count: int, *, kind: str = "") -> str:
    return f"{count:,} {kind}{'search' if count == 1 else 'searches'}"


def _rounded(count: int) -> int:
    """Two digits: it is an estimate."""
    return int(round(count, 2 - len(str(count))))
