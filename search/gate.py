"""The gate: two ways to search, compared with the code that serves shoppers, and whether the new one takes over.

The challenger must be better on the main metric beyond chance, and no group of queries may pay for it. Variants are
compared as the caller gives them; `bare` leaves out the click memory and the adapter, which have seen the very clicks
that are held out. Paired bootstrap: Sakai 2006; a margin that may not be undercut: non-inferiority tests, as in A/B
testing with guardrails (Kohavi, Tang & Xu 2020).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from search.comparison import Comparison, Decision, Side, SliceResult
from search.judged_queries import GradedQuery
from search.metrics import Interval, Values, bootstrap, paired_bootstrap, share_worse
from search.models import EncoderVersion, ProductEmbedding
from search.side_by_side import Pages, page_of, page_values, wins_and_losses
from search.slices import FORGETTING, MAIN, MIN_MAIN, MIN_QUERIES, Slice
from search.variants import ADAPTER, RANKER, Variant
from search.versions import active_encoder
from shop.catalog.models import Product

SURE = 0.95  # of the bootstrap samples must say so before a slice's loss is no accident
PLAINLY = 3.0  # times the allowance: lost, however few the queries
WEIGHTS = (0.3, 0.4, 0.5, 0.6, 0.7)
WEIGHT_QUERIES = 300  # the most frequent ones of training
MISSING_SHARE = 0.01  # of the products may lack a vector: they were added a moment ago

Progress = Callable[[int], object]  # called with the number of searches just done


class NotComparable(Exception):
    """A variant cannot answer by meaning; the message says why and what to do."""


def bare(version_id: int | None) -> Variant:
    """An encoder version by itself, without what has learned from clicks since."""
    return Variant(version_id=version_id, learners=frozenset())


def compare(
    active: Variant, challenger: Variant, slices: Sequence[Slice], *, progress: Progress | None = None
) -> Comparison:
    """nDCG@10 of both for every slice; two searches for each distinct query, which are not logged.

    Raises NotComparable.
    """
    old, new = (Side(_name(variant), variant) for variant in (active, challenger))
    queries = list(dict.fromkeys(query.query for found in slices for query in found.queries))
    before, after = (_pages(queries, variant, progress) for variant in (active, challenger))
    wins, losses = wins_and_losses(slices, before, after)
    results = tuple(_slice_result(found, before, after) for found in slices)
    return Comparison(old, new, results, wins, losses)


def decide(comparison: Comparison) -> Decision:
    """Promote if the main metric is better and no slice has lost.

    Better: the lower end of the 95 % interval of the paired difference is above 0. The main metric is over MAIN where
    it has MIN_MAIN queries, else over the forgetting set.

    Lost: a slice of MIN_QUERIES or more whose mean difference is below its allowance, and either at least SURE of the
    bootstrap samples are below 0, or it is below PLAINLY times the allowance. The allowance is what shoppers would
    notice; alone it were a coin flip, because the mean of 15 queries moves by 0.04 by chance, and there are ten slices.
    So a large slice is held to its allowance, and a small one to a loss that is nineteen to one no accident. PLAINLY
    stops a collapse on one or two of ten queries, of which no bootstrap is ever sure. With a standard deviation of 0.15
    that refuses where nothing has changed in one of fifteen cases, for 15 queries as for 60; a loss of 0.08 over 15
    queries is caught in seven of ten, one of 0.05 over 60 in eight of ten (tests/search/test_gate.py). A refusal costs
    a round, and the next one has more clicks.
    """
    main = comparison.slice(MAIN)
    if main is None or main.queries < MIN_MAIN:
        main = comparison.slice(FORGETTING)
    if main is None or main.queries < MIN_MAIN:
        return Decision(False, "Not promoted: there are too few queries to compare by; import judgments first.")
    if main.difference.low <= 0:
        return Decision(False, f"Not promoted: {_about(main)}, which {_verdict(main.difference)}.")
    lost = [found for found in comparison.slices if has_lost(found)]
    if lost:
        losses = " and ".join(_loss(found) for found in lost)
        return Decision(False, f"Not promoted: {_about(main)}, but {losses}.")
    return Decision(True, f"Promoted: {_about(main)}, and no group of queries lost more than it may.")


def decides(found: SliceResult) -> bool:
    """Whether a slice has queries enough to speak against a promotion."""
    return found.queries >= MIN_QUERIES


def has_lost(found: SliceResult) -> bool:
    """Whether the challenger may not take over because of this slice; the rule is `decide`'s."""
    mean = found.difference.mean
    is_sure = found.worse >= SURE or mean < PLAINLY * found.allowance
    return decides(found) and mean < found.allowance and is_sure


def choose_lexical_weight(variant: Variant, training: Sequence[Slice], spared: Sequence[Slice] = ()) -> float:
    """The share of words in the scores that is best on queries of the training window.

    The variant's own unless another one is better with the lower end of its paired interval above 0, and loses on none
    of the `spared` slices more than it may; of those the best. One search for each weight and query, and for each
    spared query under a better weight. The gate's main queries would make it judge what it has chosen itself; the
    forgetting set is spared, because what shoppers ask is not all that a weight is for. Raises NotComparable.
    """
    encoder = active_encoder(variant)
    if encoder is None:
        raise NotComparable(_cannot_encode(_name(variant)))
    graded = [query for found in training for query in found.queries][:WEIGHT_QUERIES]
    if len(graded) < MIN_QUERIES:
        return encoder.lexical_weight
    own = _values_with(variant, encoder.lexical_weight, graded)
    differences = {
        weight: paired_bootstrap(_values_with(variant, weight, graded), own)
        for weight in WEIGHTS
        if weight != encoder.lexical_weight
    }
    better = [
        weight
        for weight, difference in differences.items()
        if difference.low > 0 and all(_spares(variant, weight, encoder.lexical_weight, found) for found in spared)
    ]
    return max(better, key=lambda weight: differences[weight].mean, default=encoder.lexical_weight)


def _spares(variant: Variant, weight: float, own: float, found: Slice) -> bool:
    """Whether a slice has lost no more than it may by another weight."""
    if not found.queries:
        return True
    before, after = (_values_with(variant, of, found.queries) for of in (own, weight))
    return bool((after - before).mean() >= found.allowance)


def _values_with(variant: Variant, weight: float, graded: Sequence[GradedQuery]) -> Values:
    weighted = replace(variant, lexical_weight=weight)
    return page_values(graded, {query.query: page_of(query.query, weighted) for query in graded})


def _name(variant: Variant) -> str:
    """The version's name, and what else answers. Raises NotComparable where its products are not embedded."""
    found = EncoderVersion.objects.defer("card", "gate")
    version = found.filter(pk=variant.version_id) if variant.version_id else found.filter(is_active=True)
    one = version.first()
    if one is None:
        raise NotComparable("There is no such encoder version; export one first (manage.py export_encoder).")
    products = Product.objects.filter(is_active=True).count()
    embedded = ProductEmbedding.objects.filter(version=one, product__is_active=True).count()
    if embedded < (1 - MISSING_SHARE) * products:
        raise NotComparable(f"Only {embedded} of {products} products are embedded under {one}; embed them all first.")
    if variant.adapter_id and ADAPTER in variant.learners:
        return f"{one} with adapter {variant.adapter_id}"
    if variant.ranker_id and RANKER in variant.learners:
        return f"{one} with ranker {variant.ranker_id}"
    return one.name


def _pages(queries: Sequence[str], variant: Variant, progress: Progress | None) -> Pages:
    """All by one variant before the other's turn, so that neither finds the caches of the other."""
    if active_encoder(variant) is None:
        raise NotComparable(_cannot_encode(_name(variant)))
    pages = {}
    for query in queries:
        pages[query] = page_of(query, variant)
        if progress:
            progress(1)
    return pages


def _cannot_encode(name: str) -> str:
    return f"The encoder of {name} cannot be loaded; run export_encoder again."


def _slice_result(found: Slice, before: Pages, after: Pages) -> SliceResult:
    old, new = page_values(found.queries, before), page_values(found.queries, after)
    return SliceResult(
        name=found.name,
        allowance=found.allowance,
        queries=len(found.queries),
        active=_rounded(bootstrap(old)),
        challenger=_rounded(bootstrap(new)),
        difference=_rounded(paired_bootstrap(new, old)),
        worse=round(share_worse(new, old), 4),
    )


def _rounded(interval: Interval) -> Interval:
    return Interval(round(interval.mean, 4), round(interval.low, 4), round(interval.high, 4))


def _about(main: SliceResult) -> str:
    what = f"{main.queries} judged and clicked queries" if main.name == MAIN else f"the {main.name}"
    change = main.difference
    return (
        f"nDCG@10 over {what} went from {main.active.mean:.3f} to {main.challenger.mean:.3f} "
        f"({change.mean:+.3f} [{change.low:+.3f}, {change.high:+.3f}])"
    )


def _verdict(difference: Interval) -> str:
    return "is worse" if difference.high < 0 else "may be chance"


def _loss(found: SliceResult) -> str:
    return (
        f"“{found.name}” lost {-found.difference.mean:.3f} over {found.queries} queries, "
        f"more than the {-found.allowance:.3f} it may"
    )
