"""The parts of `manage.py learn`, each alone."""

import os
import signal
import struct
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from search import event_log
from search.benchmark.store import free_port
from search.comparison import Comparison, Side, SliceResult
from search.evaluation import evaluate
from search.gate import bare
from search.index import embed_stale_products
from search.judged_queries import GradedQuery
from search.management.commands.evaluate_search import as_text
from search.metrics import Interval
from search.models import EncoderVersion, SearchQuery
from search.shopper_needs import Need, NoNeeds
from search.store_api import StoreFailed
from search.variants import LIVE, Variant
from shop.catalog.models import Product
from shop.demo.running import AlreadyRuns, claim, open_demo
from shop.demo.terminal import Terminal
from shop.learn import shoppers
from shop.learn.ending import interruptible, prepare_store
from shop.learn.measuring import BEFORE, WITH_EVERYTHING, WITH_MEMORY, after, before, measured, values_by_group
from shop.learn.plot import DPI, SIZE, save_plot
from shop.learn.queries import ASKED, HELD_OUT, split_needs
from shop.learn.report import measured_lines, slice_lines
from shop.learn.sentences import LATER_SENTENCES, SENTENCES, judged_sentences
from shop.learn.shoppers import send_shoppers, store_for
from shop.learn.taught_wishes import LONGER, SEARCHED, taught
from shop.learn.taught_wishes import as_text as taught_text
from shop.learn.wishes import WISHES, longer_wishes, wishes
from shop.management.commands.evaluate_wishes import judged_wishes
from tests.catalogue import make_product
from tests.search import query_types
from tests.search.search_log import searched

KINDS = "kettle mug laptop phone chair".split()
COLORS = "red blue green black".split()


@pytest.fixture
def catalogue(db: None) -> None:
    for kind in KINDS:
        for color in COLORS:
            make_product(f"{color} {kind}", product_type=kind, attributes={"color": color})


def queries(needs: Any) -> set[str]:
    return {need.query for need in needs}


def test_three_of_ten_queries_are_held_out_and_nobody_searches_for_them(catalogue: None) -> None:
    split = split_needs(20, seed=1)
    assert (len(split.asked), len(split.held_out)) == (14, 6)
    assert queries(split.asked).isdisjoint(queries(split.held_out))
    assert split == split_needs(20, seed=1)
    assert split != split_needs(20, seed=2)
    assert {name: len(found) for name, found in split.groups().items()} == {ASKED: 14, HELD_OUT: 6}


def test_what_was_searched_for_ever_is_not_held_out(catalogue: None) -> None:
    first, *others = split_needs(20, seed=1).held_out
    searched(first.query, by=1)
    assert split_needs(20, seed=1).held_out == tuple(others)
    for need in others:
        searched(need.query, by=1)
    with pytest.raises(NoNeeds, match="Of 20 queries, 0 could be held out"):
        split_needs(20, seed=1)


def test_before_and_after_differ_in_what_was_learned_only() -> None:
    assert before(7) == bare(7)
    assert after(7) == {WITH_MEMORY: Variant(version_id=7, learners=frozenset({"memory"})), WITH_EVERYTHING: LIVE}


@pytest.mark.django_db
def test_pages_are_measured_by_group() -> None:
    red, blue = make_product("Red lamp"), make_product("Blue lamp")
    embed_stale_products()
    lamp, red_lamp = GradedQuery("lamp", "en", {red.pk: 3, blue.pk: 3}), GradedQuery("red lamp", "en", {blue.pk: 3})
    found = values_by_group({ASKED: [lamp], HELD_OUT: [red_lamp, lamp]}, LIVE)
    assert found[ASKED].tolist() == [1.0]
    assert found[HELD_OUT].tolist() == pytest.approx([1 / np.log2(3), 1.0])
    assert not SearchQuery.objects.exists()


def test_differences_are_paired_and_to_before() -> None:
    group = {ASKED: np.array([0.2, 0.6]), HELD_OUT: np.array([0.5, 0.5])}
    better = {ASKED: np.array([0.3, 0.7]), HELD_OUT: np.array([0.5, 0.3])}
    found = measured({BEFORE: group, WITH_MEMORY: better})
    assert found.queries == {ASKED: 2, HELD_OUT: 2}
    assert found.means[BEFORE][ASKED].mean == pytest.approx(0.4)
    assert list(found.differences) == [WITH_MEMORY]
    gain, loss = (found.differences[WITH_MEMORY][name] for name in (ASKED, HELD_OUT))
    assert (gain.mean, gain.low, gain.high) == pytest.approx((0.1, 0.1, 0.1))
    assert (loss.mean, loss.low, loss.high) == pytest.approx((-0.1, -0.2, 0.0))
    assert [" ".join(line.split()) for line in measured_lines(found)] == [
        "nDCG@10; difference to before [95 % interval over queries]",
        "searched for (2) held out (2)",
        "before 0.400 0.500",
        "with click memory 0.500 +0.100 [+0.100, +0.100] 0.400 -0.100 [-0.200, +0.000]",
    ]


def slice_of(name: str, queries: int, mean: float) -> SliceResult:
    half = Interval(0.5, 0.4, 0.6)
    return SliceResult(name, -0.02, queries, half, half, Interval(mean, mean - 0.01, mean + 0.01), float(mean < 0))


@pytest.fixture
def comparison() -> Comparison:
    slices = (
        slice_of("all queries", 40, 0.05), slice_of("rare", 20, -0.05), slice_of("new queries", 3, 0.0),
        slice_of("with a typo", 0, 0.0),
    )  # fmt: skip
    return Comparison(Side("one", bare(1)), Side("two", bare(2)), slices, (), ())


def test_slices_with_queries_are_shown_and_what_lost_is_said(comparison: Comparison) -> None:
    assert [" ".join(line.split()) for line in slice_lines(comparison)] == [
        "queries active challenger difference",
        "all queries 40 0.500 0.500 +0.050 [+0.040, +0.060]",
        "rare 20 0.500 0.500 -0.050 [-0.060, -0.040] lost",
        "new queries 3 0.500 0.500 +0.000 [-0.010, +0.010] too few to decide",
    ]


@pytest.mark.parametrize("compared", [True, False])
def test_the_plot_is_a_png_of_its_size(tmp_path: Path, comparison: Comparison, compared: bool) -> None:
    values = {ASKED: np.full(3, 1 / 3), HELD_OUT: np.array([0.1, 0.9])}
    path = tmp_path / "new" / "learn.png"
    found = measured({BEFORE: values, WITH_MEMORY: values, WITH_EVERYTHING: values})
    save_plot(path, found, comparison if compared else None, "Not promoted: " + "why " * 60)
    content = path.read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", content[16:24]) == (SIZE[0] * DPI, SIZE[1] * DPI)
    assert len(content) > 10_000


def test_a_plot_that_cannot_be_written_is_an_error_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    values = {ASKED: np.full(3, 0.5)}
    with pytest.raises(OSError, match="file"):
        save_plot(tmp_path / "file" / "learn.png", measured({BEFORE: values}), None, "")


@pytest.fixture
def store(live_server: Any, transactional_db: None) -> str:
    """The address of a store of lamps, which searches by words."""
    for color in COLORS:
        make_product(f"{color} lamp", product_type="lamp", attributes={"color": color})
    embed_stale_products()
    return str(live_server.url)


def needs() -> list[Need]:
    return [Need(f"{color} lamp", {}) for color in COLORS]


def test_shoppers_are_in_the_log_when_they_are_done_and_others_come_the_next_time(store: str) -> None:
    event_log.queries.writes_by_itself = True
    first = send_shoppers(store, needs(), 30, seed=1)
    searches = list(SearchQuery.objects.order_by("created_at").values_list("query", flat=True))
    assert first.sessions == len(searches) == 30
    send_shoppers(store, needs(), 30, seed=1)
    assert SearchQuery.objects.count() == 60
    assert sorted(SearchQuery.objects.order_by("created_at").values_list("query", flat=True)[30:]) != sorted(searches)


def test_a_store_with_another_log_is_noticed(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shoppers, "LOGGED_WITHIN_S", 0.5)
    with pytest.raises(StoreFailed, match=r"20 searches at .* are not in this database's log"):
        send_shoppers(store, needs(), 20, seed=1)


@pytest.mark.django_db
def test_a_store_that_is_not_there_is_given_up() -> None:
    with pytest.raises(StoreFailed, match="most searches failed: no answer from"):
        send_shoppers(f"http://127.0.0.1:{free_port()}", needs(), 100, seed=1)


def test_a_store_that_runs_already_is_used_as_it_is() -> None:
    with store_for("http://localhost:1") as url:
        assert url == "http://localhost:1"


def test_only_the_first_interruption_counts_and_only_where_it_may_raise() -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
    try:
        with interruptible() as interruption:
            os.kill(os.getpid(), signal.SIGINT)
            assert interruption.stopping.is_set()
        with interruptible() as interruption:
            interruption.raises = True
            with pytest.raises(KeyboardInterrupt):
                os.kill(os.getpid(), signal.SIGTERM)
            os.kill(os.getpid(), signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) == signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)


def test_beside_an_open_demo_nothing_is_prepared(tmp_path: Path, settings: Any, capsys: Any) -> None:
    settings.LOCAL_DIR = tmp_path
    with claim(tmp_path) as claimed:
        claimed.record(url="http://localhost:8000")
        assert open_demo(tmp_path) == "http://localhost:8000"
        prepare_store(Terminal(tmp_path), threading.Event(), limit=20)
    assert capsys.readouterr().out == "   The demo at http://localhost:8000 is open, and goes on meanwhile.\n"
    assert open_demo(tmp_path) is None


def test_a_demo_that_prepares_itself_is_waited_for(tmp_path: Path, settings: Any) -> None:
    settings.LOCAL_DIR = tmp_path
    with claim(tmp_path), pytest.raises(AlreadyRuns, match="is being started"):
        prepare_store(Terminal(tmp_path), threading.Event(), limit=20)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sessions": 0}, "--sessions is 0; it must be at least 1"),
        ({"needs": 9}, "--needs is 9; it must be at least 10"),
        ({"seed": -1}, "--seed is -1; it must be at least 0"),
        ({"steps": 0}, "steps is 0; it must be at least 1"),
        ({"url": "localhost:8000"}, "'localhost:8000' is not the address of a store"),
    ],
)
def test_bad_options_are_refused_before_anything_is_made(
    options: dict[str, Any], message: str, tmp_path: Path, settings: Any
) -> None:
    settings.LOCAL_DIR = tmp_path / "local"
    with pytest.raises(CommandError, match=message):
        call_command("learn", **options)
    assert not settings.LOCAL_DIR.exists()


def test_wishes_are_said_in_words_that_the_tests_of_search_do_not_use(db: None) -> None:
    said = [query for queries in WISHES.values() for query in queries]
    used = {query for kind in (query_types.TYPE, query_types.FEATURE, query_types.UNSEEN) for query in kind}
    assert len(said) == len(set(said))
    assert not used & set(said)


def test_every_product_of_the_type_answers_a_wish(db: None) -> None:
    fit = [Product.objects.create(sku=f"t-{n}", title="X", price_cents=1, product_type="Flashlight") for n in range(2)]
    Product.objects.create(sku="gone", title="X", price_cents=1, product_type="Flashlight", is_active=False)
    Product.objects.create(sku="other", title="X", price_cents=1, product_type="Mug")
    assert [need.query for need in wishes()] == list(WISHES["Flashlight"])
    assert all(need.grades == {product.pk: 3 for product in fit} for need in wishes())


def test_wishes_are_graded_by_what_the_store_calls_its_products(db: None) -> None:
    Product.objects.create(sku="torch-1", title="X", price_cents=1, product_type="Flashlight")
    found = judged_wishes()
    assert found.completed == {query: {"torch-1": 3} for query in WISHES["Flashlight"]}
    assert found.human == {}


def test_measures_that_need_peoples_grades_are_left_out_where_there_are_none(db: None) -> None:
    Product.objects.create(sku="torch-1", title="Hand lamp", price_cents=1, product_type="Flashlight")
    told = as_text(evaluate(judged_wishes(), systems=("hybrid", "lexical")))
    assert "p@10" in told
    assert "judged_ndcg@10" not in told


@pytest.mark.slow
def test_clicks_on_wishes_teach_longer_ones_too(active_encoder_version: EncoderVersion) -> None:
    kinds = list(WISHES)[:30]
    for kind in kinds:
        for maker in ("Acme", "Lumen", "Novo", "Ridge", "Sol"):
            make_product(f"{maker} {kind}", product_type=kind)
    embed_stale_products()
    found = taught(1500)
    assert {name: one.queries for name, one in found.items()} == {SEARCHED: 90, LONGER: 180}
    for one in found.values():
        assert one.difference.low > 0
        assert one.after.mean == pytest.approx(one.before.mean + one.difference.mean)
    assert not SearchQuery.objects.exists()
    assert [line.split("  ")[0].strip() for line in taught_text(found, 1500).splitlines()[1:]] == [
        "searched for (90)", "longer, not searched for (180)",
    ]  # fmt: skip


def test_longer_wishes_are_other_queries_for_the_same_products() -> None:
    needs = [Need("brolly", {1: 3}), Need("settee", {2: 3})]
    longer = longer_wishes(needs)
    assert len({need.query for need in longer}) == 4
    assert all(one.query.endswith(f" {need.query}") for need, one in zip(np.repeat(needs, 2), longer, strict=True))
    assert [need.grades for need in longer] == [{1: 3}, {1: 3}, {2: 3}, {2: 3}]


@pytest.mark.django_db
def test_a_sentence_is_answered_by_what_its_pattern_matches() -> None:
    make_product("Sonata Laptop Sleeve", sku="a", description="Soft.")
    make_product("Sonata Sleeve", sku="b", description="For any notebook.")
    make_product("Sonata Laptop", sku="c", description="Fast.")
    found = judged_sentences((("carry my laptop", "(laptop|notebook).*sleeve|sleeve.*(laptop|notebook)"),))
    assert found.completed == {"carry my laptop": {"a": 3, "b": 3}}
    assert found.human == {}


def test_no_sentence_is_there_twice() -> None:
    queries = [query for query, _ in (*SENTENCES, *LATER_SENTENCES)]
    assert len(queries) == len(set(queries))


def test_sentences_are_no_sessions_of_the_demo(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="leave out --products"):
        call_command("evaluate_wishes", products=tmp_path / "products.jsonl", sessions=5)
