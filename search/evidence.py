"""What the catalogue says about words that may be a filter: the counts that search/narrowing.py decides by.

All of it is over the products with all words of the rest of the query, as far as SAMPLE of them: a share needs no more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import orjson
from django.db import connection
from psycopg import sql

from search.prepared import prepared_cursor

SAMPLE = 200  # products; a hundred more cost a third of a millisecond
EXPRESSIONS = ("k{0}", "v{0}", "w{0}", "w{0} AND v{0}", "category IN (SELECT category FROM m WHERE v{0})")  # of Counts
PRICED = 1000  # products that a third of the prices is taken of


@dataclass(frozen=True)
class Candidate:
    """A condition over `p` and `d` that words may mean. `has_key` is whether a product has the facet at all; `term_ids`
    are the words themselves, empty where the index does not know them all."""

    condition: sql.Composable
    has_key: sql.Composable
    term_ids: tuple[int, ...]


@dataclass(frozen=True)
class Counts:
    """Of the matches: how many have the facet, the value, the words, and both the words and the value; and how many
    there are in the categories of those with the value."""

    keyed: int
    valued: int
    worded: int
    both: int
    akin: int


def term_ids(terms: Iterable[str]) -> dict[str, int]:
    """The ids of those terms that products have; one SQL query, or none."""
    wanted = sorted(set(terms))
    if not wanted:
        return {}
    with prepared_cursor() as cursor:
        cursor.execute(
            "SELECT term, id FROM search_lexicalterm WHERE term = ANY(%s::text[]) AND document_frequency > 0", [wanted]
        )
        return dict(cursor.fetchall())


def matches(rest: Sequence[int], where: Iterable[sql.Composable] = ()) -> sql.Composable:
    """FROM and WHERE of the products that the rest of a query is about: those with all of its words."""
    conditions: list[sql.Composable] = [sql.SQL("p.is_active"), *where]
    if rest:
        conditions.append(sql.SQL("d.term_ids @> {}::int[]").format(sql.Literal(list(rest))))
    return sql.SQL(
        "FROM search_lexicaldocument d JOIN catalog_product p ON p.id = d.product_id WHERE {}"
    ).format(sql.SQL(" AND ").join(sql.SQL("({})").format(condition) for condition in conditions))


def counts(
    rest: Sequence[int], candidates: Sequence[Candidate], *, where: Iterable[sql.Composable]
) -> tuple[int, list[Counts]]:
    """How many products match, at most SAMPLE, and the counts of each candidate among them; one SQL query."""
    flags = [
        part
        for number, one in enumerate(candidates)
        for part in (
            sql.SQL("({}) AS {}").format(one.has_key, sql.Identifier(f"k{number}")),
            sql.SQL("({}) AS {}").format(one.condition, sql.Identifier(f"v{number}")),
            sql.SQL("({}) AS {}").format(_has_words(one.term_ids), sql.Identifier(f"w{number}")),
        )
    ]
    sums = [
        sql.SQL("count(*) FILTER (WHERE {})").format(sql.SQL(expression.format(number)))
        for number in range(len(candidates))
        for expression in EXPRESSIONS
    ]
    row = _row(
        sql.SQL(
            "WITH m AS MATERIALIZED (SELECT {flags} {matches} LIMIT {limit}) "
            "SELECT json_build_array({sums})::text FROM m"
        ).format(
            sums=sql.SQL(", ").join([sql.SQL("count(*)"), *sums]),
            flags=sql.SQL(", ").join([*flags, sql.SQL("coalesce(p.category_id, 0) AS category")]),
            matches=matches(rest, where),
            limit=sql.Literal(SAMPLE),
        )
    )
    total, *found = row
    return total or 0, [Counts(*(n or 0 for n in found[at : at + 5])) for at in range(0, len(found), 5)]


def lowest_third_cents(
    rest: Sequence[int], *, where: Iterable[sql.Composable], least: int
) -> int | None:
    """The price that a third of the matches are not above; None if fewer than `least` match. One SQL query."""
    total, cents = _row(
        sql.SQL(
            "SELECT json_build_array(count(*), percentile_disc(1 / 3.0) WITHIN GROUP (ORDER BY price))::text "
            "FROM (SELECT p.current_price_cents AS price {matches} LIMIT {limit}) AS m"
        ).format(matches=matches(rest, where), limit=sql.Literal(PRICED))
    )
    return cents if total is not None and total >= least else None


def any_left(rest: Sequence[int], where: Iterable[sql.Composable]) -> bool:
    """Whether any product matches under the conditions; one SQL query that stops at the first."""
    (found,) = _row(
        sql.SQL("SELECT json_build_array(EXISTS(SELECT 1 {}))::text").format(matches(rest, where))
    )
    return bool(found)


def left_without_each(
    rest: Sequence[int], said: Sequence[sql.Composable], *, where: Iterable[sql.Composable]
) -> tuple[int, list[tuple[int, int | None, int | None]]]:
    """How many products match at all, and for each condition: how many do under all the others, and their lowest and
    highest price. One SQL query."""
    flags = [
        sql.SQL("({}) AS {}").format(condition, sql.Identifier(f"c{number}")) for number, condition in enumerate(said)
    ]
    sums = []
    for number in range(len(said)):
        others = sql.SQL(" AND ".join([f"c{n}" for n in range(len(said)) if n != number]) or "true")
        sums += [
            sql.SQL("{} FILTER (WHERE {})").format(sql.SQL(aggregate), others)
            for aggregate in ("count(*)", "min(price)", "max(price)")
        ]
    total, *found = _row(
        sql.SQL(
            "SELECT json_build_array({sums})::text FROM (SELECT {flags} {matches}) AS m"
        ).format(
            sums=sql.SQL(", ").join([sql.SQL("count(*)"), *sums]),
            flags=sql.SQL(", ").join([*flags, sql.SQL("p.current_price_cents AS price")]),
            matches=matches(rest, where),
        )
    )
    return total or 0, [(found[at] or 0, found[at + 1], found[at + 2]) for at in range(0, len(found), 3)]


def _has_words(ids: Sequence[int]) -> sql.Composable:
    return sql.SQL("d.term_ids @> {}::int[]").format(sql.Literal(list(ids))) if ids else sql.SQL("false")


def _row(statement: sql.Composable) -> list[int | None]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row: list[int | None] = orjson.loads(cursor.fetchone()[0])
    return row
