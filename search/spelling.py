"""Corrects a query's spelling with the words of the catalogue: "wireles mosue" means "wireless mouse".

A word is touched only if the catalogue hardly knows it, no brand is called so, it has no digit, and it is no word of
the language: "a gift for a divorce lawyer" has no product's words, and means what it says. For the rest, words of the
catalogue that are one edit away (two for long words; Damerau 1964, a swap of neighbours is one) compete: the one that
is frequent, and occurs with the query's other words, is meant (weights: search/EXPERIMENTS.md). Words that were
wrongly split or joined are put right by how often the catalogue writes them in either way.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from search.letters import edit_distance
from search.vocabulary import LONG, MAX_LETTERS, Vocabulary, is_plain
from search.words import STOP_WORDS, stem

KNOWN = 20  # products: a word that occurs in as many is not touched
CONTEXT_WEIGHT = 1.2  # of log co-occurrence beside log frequency
EDIT_COST = 3.0  # of a second edit, in log frequency
FIRST_LETTER_COST = 2.0  # people rarely get the first letter wrong
MIN_LETTERS = 4
SHORT = 5  # letters up to which many words are one edit apart, so that a correction needs more evidence
SHORT_NEEDS = 10  # products with a correction of a SHORT word, or one that begins otherwise
LARGE = 20_000  # products of a catalogue for which the next two hold; smaller ones need fewer
FAR_NEEDS = 40  # products with a correction that is two edits away and has no context
UNFIT_NEEDS = 20  # products with a correction that never occurs with the other words
SHORT_UNFIT = 5  # times as many for a SHORT word
NEVER = 2**32
MIN_ROOT = 4  # letters of a word before a regular ending: many words of three letters are abbreviations
RARE_RATIO = 20  # a word that a few products have: how much more frequent the right one must be, in context
ALONE_RATIO = 100  # and when there is no context
JOIN_RATIO = 5  # how much more often the catalogue joins two words than it writes them apart
MIN_PAIR = 3  # sampled products with two words side by side, to split a word so
MIN_TOGETHER = 10  # or anywhere in the text
MAX_WORDS = 16  # longer queries are sentences, and the encoder reads them
MAX_CANDIDATES = 6
MAX_CONTEXT = 3

_WORD = re.compile(r"[^\W_]+")
_CODE = re.compile(r"\S*\d\S*")  # the letters in "KEYBORD-2" are right
# Words that go before or after any other: "set up" and "back up" are no misspelt nouns.
_PARTICLES = frozenset("all and any are can for has how its not off out over the too was with you your".split())
_ENDINGS = (("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"), ("er", ""),
    ("er", "e"), ("ers", ""), ("ers", "e"), ("ly", ""))  # fmt: skip


@dataclass(frozen=True)
class Change:
    """`typed` stands at `start` to `end` of the query, `meant` should; `typed_is_wrong` unless only a space was."""

    start: int
    end: int
    typed: str
    meant: str
    typed_is_wrong: bool = True


@dataclass(frozen=True)
class Correction:
    """The corrected query and what was changed in it."""

    text: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class _Candidate:
    number: int
    word: str
    edits: int
    frequency: int


class Corrector:
    """Corrects queries by one vocabulary; keeps nothing of them, so any number of threads may use it."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._known = vocabulary

    def correct(self, query: str) -> Correction | None:
        """None where nothing is to be corrected, which takes some 10 µs a word; a misspelt word takes 300."""
        words = [Change(m.start(), m.end(), m.group().lower(), "") for m in _WORD.finditer(query)]
        if not words or len(words) > MAX_WORDS:
            return None
        changes = list(self._joins(query, words))
        joined = {place for change in changes for place in range(change.start, change.end)}
        codes = {place for code in _CODE.finditer(query) for place in range(*code.span())}
        context = [word.typed for word in words if word.start not in joined] + [change.meant for change in changes]
        for word in words:
            is_fixed = word.start in joined or word.start in codes
            meant = None if is_fixed else self._meant(word.typed, _content(context, word.typed))
            if meant is not None:
                context = [meant if other == word.typed else other for other in context]
                is_split = meant.replace(" ", "") == word.typed
                changes.append(Change(word.start, word.end, word.typed, meant, not is_split))
        return _corrected(query, sorted(changes, key=lambda change: change.start)) if changes else None

    def _joins(self, query: str, words: Sequence[Change]) -> Iterator[Change]:
        """Neighbours that the catalogue writes as one word: "key board"."""
        end = -1
        for first, second in pairwise(words):
            apart = query[first.end : second.start]
            if first.start >= end and apart.isspace() and self._is_one_word(first.typed, second.typed):
                end = second.end
                yield Change(first.start, end, query[first.start : end], first.typed + second.typed, False)

    def _is_one_word(self, first: str, second: str) -> bool:
        if min(len(first), len(second)) < 3 or not (_PARTICLES.isdisjoint((first, second))):
            return False
        number = self._known.find(first + second)
        if number is None or self._known.frequencies[number] < KNOWN:
            return False
        apart = self._known.pair_count(first, second)
        return len(self._known.sampled(number)) >= JOIN_RATIO * max(apart, 1)

    def _meant(self, word: str, others: Sequence[str]) -> str | None:
        """What the word should be, beside the `others` of the query; None if it is right or nobody can tell."""
        if not MIN_LETTERS <= len(word) <= MAX_LETTERS or not is_plain(word) or self._known.is_brand(word):
            return None
        frequency = self._frequency(word)
        if frequency >= KNOWN:
            return None
        is_english = self._known.is_english(word)
        split = self._split(word, KNOWN if is_english else max(MIN_PAIR, RARE_RATIO * frequency))
        best = None if is_english else self._best(word, frequency, others)
        if best is None or (split is not None and split[0] >= best.frequency):
            return split[1] if split else None
        return best.word

    def _frequency(self, word: str) -> int:
        """In how many products it is, in any form; stems alone say little, because "playe" has that of play too."""
        is_form = self._known.frequency(word) > 0 or self._is_made_of_words(word)
        return self._known.stem_frequency(word) if is_form else 0

    def _is_made_of_words(self, word: str) -> bool:
        """Whether it is a regular form of a word of the language, "jogging", or two words in one, "campsite"."""
        if self._known.is_compound(word):
            return True
        for ending, base in _ENDINGS:
            root = word.removesuffix(ending)
            if word == root or len(root) < MIN_ROOT - (ending == "s") or word.endswith("ss"):
                continue
            if self._known.is_english(root + base) or (root[-1] == root[-2] and self._known.is_english(root[:-1])):
                return True
        return False

    def _split(self, word: str, least: int) -> tuple[int, str] | None:
        """The two words that stand side by side most often, with the number of sampled products where they do."""
        pairs = [(word[:place], word[place:]) for place in range(3, len(word) - 2)]
        counted = [(self._side_by_side(*pair), " ".join(pair)) for pair in pairs if _PARTICLES.isdisjoint(pair)]
        count, pair = max(counted, default=(0, ""))
        return (count, pair) if count >= least else None

    def _side_by_side(self, first: str, second: str) -> int:
        """In how many sampled products; for longer words it is enough that they are in the same ones."""
        count = self._known.pair_count(first, second)
        if count >= MIN_PAIR or min(len(first), len(second)) < MIN_LETTERS:
            return count
        a, b = self._known.find(first), self._known.find(second)
        together = self._known.together(a, b) if a is not None and b is not None else 0
        return together if together >= MIN_TOGETHER else 0

    def _best(self, word: str, frequency: int, others: Sequence[str]) -> _Candidate | None:
        """The word of the catalogue that is meant, if there is enough to say so."""
        context = self._context(others)
        near = self._candidates(word)
        together = {one.number: [self._together(one, other) for other in context] for one in near}
        best = max(near, key=lambda one: _score(word, one, together[one.number]), default=None)
        if best is None or self._is_form_of(word, best, near):
            return None
        fits = sum(together[best.number])
        if frequency:
            own = self._known.find(word)
            own_fits = sum(self._known.together(own, other) for other in context) if own is not None else 0
            return best if _outweighs(word, frequency, own_fits, best, fits, others) else None
        needs = self._needs(word, best, fits)
        if others and not fits:
            is_odd = best.edits > 1 or (len(word) <= SHORT and len(context) < min(len(set(others)), MAX_CONTEXT))
            unfit = self._least(UNFIT_NEEDS) * (SHORT_UNFIT if len(word) <= SHORT else 1)
            needs = NEVER if is_odd else max(needs, unfit)
        return best if best.frequency >= needs else None

    def _least(self, products: int) -> int:
        """As many of a LARGE catalogue; of a smaller one down to a quarter."""
        return max(products // 4, min(products, products * int(self._known.products[0]) // LARGE))

    def _is_form_of(self, word: str, best: _Candidate, near: Sequence[_Candidate]) -> bool:
        """Whether the index finds the word as it is, by its stem: "mugs" is no misspelt mug, nor a bug."""
        forms = near if word.endswith("s") else [best]
        return stem(word) in {stem(one.word) for one in forms}

    def _needs(self, word: str, best: _Candidate, fits: int) -> int:
        """How many products must have the correction of a word that none has."""
        if self._is_made_of_words(word):
            return NEVER if best.edits > 1 or word.startswith(best.word) else KNOWN  # a juicer is no juice
        if best.edits > 1:
            return KNOWN if fits >= MIN_PAIR else self._least(FAR_NEEDS)
        if fits >= MIN_PAIR:
            return 1
        is_sure = self._known.is_english(best.word) or self._known.is_brand(best.word)
        if len(word) <= SHORT or (word[0] != best.word[0] and not is_sure):
            return SHORT_NEEDS
        return 1

    def _context(self, others: Sequence[str]) -> list[int]:
        """The rarest of the other words that the catalogue knows: they say most."""
        numbers = [number for number in map(self._known.find, others) if number is not None]
        return sorted(set(numbers), key=lambda number: self._known.frequencies[number])[:MAX_CONTEXT]

    def _together(self, one: _Candidate, other: int) -> int:
        """Products with both; if none has, products with both as one word: a "smart wtch" is a smartwatch."""
        together = self._known.together(one.number, other)
        if together:
            return together
        known = self._known.word(other)
        joined = max(map(self._known.frequency, (known + one.word, one.word + known)))
        return joined if joined >= MIN_PAIR else 0

    def _candidates(self, word: str) -> list[_Candidate]:
        most = 2 if len(word) >= LONG else 1
        found = []
        for number in self._known.near(word):
            near = self._known.word(number)
            edits = edit_distance(word, near, most=most) if len(near) >= MIN_LETTERS else 0
            if (edits == 1 or (edits == most == 2 and word[0] == near[0])) and near not in STOP_WORDS:
                found.append(_Candidate(number, near, edits, int(self._known.frequencies[number])))
        return sorted(found, key=lambda one: (one.edits, -one.frequency))[:MAX_CANDIDATES]


def _content(words: Sequence[str], word: str) -> list[str]:
    """The others, without numbers and those that say nothing."""
    return [other for other in words if other != word and is_plain(other) and other not in STOP_WORDS]


def _score(word: str, candidate: _Candidate, together: Sequence[int]) -> float:
    score = log(candidate.frequency) + CONTEXT_WEIGHT * sum(log(1 + count) for count in together)
    score -= EDIT_COST * (candidate.edits - 1)
    is_swapped = word[1::-1] == candidate.word[:2]
    return score - FIRST_LETTER_COST * (word[0] != candidate.word[0] and not is_swapped)


def _outweighs(word: str, frequency: int, own_fits: int, best: _Candidate, fits: int, others: Sequence[str]) -> bool:
    """Whether the best must be what is meant although `frequency` products have the word as it was typed."""
    if others:
        return best.frequency >= RARE_RATIO * frequency and fits >= max(1, RARE_RATIO * own_fits)
    return best.frequency >= ALONE_RATIO * frequency and len(word) > SHORT and best.edits == 1


def _corrected(query: str, changes: Sequence[Change]) -> Correction:
    text, end = "", 0
    for change in changes:
        text += query[end : change.start] + change.meant
        end = change.end
    return Correction(text + query[end:], tuple(changes))
