"""Simulated shoppers who visit a running store over HTTP, several at once, and what became of their visits.

Each client is one browser with a few sessions, done by one thread, so that the store sees what it sees of people.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace

import numpy as np

from search.click_model import Action, ClickModel, session
from search.shopper_needs import Need
from search.simulation import TRY_AGAIN, plan
from search.store_api import Browser, Shown, StoreFailed

ENOUGH = 20  # sessions, before it counts that most failed
LISTEN_S = 0.2  # Ctrl-C may reach another thread, and then a wait without an end hears nothing of it


@dataclass
class Tally:
    """Counts over all sessions so far; positions count from 1."""

    sessions: int = 0
    said_otherwise: int = 0  # second searches of sessions that found nothing
    clients: int = 0
    clicks: int = 0
    carts: int = 0
    shown_at: Counter[int] = field(default_factory=Counter)
    clicked_at: Counter[int] = field(default_factory=Counter)
    relevant: int = 0  # hits shown that have a grade above 0
    failures: Counter[str] = field(default_factory=Counter)  # sessions that failed, by what was wrong

    def add(self, shown: Shown, actions: Sequence[Action], need: Need, *, again: bool = False) -> None:
        """Counts a session that went well, or its second search, where it has one."""
        self.sessions += not again
        self.said_otherwise += again
        self.shown_at.update(range(1, len(shown.product_ids) + 1))
        self.relevant += sum(product_id in need.grades for product_id in shown.product_ids)
        for action in actions:
            self.clicks += action.action_name == "click"
            self.carts += action.action_name == "add_to_cart"
        self.clicked_at.update(action.position for action in actions if action.action_name == "click")

    @property
    def failed(self) -> int:
        return self.failures.total()

    @property
    def most_fail(self) -> bool:
        """Whether more sessions failed than succeeded, of enough to tell."""
        return self.sessions + self.failed >= ENOUGH and self.failed > self.sessions


def found(shown: Shown, actions: Sequence[Action], need: Need) -> bool:
    """Whether the shopper did something with a product that answers her need."""
    return any(shown.product_ids[action.position - 1] in need.grades for action in actions)


@dataclass(frozen=True)
class Client:
    """One simulated shopper: what she looks for, one session each, and the seed of her clicks."""

    needs: tuple[Need, ...]
    seed: tuple[int, ...]


def plan_clients(needs: Sequence[Need], sessions: int, *, seed: int, week: int = 0) -> list[Client]:
    """The clients of a week of a simulation; together they have that many sessions."""
    chosen, by_client = plan(needs, sessions, np.random.default_rng([seed, week]))
    own: dict[int, list[Need]] = {}
    for need, client in zip(chosen.tolist(), by_client.tolist(), strict=True):
        own.setdefault(client, []).append(needs[need])
    return [Client(tuple(wanted), (seed, week, number)) for number, wanted in sorted(own.items())]


class Visits:
    """Runs clients against the store; `tally` can be read at any time, also after an interruption.

    Carts are filled, but nothing is bought: an order would take stock that a real shopper may want.
    """

    def __init__(self, url: str, click_model: ClickModel, *, progress: Callable[[int], object] | None = None) -> None:
        self.tally = Tally()
        self._url = url
        self._model = click_model
        self._progress = progress
        self._lock = threading.Lock()
        self._stop = threading.Event()

    def run(self, clients: Sequence[Client], *, workers: int) -> None:
        """Until all clients are done, or most sessions fail; KeyboardInterrupt goes on when the threads have ended."""
        queue = iter(clients)
        with ThreadPoolExecutor(workers) as pool:
            try:
                working = [pool.submit(self._work, queue) for _ in range(workers)]
                while wait(working, timeout=LISTEN_S).not_done:
                    pass
                for worker in working:
                    worker.result()  # raises what nobody expected
            except BaseException:
                self._stop.set()
                raise

    def _work(self, queue: Iterator[Client]) -> None:
        while (client := self._next(queue)) is not None:
            browser, rng = Browser(self._url), np.random.default_rng(client.seed)
            for need in client.needs:
                if not self._stop.is_set():
                    self._session(browser, need, rng)

    def _next(self, queue: Iterator[Client]) -> Client | None:
        with self._lock:
            client = None if self._stop.is_set() else next(queue, None)
            self.tally.clients += client is not None
        return client

    def _session(self, browser: Browser, need: Need, rng: np.random.Generator) -> None:
        """One search and what follows, counted; when most fail, it is the last."""
        try:
            visits = [self._visit(browser, need, rng)]
            if need.otherwise and not found(*visits[0], need) and rng.random() < TRY_AGAIN:
                visits.append(self._visit(browser, replace(need, query=need.otherwise), rng))
        except StoreFailed as error:
            with self._lock:
                self.tally.failures[str(error)] += 1
        else:
            with self._lock:
                for number, (shown, actions) in enumerate(visits):
                    self.tally.add(shown, actions, need, again=number > 0)
        if self.tally.most_fail:
            self._stop.set()
        if self._progress:
            with self._lock:
                self._progress(1)

    def _visit(self, browser: Browser, need: Need, rng: np.random.Generator) -> tuple[Shown, list[Action]]:
        shown = browser.search(need.query, need.language)
        grades = [need.grades.get(product_id, 0) for product_id in shown.product_ids]
        actions = session(grades, self._model, rng)
        clicked = [action.position for action in actions if action.action_name == "click"]
        if clicked:
            browser.click(shown, clicked)
        for action in actions:
            if action.action_name == "add_to_cart":
                browser.add_to_cart(shown, action.position)
        return shown, actions
