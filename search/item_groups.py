"""Variants of one product (`Product.item_group`) as one hit: the best of them, or the first under a chosen sort.

Everything that a shopper sees counted is a number of hits: the total, pages, and a facet's count, which is the total
when it is picked. So a group counts once wherever one of its products passes. A variant that no filter lets through
does not hide the others, and which one stands for the group is decided among those that pass. Variants are expected to
be in one category: a group in two of them counts in both, and twice in the category above them.

A store without groups runs the statements it always did: that there are any is remembered for a few seconds.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from psycopg import sql

from search.remembered import Remembered
from shop.catalog.models import Product

Groups = npt.NDArray[np.int64]

NO_GROUP = 0
# A number for the name of a group: comparing numbers is faster than texts, and two of 2 ** 64 are never alike.
GROUP_COLUMN = sql.SQL("CASE WHEN p.item_group <> '' THEN hashtextextended(p.item_group, 0) END AS item_group")

in_use = Remembered(lambda: Product.objects.filter(is_active=True).exclude(item_group="").exists())


def forget() -> None:
    """Looks again whether there are groups: for tests, after some were made here, and in another database."""
    in_use.forget()


def first_of_groups(products: Iterable[tuple[int, str]]) -> list[int]:
    """The ids of (id, group) pairs in order, of each group only the first; "" is no group."""
    found: dict[str, int] = {}
    for pk, group in products:
        found.setdefault(f"group {group}" if group else f"product {pk}", pk)
    return list(found.values())


def hits_where(condition: sql.Composable, *, by_group: bool) -> sql.Composable:
    """An aggregate over `matched`: how many hits the products give for which that holds."""
    if not by_group:
        return sql.SQL("count(*) FILTER (WHERE {})").format(condition)
    return sql.SQL(
        "(count(*) FILTER (WHERE item_group IS NULL AND {condition}) "
        "+ count(DISTINCT item_group) FILTER (WHERE {condition}))"
    ).format(condition=condition)


def values_of_hits(expression: str, condition: sql.Composable, *, by_group: bool) -> sql.Composable:
    """A query over `matched` with one column `v`: the expression's values of each hit, each once for a hit."""
    single = sql.SQL(f"SELECT {expression} AS v FROM matched WHERE {{}}").format(condition)
    if not by_group:
        return single
    return sql.SQL(
        "{single} AND item_group IS NULL UNION ALL SELECT v FROM ("
        "SELECT DISTINCT {expression} AS v, item_group FROM matched WHERE {condition} AND item_group IS NOT NULL) AS g"
    ).format(single=single, expression=sql.SQL(expression), condition=condition)


def stands_for_its_group(passes: sql.Composable, order: sql.Composable) -> sql.Composable:
    """A condition on a row of `matched`: it is the first of its group in that order, or has no group."""
    return sql.SQL(
        "(item_group IS NULL OR id IN (SELECT DISTINCT ON (item_group) id FROM matched "
        "WHERE {passes} AND item_group IS NOT NULL ORDER BY item_group, {order}))"
    ).format(passes=passes, order=order)


def is_of_no_group_in(rows: sql.Composable) -> sql.Composable:
    """A condition on a row of `matched`: no row for which `rows` holds is of its group."""
    return sql.SQL(
        "(item_group IS NULL OR item_group NOT IN "
        "(SELECT item_group FROM matched WHERE item_group IS NOT NULL AND {}))"
    ).format(rows)


def one_of_each(
    order: npt.NDArray[np.intp], groups: Groups, passes: npt.NDArray[np.bool_], *, first: Sequence[int] = ()
) -> npt.NDArray[np.intp]:
    """The rows of the order that stand for their group: one of `first` (rows), else the first that passes.

    Those without a group all stay; of a group of which none passes, none does.
    """
    if not groups.any():
        return order
    chosen: dict[int, int] = {}
    for row in (*first, *order[groups[order] != NO_GROUP].tolist()):
        if passes[row]:
            chosen.setdefault(int(groups[row]), row)
    stays = groups == NO_GROUP
    stays[list(chosen.values())] = True
    kept: npt.NDArray[np.intp] = order[stays[order]]
    return kept


def same_hits(groups: Groups, product_ids: npt.NDArray[np.int64], standing: Mapping[int, int]) -> dict[int, int]:
    """For each of these products whose group is in `standing` (product id by group) the product that stands there."""
    pairs = zip(product_ids.tolist(), groups.tolist(), strict=True)
    return {product_id: standing[group] for product_id, group in pairs if group in standing}
