"""Rankers in the store: learned from clicks and judgments, promoted only through the gate, served per version."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from search import versions
from search.click_data import read_clicks
from search.explain import explain
from search.gate import bare
from search.index import embed_stale_products
from search.judged_queries import GradedQuery
from search.learned_rankers import (
    clicks_of,
    is_learned_from,
    learn_ranker,
    lifts_of,
    of_ranker,
    ranked_lists,
    store_ranker,
)
from search.learned_rows import KEPT, activate
from search.learning_models import JudgedQuery, LearnedRanker
from search.models import EncoderVersion
from search.pipeline import search_products
from search.product_clicks import ProductClicks
from search.propensities import prior
from search.ranker import FEATURES, Weights
from search.score_parts import LEARNED
from search.slices import click_queries
from search.trees import Trees
from search.variants import LIVE, Variant
from shop.catalog.models import Product
from tests.catalogue import make_product
from tests.merchant import Merchant
from tests.search.clicks import APART_DAYS, choose
from tests.search.small_store import ASKED_AS

pytestmark = pytest.mark.django_db

STOCK, RATING = FEATURES.index("stock"), FEATURES.index("rating")
ASKED = {kind: kind.lower() for kind in ASKED_AS}
COLOURS = ("Red", "Blue", "Green", "Black", "White", "Yellow")


@pytest.fixture
def store(active_encoder_version: EncoderVersion) -> dict[str, list[Product]]:
    """Six of each kind, of which two are in stock and well rated, two sold out, and two badly rated."""
    found: dict[str, list[Product]] = {}
    rng = np.random.default_rng(4)
    for kind in ASKED_AS:
        quality = rng.permutation(len(COLOURS))
        found[kind] = [
            make_product(
                f"{colour} {kind}", product_type=kind, stock=0 if rank in (2, 3) else 9,
                rating_average=2.0 if rank in (4, 5) else 4.8, rating_count=80,
            )
            for colour, rank in zip(COLOURS, quality, strict=True)
        ]  # fmt: skip
    embed_stale_products()
    return found


def is_good(product: Product) -> bool:
    return product.stock > 0 and product.rating_average is not None and product.rating_average > 4


def shop(store: dict[str, list[Product]], *, days_ago: float, preferring: bool = True, first: int = 1) -> None:
    """Shoppers ask for each kind; `preferring` ones click on what is in stock and well rated, others at random."""
    rng = np.random.default_rng(first)
    for number, (kind, query) in enumerate(ASKED.items()):
        page = [hit.product_id for hit in search_products(query, variant=bare(None)).hits[:10]]
        mine = [product for product in store[kind] if product.pk in page]
        good = [product for product in mine if is_good(product)]
        if not preferring:
            good = [mine[place] for place in rng.permutation(len(mine))[:2]]
        client = first + 100 * number
        since = days_ago - client * APART_DAYS  # the helper puts later clients on earlier days
        choose(query, {product.pk: 5 for product in good}, shown=page, first=client, days_ago=since)


def clicks(since_days: float, until_days: float) -> list[ProductClicks]:
    now = timezone.now()
    return read_clicks(now - timedelta(days=since_days), now - timedelta(days=until_days), propensities=prior())


def test_shoppers_who_prefer_what_is_in_stock_and_well_rated_are_learned_from(
    store: dict[str, list[Product]], active_encoder_version: EncoderVersion
) -> None:
    shop(store, days_ago=40)
    shop(store, days_ago=5, first=10_001)
    decision = learn_ranker(clicks(20, 0), clicks(80, 20))
    assert decision is not None
    assert decision.promote, decision.reason
    (row,) = LearnedRanker.objects.all()
    assert row.is_active
    assert sorted(np.argsort(-np.array(row.weights))[:2].tolist()) == sorted([STOCK, RATING])
    versions.forget()
    best = search_products("kettle").hits[0].product_id
    assert is_good(Product.objects.get(pk=best))


def test_clicks_at_random_teach_nothing_and_change_nothing(store: dict[str, list[Product]]) -> None:
    before = {query: [hit.product_id for hit in search_products(query).hits] for query in ASKED.values()}
    shop(store, days_ago=40, preferring=False)
    decision = learn_ranker([], clicks(80, 20))
    assert decision is None or not decision.promote
    assert not LearnedRanker.objects.filter(is_active=True).exists()
    versions.forget()
    after = {query: [hit.product_id for hit in search_products(query).hits] for query in ASKED.values()}
    assert after == before


def test_the_gate_refuses_what_is_no_better_on_later_clicks(store: dict[str, list[Product]]) -> None:
    shop(store, days_ago=40)
    shop(store, days_ago=5, preferring=False, first=10_001)
    decision = learn_ranker(clicks(20, 0), clicks(80, 20))
    assert decision is not None
    assert not decision.promote
    (row,) = LearnedRanker.objects.all()
    assert not row.is_active
    assert row.gate is not None
    assert row.gate["decision"]["reason"] == decision.reason


def test_judged_queries_that_were_learned_from_do_not_decide(
    store: dict[str, list[Product]], active_encoder_version: EncoderVersion
) -> None:
    for kind, query in ASKED.items():
        grades = {str(product.pk): 3 if is_good(product) else 1 for product in store[kind]}
        JudgedQuery.objects.create(source=JudgedQuery.Source.HUMAN, query=query, grades=grades)
    shop(store, days_ago=40)
    learn_ranker([], clicks(80, 20))
    (row,) = LearnedRanker.objects.all()
    human = next(one for one in row.gate["comparison"]["slices"] if one["name"] == "judged by people")
    assert human["queries"] == sum(not is_learned_from(query) for query in ASKED.values())


def test_without_a_version_or_clicks_there_is_nothing_to_learn(store: dict[str, list[Product]]) -> None:
    assert learn_ranker([], []) is None
    EncoderVersion.objects.update(is_active=False)
    assert learn_ranker([], []) is None
    assert not LearnedRanker.objects.exists()


def ranker(version: EncoderVersion, **weights: float) -> LearnedRanker:
    return LearnedRanker.objects.create(
        version=version, features=list(FEATURES), weights=[weights.get(name, 0.0) for name in FEATURES],
        product_ids=[], lifts=[],
    )  # fmt: skip


def test_an_active_ranker_is_a_part_of_the_score_and_costs_no_query(
    store: dict[str, list[Product]], active_encoder_version: EncoderVersion, django_assert_num_queries: Any
) -> None:
    row = ranker(active_encoder_version, stock=50.0)
    activate(row)
    versions.forget()
    found = search_products("kettle")
    parts = explain(found).hits[0].parts
    assert parts[LEARNED] == 50.0
    assert sum(parts.values()) == pytest.approx(found.hits[0].score)
    stock = dict(Product.objects.values_list("pk", "stock"))
    in_stock = [stock[hit.product_id] > 0 for hit in found.hits]
    assert in_stock == sorted(in_stock, reverse=True)
    assert LEARNED not in search_products("kettle", variant=bare(None)).trace.scores.parts
    assert search_products("kettle", system="hybrid").trace.scores.parts.keys() == {"words", "meaning"}
    search_products("kettle", page_size=3)
    with django_assert_num_queries(2):  # the words, and the one statement
        search_products("kettle", page_size=3)


def test_a_ranker_without_weights_changes_no_score(
    store: dict[str, list[Product]], active_encoder_version: EncoderVersion
) -> None:
    before = [(hit.product_id, hit.score) for hit in search_products("kettle").hits]
    activate(ranker(active_encoder_version))
    versions.forget()
    assert [(hit.product_id, hit.score) for hit in search_products("kettle").hits] == before


def test_training_and_serving_read_the_same(
    store: dict[str, list[Product]], active_encoder_version: EncoderVersion
) -> None:
    """What the list that is learned from says of the products is what the search adds."""
    shop(store, days_ago=40)
    row = ranker(active_encoder_version, stock=0.3, rating=0.2, price=0.1, cosine_gap=0.4, head_noun=0.7, kind=0.2)
    (graded,) = [one for one in _graded() if one.query == "kettle"]
    (learned,) = ranked_lists([graded], bare(active_encoder_version.pk))
    found = search_products("kettle", variant=of_ranker(row), page_size=100, by_group=False)
    served = dict(zip(found.trace.found.product_ids.tolist(), found.trace.scores.total.tolist(), strict=True))
    shown = sorted(pk for pk in served if graded.shown is None or pk in graded.shown)
    again = learned.base + Weights(np.array(row.weights)).added(learned.features)
    assert again.tolist() == pytest.approx([served[pk] for pk in shown])


def _graded() -> list[GradedQuery]:
    return click_queries(clicks(80, 0))


def test_weights_of_features_that_are_not_made_any_more_are_not_used(
    store: dict[str, list[Product]], active_encoder_version: EncoderVersion
) -> None:
    row = ranker(active_encoder_version, stock=50.0)
    LearnedRanker.objects.filter(pk=row.pk).update(features=[*FEATURES[:-1], "something else"])
    activate(row)
    versions.forget()
    assert LEARNED not in search_products("kettle").trace.scores.parts


def test_one_ranker_of_a_version_is_active(active_encoder_version: EncoderVersion) -> None:
    first, second = ranker(active_encoder_version), ranker(active_encoder_version)
    activate(first)
    activate(second)
    assert list(LearnedRanker.objects.filter(is_active=True)) == [second]
    with pytest.raises(IntegrityError), transaction.atomic():
        LearnedRanker.objects.update(is_active=True)


def test_a_variant_keeps_its_ranker() -> None:
    variant = Variant(version_id=3, ranker_id=7)
    assert Variant.from_json(variant.to_json()) == variant
    old = {name: value for name, value in LIVE.to_json().items() if name != "ranker_id"}
    assert Variant.from_json(old) == LIVE


def test_a_products_clicks_after_a_query_do_not_help_to_learn_that_query() -> None:
    def row(query: str, product_id: int, value: float) -> ProductClicks:
        return ProductClicks(query, "en", product_id, 20, 10.0, int(value), value, value, 1.0)

    rates = clicks_of([row("a", 1, 9), row("a", 2, 1), row("b", 1, 5), row("b", 2, 5)])
    assert rates == {"a": {1: (9, 5), 2: (1, 5)}, "b": {1: (5, 5), 2: (5, 5)}}
    assert lifts_of(rates["a"]) == {1: pytest.approx(np.log(12 / 8)), 2: pytest.approx(np.log(4 / 8))}
    assert lifts_of(rates["b"]) == {1: 0.0, 2: 0.0}
    assert lifts_of({1: (4.0, 4.9)}) == {}


def test_old_rankers_go_and_the_admin_shows_those_that_are_left(
    store: dict[str, list[Product]], active_encoder_version: EncoderVersion
) -> None:
    active = ranker(active_encoder_version, stock=0.5)
    activate(active)
    for _ in range(KEPT + 2):
        ranker(active_encoder_version)
    shop(store, days_ago=40)
    learn_ranker([], clicks(80, 20))
    assert LearnedRanker.objects.filter(is_active=False).count() == KEPT
    assert LearnedRanker.objects.filter(pk=active.pk, is_active=True).exists()
    merchant = Merchant()
    assert merchant.get("/admin/search/learnedranker/").status_code == 200
    page = merchant.get(f"/admin/search/learnedranker/{active.pk}/change/").content.decode()
    assert "+0.500" in page
    newest = LearnedRanker.objects.order_by("-pk").first()
    assert newest is not None
    assert newest.gate["decision"]["reason"] in merchant.get(
        f"/admin/search/learnedranker/{newest.pk}/change/"
    ).content.decode().replace("&#x27;", "'")


def test_a_ranker_is_stored_with_what_it_was_learned_from(
    store: dict[str, list[Product]], active_encoder_version: EncoderVersion
) -> None:
    shop(store, days_ago=40)
    seen = clicks(80, 20)
    lists = ranked_lists(_graded(), bare(active_encoder_version.pk), seen)
    row = store_ranker(active_encoder_version, lists, seen, way="ridge 3")
    assert row.card == {"queries": len(ASKED), "way": "ridge 3", "products_with_clicks": len(row.product_ids)}
    assert len(row.lifts) == len(row.product_ids) > 0


def test_a_ranker_of_trees_is_kept_and_serves(
    store: dict[str, list[Product]], active_encoder_version: EncoderVersion
) -> None:
    """One tree: what is not in stock loses, what is gains, whatever else."""
    trees = Trees(
        features=np.array([STOCK, 0, 0]), thresholds=np.array([0.5, 0.0, 0.0]), left=np.array([1, 1, 2]),
        right=np.array([2, 1, 2]), values=np.array([0.0, -20.0, 30.0]), roots=np.array([0]),
    )  # fmt: skip
    row = LearnedRanker.objects.create(
        version=active_encoder_version, features=list(FEATURES), weights=[], trees=trees.to_json(), product_ids=[],
        lifts=[],
    )  # fmt: skip
    activate(row)
    versions.forget()
    found = search_products("kettle")
    stock = dict(Product.objects.values_list("pk", "stock"))
    added = {stock[hit.product_id] > 0: explained.parts[LEARNED] for hit, explained in
             zip(found.hits, explain(found).hits, strict=True)}  # fmt: skip
    assert added == {True: 30.0, False: -20.0}
    page = Merchant().get(f"/admin/search/learnedranker/{row.pk}/change/").content.decode()
    assert "<b>in 1 of 1 decisions</b>stock" in page


def test_grown_trees_are_stored(
    trees_grow: None, store: dict[str, list[Product]], active_encoder_version: EncoderVersion
) -> None:
    shop(store, days_ago=40)
    seen = clicks(80, 20)
    lists = ranked_lists(_graded(), bare(active_encoder_version.pk), seen)
    row = store_ranker(active_encoder_version, lists, seen, way="trees")
    assert row.weights == []
    trees = Trees.from_json(LearnedRanker.objects.get(pk=row.pk).trees)
    assert trees.added(lists[0].features).shape == (len(lists[0].grades),)
