"""What to do when constraints leave nothing: lift the one that does it, and say so, instead of showing what is near."""

from collections.abc import Mapping, Sequence

from psycopg import sql

from search.conditions import filter_conditions
from search.evidence import any_left, left_without_each
from search.filters import ProductFilters, conditions
from search.query import Relaxed
from search.said_filters import Holding

# Which is lifted where several could be: a shopper's money is the last thing to argue with.
ORDER = ("value", "measure", "size", "rating", "not", "brand", "cheap", "in_stock", "price")


def relax(
    query: str,
    rest: Sequence[int] | None,
    holding: Sequence[Holding],
    filters: ProductFilters,
    *,
    about: Sequence[sql.Composable],
    facet_ids: Mapping[str, Mapping[str, int]],
    lift_all: bool = False,
) -> tuple[list[Holding], list[Relaxed]]:
    """The constraints that stay, and those that were lifted; one SQL query, two where nothing is left.

    `about` are conditions of the products that the query is about; `facet_ids` are by key and value; `rest` are the
    term ids of the words beside the constraints, None where the catalogue does not know them all.
    """
    if not holding:
        return [], []
    if rest is None:
        return ([], [Relaxed(one.constraint(query)) for one in holding]) if lift_all else (list(holding), [])
    where = [*about, *filter_conditions(filters).values()]
    said = [_condition(one, facet_ids) for one in holding]
    if not lift_all and any_left(rest, [*where, *said]):
        return list(holding), []
    total, left = left_without_each(rest, said, where=where)
    if not total and not lift_all:
        return list(holding), []
    lifted = list(range(len(holding))) if lift_all else _lifted(holding, [count for count, _, _ in left])
    relaxed = [
        Relaxed(holding[number].constraint(query), _nearest(holding[number], *left[number][1:])) for number in lifted
    ]
    return [one for number, one in enumerate(holding) if number not in lifted], relaxed


def _condition(one: Holding, facet_ids: Mapping[str, Mapping[str, int]]) -> sql.Composable:
    """The one condition of its one filter, without a query."""
    ids = {key: [facet_ids[key][value] for _, value in one.only.attributes] for key in one.only.attribute_keys()}
    (condition,) = conditions(one.only, category_ids=[], facet_ids=ids).values()
    return condition


def _lifted(holding: Sequence[Holding], left: Sequence[int]) -> list[int]:
    """The one whose lifting is enough, else all."""
    enough = [number for number, count in enumerate(left) if count]
    enough.sort(key=lambda number: ORDER.index(holding[number].said.kind))
    return enough[:1] or list(range(len(holding)))


def _nearest(one: Holding, lowest_cents: int | None, highest_cents: int | None) -> int | None:
    """The price nearest to the range that was said, as far as only the ends are known."""
    low, high = one.only.price_min_cents, one.only.price_max_cents
    if high is not None and lowest_cents is not None and lowest_cents > high:
        return lowest_cents
    if low is not None and highest_cents is not None and highest_cents < low:
        return highest_cents
    return None
