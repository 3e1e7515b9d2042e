"""A search as shoppers get it: live, or, on a share of the searches while an online test runs, two rankings mixed.

Both variants answer the whole search, and the first DEPTH places of their orders are mixed by team draft
(search/interleave.py); below them A's order goes on. Which searches are mixed, and how, is a hash of the test, the
client and the query: who reloads or turns a page sees the same order. Filters, sorts, spelling and the merchant's rules
hold for both; pinned products keep their places. A mixed search costs two searches.

Where the two cannot be compared (one of them found nothing, a rule sends the shopper elsewhere, an encoder is missing)
the search is answered live.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial, reduce
from hashlib import blake2b
from operator import or_
from random import Random
from typing import Any
from uuid import UUID

from django.db.models import Q

from search.hits import Hit
from search.interleave import NEITHER, Mixed, team_draft
from search.item_groups import NO_GROUP, same_hits
from search.learning_models import OnlineTest
from search.models import LexicalDocument
from search.pipeline import SearchResults, search_products
from search.remembered import Remembered
from search.variants import Variant
from search.versions import can_answer

logger = logging.getLogger(__name__)

DEPTH = 24  # places that are mixed: the first page of the storefront, where nearly all clicks are


@dataclass(frozen=True)
class RunningTest:
    """An OnlineTest as searches need it; `share` of the searches, 0 to 1."""

    test_id: int
    a: Variant
    b: Variant
    share: float


def _read() -> RunningTest | None:
    """None, and one warning, where a variant cannot answer: its version was deleted, or its encoder does not load."""
    row = OnlineTest.objects.filter(is_running=True).first()
    if row is None:
        return None
    a, b = Variant.from_json(row.variant_a), Variant.from_json(row.variant_b)
    if can_answer(a) and can_answer(b):
        _warned.discard(row.pk)
        return RunningTest(row.pk, a, b, row.share)
    if row.pk not in _warned:
        _warned.add(row.pk)
        logger.warning("The online test “%s” rests: a version of it is gone, or its encoder does not load.", row)
    return None


_warned: set[int] = set()  # tests that cannot run, of which the log knows
running_test = Remembered(_read)


def forget() -> None:
    """Reads the running test anew: for tests, after one was started or stopped, and in another database."""
    running_test.forget()
    _warned.clear()


def interleaved(
    query: str, *, client_id: UUID, sort: str = "relevance", page: int = 1, page_size: int = 24, **options: Any
) -> SearchResults:
    """Like `search_products` with these options, for this client: mixed, with `test_id` and `teams`, or live."""
    live = partial(search_products, query, sort=sort, page=page, page_size=page_size, **options)
    test = running_test() if query and sort == "relevance" else None
    if test is None:
        return live()
    draw = Random(_digest(test.test_id, client_id, query))
    if draw.random() >= test.share:
        return live()
    stop = page * page_size
    a = search_products(query, page_size=max(stop, DEPTH), variant=test.a, **options)
    b = search_products(query, page_size=DEPTH, variant=test.b, **options)
    if not _is_comparable(a, b):
        return live()
    pinned = a.trace.pinned
    b = _with_variants_of(a, b)
    rankings = ([hit.product_id for hit in found.hits[:DEPTH] if hit.product_id not in pinned] for found in (a, b))
    mixed = team_draft(*rankings, depth=DEPTH, rng=draw)
    return _page(a, b, mixed, test_id=test.test_id, page=page, page_size=page_size)


def _digest(test_id: int, client_id: UUID, query: str) -> bytes:
    """The same for a query however it is spaced and capitalised."""
    return blake2b(f"{test_id} {client_id} {' '.join(query.lower().split())}".encode(), digest_size=16).digest()


def _is_comparable(a: SearchResults, b: SearchResults) -> bool:
    """Whether both took the query to mean the same, and both have something to show."""
    found_both = bool(a.total and b.total) and a.understood == b.understood
    return found_both and not (a.notice or b.notice or a.redirect)


def _with_variants_of(a: SearchResults, b: SearchResults) -> SearchResults:
    """B with the variant that A shows wherever both show the same product in another variant: it is one hit."""
    if not a.trace.found.item_groups.any():
        return b
    shown = {hit.product_id for hit in a.hits}
    own = a.trace.found
    standing = {
        group: pk
        for pk, group in zip(own.product_ids.tolist(), own.item_groups.tolist(), strict=True)
        if group != NO_GROUP and pk in shown
    }
    same = same_hits(b.trace.found.item_groups, b.trace.found.product_ids, standing)
    return replace(b, hits=tuple(replace(hit, product_id=same.get(hit.product_id, hit.product_id)) for hit in b.hits))


def _page(
    a: SearchResults, b: SearchResults, mixed: Mixed, *, test_id: int, page: int, page_size: int
) -> SearchResults:
    """That page of: the mixed places, then the rest of A's order. What only B found counts in the total."""
    start, stop = (page - 1) * page_size, page * page_size
    total = a.total + _found_by_b_only(mixed.product_ids, a)
    hit_of = {hit.product_id: hit for found in (b, a) for hit in found.hits}
    order = _with_pins(dict.fromkeys((*mixed.product_ids, *(hit.product_id for hit in a.hits))), a)
    hits = _numbered((hit_of[product_id] for product_id in order[start:stop]), after=start)
    others = [hit for hit in a.related if hit.product_id not in order]
    related = _numbered(others[: max(0, stop - max(total, start))], after=start + len(hits))
    team_of = dict(zip(mixed.product_ids, mixed.teams, strict=True))
    return replace(
        a,
        total=total,
        page=page,
        page_size=page_size,
        hits=hits,
        related=related,
        timings_ms={lap: ms + b.timings_ms.get(lap, 0.0) for lap, ms in a.timings_ms.items()},
        test_id=test_id,
        teams=tuple(team_of.get(hit.product_id, NEITHER) for hit in (*hits, *related)),
    )


def _found_by_b_only(mixed: Sequence[int], a: SearchResults) -> int:
    """How many of the mixed products do not match under A. At most one SQL query, and that for large results only."""
    found = a.trace.found
    known = {hit.product_id for hit in a.hits} | set(found.page_ids) | set(found.product_ids[found.passes].tolist())
    others = [product_id for product_id in mixed if product_id not in known]
    covers = a.trace.lexical.covers()
    if not others or not covers or len(a.hits) >= a.total:
        return len(others)
    has_the_words = reduce(or_, (Q(term_ids__contains=terms) for terms in covers))
    return len(others) - LexicalDocument.objects.filter(has_the_words, product__in=others).count()


def _with_pins(order: Iterable[int], a: SearchResults) -> list[int]:
    """The order with the merchant's pinned products at the places that they have in A."""
    places = {hit.position - 1: hit.product_id for hit in a.hits if hit.product_id in a.trace.pinned}
    placed = [product_id for product_id in order if product_id not in a.trace.pinned]
    for place in sorted(places):
        placed.insert(place, places[place])
    return placed


def _numbered(hits: Iterable[Hit], *, after: int) -> tuple[Hit, ...]:
    return tuple(replace(hit, position=position) for position, hit in enumerate(hits, after + 1))
