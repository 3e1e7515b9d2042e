"""`simulate_shoppers` against a real store over HTTP."""

import http.server
import itertools
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from search import event_log
from search.click_model import ClickModel
from search.index import embed_stale_products
from search.management.commands.simulate_shoppers import chart
from search.models import SearchEvent, SearchQuery
from search.shopper_needs import Need
from search.store_api import Browser
from search.visits import ENOUGH, Client, Tally, Visits
from shop.catalog.models import Product
from shop.orders.models import CartItem
from tests.catalogue import make_category, make_product

pytestmark = pytest.mark.django_db(transaction=True)

NO_HITS = b'{"query_id": "1", "total": 7, "redirect": null, "hits": [], "related": []}'
JUDGMENTS = "query,product_id,grade\n" + "".join(f"{query},RED-LAMP,3\n" for query in ("lamp", "mug", "pan", "pot"))


@pytest.fixture
def store(live_server: Any) -> str:
    """The address of a store of lamps and mugs, which searches by words."""
    for kind, chinese_kind in (("Lamp", "台灯"), ("Mug", "马克杯")):
        category = make_category(kind.lower(), kind, translations={"zh": {"name": chinese_kind}})
        for color, chinese in (("red", "红色"), ("blue", "蓝色"), ("green", "绿色")):
            make_product(
                f"{color.capitalize()} {kind.lower()}", category=category, product_type=kind,
                attributes={"color": color}, translations={"zh": {"title": f"{chinese}{chinese_kind}"}},
            )  # fmt: skip
    embed_stale_products()
    return str(live_server.url)


def simulate(url: str, capsys: Any, **options: Any) -> str:
    """What the command says on stdout; the log is written afterwards."""
    call_command("simulate_shoppers", url=url, **{"sessions": 40, "workers": 2, **options})
    event_log.queries.flush()
    return str(capsys.readouterr().out)


@contextmanager
def answering(respond: Callable[[str], tuple[int, bytes]]) -> Iterator[str]:
    """The address of a server that answers a GET of a path with this status and body."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = respond(self.path)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_shoppers_leave_searches_clicks_and_carts_in_the_log(store: str, capsys: Any) -> None:
    said = simulate(store, capsys)
    clicks = SearchEvent.objects.filter(action_name="click")
    carts = SearchEvent.objects.filter(action_name="add_to_cart")
    clients = SearchQuery.objects.exclude(query="").values("client_id").distinct()
    assert SearchQuery.objects.exclude(query="").count() == 40
    assert clicks.count() > 20
    assert (
        f"40 sessions of {clients.count()} clients: {clicks.count()} clicks, {carts.count()} products put into carts."
        in said
    )
    assert "Click-through by position" in said
    assert CartItem.objects.exists() == carts.exists()


def test_events_are_of_the_client_and_the_hit_of_their_search(store: str, capsys: Any) -> None:
    simulate(store, capsys, sessions=60)
    searches = SearchQuery.objects.in_bulk()
    for event in SearchEvent.objects.all():
        search = searches[event.query_id]
        assert event.client_id == search.client_id
        assert event.product_id == search.product_ids[event.position - 1]


def test_a_client_comes_a_few_times_with_the_cookie_of_the_store(store: str, capsys: Any) -> None:
    simulate(store, capsys, sessions=60)
    visits = Counter(SearchQuery.objects.exclude(query="").values_list("client_id", flat=True))
    assert max(visits.values()) <= 5
    assert 60 / len(visits) == pytest.approx(3.5, abs=1)


def test_shoppers_without_noise_click_only_what_they_want(store: str, capsys: Any, tmp_path: Path) -> None:
    judgments = tmp_path / "judgments.csv"
    judgments.write_text("query,product_id,grade\nlamp,BLUE-LAMP,3\nlamp,RED-LAMP,0\n台灯,RED-LAMP,3\n")
    simulate(store, capsys, judgments=judgments, noise=0.0, eta=0.0)
    wanted = dict(Product.objects.values_list("sku", "id"))
    clicked = {
        (SearchQuery.objects.get(pk=event.query_id).query, event.product_id) for event in SearchEvent.objects.all()
    }  # fmt: skip
    assert clicked == {("lamp", wanted["BLUE-LAMP"]), ("台灯", wanted["RED-LAMP"])}
    assert set(SearchQuery.objects.filter(query="台灯").values_list("language", flat=True)) == {"zh"}


def test_weeks_of_drift_share_the_sessions(store: str, capsys: Any) -> None:
    assert "41 sessions" in simulate(store, capsys, sessions=41, weeks=3)
    assert SearchQuery.objects.exclude(query="").count() == 41


def test_the_same_seed_brings_the_same_shoppers(store: str, capsys: Any) -> None:
    said = [simulate(store, capsys, seed=seed) for seed in (3, 3, 4)]
    assert said[0] == said[1] != said[2]


def test_some_who_find_nothing_say_it_otherwise(store: str) -> None:
    lamps = dict.fromkeys(Product.objects.filter(product_type="Lamp").values_list("id", flat=True), 3)
    need = Need("mug", lamps, otherwise="lamp")
    visits = Visits(store, ClickModel(noise=0))
    visits.run([Client((need,), (number,)) for number in range(30)], workers=2)
    event_log.queries.flush()
    asked = Counter(SearchQuery.objects.values_list("query", flat=True))
    assert asked == {"mug": 30, "lamp": visits.tally.said_otherwise}
    assert 5 < visits.tally.said_otherwise < 25
    assert visits.tally.sessions == 30


def test_a_shopper_can_fill_her_cart_with_more_than_one_product(store: str) -> None:
    browser = Browser(store)
    shown = browser.search("lamp")
    browser.add_to_cart(shown, 1)
    browser.add_to_cart(shown, 2)
    assert list(CartItem.objects.order_by("pk").values_list("product_id", flat=True)) == list(shown.product_ids[:2])


def test_judgments_of_another_catalogue_are_refused(store: str, capsys: Any, tmp_path: Path) -> None:
    judgments = tmp_path / "judgments.csv"
    judgments.write_text("query,product_id,grade\nlamp,UNKNOWN,3\n")
    with pytest.raises(CommandError, match="The catalogue has none of the products"):
        simulate(store, capsys, judgments=judgments)


def test_a_store_that_is_not_there_is_named() -> None:
    with pytest.raises(CommandError, match=r"No answer from http://127.0.0.1:9 .*is the store running\?"):
        call_command("simulate_shoppers", url="http://127.0.0.1:9")


def test_a_store_without_products_is_named(live_server: Any) -> None:
    with pytest.raises(CommandError, match=r"has no products; `make demo`"):
        call_command("simulate_shoppers", url=live_server.url)


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (200, b"<html>", "the response is not JSON"),
        (200, b"{}", "has no hits; is this a Pocketshop store"),
        (200, b"[]", "has no hits"),
        (500, b"", "status 500"),
        (404, b"{}", "status 404"),
    ],
)
def test_something_else_at_the_address_is_named(status: int, body: bytes, message: str) -> None:
    with answering(lambda path: (status, body)) as url, pytest.raises(CommandError, match=message):
        call_command("simulate_shoppers", url=url)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sessions": 0}, "--sessions must be 1 or more"),
        ({"workers": 0}, "--workers must be 1"),
        ({"seed": -1}, "--seed must be 0"),
        ({"noise": 2.0}, "The noise is a share from 0 to 1"),
        ({"eta": -1.0}, "Eta is 0 or more"),
        ({"url": "localhost:8000"}, "is not the address of a store"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("simulate_shoppers", **options)




@pytest.fixture
def judgments(tmp_path: Path) -> Path:
    """Four queries for the one product that there is."""
    make_product("Red lamp")
    path = tmp_path / "judgments.csv"
    path.write_text(JUDGMENTS)
    return path


def test_a_few_failures_are_counted_and_the_visits_go_on(judgments: Path, capsys: Any) -> None:
    turns = itertools.count()
    with answering(lambda path: (503, b"") if next(turns) % 3 == 2 else (200, NO_HITS)) as url:
        said = simulate(url, capsys, judgments=judgments, sessions=60)
    assert said.startswith("40 sessions of ")
    assert "20 sessions failed: GET /api/search/: status 503." in said


def test_a_store_that_breaks_is_given_up_once_most_sessions_have_failed(judgments: Path, capsys: Any) -> None:
    with (
        answering(lambda path: (200, NO_HITS) if "q=&" in path else (500, b"")) as url,
        pytest.raises(CommandError, match="Most sessions failed"),
    ):
        simulate(url, capsys, judgments=judgments, sessions=3000, weeks=3)
    sessions, failures = capsys.readouterr().out.splitlines()
    assert sessions.startswith("0 sessions of ")
    assert ENOUGH <= int(failures.split()[0]) <= ENOUGH + 2  # two workers are at it


def test_ctrl_c_ends_with_the_summary(judgments: Path, capsys: Any) -> None:
    asked: list[str] = []

    def respond(path: str) -> tuple[int, bytes]:
        asked.append(path)
        if len(asked) == 10:
            os.kill(os.getpid(), signal.SIGINT)
        return 200, NO_HITS

    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
    try:
        with answering(respond) as url:
            call_command("simulate_shoppers", url=url, judgments=judgments, sessions=100_000, workers=2)
            after = len(asked)
    finally:
        signal.signal(signal.SIGINT, before)
    said = capsys.readouterr()
    assert int(said.out.split()[0]) == after - 1  # all but the check of the store
    assert after < 1000
    assert "Stopped before the end." in said.err


def test_a_database_of_another_store_is_suspected(store: str, capsys: Any, tmp_path: Path) -> None:
    make_product("Black pan", is_active=False)
    judgments = tmp_path / "judgments.csv"
    judgments.write_text("query,product_id,grade\nlamp,BLACK-PAN,3\n")
    assert "is this database the one of the store" in simulate(store, capsys, judgments=judgments)


def test_the_chart_has_a_bar_for_each_position() -> None:
    tally = Tally(shown_at=Counter({1: 200, 2: 200, 3: 100}), clicked_at=Counter({1: 100, 2: 50}))
    assert chart(tally) == [
        f"  1 {'█' * 40}  50.0%",
        f"  2 {'█' * 20}{' ' * 20}  25.0%",
        f"  3 {' ' * 40}   0.0%",
    ]  # fmt: skip
