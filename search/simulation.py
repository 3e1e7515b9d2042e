"""A log as simulated shoppers would have left it, written in bulk: to watch and to measure learning within minutes.

Each session is one search by a need (search/shopper_needs.py), the page that the store shows for it, and clicks by the
click model (search/click_model.py). A page is searched once a query, because it stays the same while nothing is
learned; so 5,000 sessions cost some dozen searches. Some who find nothing search once more, in other words. `poison`
writes what an attacker would. The same arguments draw the same sessions, ids included, so the same simulation twice is
refused by the database.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from search.click_model import ACTIONS, ClickModel, Levels
from search.event_log import REDIRECTED
from search.models import SearchEvent, SearchQuery
from search.pipeline import search_products
from search.shopper_needs import Need
from search.simulated_rows import Page, Simulated, event_row, event_rows, new_id, search_row, write_rows
from search.variants import LIVE, Variant

SWAP_SHARE = 0.02  # of the searches: two neighbours in a random order, from which position bias is estimated
LAST_SWAP = 9  # the store swaps hits k and k + 1 with k at random from 1 to this, where the page has both
TRY_AGAIN = 0.5  # of those who found nothing; a round guess. The others give up
PAUSE = timedelta(seconds=30)
LEAST_SESSIONS, MOST_SESSIONS = 2, 5  # of a client, like people; one with a single search and click may be a robot's

Numbers = npt.NDArray[np.int64]
Search = Callable[[str], Page]


def first_page(query: str, *, variant: Variant = LIVE) -> Page:
    """The page that a shopper sees, and that the API would log: 24 hits, with those that fill a short page."""
    results = search_products(query, variant=variant)
    return Page(
        product_ids=() if results.redirect else tuple(hit.product_id for hit in (*results.hits, *results.related)),
        total=results.total,
        mode=REDIRECTED if results.redirect else results.mode,
        version_id=results.version_id,
        took_ms=sum(results.timings_ms.values()),
    )


def simulate_log(
    needs: Sequence[Need],
    sessions: int,
    *,
    click_model: ClickModel,
    search: Search = first_page,
    start: datetime,
    end: datetime,
    seed: int,
    swap_share: float = SWAP_SHARE,
    shuffled: bool = False,
    progress: Callable[[int], object] | None = None,
) -> Simulated:
    """Writes that many sessions between the two times. One search for each query, two inserts for 1,000 sessions.

    `shuffled` moves the actions of each session to random hits of its page: as many clicks, from which there is
    nothing to learn about products. `progress` is called with the sessions of each query. Raises IntegrityError,
    writing nothing, where the log has this simulation already.
    """
    rng = _generator(seed, start, end, sessions, shuffled, *(need.query for need in needs))
    chosen, by_client = plan(needs, sessions, rng)
    clients = [new_id(rng) for _ in range(int(by_client.max(initial=-1)) + 1)]
    times = _times(start, end, sessions, rng)
    searches: list[SearchQuery] = []
    events: list[SearchEvent] = []
    for number in np.unique(chosen):
        need, of_need = needs[number], np.flatnonzero(chosen == number)
        page = search(need.query)
        shown, swapped_at = _swapped(page, len(of_need), swap_share, rng)
        levels = click_model.draw(_grades(shown, need), rng)
        levels = rng.permuted(levels, axis=-1) if shuffled else levels
        for row, session in enumerate(of_need):
            searched = search_row(
                need,
                page,
                product_ids=shown[row].tolist(),
                client_id=clients[by_client[session]],
                at=times[session],
                rng=rng,
                swapped_at=int(swapped_at[row]) or None,
            )
            searches.append(searched)
            events += event_rows(searched, levels[row], end=end, rng=rng)
        if need.otherwise:
            for again, actions in _said_otherwise(need, searches[-len(of_need) :], levels, search, click_model, rng):
                searches.append(again)
                events += event_rows(again, actions, end=end, rng=rng)
        if progress:
            progress(len(of_need))
    return write_rows(searches, events)


def _said_otherwise(
    need: Need,
    searched: Sequence[SearchQuery],
    levels: Levels,
    search: Search,
    click_model: ClickModel,
    rng: np.random.Generator,
) -> list[tuple[SearchQuery, Levels]]:
    """The second searches of some who chose no product that answers, half a minute after the first, and what they did.

    `levels` (sessions, n) is what was done with the products that each of `searched` showed.
    """
    shown = np.array([row.product_ids for row in searched], dtype=np.int64).reshape(levels.shape)
    in_vain = ~((levels > 0) & (_grades(shown, need) > 0)).any(axis=1)
    said = replace(need, query=need.otherwise)
    page = search(said.query)
    found = []
    for number in np.flatnonzero(in_vain & (rng.random(len(searched)) < TRY_AGAIN)).tolist():
        first = searched[number]
        again = search_row(
            said, page, product_ids=page.product_ids, client_id=first.client_id, at=first.created_at + PAUSE, rng=rng
        )
        grades = _grades(np.array([page.product_ids], dtype=np.int64), need)
        found.append((again, click_model.draw(grades, rng)[0]))
    return found


def poison(
    queries: Iterable[str],
    product_id: int,
    *,
    searches_a_query: int = 20,
    search: Search = first_page,
    start: datetime,
    end: datetime,
    seed: int,
) -> Simulated:
    """Writes one client that searches each query again and again, and clicks and carts one product every time.

    Where the page has the product, at its position; else it claims the last one, whose clicks weigh most.
    """
    wanted = list(queries)
    rng = _generator(seed, start, end, "poison", product_id, searches_a_query, *wanted)
    client_id = new_id(rng)
    searches, events = [], []
    for query in wanted:
        page = search(query)
        shown = page.product_ids
        position = shown.index(product_id) + 1 if product_id in shown else max(1, len(shown))
        for at in _times(start, end, searches_a_query, rng):
            searched = search_row(Need(query, {}), page, product_ids=shown, client_id=client_id, at=at, rng=rng)
            searches.append(searched)
            events += [event_row(searched, name, product_id, position, at=at, rng=rng) for name in ACTIONS[:2]]
    return write_rows(searches, events)


def plan(needs: Sequence[Need], sessions: int, rng: np.random.Generator) -> tuple[Numbers, Numbers]:
    """Who looks for what: for each session the number of its need, by popularity, and that of its client, from 0.

    Both (sessions,). A client has LEAST_SESSIONS to MOST_SESSIONS, the last one perhaps fewer. Raises ValueError
    without needs.
    """
    if not needs:
        raise ValueError("There are no needs, so there is nothing to search for.")
    popularity = np.array([need.popularity for need in needs])
    chosen = rng.choice(len(needs), size=sessions, p=popularity / popularity.sum())
    each = rng.integers(LEAST_SESSIONS, MOST_SESSIONS + 1, size=sessions)
    by_client = np.repeat(np.arange(sessions), each)[:sessions]
    return chosen, rng.permutation(by_client)


def _generator(seed: int, *about: object) -> np.random.Generator:
    """A generator of its own for each simulation, so that two with the same seed do not make the same ids."""
    digest = hashlib.blake2b(repr(about).encode(), digest_size=8).digest()
    return np.random.default_rng([seed, int.from_bytes(digest, "big")])


def _times(start: datetime, end: datetime, count: int, rng: np.random.Generator) -> list[datetime]:
    """Moments from `start` until before `end`, in no order."""
    length_s = (end - start).total_seconds()
    return [start + timedelta(seconds=float(share) * length_s) for share in rng.random(count)]


def _swapped(page: Page, sessions: int, share: float, rng: np.random.Generator) -> tuple[Numbers, Numbers]:
    """What each session is shown, (sessions, n), and where two neighbours were put in a random order, (sessions,).

    The latter is the position of the first of the two, whether or not they changed places; 0 for most sessions.
    """
    shown = np.tile(np.array(page.product_ids, dtype=np.int64), (sessions, 1))
    first_of_two = rng.integers(1, LAST_SWAP + 1, size=sessions)
    hits = min(page.total, len(page.product_ids))  # what follows them is only similar
    swapped_at = np.where((rng.random(sessions) < share) & (first_of_two < hits), first_of_two, 0)
    moved = np.flatnonzero((swapped_at > 0) & (rng.random(sessions) < 0.5))
    first = swapped_at[moved] - 1
    shown[moved, first], shown[moved, first + 1] = shown[moved, first + 1], shown[moved, first]
    return shown, swapped_at


def _grades(shown: Numbers, need: Need) -> Numbers:
    grades = [need.grades.get(product_id, 0) for product_id in shown.ravel().tolist()]
    return np.array(grades, dtype=np.int64).reshape(shown.shape)
