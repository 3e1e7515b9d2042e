"""The position-based click model: its probabilities by hand, and its draws against them."""

import numpy as np
import pytest

from search.click_model import CART_SHARES, PURCHASE_SHARES, Action, ClickModel, actions_of, session


def test_examination_is_one_over_the_rank() -> None:
    assert ClickModel().examination(4).tolist() == [1, 1 / 2, 1 / 3, 1 / 4]


def test_eta_says_how_fast_examination_falls() -> None:
    assert ClickModel(eta=0).examination(3).tolist() == [1, 1, 1]
    assert ClickModel(eta=2).examination(3).tolist() == [1, 1 / 4, 1 / 9]


def test_attraction_grows_with_the_gain_of_the_grade_above_the_noise() -> None:
    expected = [0.1, 0.1 + 0.9 * 1 / 7, 0.1 + 0.9 * 3 / 7, 1.0]
    assert ClickModel(noise=0.1).attraction([0, 1, 2, 3]) == pytest.approx(expected)
    assert ClickModel(noise=0).attraction([0, 3]).tolist() == [0, 1]


def test_a_click_needs_a_look_and_an_attraction() -> None:
    model = ClickModel(noise=0.1)
    assert model.click_probabilities([3, 0, 3]) == pytest.approx([1.0, 0.1 / 2, 1 / 3])
    assert model.click_probabilities([[3, 0], [0, 3]]) == pytest.approx(np.array([[1.0, 0.05], [0.1, 0.5]]))


def test_draws_agree_with_the_formula() -> None:
    model, grades, pages = ClickModel(noise=0.2, eta=0.5), [0, 3, 1, 2], 200_000
    levels = model.draw(np.tile(grades, (pages, 1)), np.random.default_rng(7))
    clicks = model.click_probabilities(grades)
    carts = clicks * np.take(CART_SHARES, grades)
    purchases = carts * np.take(PURCHASE_SHARES, grades)
    for least, expected in ((1, clicks), (2, carts), (3, purchases)):
        error = 4 * np.sqrt(expected * (1 - expected) / pages)  # four standard errors
        assert (np.abs((levels >= least).mean(axis=0) - expected) < error).all()


def test_positions_are_clicked_independently_of_each_other() -> None:
    levels = ClickModel(eta=0.5).draw(np.full((200_000, 2), 2), np.random.default_rng(3)) > 0
    assert np.corrcoef(levels[:, 0], levels[:, 1])[0, 1] == pytest.approx(0, abs=0.01)


def test_a_session_is_the_same_for_the_same_seed() -> None:
    grades = [3, 0, 2, 1] * 6
    sessions = [session(grades, ClickModel(), np.random.default_rng(seed)) for seed in (5, 5, 6)]
    assert sessions[0] == sessions[1] != sessions[2]


def test_without_noise_a_page_of_wrong_products_gets_no_click() -> None:
    assert session([0] * 24, ClickModel(noise=0), np.random.default_rng(0)) == []


def test_a_page_without_hits_gets_no_click() -> None:
    assert session([], ClickModel(), np.random.default_rng(0)) == []
    assert ClickModel().draw(np.empty((3, 0)), np.random.default_rng(0)).shape == (3, 0)


def test_what_is_bought_was_clicked_and_put_into_the_cart_before() -> None:
    assert actions_of(np.array([0, 3, 0, 1], dtype=np.int8)) == [
        Action(2, "click"), Action(2, "add_to_cart"), Action(2, "purchase"), Action(4, "click"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"noise": -0.1}, {"noise": 1.1}, {"noise": float("nan")}, {"eta": -1}, {"eta": float("nan")},
        {"cart_shares": (0.1, 0.2)}, {"purchase_shares": (0, 0, 0, 2)},
    ],
)  # fmt: skip
def test_shares_outside_0_and_1_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="0"):
        ClickModel(**wrong)  # type: ignore[arg-type]
