"""Lets simulated shoppers loose on a running store, over its public API, to see what it learns from them.

    manage.py simulate_shoppers --url http://localhost:8000 --sessions 2000
    manage.py simulate_shoppers --sessions 5000 --judgments judgments.csv --noise 0.2 --weeks 10

A session is one search and clicks by the position-based model; some clicks are followed by the cart. What is relevant
comes from the judgments (their product_id is the SKU), else from the catalogue in this database, which must be the
store's: a red backpack answers "red backpack". --weeks lets the shoppers' interests drift while the sessions go on; the
store's log has its own clock, so they all happen now.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from search.catalogue_needs import needs_from_catalogue, product_ids_by_sku
from search.click_model import ETA, NOISE, ClickModel
from search.datasets import DatasetInvalid, read_judgments
from search.shopper_needs import Need, NoNeeds, drift, needs_from_judgments
from search.store_api import Browser, StoreFailed
from search.visits import Tally, Visits, plan_clients
from shop.commands import DocumentedCommand

URL = "http://localhost:8000"
CHART_POSITIONS = 12
CHART_WIDTH = 40  # characters of the longest bar


class Command(DocumentedCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--url", default=URL, help=f"the store's address (default {URL})")
        parser.add_argument("--sessions", type=int, default=1000, help="searches in all (default 1000)")
        parser.add_argument("--judgments", type=Path, help="CSV: query,product_id,grade[,source]; .gz too")
        parser.add_argument("--needs", type=int, default=200, help="queries made of the catalogue (default 200)")
        parser.add_argument("--noise", type=float, default=NOISE, help=f"clicks on wrong products (default {NOISE})")
        parser.add_argument("--eta", type=float, default=ETA, help=f"P(examined) = rank ** -eta (default {ETA:g})")
        parser.add_argument("--weeks", type=int, default=1, help="simulated weeks of drifting interests (default 1)")
        parser.add_argument("--seed", type=int, default=0, help="the same seed, the same shoppers (default 0)")
        parser.add_argument("--workers", type=int, default=4, help="shoppers at once (default 4)")

    def handle(self, *args: Any, **options: Any) -> None:
        for name, least in (("sessions", 1), ("needs", 1), ("weeks", 1), ("workers", 1), ("seed", 0)):
            if options[name] < least:
                raise CommandError(f"--{name} must be {least} or more.")
        try:
            click_model = ClickModel(noise=options["noise"], eta=options["eta"])
            check_store(options["url"])
            needs = read_needs(options["judgments"], limit=options["needs"], seed=options["seed"])
        except (ValueError, StoreFailed, NoNeeds, DatasetInvalid) as error:
            raise CommandError(sentence(str(error))) from error
        with tqdm(total=options["sessions"], unit=" sessions", file=sys.stderr, disable=None) as bar:
            visits = Visits(options["url"], click_model, progress=bar.update)
            was_stopped = self._run(visits, needs, options)
        self.stdout.write(as_text(visits.tally))
        if visits.tally.most_fail:
            raise CommandError("Most sessions failed, so the rest was not tried.")
        if was_stopped:
            self.stderr.write("Stopped before the end.")

    def _run(self, visits: Visits, needs: Sequence[Need], options: dict[str, Any]) -> bool:
        """All weeks, one after the other; returns whether somebody pressed Ctrl-C."""
        weeks, seed = options["weeks"], options["seed"]
        try:
            for week in range(weeks):
                sessions = options["sessions"] * (week + 1) // weeks - options["sessions"] * week // weeks
                current = drift(needs, week, seed=seed) if weeks > 1 else needs
                visits.run(plan_clients(current, sessions, seed=seed, week=week), workers=options["workers"])
        except KeyboardInterrupt:
            return True
        return False


def check_store(url: str) -> None:
    """Whether there is a store with products. Raises StoreFailed, and ValueError for what is no address."""
    if not Browser(url).search("").total:
        raise StoreFailed(f"the store at {url} has no products; `make demo` opens one that has")


def read_needs(judgments: Path | None, *, limit: int, seed: int) -> list[Need]:
    """From the file, else from the catalogue. Raises NoNeeds and DatasetInvalid."""
    if judgments is None:
        return needs_from_catalogue(limit, seed=seed)
    return needs_from_judgments(read_judgments(judgments), product_ids_by_sku(), seed=seed)


def as_text(tally: Tally) -> str:
    """The summary: what happened, and a bar for each position."""
    done = f"{tally.clicks:,} clicks, {tally.carts:,} products put into carts"
    lines = [f"{tally.sessions:,} sessions of {tally.clients:,} clients: {done}."]
    lines += [f"{count:,} sessions failed: {what}." for what, count in tally.failures.most_common()]
    if tally.shown_at and not tally.relevant:
        lines.append("None of the hits is relevant: is this database the one of the store at that address?")
    if tally.clicks:
        lines += ["", "Click-through by position", *chart(tally)]
    return "\n".join(lines)


def chart(tally: Tally) -> list[str]:
    """A line for each of the first positions: the share of the times it was shown that it was clicked."""
    positions = [position for position in range(1, CHART_POSITIONS + 1) if tally.shown_at[position]]
    shares = [tally.clicked_at[position] / tally.shown_at[position] for position in positions]
    longest = max(shares) or 1.0
    return [
        f"{position:>3} {'█' * round(share / longest * CHART_WIDTH):{CHART_WIDTH}} {share:6.1%}"
        for position, share in zip(positions, shares, strict=True)
    ]


def sentence(message: str) -> str:
    """Beginning with a capital and ending with a full stop."""
    return f"{message[:1].upper()}{message[1:].rstrip('.')}."
