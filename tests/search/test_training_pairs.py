"""From clicks to training pairs: what is chosen, what is noise, what was skipped, and how much each weighs."""

import math

import numpy as np
import pytest

from search.product_clicks import ProductClicks
from search.propensities import prior
from search.training_pairs import TrainingPair, at_most, clicked_by_query, training_pairs

PRIOR = prior()


def seen(
    product_id: int, clicked: int, *, of: int, position: int = 1, query: str = "lamp", **fields: float
) -> ProductClicks:
    """Shown to so many clients, always at that position, and clicked by some of them."""
    weighted = clicked / PRIOR.clipped(position)
    examined = of * PRIOR.of(position)
    return ProductClicks(
        query, "en", product_id, of, examined, clicked, **{"value": float(clicked), "weighted": weighted, **fields},
        position=float(position),
    )  # fmt: skip


def chosen(rows: list[ProductClicks], **options: bool) -> list[int]:
    return [pair.product_id for pair in training_pairs(rows, **options)]


def simulated(clients: int, *, uniform: bool, seed: int) -> list[ProductClicks]:
    """24 products in random orders, 3 of them good: half of those who look at one click it. A tenth of all clicks are
    slips, on wrong ones as on good ones: where somebody looks, or `uniform`, on any hit however far down."""
    rng = np.random.default_rng(seed)
    theta = np.array(PRIOR.values)
    shown = rng.permuted(np.tile(np.arange(24), (clients, 1)), axis=1)
    clicked = (rng.random(shown.shape) < theta) & (shown < 3) & (rng.random(shown.shape) < 0.5)
    slips = rng.binomial(clients, 3 / 24 * 0.5 * theta.sum() / 9)
    where = np.full(24, 1 / 24) if uniform else theta / theta.sum()
    clicked[rng.integers(clients, size=slips), rng.choice(24, size=slips, p=where)] = True
    products, places = shown[clicked], np.nonzero(clicked)[1]
    examined = np.bincount(shown.ravel(), np.tile(theta, clients))
    clicks = np.bincount(products, minlength=24)
    weighted = np.bincount(products, 1 / np.maximum(theta, 0.1)[places], 24)
    rows = zip(range(1, 25), examined.tolist(), clicks.tolist(), weighted.tolist(), strict=True)
    return [ProductClicks("lamp", "en", pk, clients, e, n, float(n), w, 12.5) for pk, e, n, w in rows]


def test_a_pair_is_a_product_that_was_chosen() -> None:
    rows = [seen(1, 30, of=100), seen(2, 0, of=100, position=2), seen(3, 0, of=100, position=3)]
    assert training_pairs(rows) == [TrainingPair("lamp", 1, 1.0, (2, 3), "en")]


def test_without_clicks_there_is_nothing_to_learn() -> None:
    assert training_pairs([]) == []
    assert training_pairs([seen(1, 0, of=100), seen(2, 0, of=100, position=2)]) == []
    assert clicked_by_query([]) == {}


def test_the_only_hit_is_a_pair_when_it_is_chosen() -> None:
    assert chosen([seen(1, 3, of=7)]) == [1]
    assert chosen([seen(1, 1, of=1)]) == [1]


def test_a_click_far_down_says_more_than_one_at_the_top() -> None:
    # Of 160 examinations 50 ended with a click: at 1, 30 of 100, which is less; at 10, 20 where 10 were expected.
    rows = [seen(1, 30, of=100), seen(2, 20, of=100, position=10), seen(3, 0, of=100, position=2)]
    assert chosen(rows) == [2]
    assert chosen(rows, naive=True) == [1, 2]  # of 100 shown the mean is 17
    steep = {
        pair.product_id: pair.weight for pair in training_pairs([seen(1, 40, of=80), seen(2, 9, of=180, position=10)])
    }
    assert steep[2] / steep[1] == pytest.approx(math.log1p(90) / math.log1p(40))


def test_naive_weighs_clicks_alike_wherever_they_are() -> None:
    rows = [seen(1, 30, of=100), seen(2, 30, of=100, position=9)]
    naive = [pair.weight for pair in training_pairs(rows, naive=True)]
    assert naive == pytest.approx([1.0, 1.0])
    assert chosen(rows) == [2]


def test_one_clients_choice_that_many_passed_over_is_none() -> None:
    many = [seen(1, 12, of=20), seen(7, 1, of=20, position=7), seen(2, 0, of=20, position=2)]
    assert chosen(many) == [1]
    few = [seen(1, 2, of=3), seen(7, 1, of=3, position=7), seen(2, 0, of=3, position=2)]
    assert chosen(few) == [1, 7]  # nothing to hold against it yet


def test_a_product_chosen_less_than_the_average_is_none_however_many_chose_it() -> None:
    rows = [seen(1, 60, of=100), seen(2, 6, of=100, position=2), seen(3, 1, of=100, position=3)]
    assert chosen(rows) == [1]


@pytest.mark.parametrize("uniform", [False, True], ids=["where they look", "anywhere"])
@pytest.mark.parametrize(("clients", "right"), [(40, 45), (100, 58), (3_000, 60)])
def test_a_tenth_of_random_clicks_makes_hardly_any_pair(clients: int, right: int, uniform: bool) -> None:
    """Of 20 logs with 21 wrong and 3 good products each: one in a hundred wrong ones at most."""
    found = [product_id for seed in range(20) for product_id in chosen(simulated(clients, uniform=uniform, seed=seed))]
    assert sum(product_id > 3 for product_id in found) <= 4
    assert sum(product_id <= 3 for product_id in found) >= right


def test_taken_as_they_come_random_clicks_would_be_most_pairs() -> None:
    rows = simulated(3_000, uniform=False, seed=0)
    assert sum(row.clicked > 0 for row in rows) > 20
    assert chosen(rows) == [1, 2, 3]


def test_hard_negatives_were_examined_often_and_chosen_seldom() -> None:
    rows = [
        seen(1, 60, of=100),
        seen(2, 0, of=100, position=2),  # 50 looked
        seen(3, 5, of=100, position=3),  # chosen by 5 of 33 lookers: less than average, not seldom
        seen(4, 0, of=100, position=20),  # hardly anybody looked
    ]
    assert [pair.hard_negatives for pair in training_pairs(rows)] == [(2,)]


def test_the_clearest_of_the_hard_negatives() -> None:
    rows = [seen(1, 90, of=100), *(seen(number, 0, of=100, position=number) for number in range(2, 9))]
    (pair,) = training_pairs(rows)
    assert pair.hard_negatives == (2, 3, 4, 5)  # the most looked at


def test_few_clients_say_nothing_of_what_they_skipped() -> None:
    (pair,) = training_pairs([seen(1, 1, of=2), seen(2, 0, of=2, position=2)])
    assert pair.hard_negatives == ()


def test_a_head_query_does_not_drown_the_tail() -> None:
    head = [seen(1, 900, of=1_000, query="phone"), seen(2, 0, of=1_000, position=2, query="phone")]
    tail = [seen(3, 1, of=1, query="usb c cable 3 m white")]
    weights = {pair.query: pair.weight for pair in training_pairs([*head, *tail])}
    assert weights["phone"] / weights["usb c cable 3 m white"] == pytest.approx(30)  # 900 ** 0.5
    assert sum(weights.values()) / 2 == pytest.approx(1.0)


def test_the_pairs_of_a_query_share_its_weight_by_damped_clicks() -> None:
    rows = [seen(1, 8, of=16), seen(2, 4, of=16, position=2), seen(3, 4, of=32, position=4), *_ignored()]
    pairs = {pair.product_id: pair.weight for pair in training_pairs(rows)}
    gains = {1: 8, 2: 8, 3: 16}
    shares = {pk: math.log1p(gain) for pk, gain in gains.items()}
    mean = sum(shares.values()) / 3
    assert pairs == pytest.approx({pk: share / mean for pk, share in shares.items()})


def test_what_followed_a_click_counts() -> None:
    rows = [seen(1, 10, of=20), seen(2, 10, of=20, value=30.0, weighted=30.0), *_ignored()]
    weights = {pair.product_id: pair.weight for pair in training_pairs(rows)}
    assert weights[2] / weights[1] == pytest.approx(math.log1p(30) / math.log1p(10))
    assert [pair.weight for pair in training_pairs(rows, naive=True)] == pytest.approx(list(weights.values()))


def _ignored() -> list[ProductClicks]:
    return [seen(number, 0, of=20, position=number) for number in range(10, 13)]


def test_the_cost_does_not_grow_with_sessions() -> None:
    few, many = simulated(100, uniform=False, seed=1), simulated(10_000, uniform=False, seed=1)
    assert len(few) == len(many) == 24
    assert len(training_pairs(many)) == 3


def test_what_was_chosen_for_each_query() -> None:
    rows = [
        seen(1, 9, of=10),
        seen(2, 9, of=20, position=2),
        seen(3, 0, of=20, position=3),
        seen(1, 2, of=2, query="mug"),
    ]
    assert clicked_by_query(training_pairs(rows)) == {"lamp": frozenset({1, 2}), "mug": frozenset({1})}


def test_a_poisoned_log_makes_no_pair_where_shoppers_chose() -> None:
    """One client clicks product 7 for each of 100 queries that 20 honest clients searched for."""
    rows = [
        row
        for number in range(100)
        for row in (
            seen(1, 10, of=21, query=f"q{number}"),
            seen(2, 0, of=21, position=2, query=f"q{number}"),
            seen(7, 1, of=21, position=24, query=f"q{number}"),
        )
    ]
    assert set(chosen(rows)) == {1}


def test_poisson_by_hand() -> None:
    assert at_most(0, 3.0) == pytest.approx(math.exp(-3))
    assert at_most(1, 2.0) == pytest.approx(3 * math.exp(-2))
    assert at_most(2, 2.0) == pytest.approx(5 * math.exp(-2))
    assert at_most(0, 0.0) == 1.0
    assert at_most(900, 1_000.0) == pytest.approx(0.0007, abs=2e-4)  # normal: 3.15 deviations
    assert at_most(5_000, 4_000.0) == pytest.approx(1.0)
