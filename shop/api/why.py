"""One short line on a hit's card where it tells the shopper something that the card does not show.

What the query asked for and the title does not say, but the product has: "Matches: noise cancelling, quiet". What
most hits of the page have in common tells nothing, so it is left out; so are words that the search changed itself.
Nothing here costs an SQL query: attributes come with the cards, which words a description has is known by the index.
"""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache
from typing import Any

from search.often_chosen import often_chosen
from search.pipeline import SearchResults
from search.product_text import attribute_values
from search.score_parts import KIND
from search.trace import Trace
from search.words import chinese_terms, is_chinese, query_terms, split_words, terms
from shop.api.attributes import telling_keys
from shop.api.cards import CardText, SearchedCards
from shop.catalog.labels import attribute_label, attribute_value

MOST_CHARACTERS = 40
MOST_FACTS = 3
MOST_OF_PAGE = 0.5  # of the hits may have the same
LIKELY = 0.5  # of the largest share of a kind: search/consensus.py
MIN_WORD = 3  # letters; shorter ones are units and particles
# Words that shoppers write and products repeat, but that say nothing of a product.
_SAYS_NOTHING = frozenset(
    "about all any anything best buy can cheap could does each eight find five four get gift give good great have her "
    "hers him his how just kind like likes look looking lot love loves made make maker makes making man many more most "
    "much need needs new nice nine old one our out over people person present really seven set she should six some "
    "someone something stuff ten than that thing things three too two under use used uses using very want wants what "
    "when where which while who whose why without would you your".split()
)
_LINES = {
    "en": {"matches": "Matches: {}", "named": "Exact part number", "chosen": "Often chosen for this search"},
    "zh": {"matches": "符合:{}", "named": "型号完全一致", "chosen": "搜索此词的顾客常选"},
}  # fmt: skip
_BETWEEN = {"en": ", ", "zh": "、"}


def told_words(results: SearchResults) -> dict[str, str]:
    """The words of the query, as typed, by their index terms; none that a correction put there.

    All pairs of a run of Chinese characters stand for the run.
    """
    found = {term: word for word in split_words(results.understood.text) for term in stems(word)}
    if results.understood.corrected_from is None:
        return found
    return {term: found[term] for term in query_terms(results.query) if term in found}


def why_lines(results: SearchResults, cards: SearchedCards, words: Mapping[str, str], language: str) -> dict[int, str]:
    """A line by product id for the hits that have one, in the shopper's language."""
    if not results.understood.text:
        return {}
    shown = [hit.product_id for hit in results.hits if hit.product_id in cards]
    named, chosen = results.trace.named_ids(), often_chosen.products(results.query)
    akin, is_known = _of_the_kind(results.trace, shown if words else ())
    keys = telling_keys() if akin else {}
    facts = {pk: _facts(*cards[pk], words, language, reads_all=is_known, filterable=keys) for pk in akin}
    common = _too_common([fact for own in facts.values() for fact in own], len(akin))
    lines = {}
    for pk in shown:
        if pk in named:
            lines[pk] = _LINES[language]["named"]
        elif pk in chosen:
            lines[pk] = _LINES[language]["chosen"]
        elif line := _line([fact for fact in facts.get(pk, ()) if fact not in common], language):
            lines[pk] = line
    same = _too_common(lines.values(), len(shown))
    return {pk: line for pk, line in lines.items() if line not in same}


def _of_the_kind(trace: Trace, product_ids: Sequence[int]) -> tuple[list[int], bool]:
    """Those whose kind has at least LIKELY of the best share, and True; all, and False, where no kind is known.

    A stand's description may say "backpack", and is none.
    """
    shares = trace.scores.parts.get(KIND)
    least = LIKELY * shares.max(initial=0.0) if shares is not None else 0.0
    if shares is None or not least:
        return list(product_ids), False
    akin = set(trace.found.product_ids[shares >= least].tolist())
    return [pk for pk in product_ids if pk in akin], True


def _too_common(said: Iterable[str], hits: int) -> set[str]:
    """What more than MOST_OF_PAGE of the hits would say; of a single hit it may say everything."""
    return {text for text, count in Counter(said).items() if hits > 1 and count > MOST_OF_PAGE * hits}


def _facts(
    card: Mapping[str, Any],
    text: CardText,
    words: Mapping[str, str],
    language: str,
    *,
    reads_all: bool,
    filterable: Container[str],
) -> list[str]:
    """What the query asked for and the card's title does not say: values of attributes that shoppers can filter by (a
    catalogue has dozens of others, which nobody chooses by), and if `reads_all` words of the description."""
    names = (card["title"], card["brand"], (card["category"] or {}).get("name", ""), text.product_type)
    unseen = words.keys() - frozenset().union(*map(stems, names))
    facts: list[str] = []
    attributes = {key: raw for key, raw in text.attributes.items() if key in filterable} if unseen else {}
    for fact, told in _told(attributes, text, unseen, frozenset(words), language):
        if not unseen.isdisjoint(told):
            facts.append(fact)
            unseen -= told
    if reads_all and not unseen.isdisjoint(text.terms):
        facts += _mentioned({term: word for term, word in words.items() if term in unseen}, text.terms, language)
    return list(dict.fromkeys(facts))


def _told(
    attributes: Mapping[str, Any], text: CardText, unseen: Set[str], asked: frozenset[str], language: str
) -> Iterator[tuple[str, frozenset[str]]]:
    """Each value of an attribute as the shopper reads it, with the terms that it tells; "yes" is told by its name.

    The index has all words of values but numbers, which count only beside their attribute's name: "40" may be anything.
    """
    has_words = not unseen.isdisjoint(text.terms)
    for key, raw in attributes.items():
        is_named = _is_named(key, asked, language)
        if isinstance(raw, bool):
            if raw and is_named:
                named = _name_terms(key, language)
                if any(name <= asked for name in named):
                    yield _label(key, language), frozenset().union(*named)
        elif has_words or is_named:
            values, names = attribute_values(raw), attribute_values(text.own.get(key, raw))
            for value, name in zip(values, names if len(names) == len(values) else values, strict=True):
                if is_named or not _is_number(value):
                    yield _value(key, value, name, language)


@lru_cache(maxsize=50_000)
def _is_named(key: str, asked: frozenset[str], language: str) -> bool:
    """Whether the query has a word of the attribute's name."""
    return any(not name.isdisjoint(asked) for name in _name_terms(key, language))


@lru_cache(maxsize=50_000)
def _value(key: str, value: str, name: str, language: str) -> tuple[str, frozenset[str]]:
    """As a shopper reads it, and its terms; `name` is the value in the shopper's language."""
    shown = attribute_value(key, name, language)
    return name if shown.lower() == name.lower() else shown, stems(value) | stems(name) | stems(shown)


@lru_cache(maxsize=4096)
def _name_terms(key: str, language: str) -> tuple[frozenset[str], ...]:
    """The terms of an attribute's key and of its label."""
    return tuple(filter(None, (stems(key.replace("_", " ")), stems(attribute_label(key, language)))))


def _label(key: str, language: str) -> str:
    label = attribute_label(key, language)
    return label if language == "zh" else label.lower()


def _mentioned(unseen: Mapping[str, str], has: frozenset[str], language: str) -> list[str]:
    """Words of the shopper's language that only the description has; of a run of Chinese characters all of it."""
    return [
        word
        for word in dict.fromkeys(unseen.values())
        if is_chinese(word) == (language == "zh")
        and (len(word) >= MIN_WORD or language == "zh")
        and word not in _SAYS_NOTHING
        and stems(word) <= has & unseen.keys()
    ]


@lru_cache(maxsize=50_000)
def stems(text: str) -> frozenset[str]:
    """The index terms of a short text; titles and values repeat all the time."""
    return frozenset((*terms(text), *chinese_terms(text)))


def _is_number(value: str) -> bool:
    return value.replace(".", "", 1).isdigit()


def _line(facts: Sequence[str], language: str) -> str:
    """As many facts as fit into MOST_CHARACTERS; empty when none does."""
    line, between = "", _BETWEEN[language]
    for fact in facts[:MOST_FACTS]:
        longer = f"{line}{between}{fact}" if line else _LINES[language]["matches"].format(fact)
        line = longer if len(longer) <= MOST_CHARACTERS else line
    return line
