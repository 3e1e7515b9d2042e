"""The page "Search reports": one report over a window as a chart, a table with a way to fix each row, and as CSV."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from search import reports
from search.admin.charts import Bar, Column, bars, columns

WINDOWS = (7, 30, 90)
DEFAULT_DAYS = 30
CHARTED = 12  # rows that the chart has
MAX_MIN_CLIENTS = 1000


@dataclass(frozen=True)
class Table:
    """A report: its rows as they are shown and downloaded. `queries` are what can be fixed, one a row, or none."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    queries: tuple[str, ...] = ()
    chart: tuple[Bar, ...] = ()
    histogram: tuple[Column, ...] = ()
    summary: str = ""


@dataclass(frozen=True)
class Report:
    """One tab. `make` gets the start of the window and the least number of clients."""

    title: str
    about: str
    make: Callable[[datetime, int], Table]
    asks_clients: bool = False


def _top(since: datetime, _: int) -> Table:
    found = reports.top_queries(since)
    rows = [(r.query, r.clients, r.searches, round(r.results, 1), f"{r.click_share:.0%}") for r in found]
    heads = ("Query", "Shoppers", "Searches", "Results", "Shoppers that clicked")
    return _of_queries(heads, rows, "shoppers")


def _empty(since: datetime, _: int) -> Table:
    found = reports.queries_without_results(since)
    rows = [(r.query, r.clients, r.searches, f"{timezone.localtime(r.last_at):%Y-%m-%d}") for r in found]
    return _of_queries(("Query", "Shoppers", "Searches", "Last"), rows, "shoppers")


def _low(since: datetime, min_clients: int) -> Table:
    found = reports.low_click_queries(since, min_clients=min_clients)
    rows = [(r.query, r.clients, f"{r.click_share:.0%}", r.clicks, round(r.results, 1)) for r in found]
    return _of_queries(("Query", "Shoppers", "Shoppers that clicked", "Clicks", "Results"), rows, "shoppers")


def _conversions(since: datetime, _: int) -> Table:
    found = reports.conversions(since)
    rows = [
        (r.query, r.clients, r.searches, *(_per(n, r.searches) for n in (r.clicks, r.carts, r.purchases)))
        for r in found
    ]
    heads = ("Query", "Shoppers", "Searches", "Clicks a search", "Carts a search", "Purchases a search")
    made = _of_queries(heads, rows, "shoppers")
    totals = [sum(getattr(r, name) for r in found) for name in ("searches", "clicks", "carts", "purchases")]
    funnel = bars(zip(("Searches", "Clicks", "Added to cart", "Purchases"), totals, strict=True), "")
    return Table(made.headings, made.rows, made.queries, chart=funnel, summary="Of these queries together:")


def _positions(since: datetime, _: int) -> Table:
    found = reports.click_positions(since)
    named = [(str(a) if a == b else f"{a}+" if b >= 10_000 else f"{a}–{b}", n) for a, b, n in found.buckets]
    rows = tuple((name, n, f"{n / found.clicks:.0%}" if found.clicks else "–") for name, n in named)
    summary = ""
    if found.mean is not None:
        summary = f"Mean position {found.mean:.1f}, median {found.median:.1f}, from {found.clicks:,} clicks."
    return Table(("Position", "Clicks", "Share"), rows, histogram=columns(named), summary=summary)


REPORTS = {
    "top": Report("Top queries", "What most shoppers search for.", _top),
    "empty": Report("Nothing found", "Queries that found nothing, without any filter.", _empty),
    "low": Report("Few clicks", "Queries that find something, which few shoppers click on.", _low, asks_clients=True),
    "positions": Report("Positions", "Where shoppers click; each counts once for a position.", _positions),
    "conversions": Report("Conversion", "What came of each query.", _conversions),
}


def reports_page(request: HttpRequest, model_admin: Any) -> HttpResponse:
    """The chosen report as a page, or with `format=csv` as a file."""
    key = request.GET.get("report", "top")
    key = key if key in REPORTS else "top"
    days = next((n for n in WINDOWS if str(n) == request.GET.get("days")), DEFAULT_DAYS)
    clients = request.GET.get("clients", "")
    least = min(MAX_MIN_CLIENTS, max(1, int(clients))) if clients.isdecimal() and len(clients) < 9 else 0
    least = least or reports.MIN_CLIENTS
    table = REPORTS[key].make(timezone.now() - timedelta(days=days), least)
    if request.GET.get("format") == "csv":
        return _csv(f"search-{key}-{days}-days.csv", table)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Search reports",
        "opts": model_admin.opts,
        "reports": REPORTS,
        "report": REPORTS[key],
        "key": key,
        "days": days,
        "windows": WINDOWS,
        "min_clients": least,
        "table": table,
        "rows": [(row, fix) for row, fix in zip(table.rows, _fixes(request, table), strict=True)],
        "address": urlencode({"report": key, "days": days, "clients": least}),
    }
    return TemplateResponse(request, "admin/search/reports.html", context)


def _of_queries(headings: tuple[str, ...], rows: Sequence[tuple[Any, ...]], unit: str) -> Table:
    """A table whose first column is the query and whose second is charted."""
    chart = bars(((row[0], row[1]) for row in rows[:CHARTED]), unit)
    return Table(headings, tuple(rows), tuple(row[0] for row in rows), chart=chart)


def _per(count: int, searches: int) -> str:
    return f"{count / searches:.2f}" if searches else "–"


def _fixes(request: HttpRequest, table: Table) -> list[list[tuple[str, str]]]:
    """For each row (words, address) of forms that are filled in with its query, as far as this person may use them."""
    may = [request.user.has_perm(f"search.add_{name}") for name in ("synonym", "merchandisingrule")]
    return [_fixes_of(query, *may) for query in table.queries] or [[] for _ in table.rows]


def _fixes_of(query: str, may_add_synonym: bool, may_add_rule: bool) -> list[tuple[str, str]]:
    found = []
    if may_add_synonym:
        found.append(("Add synonym", f"{reverse('admin:search_synonym_add')}?{urlencode({'words': query})}"))
    if may_add_rule:
        rule = urlencode({"name": query[:120], "match": "exact", "query": query[:200]})
        address = f"{reverse('admin:search_merchandisingrule_add')}?{rule}"
        found += [("Add rule", address), ("Redirect", f"{address}#id_redirect")]
    return found


def _csv(name: str, table: Table) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response.write("\ufeff")  # spreadsheets read UTF-8 by it
    writer = csv.writer(response)
    writer.writerow(table.headings)
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return response


def _cell(value: Any) -> Any:
    """What shoppers typed must not be run as a formula by a spreadsheet."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
