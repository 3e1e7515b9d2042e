"""Adds or updates products from a file: CSV, TSV or JSON lines with the columns of Google's product data
specification, or Shopify's product CSV; plain or .gz, in UTF-8.

Products go by their id (SKU). A column that the file does not have leaves that part of a product as it is, and products
that the file does not have stay. Pictures are taken where image_link is a file (absolute, or relative to the feed);
links to web addresses are only counted, not fetched. docs/importing.md has all columns."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from shop.catalog.feeds import google, shopify
from shop.catalog.feeds.entry import FeedUnreadable
from shop.catalog.feeds.files import Feed, open_feed
from shop.catalog.feeds.upsert import Importer, Outcome
from shop.commands import DocumentedCommand
from tasks.embeddings import embed_stale_products
from tasks.pictures import warm_renditions

STOPPED = 130  # what shells say for Ctrl-C


class Command(DocumentedCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the feed")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")
        parser.add_argument("--strict", action="store_true", help="write nothing if any row has to be left out")
        parser.add_argument(
            "--default-stock", type=int, default=10, metavar="N",
            help="pieces of a product that is in stock, where the file has no quantity (default 10)",
        )  # fmt: skip
        parser.add_argument(
            "--show", type=int, default=50, metavar="N",
            help="list so many of the rows that were left out (default 50; 0 for all)",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            feed = open_feed(path)
            if options["strict"] and not options["dry_run"]:
                self._refuse_if_any(feed, options)
            importer = self._importer(feed, options["dry_run"], options["default_stock"])
            is_complete = self._run(importer, feed)
        except FeedUnreadable as error:
            raise CommandError(f"{path}: {error}") from error
        outcome = importer.outcome
        self._report(outcome, feed, options)
        self._queue(outcome, options["dry_run"])
        if not is_complete:
            self.stderr.write("Stopped. What is counted above was done; run the command again for the rest.")
            sys.exit(STOPPED)
        if outcome.refusals and not (outcome.added or outcome.changed or outcome.unchanged):
            raise CommandError("No row could be imported.")

    def _importer(self, feed: Feed, dry_run: bool, default_stock: int) -> Importer:
        if default_stock < 0:
            raise CommandError("--default-stock is below 0.")
        return Importer(feed.path.resolve().parent, default_stock=default_stock, dry_run=dry_run)

    def _run(self, importer: Importer, feed: Feed, label: str = "Importing") -> bool:
        """Whether it got to the end; Ctrl-C ends it after a batch."""
        currency = settings.STORE_CURRENCY
        found = (
            shopify.entries(feed, currency)
            if shopify.is_shopify(feed)
            else google.entries(feed, currency, timezone.now())
        )
        with tqdm(total=feed.lines, unit=" lines", desc=label, disable=None) as bar, _asked_to_stop() as stop:
            for line in importer.run(found):
                bar.update(max(0, line - bar.n))
                if stop.is_set():
                    return False
            bar.update(max(0, feed.lines - bar.n))
        return True

    def _refuse_if_any(self, feed: Feed, options: dict[str, Any]) -> None:
        trial = self._importer(feed, True, options["default_stock"])
        if not self._run(trial, feed, "Checking"):
            sys.exit(STOPPED)
        if trial.outcome.refusals:
            self._list_refusals(trial.outcome, options["show"])
            raise CommandError(f"Nothing was written: {_rows(len(trial.outcome.refusals))} cannot be imported.")

    def _queue(self, outcome: Outcome, dry_run: bool) -> None:
        """Tells the workers; without a broker the next sweep finds the changes by itself."""
        if outcome.texts_changed and not dry_run:
            embed_stale_products.delay()
        if outcome.pictures_changed and not dry_run:
            warm_renditions.delay()

    def _report(self, outcome: Outcome, feed: Feed, options: dict[str, Any]) -> None:
        self._list_refusals(outcome, options["show"])
        for (field, reason), count in outcome.notes.most_common():
            first = outcome.first_lines[field, reason]
            self.stderr.write(f"{_rows(count)} from line {first}: {field}: {reason}")
        ignored = (shopify if shopify.is_shopify(feed) else google).ignored_columns(feed)
        if ignored:
            self.stderr.write(f"Columns that were not used: {', '.join(ignored)}.")
        if outcome.links:
            self.stderr.write(f"Image links that were not fetched (only picture files are taken): {outcome.links:,}.")
        would = "Dry run, nothing was written: " if options["dry_run"] else ""
        self.stdout.write(f"{would}{_summary(outcome)}.")

    def _list_refusals(self, outcome: Outcome, show: int) -> None:
        refusals = sorted(outcome.refusals, key=lambda refusal: refusal.line)
        for refusal in refusals[: show or None]:
            self.stderr.write(f"Left out: {refusal}")
        if show and len(refusals) > show:
            self.stderr.write(f"... and {len(refusals) - show:,} more (--show 0 lists all).")


@contextmanager
def _asked_to_stop() -> Iterator[threading.Event]:
    """Is set by Ctrl-C, so that what is being written gets written; a second Ctrl-C stops at once."""
    stop = threading.Event()
    before = signal.getsignal(signal.SIGINT)

    def ask(*_: object) -> None:
        stop.set()
        signal.signal(signal.SIGINT, before)

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, ask)
    try:
        yield stop
    finally:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, before)


def _summary(outcome: Outcome) -> str:
    parts = [f"{outcome.added:,} added", f"{outcome.changed:,} changed", f"{outcome.unchanged:,} unchanged"]
    if outcome.refusals:
        parts.append(f"{len(outcome.refusals):,} left out")
    if outcome.categories:
        parts.append(f"{outcome.categories:,} categories made")
    if outcome.files:
        parts.append(f"{outcome.files:,} picture files read")
    return ", ".join(parts)


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"
