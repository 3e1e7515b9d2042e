"""What a shopper who is still typing may mean beside what stands there: "wireles mous" is read as "wireless mous".

Finished words are corrected as in a search; the last one, whose end is missing, is compared with how words begin
(search/beginnings.py): those of the catalogue, which the spelling corrector holds already, and those of the names that
can be suggested. A reading takes the place of what was typed, so whatever is found by a beginning is found by it.
"""

from collections import Counter

from search.beginnings import Beginning, Words, near_beginnings
from search.corrections import corrected, vocabulary
from search.vocabulary import MAX_LETTERS, Vocabulary, is_plain

MOST_READINGS = 3  # each may cost an SQL query
LIKELIER = 20  # times: all letters were meant, and one is missing or out of place; others must be so much more common


def readings(typed: str, names: Words) -> list[str]:
    """At most MOST_READINGS other texts, best first; `typed` is lower case with single spaces.

    Most often no SQL query; one where the spelling is corrected.
    """
    finished, _, last = typed.rpartition(" ")
    right = corrected(finished) or finished if finished else ""
    begun = [*([last] if right != finished else []), *meant_beginnings(last, vocabulary(), names)]
    found = [f"{right} {beginning}".lstrip() for beginning in begun]
    if not found:
        whole = corrected(typed)
        found = [whole.lower()] if whole else []
    return found[:MOST_READINGS]


def meant_beginnings(last: str, known: Vocabulary | None, names: Words) -> list[str]:
    """How a word may begin instead, best first; nothing for a word of the language, which needs no end to be right."""
    if not is_plain(last) or len(last) > MAX_LETTERS or (known and _is_word(last, known)):
        return []
    near = near_beginnings(last, names)
    if known:
        near += near_beginnings(last, Words(known.letters, known.starts, known.frequencies))
    scores = _scores(near)
    least = max(scores.values(), default=0) / LIKELIER
    return [text for text, score in scores.most_common() if score >= least]


def _is_word(last: str, known: Vocabulary) -> bool:
    return known.is_english(last) or known.is_brand(last)


def _scores(near: list[Beginning]) -> "Counter[str]":
    scores: Counter[str] = Counter()
    for one in near:
        scores[one.text] += one.weight * (LIKELIER if one.likely else 1)
    return scores
