"""What merchants decided about a search: products pinned, moved up or down, or hidden; a banner; a redirect.

`steer` finds what applies; search/pipeline.py asks the answer at four places: hidden products are one more SQL
condition (so totals and facets leave them out), pinned ones match whatever the query (so totals and facets count
them), moves change the scores, and pins take their places when the page is cut out. Where no rule applies, nothing
of this costs anything. Under a sort that a shopper chose nothing moves: the order is what its name says.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from psycopg import sql

from search.fusion import Scores
from search.rules import Banner, Move, Rule, applying
from shop.catalog.models import Product

HIDDEN = "shown"  # the key of the condition, beside those of facets


@dataclass(frozen=True)
class Steering:
    """What holds for one search; `pins` are (position, product id)."""

    pins: tuple[tuple[int, int], ...] = ()
    hidden: tuple[int, ...] = ()
    moves: tuple[Move, ...] = ()
    banner: Banner | None = None
    redirect: str | None = None

    @property
    def pinned(self) -> list[int]:
        return [product_id for _, product_id in self.pins]

    def conditions(self) -> dict[str, sql.Composable]:
        """One more for search/filters.py; it is no facet, so every facet counts under it."""
        if not self.hidden:
            return {}
        return {HIDDEN: sql.SQL("p.id <> ALL({}::bigint[])").format(sql.Literal(list(self.hidden)))}

    def window(self, start: int, stop: int) -> tuple[int, int]:
        """The rows to read for a page, pins left out: as many as it can take to fill up to `stop` around them."""
        return (0, stop + len(self.pins)) if self.pins else (start, stop)

    def moved(self, product_ids: npt.NDArray[np.int64], scores: Scores) -> Scores:
        """(n,) what the moves add to these scores: they are in standard deviations of all. One SQL query when brands or
        categories move."""
        if not self.moves or not len(product_ids):
            return np.zeros(len(product_ids))
        kinds = _kinds(product_ids) if any(move.product_id is None for move in self.moves) else {}
        amounts = [sum(_amount(move, int(pk), kinds) for move in self.moves) for pk in product_ids]
        return np.array(amounts, dtype=np.float64) * (float(scores.std()) or 1.0)

    def popular_order(self) -> sql.Composable | None:
        """The order of browsing with the moves, as SQL over `matched`; None without any."""
        if not self.moves:
            return None
        return sql.SQL(
            "(stock > 0) DESC, popularity + ({amounts}) * "
            "(SELECT coalesce(nullif(stddev_pop(popularity), 0), 1) FROM matched) DESC, id"
        ).format(amounts=sql.SQL(" + ").join(map(_amount_sql, self.moves)))

    def placed(self, ids: Sequence[int], *, live: Iterable[int], total: int, start: int, stop: int) -> list[int]:
        """Rows `start` to `stop` of `ids` (all from the first, by `window`) with the pins that are `live` put in.

        Every page computes the same places, so none repeats or skips a product.
        """
        places = _places([pin for pin in self.pins if pin[1] in set(live)], total)
        rest = iter([pk for pk in ids if pk not in set(self.pinned)])
        row: list[int] = []
        for index in range(stop):
            product_id = places[index] if index in places else next(rest, None)
            if product_id is None:
                break
            row.append(product_id)
        return row[start:]


NOTHING = Steering()


def steer(texts: Iterable[str], *, category_id: int | None, rules: Sequence[Rule] | None = None) -> Steering:
    """What applies to a search of any of these texts (as typed, as understood) within that category.

    Rules come in the order in which they win: of two banners the first is shown. Pins of a category's rule are for
    browsing it; in a search for something else within it they would be in the way.
    """
    found = applying(texts, category_id=category_id, rules=rules)
    if not found:
        return NOTHING
    hidden = tuple(dict.fromkeys(pk for rule, _ in found for pk in rule.hidden))
    pins: dict[int, int] = {}
    for rule, may_pin in found:
        for position, product_id in rule.pins if may_pin else ():
            if product_id not in hidden:
                pins.setdefault(product_id, position)
    return Steering(
        pins=tuple((position, product_id) for product_id, position in pins.items()),
        hidden=hidden,
        moves=tuple(move for rule, _ in found for move in rule.moves),
        banner=next((rule.banner for rule, _ in found if rule.banner), None),
        redirect=next((rule.redirect for rule, is_meant in found if rule.redirect and is_meant), None),
    )


def _places(pins: Sequence[tuple[int, int]], total: int) -> dict[int, int]:
    """Product id by 0-based place: where two want the same the second follows; none stands beyond the last result."""
    places: dict[int, int] = {}
    last = -1
    for number, (position, product_id) in enumerate(sorted(pins, key=lambda pin: pin[0])):
        last = max(last + 1, min(position - 1, total - (len(pins) - number)))
        places[last] = product_id
    return places


def _kinds(product_ids: npt.NDArray[np.int64]) -> Mapping[int, tuple[str, int | None]]:
    """Brand and category of each."""
    rows = Product.objects.filter(pk__in=product_ids.tolist()).values_list("pk", "brand", "category_id")
    return {pk: (brand, category_id) for pk, brand, category_id in rows}


def _amount(move: Move, product_id: int, kinds: Mapping[int, tuple[str, int | None]]) -> float:
    if move.product_id is not None:
        return move.amount if move.product_id == product_id else 0.0
    brand, category_id = kinds.get(product_id, ("", None))
    is_meant = brand.lower() == move.brand.lower() if move.brand else category_id in move.category_ids
    return move.amount if is_meant else 0.0


def _amount_sql(move: Move) -> sql.Composable:
    if move.product_id is not None:
        meant: sql.Composable = sql.SQL("id = {}").format(sql.Literal(move.product_id))
    elif move.brand:
        meant = sql.SQL("lower(brand) = lower({})").format(sql.Literal(move.brand))
    else:
        meant = sql.SQL("category_id = ANY({}::bigint[])").format(sql.Literal(list(move.category_ids)))
    return sql.SQL("CASE WHEN {} THEN {}::float8 ELSE 0 END").format(meant, sql.Literal(move.amount))
