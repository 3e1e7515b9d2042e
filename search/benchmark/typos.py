"""Misspelt queries, made from right ones, and what a corrector makes of them. Seeded: the same ones each time."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from search.spelling import MIN_LETTERS, Corrector
from search.vocabulary import Vocabulary
from search.words import terms

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Typo:
    """A query, and the same with one edit in one word of four letters or more."""

    query: str
    typed: str
    word: str
    typed_word: str


def typos(queries: Sequence[str], seed: int) -> Iterator[Typo]:
    """One for each query that has such a word: a letter less, one more, another one, or two swapped."""
    rng = random.Random(seed)
    for query in queries:
        words = query.split()
        places = [place for place, word in enumerate(words) if len(word) >= MIN_LETTERS and word.isalpha()]
        if places:
            place = rng.choice(places)
            typed = _misspelt(words[place], rng)
            yield Typo(query, " ".join([*words[:place], typed, *words[place + 1 :]]), words[place], typed)


def is_put_right(typo: Typo, corrector: Corrector) -> bool:
    """Whether the same index terms are searched as without the typo."""
    correction = corrector.correct(typo.typed)
    return terms(correction.text if correction else typo.typed) == terms(typo.query)


def can_be_put_right(typo: Typo, vocabulary: Vocabulary) -> bool:
    """Whether the catalogue has the word, and what was typed is neither too short nor a word itself."""
    typed = typo.typed_word
    return (
        vocabulary.stem_frequency(typo.word) > 0
        and len(typed) >= MIN_LETTERS
        and not vocabulary.is_english(typed)
        and not vocabulary.frequency(typed)
    )


def _misspelt(word: str, rng: random.Random) -> str:
    while True:
        place, letter = rng.randrange(len(word)), rng.choice(_LETTERS)
        before, at, after = word[:place], word[place], word[place + 1 :]
        typed = rng.choice([before + after, before + letter + at + after, before + letter + after, ""])
        if not typed and after:
            typed = before + after[0] + at + after[1:]
        if typed not in ("", word):
            return typed
