"""What clicks teach within minutes, without training anything: the products that shoppers choose for a query.

Every two minutes the clicks of the last WINDOW become lifts (search/click_lifts.py), one row a query; web processes
read the rows that changed (search/remembered_clicks.py), and the ranking adds them to its scores
(search/click_parts.py). It helps queries that were searched before and leaves all others as they are. Clicks do not
fade within the window, they fall out of it at its end. Propensity-weighted click models: Wang et al. 2018.

A query counts from MIN_CLIENTS different clients on that clicked the same product, so nothing is kept of what a single
person searched for, and no single client moves anything (once it counts, a client moves a product by its one click).
That is asked of each wording by itself: else one client could try many. Queries after which shoppers found nothing
get a part of what they chose when they had said it otherwise (search/rephrasings.py).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from search import remembered_clicks
from search.bots import find_bots
from search.click_data import ProductClicks, current, read_clicks
from search.click_lifts import Chosen, lifts, memory_key
from search.learning_models import ClickMemory
from search.models import SearchEvent
from search.rephrasings import Rephrased, read_rephrased

WINDOW = timedelta(days=90)
MIN_CLIENTS = 3
SAID_OTHERWISE = 0.5  # of a click that came only after the query was rephrased
MAX_QUERIES = 20_000  # the most clicked ones
AT_LEAST_EVERY = timedelta(hours=1)  # also without clicks: more was shown, and old clicks fall out of the window
LATE = timedelta(seconds=60)  # events and searches may be written so long after they happened
_LOCK = 7_041_021  # advisory lock: one process at a time refreshes
BATCH = 1000  # rows an INSERT
ACTIONS = ("click", "add_to_cart", "purchase")  # of the index events_that_tell
NOTHING = Chosen(0.0, 0.0)

Lifts = Mapping[int, float]  # by product id


_read_until: datetime | None = None  # by this process; another one asks its own, and finds nothing to change


def forget() -> None:
    """Reads the log at the next refresh, whatever was in it: for tests, and in another database."""
    global _read_until
    _read_until = None


def refresh_if_clicked(now: datetime | None = None) -> int:
    """`refresh_click_memory` if there may be something new; one SQL query, of an index, if there is not."""
    now, before = now or timezone.now(), _read_until
    if before is not None and now - before < AT_LEAST_EVERY:
        latest = SearchEvent.objects.filter(action_name__in=ACTIONS).aggregate(at=Max("created_at"))["at"]
        if latest is None or latest < before - LATE:
            return 0
    return refresh_click_memory(now)


def refresh_click_memory(now: datetime | None = None) -> int:
    """Brings the memory up to date with the log of the WINDOW before `now`; returns how many queries changed.

    Rows that stay as they are are not written. May be called any number of times at once: one works, the others
    return 0, and what was logged too late for that one is left to the next time.
    """
    global _read_until
    until = now or timezone.now()
    with transaction.atomic():
        written_at = _take_turn()
        if written_at is None:
            return 0
        since = until - WINDOW
        bots = find_bots(since, until)
        clicks = read_clicks(since, until, propensities=current(), bots=bots)
        changed = _store(memories(clicks, read_rephrased(since, until, bots=bots)), written_at)
    _read_until = until
    if changed:
        remembered_clicks.forget()  # this process need not wait for its thread
    return changed


def memories(clicks: Iterable[ProductClicks], rephrased: Iterable[Rephrased] = ()) -> dict[str, Lifts]:
    """The lifts of each query that enough clients clicked for, by its key; of the MAX_QUERIES most clicked ones.

    What was chosen after rephrasing a query counts for it by SAID_OTHERWISE, as products that nobody had to be shown.
    """
    wordings: defaultdict[str, list[ProductClicks]] = defaultdict(list)
    for one in clicks:
        wordings[one.query].append(one)
    products: defaultdict[str, dict[int, Chosen]] = defaultdict(dict)
    clicked: Counter[str] = Counter()
    for query, rows in wordings.items():
        key = memory_key(query)
        if key and max(row.clicked for row in rows) >= MIN_CLIENTS:
            clicked[key] += sum(row.clicked for row in rows)
            for row in rows:
                known = products[key].get(row.product_id, NOTHING)
                products[key][row.product_id] = known + Chosen(row.examined, row.value)
    for way in rephrased:
        if key := memory_key(way.query):
            clicked[key] += int(way.value)
            known = products[key].get(way.product_id, NOTHING)
            products[key][way.product_id] = known + Chosen(0.0, SAID_OTHERWISE * way.value)
    most = sorted(clicked, key=lambda key: (-clicked[key], key))[:MAX_QUERIES]
    return {key: found for key in most if (found := lifts(products[key]))}


def _store(found: Mapping[str, Lifts], written_at: datetime) -> int:
    """Writes what is new or different, and deletes what is no longer there."""
    rows = ClickMemory.objects.values_list("query", "product_ids", "lifts").iterator()
    known = {query: dict(zip(product_ids, values, strict=True)) for query, product_ids, values in rows}
    different = [
        ClickMemory(query=query, product_ids=list(own), lifts=list(own.values()), updated_at=written_at)
        for query, own in found.items()
        if known.get(query) != own
    ]
    ClickMemory.objects.bulk_create(
        different,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["query"],
        update_fields=["product_ids", "lifts", "updated_at"],
    )
    gone = list(known.keys() - found.keys())
    ClickMemory.objects.filter(query__in=gone).delete()
    return len(different) + len(gone)


def _take_turn() -> datetime | None:
    """The database's time, by which processes see what is new to them; None while another process is at work."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT CASE WHEN pg_try_advisory_xact_lock(%s) THEN clock_timestamp() END", [_LOCK])
        taken: datetime | None = cursor.fetchone()[0]
        return taken
