"""What shoppers choose once they have said it otherwise counts for what they typed first."""

from collections.abc import Sequence

import pytest
from django.utils import timezone

from search.click_memory import WINDOW, refresh_click_memory
from search.learning_models import ClickMemory
from search.remembered_clicks import memory_of
from search.rephrasings import MIN_CLIENTS, WITHIN, Rephrased, read_rephrased
from tests.search.search_log import did, searched

pytestmark = pytest.mark.django_db

NOTHING_RIGHT, UMBRELLAS = [1, 2, 3], [7, 8, 9]
MINUTE = 1 / (24 * 60)


def ask(
    by: int,
    first: str = "brolly",
    then: str = "umbrella",
    *,
    chosen: int | None = 7,
    after: float = 1,
    clicks: bool = False,
) -> None:
    """A client searches, clicking or not, and `after` so many minutes for something else, and chooses that product."""
    at = 1 + by * 10 * MINUTE  # days ago; nobody comes at the same time
    vain = searched(first, by, product_ids=NOTHING_RIGHT, days_ago=at)
    if clicks:
        did("click", vain, NOTHING_RIGHT[0])
    again = searched(then, by, product_ids=UMBRELLAS, days_ago=at - after * MINUTE)
    if chosen:
        did("click", again, chosen, UMBRELLAS.index(chosen) + 1)


def rephrased() -> Sequence[Rephrased]:
    return read_rephrased(timezone.now() - WINDOW, timezone.now())


def others(count: int, query: str = "kettle") -> None:
    """Searches for other things, so that one query is not most of the log."""
    for number in range(count):
        searched(query, 1000 + number, product_ids=[4], days_ago=3)


def test_what_is_chosen_next_is_remembered_for_the_query_that_found_nothing() -> None:
    others(20)
    for number, chosen in enumerate((7, 7, 8), 1):
        ask(number, "Brolly ", chosen=chosen)
    assert rephrased() == [
        Rephrased("brolly", "umbrella", 3, 1.0, 7, 2.0), Rephrased("brolly", "umbrella", 3, 1.0, 8, 1.0),
    ]  # fmt: skip
    refresh_click_memory()
    lifts = memory_of("brolly")
    # Half of two clicks, where none is expected: log((1 + 3) / 3); and half of one.
    assert lifts == pytest.approx({7: 0.29, 8: 0.15})
    assert list(lifts) == [7, 8]


@pytest.mark.parametrize(
    "less",
    [{"after": WITHIN.seconds / 60 + 1}, {"chosen": None}, {"then": "brolly"}, {"clicks": True}],
    ids=["later", "nothing chosen", "the same again", "something was there"],
)
def test_what_was_no_search_in_vain_and_then_otherwise_does_not_count(less: dict[str, object]) -> None:
    others(20)
    for number in range(1, MIN_CLIENTS + 2):
        ask(number, **less)  # type: ignore[arg-type]
    assert rephrased() == []


def test_a_click_on_a_later_page_is_no_search_in_vain() -> None:
    others(20)
    for number in range(1, MIN_CLIENTS + 2):
        ask(number)
        later = searched("brolly", number, product_ids=[25, 26], first_position=25, days_ago=1 + number * 10 * MINUTE)
        did("click", later, 26, 26)
    assert rephrased() == []


def test_it_takes_enough_clients_and_one_counts_once() -> None:
    others(20)
    for number in range(1, MIN_CLIENTS):
        for _ in range(3):
            ask(number)
    assert rephrased() == []


def test_it_takes_a_good_part_of_those_who_searched_in_vain() -> None:
    others(200)
    for number in range(1, MIN_CLIENTS + 1):
        ask(number)
    for number in range(100, 100 + 10 * MIN_CLIENTS):
        searched("brolly", number, product_ids=NOTHING_RIGHT)
    assert rephrased() == []


def test_what_everybody_searches_for_anyway_says_nothing_of_the_query_before() -> None:
    for number in range(1, 2 * MIN_CLIENTS):
        ask(number)
    others(4)
    assert rephrased()[0].clients == 2 * MIN_CLIENTS - 1
    for number in range(4):
        searched("umbrella", 2000 + number, product_ids=UMBRELLAS, days_ago=3)
    assert rephrased() == []  # half of the other searches are for umbrellas


def test_a_store_with_nothing_else_in_its_log_learns_it_too() -> None:
    for number in range(1, MIN_CLIENTS + 1):
        ask(number)
    assert [one.then for one in rephrased()] == ["umbrella"]


def test_own_clicks_of_the_query_count_beside() -> None:
    others(20)
    for number in range(1, 4):
        ask(number)
    for number in range(11, 15):
        did("click", searched("brolly", number, product_ids=[3, 5], days_ago=2 + number * MINUTE * 9), 5, 2)
    refresh_click_memory()
    lifts = memory_of("brolly")
    assert lifts[5] > 0
    assert lifts[7] > 0
    assert lifts[3] < 0


def test_a_store_whose_shoppers_rephrase_nothing_remembers_nothing() -> None:
    others(20)
    refresh_click_memory()
    assert not ClickMemory.objects.exists()
    assert rephrased() == []
