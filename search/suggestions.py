"""What to suggest while a shopper types: queries others searched for, in departments too, types, brands, and products.

What begins as it was typed comes first: names from the process's memory, then products from the index. Where that is
little, what was typed may have a typo in it, and suggestions for other readings of it follow (search/readings.py).
"""

from dataclasses import dataclass, field, replace

from search import suggested_names
from search.readings import readings
from search.rules import Rule, active_rules
from search.suggested_departments import suggested_departments
from search.suggested_names import Names, Suggestion
from search.suggested_products import hidden_products, suggested_products
from search.words import is_chinese, normalise

MAX_REMEMBERED = 5000  # answers; short prefixes repeat all the time
MOST = 8
MOST_QUERIES, MOST_CATEGORIES, MOST_TYPES, MOST_BRANDS = 3, 3, 2, 2
MOST_NAMES = 5  # of all kinds together, so that products have room
FEW = 3  # suggestions; with fewer, typos are thought of


@dataclass(frozen=True)
class _Memory:
    """Answers by text and language, as long as these are the names and the merchant's rules."""

    names: Names
    rules: tuple[Rule, ...]
    answers: dict[tuple[str, str], list[Suggestion]] = field(default_factory=dict)


_memory: _Memory | None = None


def suggest(text: str, *, language: str = "en") -> list[Suggestion]:
    """At most MOST suggestions; popular queries and departments for an empty text.

    One SQL query, or none where the answer is remembered; up to four where a typo is put right.
    """
    memory = _current_memory()
    wanted = " ".join(normalise(text).split())
    known = memory.answers.get((wanted, language))
    if known is not None:
        return known
    answer = _suggest(memory.names, wanted, language) if wanted else _popular(memory.names, language)
    if len(memory.answers) < MAX_REMEMBERED:
        memory.answers[wanted, language] = answer
    return answer


def forget() -> None:
    """Reads names and queries anew at the next call: for tests."""
    global _memory
    _memory = None
    suggested_names.forget()


def _current_memory() -> _Memory:
    global _memory
    names, rules = suggested_names.current_names(), active_rules()
    if _memory is None or _memory.names is not names or _memory.rules != rules:
        _memory = _Memory(names, rules)
    return _memory


def _popular(names: Names, language: str) -> list[Suggestion]:
    """Whole queries first, then departments, which come first among the categories."""
    departments = [name.suggestion for name in names.categories_in(language)]
    return [*names.queries_like("", MOST), *departments][:MOST]


def _suggest(names: Names, wanted: str, language: str) -> list[Suggestion]:
    """As typed first; then, where that is little, as it may be meant."""
    hidden = hidden_products(wanted)
    found = _as_read(names, wanted, language, hidden)
    if len(found) >= FEW or is_chinese(wanted):
        return found
    seen = {_identity(one) for one in found}
    for reading in readings(wanted, names.words):
        for one in _as_read(names, reading, language, (*hidden, *hidden_products(reading))):
            if _identity(one) not in seen and len(found) < MOST:
                seen.add(_identity(one))
                found.append(replace(one, read_as=reading))
        if len(found) >= MOST:
            break
    return found


def _identity(one: Suggestion) -> tuple[str, str, int | None]:
    return one.kind, one.text, one.product_id


def _as_read(names: Names, text: str, language: str, hidden: tuple[int, ...]) -> list[Suggestion]:
    """Queries and departments to search in, then other names, then products."""
    products = suggested_products(text, language, most=MOST, without=hidden)
    kinds = (
        (names.categories_in(language), MOST_CATEGORIES),
        (names.types, MOST_TYPES),
        (names.brands, MOST_BRANDS),
    )
    queries = names.queries_like(text, MOST_QUERIES)
    named = queries + suggested_departments(text, queries, products)
    for candidates, limit in kinds:
        named += [name.suggestion for name in candidates if name.begins(text)][:limit]
    named = named[:MOST_NAMES]
    return named + products[: MOST - len(named)]
