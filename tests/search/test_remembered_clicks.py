"""The click memory of a process follows the rows in the database."""

import tracemalloc
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from search import remembered_clicks
from search.click_lifts import MAX_PRODUCTS
from search.click_memory import MAX_QUERIES
from search.learning_models import ClickMemory
from search.remembered_clicks import RememberedClicks, memory_of


@pytest.fixture
def clicks() -> RememberedClicks:
    return RememberedClicks(refreshes_by_itself=False)


def remember(query: str, lifts: dict[int, float], *, later_s: float = 0) -> None:
    """As search/click_memory.py writes it."""
    at = timezone.now() + timedelta(seconds=later_s)
    row = {"product_ids": list(lifts), "lifts": list(lifts.values()), "updated_at": at}
    ClickMemory.objects.update_or_create(query=query, defaults=row)


def about(lifts: dict[int, float]) -> Any:
    """Within 32 bits."""
    return pytest.approx(lifts, rel=1e-6)


@pytest.mark.django_db
def test_lifts_by_query_however_it_is_typed(clicks: RememberedClicks) -> None:
    remember("red kettle", {7: 1.25, 2**40: -0.5})
    assert clicks.of(" Red  KETTLES") == {7: 1.25, 2**40: -0.5}
    assert clicks.of("kettle") == {}
    assert clicks.of("") == {}


@pytest.mark.django_db
def test_sql_only_the_first_time(clicks: RememberedClicks, django_assert_num_queries: Any) -> None:
    remember("kettle", {7: 1.25})
    with django_assert_num_queries(2):  # the rows, their count
        clicks.of("kettle")
    with django_assert_num_queries(0):
        assert clicks.of("kettle") == {7: 1.25}
        assert clicks.of("lamp") == {}


@pytest.mark.django_db
def test_what_was_written_since_is_read_and_nothing_else(clicks: RememberedClicks) -> None:
    remember("kettle", {7: 1.25}, later_s=-60)
    remember("lamp", {8: 0.5}, later_s=-60)
    clicks.of("kettle")
    remember("kettle", {7: 2.0, 9: -1.0})
    ClickMemory.objects.filter(query="lamp").update(lifts=[0.25])  # not newer
    clicks.refresh()
    assert clicks.of("kettle") == {7: 2.0, 9: -1.0}
    assert clicks.of("lamp") == {8: 0.5}


@pytest.mark.django_db
def test_what_was_deleted_is_forgotten_also_when_as_much_was_added(clicks: RememberedClicks) -> None:
    remember("kettle", {7: 1.25})
    remember("lamp", {8: 0.5})
    clicks.of("kettle")
    ClickMemory.objects.filter(query="kettle").delete()
    remember("sofa", {9: 0.75}, later_s=1)
    clicks.refresh()
    assert (clicks.of("kettle"), clicks.of("lamp"), clicks.of("sofa")) == ({}, {8: 0.5}, {9: 0.75})
    ClickMemory.objects.all().delete()
    clicks.refresh()
    assert len(clicks) == 0


@pytest.mark.django_db
def test_of_two_wordings_the_lift_that_says_more() -> None:
    remember("kettel", {1: 0.25, 2: -1.0, 3: 0.5})
    remember("kettle", {1: 1.0, 2: 0.5, 4: -0.25})
    assert memory_of("kettel", "kettle") == {1: 1.0, 2: -1.0, 3: 0.5, 4: -0.25}
    assert memory_of("kettle", "kettle") == {1: 1.0, 2: 0.5, 4: -0.25}
    assert memory_of("teapot") == {}


@pytest.mark.django_db
def test_lifts_are_kept_to_seven_digits(clicks: RememberedClicks) -> None:
    remember("kettle", {7: 0.29, 8: -0.69})
    assert clicks.of("kettle") == about({7: 0.29, 8: -0.69})


@pytest.mark.django_db(transaction=True)
def test_later_on_a_thread_reads_and_no_search_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    clicks = RememberedClicks()
    remember("kettle", {7: 1.25}, later_s=-1)
    assert clicks.of("kettle") == {7: 1.25}
    remember("kettle", {7: 2.0})
    assert clicks.of("kettle") == {7: 1.25}  # a few seconds ago is fresh enough
    assert clicks._thread is None
    monkeypatch.setattr(remembered_clicks, "REFRESH_S", 0.0)
    clicks.of("kettle")
    assert clicks._thread is not None
    clicks._thread.join(timeout=10)
    monkeypatch.setattr(remembered_clicks, "REFRESH_S", 60.0)
    assert clicks.of("kettle") == {7: 2.0}


@pytest.mark.slow
@pytest.mark.django_db
def test_the_largest_memory_takes_twelve_megabytes(clicks: RememberedClicks) -> None:
    ids, lifts, at = list(range(10**6, 10**6 + MAX_PRODUCTS)), [0.5] * MAX_PRODUCTS, timezone.now()
    ClickMemory.objects.bulk_create(
        (
            ClickMemory(query=f"a query {number:06}", product_ids=ids, lifts=lifts, updated_at=at)
            for number in range(MAX_QUERIES)
        ),
        batch_size=1000,
    )
    tracemalloc.start()
    clicks.refresh()
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(clicks) == MAX_QUERIES
    assert kept < 13_000_000
