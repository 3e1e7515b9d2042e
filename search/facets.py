"""Facet counts: for every value, how many results there would be if it were picked.

A facet counts under all other facets' filters but not its own, over everything that matches the query, not only the
page; variants of one product count once, as they are one result (search/item_groups.py). Values that only products
outside those filters have are counted as 0: a shopper sees what is not there, and no row jumps away under the thumb.
The SQL parts read the CTE `matched` of search/retrieval.py, which has one boolean `ok_<n>` for each filter.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from search.categories import CategoryTree
from search.filters import ProductFilters
from search.item_groups import hits_where, values_of_hits
from search.models import FacetValue
from search.prepared import beside_parameters

# Inclusive lower ends of the price bands, in cents.
PRICE_BANDS = (0, 10_00, 25_00, 50_00, 100_00, 200_00, 500_00, 1_000_00, 2_000_00)
RATINGS = (4, 3, 2)
MAX_BRANDS = 60
MAX_ATTRIBUTES = 6  # offered for being common; those that cards show come on top
MAX_ATTRIBUTE_VALUES = 30
MIN_ATTRIBUTE_SHARE = 0.25  # of the matches must have an attribute for it to be worth a filter


@dataclass(frozen=True)
class FacetCount:
    """One value and the number of results it would give."""

    value: str
    count: int
    selected: bool
    min_cents: int | None = None
    max_cents: int | None = None


@dataclass(frozen=True)
class Facet:
    """`kind`: category, values, price, rating or toggle. The cents are the range of all prices, for price only."""

    key: str
    kind: str
    values: tuple[FacetCount, ...]
    min_cents: int | None = None
    max_cents: int | None = None


@dataclass(frozen=True)
class AttributeCounts:
    """All attributes of the matches with their values' counts; `chosen` are the (key, value) pairs filtered by."""

    counts: Mapping[str, Mapping[str, int]]
    chosen: frozenset[tuple[str, str]]

    def facets(self, keys: Iterable[str]) -> tuple[Facet, ...]:
        """The facets of these attributes, in that order; one that no match has is left out."""
        return tuple(
            Facet(f"attr.{key}", "values", _attribute_counts(key, self.counts[key], self.chosen))
            for key in keys
            if key in self.counts
        )


def facet_totals(ok: Mapping[str, sql.Composable], *, by_group: bool) -> list[sql.Composable]:
    """Aggregates over `matched`, each one JSON value: price range, rating, in_stock. One pass counts them all.

    `ok` gives for each filter key the boolean column of `matched` that says whether a product passes it.
    """
    prices, ratings, in_stock = (passes_others(ok, key) for key in ("price", "rating", "in_stock"))
    return [
        sql.SQL(
            "json_build_array(min(current_price_cents) FILTER (WHERE {others}), "
            "max(current_price_cents) FILTER (WHERE {others}))"
        ).format(others=prices),
        sql.SQL("json_build_array({})").format(
            sql.SQL(", ").join(
                hits_where(
                    sql.SQL("rating_average >= {} AND {}").format(sql.Literal(rating), ratings), by_group=by_group
                )
                for rating in RATINGS
            )
        ),
        hits_where(sql.SQL("stock > 0 AND {}").format(in_stock), by_group=by_group),
    ]


def totals_without_each(ok: Mapping[str, sql.Composable], *, by_group: bool) -> sql.Composable:
    """An aggregate over `matched`: a JSON object with the total without each filter, by its key."""
    return sql.SQL("json_build_object({})").format(
        sql.SQL(", ").join(
            sql.SQL("{}, {}").format(
                beside_parameters(sql.Literal(key)), hits_where(passes_others(ok, key), by_group=by_group)
            )
            for key in ok
        )
    )


def facet_groups(ok: Mapping[str, sql.Composable], *, by_group: bool) -> list[sql.Composable]:
    """Subqueries, each one JSON array of (value, count): category, brand, price band, attributes; then an object with
    the attributes that are filtered by."""

    # What no facet can lift: a merchant's hiding, and words such as "not Apple". Their products have no values here.
    fixed = {key: column for key, column in ok.items() if not is_facet(key)}
    zeros = sql.SQL(" UNION ALL SELECT DISTINCT {} AS v, NULL::int AS hit FROM matched WHERE {}")
    is_filtered = len(fixed) < len(ok)

    def grouped(expression: str, key: str, *, with_zeros: bool = is_filtered) -> sql.Composable:
        return sql.SQL(
            "(SELECT json_agg(json_build_array(v, n)) FROM (SELECT v, count(hit) AS n "
            "FROM (SELECT v, 1 AS hit FROM ({values}) AS hits{zeros}) AS one GROUP BY v) AS g)"
        ).format(
            values=values_of_hits(expression, passes_others(ok, key), by_group=by_group),
            zeros=zeros.format(sql.SQL(expression), passes_others(fixed)) if with_zeros else sql.SQL(""),
        )

    keys = [key for key in ok if key.startswith("attr.")]
    return [
        grouped("category_id", "category"),
        grouped("brand", "brand"),
        grouped(f"width_bucket(current_price_cents, ARRAY{list(PRICE_BANDS)}::int[]) - 1", "price"),
        grouped("unnest(facet_ids)", ""),
        sql.SQL("json_build_object({})").format(
            sql.SQL(", ").join(
                part
                for key in keys
                for part in (
                    beside_parameters(sql.Literal(key[5:])),
                    grouped("unnest(facet_ids)", key, with_zeros=False),
                )
            )
        ),
    ]


def is_facet(key: str) -> bool:
    """Whether a shopper can pick and drop that condition, and has a facet for it."""
    return key in ("category", "brand", "price", "rating", "in_stock") or key.startswith("attr.")


def passes_others(ok: Mapping[str, sql.Composable], key: str = "") -> sql.Composable:
    """Whether a product passes all filters but the one of that key."""
    parts = [column for name, column in ok.items() if name != key]
    return sql.SQL(" AND ").join(parts) if parts else sql.SQL("true")


def read_facets(
    columns: Sequence[Any], *, filters: ProductFilters, total: int, tree: CategoryTree
) -> tuple[tuple[Facet, ...], AttributeCounts]:
    """The facets from the values of `facet_totals` and `facet_groups`; at most one SQL query, for names of values.

    Of the attributes they have those that are common or filtered by; a client may want others, which its cards show.
    """
    price_range, ratings, in_stock, categories, brands, bands, facet_ids, own_facet_ids = columns
    found = [
        _category_facet(categories or [], filters, tree),
        _brand_facet(brands or [], filters),
        _price_facet(bands or [], price_range, filters),
        Facet(
            "rating",
            "rating",
            tuple(
                FacetCount(str(rating), count, filters.rating_min == rating)
                for rating, count in zip(RATINGS, ratings, strict=True)
            ),
        ),
        Facet("in_stock", "toggle", (FacetCount("1", in_stock, filters.in_stock),)),
    ]
    attributes = _count_attributes(facet_ids or [], own_facet_ids, filters)
    offered = attributes.facets(_worth_a_filter(attributes.counts, set(own_facet_ids), total))
    return tuple(facet for facet in (*found, *offered) if facet.values), attributes


def _category_facet(counts: list[tuple[int | None, int]], filters: ProductFilters, tree: CategoryTree) -> Facet:
    """The children of the chosen category, or the departments; counts include descendants."""
    totals: Counter[int] = Counter()
    for category_id, count in counts:
        for ancestor in tree.path(category_id):
            totals[ancestor] += count
    chosen = tree.id_of(filters.category)
    shown = [*tree.path(chosen), *tree.children(chosen)]
    return Facet(
        "category",
        "category",
        tuple(
            FacetCount(tree.slug(category), totals[category], category == chosen)
            for category in shown
            if category in totals or category == chosen
        ),
    )


def _brand_facet(counts: list[tuple[str, int]], filters: ProductFilters) -> Facet:
    known = {brand: count for brand, count in counts if brand}
    top = sorted(known, key=lambda brand: (-known[brand], brand))[:MAX_BRANDS]
    shown = [*top, *(brand for brand in filters.brands if brand not in top)]
    return Facet(
        "brand",
        "values",
        tuple(FacetCount(brand, known.get(brand, 0), brand in filters.brands) for brand in shown),
    )


def _price_facet(
    counts: list[tuple[int, int]], price_range: tuple[int | None, int | None], filters: ProductFilters
) -> Facet:
    known = dict(counts)
    ends = [*(low - 1 for low in PRICE_BANDS[1:]), None]
    values = []
    for band, (low, high) in enumerate(zip(PRICE_BANDS, ends, strict=True)):
        selected = (filters.price_min_cents or 0, filters.price_max_cents) == (low, high)
        if band in known or (selected and (low or high)):
            name = f"{low}-{'' if high is None else high}"
            values.append(FacetCount(name, known.get(band, 0), selected, low, high))
    return Facet("price", "price", tuple(values), *price_range)


def _count_attributes(
    counts: list[tuple[int, int]], own: Mapping[str, list[tuple[int, int]] | None], filters: ProductFilters
) -> AttributeCounts:
    names = _value_names([facet_id for facet_id, _ in counts] + [i for rows in own.values() for i, _ in rows or []])
    by_key: dict[str, dict[str, int]] = defaultdict(dict)
    for facet_id, count in counts:
        key, value = names[facet_id]
        by_key[key][value] = count
    for key, rows in own.items():
        by_key[key] = dict.fromkeys(by_key[key], 0)
        by_key[key] |= {names[facet_id][1]: n for facet_id, n in rows or [] if names[facet_id][0] == key}
    for key, value in filters.attributes:
        by_key[key].setdefault(value, 0)
    return AttributeCounts(dict(by_key), frozenset(filters.attributes))


def _worth_a_filter(by_key: Mapping[str, Mapping[str, int]], own: Set[str], total: int) -> list[str]:
    """The attributes that are filtered by, then those that divide many of the matches."""
    support = {key: sum(values.values()) for key, values in by_key.items()}
    worth = [
        key
        for key, values in by_key.items()
        if key in own or (len(values) > 1 and support[key] >= MIN_ATTRIBUTE_SHARE * total)
    ]
    return sorted(worth, key=lambda key: (key not in own, -support[key], key))[:MAX_ATTRIBUTES]


def _attribute_counts(key: str, values: Mapping[str, int], chosen: Set[tuple[str, str]]) -> tuple[FacetCount, ...]:
    top = sorted(values, key=lambda value: ((key, value) not in chosen, -values[value], value))[:MAX_ATTRIBUTE_VALUES]
    return tuple(
        FacetCount(value, values[value], (key, value) in chosen) for value in sorted(top, key=_natural_order)
    )


def _natural_order(value: str) -> tuple[int, float, str]:
    """Numbers by size before words by letter: 8, 16, 128, "other"."""
    first = value.split(" ", 1)[0]
    try:
        return 0, float(first), value
    except ValueError:
        return 1, 0.0, value


_names: dict[int, tuple[str, str]] = {}  # a FacetValue never changes, so a process reads each once


def _value_names(facet_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    missing = [facet_id for facet_id in facet_ids if facet_id not in _names]
    if missing:
        for pk, key, value in FacetValue.objects.filter(pk__in=missing).values_list("pk", "key", "value"):
            _names[pk] = (key, value)
    return _names


def forget() -> None:
    """Reads the names of values anew: for tests, and in another database."""
    _names.clear()
