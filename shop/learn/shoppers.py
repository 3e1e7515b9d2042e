"""Simulated shoppers in a store on this database: one that is opened for them, or one that runs already."""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.conf import settings
from tqdm import tqdm

from search.benchmark.store import free_port, running_store
from search.click_model import ClickModel
from search.event_log import FLUSH_S
from search.models import SearchQuery
from search.shopper_needs import Need
from search.store_api import StoreFailed
from search.visits import Tally, Visits, plan_clients
from shop.demo.children import web_command

WORKERS = 4  # shoppers at once
LOGGED_WITHIN_S = 10.0  # a search is in the log a moment after it was answered


@contextmanager
def store_for(url: str | None) -> Iterator[str]:
    """The address of the store: the one given, or else one that is opened until the end of the block.

    Raises StoreDidNotStart.
    """
    if url is not None:
        yield url
        return
    port = free_port()
    command = web_command(port, host="127.0.0.1")
    with running_store(command, port=port, query_cache=settings.SEARCH_QUERY_CACHE) as store:
        yield f"http://{store.host}:{store.port}"


def send_shoppers(url: str, needs: Sequence[Need], sessions: int, *, seed: int) -> Tally:
    """That many sessions, with a bar where somebody looks; returns when the log has them.

    The seed's next clients come in a run after this one, else a second run would only repeat the first. Raises
    StoreFailed, also where the store has another log than this database.
    """
    logged = SearchQuery.objects.count()
    with tqdm(total=sessions, unit=" sessions", file=sys.stderr, disable=None) as bar:
        visits = Visits(url, ClickModel(), progress=bar.update)
        visits.run(plan_clients(needs, sessions, seed=seed, week=logged), workers=WORKERS)
    if visits.tally.most_fail:
        ((why, _),) = visits.tally.failures.most_common(1)
        raise StoreFailed(f"most searches failed: {why}")
    _wait_for_log(url, logged + visits.tally.sessions + visits.tally.said_otherwise)
    return visits.tally


def _wait_for_log(url: str, searches: int) -> None:
    deadline = time.monotonic() + LOGGED_WITHIN_S
    while (missing := searches - SearchQuery.objects.count()) > 0:
        if time.monotonic() > deadline:
            raise StoreFailed(f"{missing} searches at {url} are not in this database's log; has the store another one?")
        time.sleep(0.1)
    time.sleep(2 * FLUSH_S)  # others search too, and what was counted may be theirs
