"""The merchants' synonyms at query time: the other wordings of a query that BM25 compares products with.

A query with synonyms is several queries that mean the same ("laptop bag", "notebook computer bag"); a product scores
by the one wording that it fits best, so having both words earns nothing extra. Within a wording the words that stand
for another one weigh no more than that one (their idf is scaled down), so a rare synonym does not outweigh the rest.
Products are indexed without synonyms: an edit holds for every search within seconds. One step only: synonyms of
synonyms are not followed, so loops are harmless.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product

from search.remembered import Remembered
from search.rule_models import Synonym
from search.words import is_chinese, normalise, query_sequence

MAX_WORDINGS = 8  # of one query: each is one more inner product for every candidate
MAX_TOLD = 3  # synonyms that the encoder is told: more would drown the query

Terms = tuple[str, ...]


@dataclass(frozen=True)
class Segment:
    """A stretch of a query's terms, and what else may stand in its place."""

    terms: Terms
    alternatives: tuple[Terms, ...] = ()


def thesaurus_of(rows: Iterable[tuple[str, Sequence[str], bool]]) -> dict[Terms, tuple[Terms, ...]]:
    """From (words, synonyms, is_two_way): for every phrase what it is also searched as."""
    found: dict[Terms, dict[Terms, None]] = defaultdict(dict)
    for words, synonyms, is_two_way in rows:
        first, *others = (tuple(query_sequence(text)) for text in (words, *synonyms))
        group = [first, *others]
        for phrase in group if is_two_way else [first]:
            found[phrase].update((other, None) for other in group if other and other != phrase)
    found.pop((), None)
    return {phrase: tuple(others) for phrase, others in found.items() if others}


def _read() -> dict[Terms, tuple[Terms, ...]]:
    return thesaurus_of(Synonym.objects.filter(is_active=True).values_list("words", "synonyms", "is_two_way"))


thesaurus = Remembered(_read)  # a few seconds old at most; one SQL query when it is read
_wording = Remembered(lambda: _written(Synonym.objects.filter(is_active=True).values_list("words", "synonyms")))


def _read_chinese() -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    rows = Synonym.objects.filter(is_active=True).values_list("words", "synonyms", "is_two_way")
    for words, synonyms, is_two_way in rows:
        group = [words, *synonyms]
        for phrase in filter(is_chinese, group if is_two_way else [words]):
            found[normalise(phrase)].update((normalise(other), None) for other in group if other != phrase)
    return tuple((phrase, tuple(others)) for phrase, others in found.items())


chinese_synonyms = Remembered(_read_chinese)  # Chinese phrases, each with its synonyms as merchants wrote them


def forget() -> None:
    """Reads the merchants' synonyms anew: for tests, after an edit in this process, and in another database."""
    thesaurus.forget()
    chinese_synonyms.forget()
    _wording.forget()


def for_the_encoder(query: str) -> str:
    """The query followed by its synonyms as merchants wrote them: the encoder may not know what they know.

    "stroller" is near scooters, "stroller pram" near prams. The query itself where it has no synonyms.
    """
    others = [other for segment in segments(query) for other in segment.alternatives]
    if not others:
        return query
    written = _wording()
    return " ".join([query, *(written[other] for other in others[:MAX_TOLD] if other in written)])


def _written(rows: Iterable[tuple[str, Sequence[str]]]) -> dict[Terms, str]:
    return {tuple(query_sequence(text)): text for words, synonyms in rows for text in (words, *synonyms)}


def segments(query: str, known: Mapping[Terms, tuple[Terms, ...]] | None = None) -> list[Segment]:
    """The query cut at the longest phrases that have synonyms, from the left; empty when none of it has any."""
    known = thesaurus() if known is None else known
    if not known:
        return []
    terms = query_sequence(query)
    longest = max(map(len, known))
    found, start = [], 0
    while start < len(terms):
        ends = range(min(len(terms), start + longest), start, -1)
        end = next((end for end in ends if tuple(terms[start:end]) in known), start + 1)
        phrase = tuple(terms[start:end])
        found.append(Segment(phrase, known.get(phrase, ())))
        start = end
    return found if any(segment.alternatives for segment in found) else []


def wordings(
    cut: Sequence[Segment], found: Mapping[str, tuple[int, float]], *, unknown_idf: Callable[[str], float]
) -> list[dict[int, float]]:
    """Idf by term id for each wording, the typed one first; at most MAX_WORDINGS.

    `found` has (id, idf) of every term that the catalogue knows. An alternative counts when the catalogue knows all
    of its words; words that it does not know give way to one that it does.
    """
    choices = [_choices(segment, found, unknown_idf) for segment in cut]
    made: list[dict[int, float]] = []
    for parts in islice(product(*choices), MAX_WORDINGS):
        idfs: dict[int, float] = {}
        for part in parts:
            for term_id, weight in part.items():
                idfs[term_id] = max(weight, idfs.get(term_id, 0.0))
        if idfs and idfs not in made:
            made.append(idfs)
    return made


def _choices(
    segment: Segment, found: Mapping[str, tuple[int, float]], unknown_idf: Callable[[str], float]
) -> list[dict[int, float]]:
    own = {found[term][0]: found[term][1] for term in segment.terms if term in found}
    most = sum(found[term][1] if term in found else unknown_idf(term) for term in segment.terms)
    others = [
        _capped({found[term][0]: found[term][1] for term in alternative}, most)
        for alternative in segment.alternatives
        if all(term in found for term in alternative)
    ]
    is_known = all(term in found for term in segment.terms)
    return [own, *others] if is_known or not others else others


def _capped(idfs: dict[int, float], most: float) -> dict[int, float]:
    """The values scaled down so that together they weigh no more than `most`."""
    total = sum(idfs.values())
    scale = min(1.0, most / total) if total else 1.0
    return {term_id: weight * scale for term_id, weight in idfs.items()}
