"""What a round of learning is trained on: the clicks of the window, older pairs again, and the catalogue itself.

Clicks alone would teach the encoder a few dozen queries and let it forget the rest. So a part of the examples are
queries made of the catalogue, and a part are pairs of the rounds before (experience replay, Rolnick et al. 2019).
"""

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from search import click_data
from search.catalogue_pairs import CatalogueProduct, QueryMaker, kinds_or_none
from search.index import product_texts
from search.judged_queries import graded_queries
from search.learning_models import JudgedQuery
from search.models import EncoderVersion
from search.product_kinds import kinds_of
from search.product_text import ProductText
from search.recipe import Recipe
from search.training_pairs import TrainingPair, clicked_by_query, training_pairs
from search.training_set import (
    Example,
    TrainedProduct,
    TrainingSet,
    TrainingSetInvalid,
    joined,
    read_training_set,
)
from search.words import normal_query
from shop.catalog.models import Product

CLICK_SHARE = 0.5  # of the examples at most: search/EXPERIMENTS.md
REPLAY_SHARE = 0.2  # of the examples at most
EXAMPLES_PER_PAIR = 12  # in one round: fewer pairs make fewer examples, so that none is learned by heart
MIN_PAIRS = 30  # of clicks; with fewer a round learns of the catalogue only
MIN_PRODUCTS = 50  # with fewer there is nothing to tell apart
SHOWN = 24  # products of a query for the listwise loss
SPARE = 1.15  # examples beside those of the steps: some validate


@dataclass(frozen=True)
class Collected:
    """What to train on, and what the model card says about it."""

    training_set: TrainingSet
    pairs: int  # of clicks
    card: dict[str, Any]


def collect(
    version: EncoderVersion,
    recipe: Recipe,
    *,
    since: datetime,
    train_until: datetime,
    replay_from: Path | None = None,
    naive: bool = False,
) -> Collected:
    """Of clicks in [since, train_until). `replay_from` is the folder of an earlier round's training set."""
    wanted = round(recipe.steps * recipe.batch_size * recipe.accumulate * SPARE)
    data = click_data.read_click_data(since, train_until, propensities=click_data.current())
    pairs = training_pairs(data.clicks, naive=naive)
    rng = random.Random(recipe.seed)
    sets = []  # a product's texts are those of the last set that has it
    if replay_from is not None:
        sets.append(_replayed(replay_from, round(wanted * REPLAY_SHARE), rng))
    if len(pairs) >= MIN_PAIRS:
        shown = _shown(data.clicks)
        count = min(round(wanted * CLICK_SHARE), EXAMPLES_PER_PAIR * len(pairs))
        sets.append(click_examples(pairs, count, shown=shown, rng=rng))
    made = sum(len(one.examples) for one in sets)
    if recipe.loss == "infonce":
        sets.append(query_maker(version).examples(wanted - made, seed=recipe.seed))
    return Collected(_mixed(joined(sets), rng), len(pairs), _card(data, pairs, sets))


def click_examples(
    pairs: Sequence[TrainingPair], count: int, *, shown: dict[str, tuple[int, ...]], rng: random.Random
) -> TrainingSet:
    """`count` examples drawn by the pairs' weights; products chosen for a query are no negatives of it."""
    queries_of: dict[int, set[str]] = defaultdict(set)
    for query, clicked in clicked_by_query(pairs).items():
        for chosen in clicked:
            queries_of[chosen].add(f"c:{query}")
    drawn = rng.choices(pairs, [pair.weight for pair in pairs], k=count) if pairs else []
    texts = product_texts(
        list({pk for pair in drawn for pk in (pair.product_id, *pair.hard_negatives, *shown.get(pair.query, ()))})
    )
    examples = [
        Example(
            pair.query,
            pair.product_id,
            rng.choice(known) if (known := [pk for pk in pair.hard_negatives if pk in texts]) else None,
            excuses=(frozenset({f"c:{pair.query}"}),),
            shown=tuple(pk for pk in shown.get(pair.query, ()) if pk in texts),
            source="clicks",
        )
        for pair in drawn
        if pair.product_id in texts
    ]
    products = {pk: TrainedProduct(text.views(), frozenset(queries_of[pk])) for pk, text in texts.items()}
    return TrainingSet(tuple(examples), products)


def query_maker(version: EncoderVersion) -> QueryMaker:
    """Of all products for sale, with their kinds under the version. Two SQL queries and the products' texts."""
    ids = list(Product.objects.filter(is_active=True).order_by("id").values_list("id", flat=True))
    texts = product_texts(ids)
    ids = [pk for pk in ids if pk in texts]
    fixed = {normal_query(graded.query) for graded in graded_queries(JudgedQuery.Source.FORGETTING)}
    products = [_catalogue_product(pk, texts[pk]) for pk in ids]
    return QueryMaker(products, kinds_or_none(kinds_of(version.pk, ids), len(ids)), never=frozenset(fixed))


def _catalogue_product(pk: int, text: ProductText) -> CatalogueProduct:
    return CatalogueProduct(
        product_id=pk,
        title=text.title,
        description=text.description,
        brand=text.brand,
        types=(text.category,) if text.category else (),
        attributes=text.attributes,
        views=text.views(),
        chinese=tuple(filter(None, text.chinese)),
    )


def _shown(clicks: Sequence[click_data.ProductClicks]) -> dict[str, tuple[int, ...]]:
    """What each query showed, most looked at first."""
    rows: dict[str, list[click_data.ProductClicks]] = defaultdict(list)
    for row in clicks:
        rows[row.query].append(row)
    return {
        query: tuple(row.product_id for row in sorted(found, key=lambda row: (-row.examined, row.product_id))[:SHOWN])
        for query, found in rows.items()
    }


def _replayed(folder: Path, count: int, rng: random.Random) -> TrainingSet:
    """A sample of an earlier round's examples of clicks, its replayed ones among them; none where it is gone."""
    try:
        earlier = read_training_set(folder)
    except TrainingSetInvalid:
        return TrainingSet((), {})
    clicked = [example for example in earlier.examples if not example.is_made]
    for_sale = set(Product.objects.filter(is_active=True).values_list("id", flat=True))
    named = [one for one in clicked if {one.positive, *([one.negative] if one.negative else [])} <= for_sale]
    sample = rng.sample(named, min(count, len(named)))
    again = tuple(
        Example(one.query, one.positive, one.negative, one.weight, one.excuses, one.shown, "replay") for one in sample
    )
    used = {pk for one in again for pk in (one.positive, one.negative, *one.shown) if pk is not None}
    return TrainingSet(again, {pk: earlier.products[pk] for pk in used})


def _mixed(training_set: TrainingSet, rng: random.Random) -> TrainingSet:
    return TrainingSet(
        tuple(rng.sample(training_set.examples, len(training_set.examples))), training_set.products
    )


def _card(data: click_data.ClickData, pairs: Sequence[TrainingPair], sets: Sequence[TrainingSet]) -> dict[str, Any]:
    sources = Counter(example.source for one in sets for example in one.examples)
    return {
        "clicks": data.summary(),
        "pairs": {"of clicks": len(pairs), "queries": len({pair.query for pair in pairs})},
        "examples": dict(sources),
    }
