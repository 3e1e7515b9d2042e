"""Decides which parts of a query are filters, and applies them: the catalogue has the last word.

A price, a rating and "in stock" always hold. A colour, a measure, a size or a brand holds when the products that match
the rest of the query bear it out, so that taking it for a filter leaves out only what the words do not mean anyway:
- at least half of them have the facet at all ("orange juice": juice has no colour);
- of those with the word in their text nearly all have the value ("white noise machine": machines of any colour do).
A query that is nothing but a measure ("1TB", "15.6 inch") is about whatever has that value.
The words of what holds are not searched: "red backpack" would also match, and count, everything red. A filter that the
shopper picked by hand wins over one that was said. Two to four SQL queries, none for most searches.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg import sql

from search.conditions import filter_conditions
from search.constraints import Said, constraints, without
from search.evidence import SAMPLE, Candidate, Counts, counts, lowest_third_cents, term_ids
from search.filters import ProductFilters
from search.known_words import Known, known_words
from search.query import Relaxed, Understood
from search.relaxing import relax
from search.said_categories import said_categories
from search.said_filters import Holding, plain_holding
from search.words import query_terms

KEYED = 0.5  # of the matches must have a facet, or it says little about them
WORDED = {"value": 0.8, "measure": 0.5, "size": 0.0, "brand": 0.9}  # of those with the words must have the value
MIN_WORDED = 5  # of a sample: a share of fewer is chance
NONE_KEYED, NONE_TOTAL = 0.8, 5  # "no red ones" is said only where nearly all of several products have a colour
MIN_CHEAP = 6  # products: of fewer, a third is no choice


def narrow(query: str, filters: ProductFilters, *, lifted: bool = False) -> tuple[Understood, ProductFilters]:
    """What is searched without the constraints that were said, and the filters with them; `lifted` lifts them all."""
    known = known_words()
    found = constraints(query, known.vocabulary)
    if not found:
        return Understood(query), filters
    ids = term_ids(term for text in (query, without(query, found)) for term in query_terms(text))
    about = _about(without(query, found), filters)
    holding, absent = _decided(query, found, about, known, ids)
    mine = [one for one in holding if not one.is_picked(filters)]
    text = without(query, tuple(one.said for one in (*holding, *absent)))
    kept, relaxed = mine, list[Relaxed]()
    if lifted or not _is_proven(mine, filters):
        rest = _ids_of(text, ids)
        kept, relaxed = relax(query, rest, mine, filters, about=about, facet_ids=known.facet_ids, lift_all=lifted)
    for one in kept:
        filters = one.added_to(filters)
    told = (*relaxed, *(Relaxed(one.constraint(query)) for one in absent if not one.is_picked(filters)))
    chips = tuple(one.constraint(query) for one in kept)
    return Understood(text, constraints=chips, relaxed=told), filters


def _about(rest: str, filters: ProductFilters) -> list[sql.Composable]:
    """What the rest of the query is about: the picked category, else those that it names ("laptop": no bags)."""
    said = said_categories(rest) if not filters.category else ()
    if said:
        return [sql.SQL("p.category_id = ANY({})").format(sql.Literal(sorted(said)))]
    return list(filter_conditions(ProductFilters(category=filters.category)).values())


def _is_proven(holding: Sequence[Holding], filters: ProductFilters) -> bool:
    """Whether the counts have shown that something is left: one candidate, and nothing picked but a category."""
    is_alone = len(holding) == 1 and filters == ProductFilters(category=filters.category)
    return is_alone and holding[0].said.kind in {"value", "measure", "size", "brand", "cheap"}


@dataclass(frozen=True)
class _Meaning:
    """One thing that a candidate may mean."""

    holding: Holding
    counted: Candidate


def _decided(
    query: str, found: Sequence[Said], where: list[sql.Composable], known: Known, ids: dict[str, int]
) -> tuple[list[Holding], list[Holding]]:
    """The constraints that hold, in order, and those that no product has although the words are clear."""
    rest = _ids_of(without(query, tuple(found)), ids)
    if rest:
        chosen, absent = _chosen(found, rest, where, known, ids)
    else:
        chosen, absent = (_measured(found, where, known) if rest == () else {}), {}
    holding = []
    for said in found:
        one = plain_holding(said) or chosen.get(said)
        if one is None and said.kind == "cheap" and rest:
            one = _cheap(said, rest, where)
        if one is None and said.kind == "not" and rest:
            one = _unwanted(said, ids)
        if one is not None:
            holding.append(one)
    return holding, [absent[said] for said in found if said in absent]


def _chosen(
    found: Sequence[Said], rest: Sequence[int], where: list[sql.Composable], known: Known, ids: dict[str, int]
) -> tuple[dict[Said, Holding], dict[Said, Holding]]:
    """What each candidate means, by the counts: of several facets the one that most of the matches have."""
    meanings = [meaning for said in found for meaning in _meanings(said, known, ids)]
    if not meanings:
        return {}, {}
    total, counted = counts(rest, [meaning.counted for meaning in meanings], where=where)
    best: dict[Said, tuple[int, Holding]] = {}
    absent: dict[Said, Holding] = {}
    for meaning, count in zip(meanings, counted, strict=True):
        said = meaning.holding.said
        if _holds(said.kind, count, total) and count.valued > best.get(said, (0, None))[0]:
            best[said] = (count.valued, meaning.holding)
        if said.kind != "brand" and _is_absent(count, total):
            absent.setdefault(said, meaning.holding)
    chosen = {said: holding for said, (_, holding) in best.items()}
    seen = {m.holding.said for m, count in zip(meanings, counted, strict=True) if count.valued or count.worded}
    return chosen, {said: holding for said, holding in absent.items() if said not in seen}


def _measured(found: Sequence[Said], where: list[sql.Composable], known: Known) -> dict[Said, Holding]:
    """Measures with no word beside them: of several facets the one that most of a sample have with this value."""
    meanings = [meaning for said in found if said.kind == "measure" for meaning in _meanings(said, known, {})]
    values = [meaning.counted.condition for meaning in meanings]
    if not values:
        return {}
    any_value = sql.SQL(" OR ").join(sql.SQL("({})").format(value) for value in values)
    _, counted = counts((), [meaning.counted for meaning in meanings], where=[*where, any_value])
    best: dict[Said, tuple[int, Holding]] = {}
    for meaning, count in zip(meanings, counted, strict=True):
        if count.valued > best.get(meaning.holding.said, (0, None))[0]:
            best[meaning.holding.said] = (count.valued, meaning.holding)
    return {said: holding for said, (_, holding) in best.items()}


def _holds(kind: str, count: Counts, total: int) -> bool:
    """A measure says itself what it is of: bags match "laptop" too, but in its category laptops have 16 GB."""
    alike = count.akin if kind in {"measure", "size"} else total
    if total >= SAMPLE and 0 < count.worded < MIN_WORDED:
        return False
    return count.valued > 0 and count.keyed >= KEYED * alike and count.both >= WORDED[kind] * count.worded


def _is_absent(count: Counts, total: int) -> bool:
    """Only where all matches were counted: of a sample one cannot say that there are none."""
    return NONE_TOTAL <= total < SAMPLE and count.keyed >= NONE_KEYED * total and count.valued + count.worded == 0


def _meanings(said: Said, known: Known, ids: dict[str, int]) -> list[_Meaning]:
    words = _ids_of(said.words, ids) or ()
    found = []
    if said.kind == "brand":
        condition = sql.SQL("p.brand = ANY({})").format(sql.Literal(list(said.brands)))
        holding = Holding(said, "brand", ProductFilters(brands=said.brands))
        found.append(_Meaning(holding, Candidate(condition, sql.SQL("true"), words)))
    for option in said.options if said.kind != "not" else ():
        of_key = known.facet_ids.get(option.key, {})
        only = ProductFilters(attributes=tuple((option.key, value) for value in option.values))
        valued = _has_any([of_key[value] for value in option.values if value in of_key])
        counted = Candidate(valued, _has_any(list(of_key.values())), words)
        found.append(_Meaning(Holding(said, f"attr.{option.key}", only), counted))
    return found


def _cheap(said: Said, rest: Sequence[int], where: list[sql.Composable]) -> Holding | None:
    cents = lowest_third_cents(rest, where=where, least=MIN_CHEAP)
    return None if cents is None else Holding(said, "price", ProductFilters(price_max_cents=cents))


def _unwanted(said: Said, ids: dict[str, int]) -> Holding | None:
    """Words that the catalogue does not know exclude nothing, so they stay words."""
    words = _ids_of(said.words, ids)
    return Holding(said, "not", ProductFilters(excluded_term_ids=(words,))) if words else None


def _has_any(facet_ids: list[int]) -> sql.Composable:
    return sql.SQL("d.facet_ids && {}::int[]").format(sql.Literal(facet_ids))


def _ids_of(text: str, ids: dict[str, int]) -> tuple[int, ...] | None:
    """The text's terms as ids; None where the catalogue does not know all of them."""
    terms = query_terms(text)
    return tuple(ids[term] for term in terms) if all(term in ids for term in terms) else None
