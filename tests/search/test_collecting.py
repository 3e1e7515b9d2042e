"""What a round learns from: clicks with what excuses and contradicts them, older clicks again, and the catalogue."""

import random
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from search import product_kinds
from search.collecting import Collected, click_examples, collect, query_maker
from search.learning_models import JudgedQuery
from search.models import EncoderVersion
from search.recipe import Recipe
from search.training_pairs import TrainingPair
from search.training_set import Example, TrainedProduct, TrainingSet, write_training_set
from search.words import normal_query
from shop.catalog.models import Product
from tests.search.clicks import choose
from tests.search.search_log import ago
from tests.search.small_store import make_store
from tests.search.vectors import make_version

pytestmark = pytest.mark.django_db

RECIPE = Recipe(steps=10, batch_size=8)
WANTED = 92  # 10 x 8 and 15 % beside them
QUERIES = 30  # as many pairs of clicks as are needed


@pytest.fixture
def products() -> list[Product]:
    return make_store()


@pytest.fixture
def version() -> EncoderVersion:
    return make_version()


@pytest.fixture
def clicks(products: list[Product]) -> list[Product]:
    """In each of 30 queries ten clients saw two products and all chose the second one; both as (left, chosen)."""
    for number in range(QUERIES):
        left, chosen = products[number].pk, products[number + 1].pk
        choose(f"wish {number}", {chosen: 10}, shown=[left, chosen], first=number * 10 + 1)
    return products


def collected(
    version: EncoderVersion, recipe: Recipe = RECIPE, *, replay_from: Path | None = None, until: datetime | None = None
) -> Collected:
    return collect(version, recipe, since=ago(30), train_until=until or ago(0), replay_from=replay_from)


def sources(found: Collected) -> Counter[str]:
    return Counter(example.source for example in found.training_set.examples)


def test_clicks_are_half_of_the_examples_and_the_catalogue_is_the_rest(
    version: EncoderVersion, clicks: list[Product]
) -> None:
    found = collected(version)
    assert (found.pairs, sources(found)) == (QUERIES, {"clicks": WANTED // 2, "catalogue": WANTED // 2})
    assert found.card["examples"] == {"clicks": 46, "catalogue": 46}
    assert found.card["pairs"] == {"of clicks": 30, "queries": 30}
    assert (found.card["clicks"]["clicks"], found.card["clicks"]["queries"]) == (300, 30)


def test_a_clicked_pair_has_its_query_as_excuse_and_what_was_left_as_hard_negative(
    version: EncoderVersion, clicks: list[Product]
) -> None:
    training_set = collected(version).training_set
    clicked = [one for one in training_set.examples if one.source == "clicks"]
    ids = [product.pk for product in clicks]
    for example in clicked:
        number = int(example.query.removeprefix("wish "))
        assert (example.negative, example.positive) == (ids[number], ids[number + 1])
        assert example.excuses == (frozenset({f"c:{example.query}"}),)
        assert f"c:{example.query}" in training_set.products[example.positive].traits
        assert not training_set.answers(example, ids[number])


def test_products_chosen_for_the_same_query_are_no_negatives_of_each_other(products: list[Product]) -> None:
    one, two, other = (product.pk for product in products[:3])
    pairs = [TrainingPair("mug", one, 1.0, (), "en"), TrainingPair("mug", two, 1.0, (other,), "en")]
    found = click_examples(pairs, 20, shown={"mug": (one, two, other)}, rng=random.Random(1))
    assert {example.positive for example in found.examples} == {one, two}
    for example in found.examples:
        assert [found.answers(example, pk) for pk in (one, two, other)] == [True, True, False]
        assert example.shown == (one, two, other)


def test_pairs_are_drawn_by_their_weights(products: list[Product]) -> None:
    one, two = (product.pk for product in products[:2])
    pairs = [TrainingPair("a", one, 3.0, (), "en"), TrainingPair("b", two, 1.0, (), "en")]
    found = click_examples(pairs, 4000, shown={}, rng=random.Random(1))
    drawn = Counter(example.query for example in found.examples)
    assert drawn["a"] / 4000 == pytest.approx(0.75, abs=0.03)  # four standard errors
    assert {example.weight for example in found.examples} == {1.0}  # a weight counts once


def test_products_that_are_gone_are_left_out(products: list[Product]) -> None:
    kept, gone = products[0].pk, products[1].pk
    Product.objects.filter(pk=gone).delete()
    pairs = [TrainingPair("a", kept, 1.0, (gone,), "en"), TrainingPair("b", gone, 1.0, (kept,), "en")]
    found = click_examples(pairs, 40, shown={"a": (gone, kept)}, rng=random.Random(1))
    assert {(example.query, example.negative, example.shown) for example in found.examples} == {("a", None, (kept,))}
    assert set(found.products) == {kept}


def test_a_few_pairs_are_not_learned_from(version: EncoderVersion, products: list[Product]) -> None:
    for number in range(QUERIES - 1):
        choose(f"wish {number}", {products[number].pk: 3}, shown=[products[number].pk], first=number * 10 + 1)
    found = collected(version)
    assert (found.pairs, sources(found)) == (QUERIES - 1, {"catalogue": WANTED})


def test_without_any_log_the_catalogue_is_all(version: EncoderVersion, products: list[Product]) -> None:
    found = collected(version)
    assert (found.pairs, sources(found)) == (0, {"catalogue": WANTED})
    assert found.card["clicks"]["clicks"] == 0


def test_clicks_after_the_training_window_are_held_out(version: EncoderVersion, clicks: list[Product]) -> None:
    assert collected(version, until=ago(20)).pairs == 0


def test_the_same_seed_collects_the_same(version: EncoderVersion, clicks: list[Product]) -> None:
    first = collected(version).training_set
    assert collected(version).training_set == first
    assert collected(version, Recipe(steps=10, batch_size=8, seed=14)).training_set != first


def test_lists_are_learned_of_clicks_alone(version: EncoderVersion, clicks: list[Product]) -> None:
    found = collected(version, Recipe(loss="listwise", steps=10, batch_size=8))
    assert sources(found) == {"clicks": 46}
    assert all(example.positive in example.shown for example in found.training_set.examples)


def test_queries_of_the_forgetting_set_are_never_trained_on(version: EncoderVersion, products: list[Product]) -> None:
    pk = str(products[0].pk)
    asked = {normal_query(one.query) for one in query_maker(version).examples(300, seed=1).examples}
    kept = sorted(asked)[:5]
    JudgedQuery.objects.bulk_create(
        JudgedQuery(source=JudgedQuery.Source.FORGETTING, query=query.upper(), grades={pk: 3}) for query in kept
    )
    product_kinds.forget()
    again = {normal_query(one.query) for one in query_maker(version).examples(300, seed=1).examples}
    assert again & asked
    assert not again & set(kept)


@pytest.fixture
def earlier(tmp_path: Path, products: list[Product]) -> Path:
    """An earlier round's: 20 examples of clicks, 10 that it had replayed itself, and 10 of the catalogue."""
    one, two = products[0].pk, products[1].pk
    made = [("clicks", 20), ("replay", 10), ("catalogue", 10)]
    examples = [
        Example(f"{source} {number}", one, two, excuses=(frozenset({"c:x"}),), shown=(one, two), source=source)
        for source, count in made
        for number in range(count)
    ]
    texts = {one: TrainedProduct(("an old title",), frozenset({"c:x"})), two: TrainedProduct(("two",))}
    write_training_set(TrainingSet(tuple(examples), texts), tmp_path)
    return tmp_path


def test_a_fifth_are_older_clicks_again(version: EncoderVersion, clicks: list[Product], earlier: Path) -> None:
    found = collected(version, replay_from=earlier)
    assert sources(found) == {"clicks": 46, "replay": 18, "catalogue": WANTED - 46 - 18}
    replayed = [one for one in found.training_set.examples if one.source == "replay"]
    assert {one.query.split()[0] for one in replayed} == {"clicks", "replay"}  # none of the catalogue
    assert replayed[0].excuses == (frozenset({"c:x"}),)
    assert len({one.query for one in replayed}) == len(replayed)  # none twice


def test_a_product_is_trained_on_as_it_is_called_now(
    version: EncoderVersion, clicks: list[Product], earlier: Path
) -> None:
    found = collected(version, replay_from=earlier).training_set
    one = clicks[0].pk  # the hard negative of the first query
    assert found.products[one].views[0] != "an old title"
    assert "c:x" in found.products[one].traits


def test_older_clicks_on_what_is_not_for_sale_any_more_are_left_out(
    version: EncoderVersion, products: list[Product], earlier: Path
) -> None:
    Product.objects.filter(pk=products[1].pk).update(is_active=False)
    assert sources(collected(version, replay_from=earlier)) == {"catalogue": WANTED}


@pytest.mark.parametrize("damage", ["missing", "broken"])
def test_an_earlier_round_that_cannot_be_read_is_done_without(
    version: EncoderVersion, products: list[Product], earlier: Path, damage: str
) -> None:
    if damage == "missing":
        earlier = earlier / "nowhere"
    else:
        (earlier / "examples.jsonl.gz").write_bytes(b"\x1f\x8b\x08\x00broken")
    assert sources(collected(version, replay_from=earlier)) == {"catalogue": WANTED}
