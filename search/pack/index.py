"""The words of the packed products, and how a typed word is read: as it is, as a beginning, or with a typo put right.

The index is built on the phone from the titles, within milliseconds, so it costs no download. A typo is looked for
only in what is no word ("back" is not "black") and where nothing begins like it, among words that share three letters
in a row with it.
"""

import bisect
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from search.letters import edit_distance
from search.pack.tokens import fold, is_chinese, is_unfinished, pieces

PREFIX_WEIGHT = 0.9  # of a word that goes on, next to one that is there as typed
TYPO_WEIGHT = 0.6
SHORTEST_TYPO = 4  # letters: in shorter words an edit makes another word
LONG = 8  # letters of a word that may have two edits


@dataclass(frozen=True)
class Reading:
    """Index words that a typed word may be, with their weights, and the word to encode."""

    words: tuple[tuple[int, float], ...]
    meant: str


class PackIndex:
    """Of products in rows, each with its words: `words` are sorted, `postings[number]` are rows, ascending.

    `knows` says of a word whether it is one of the language.
    """

    def __init__(self, texts: Sequence[str], knows: Callable[[str], bool]) -> None:
        self._knows = knows
        rows: defaultdict[str, list[int]] = defaultdict(list)
        for row, text in enumerate(texts):
            for word in dict.fromkeys(map(fold, pieces(text))):
                rows[word].append(row)
        self.products = len(texts)
        self.words = sorted(rows)
        self.postings = [rows[word] for word in self.words]

    def read(self, text: str) -> list[Reading]:
        """Each piece of the text, in order."""
        typed = pieces(text)
        last = len(typed) - 1 if is_unfinished(text) else -1
        return [self._read_word(word, at == last) for at, word in enumerate(typed)]

    def _read_word(self, word: str, unfinished: bool) -> Reading:
        folded = fold(word)
        place = bisect.bisect_left(self.words, folded)
        found = [(place, 1.0)] if place < len(self.words) and self.words[place] == folded else []
        if unfinished:
            found += [(number, PREFIX_WEIGHT) for number in self._beginning_with(word) if (number, 1.0) not in found]
        if found:
            return Reading(tuple(found), word if found[0][1] == 1.0 else self._commonest([n for n, _ in found]))
        may_be_typo = len(word) >= SHORTEST_TYPO and not is_chinese(word) and not self._knows(word)
        near = self._near(folded, unfinished) if may_be_typo else []
        return Reading(tuple((number, TYPO_WEIGHT) for number in near), self._commonest(near) if near else word)

    def _beginning_with(self, word: str) -> range:
        start = bisect.bisect_left(self.words, word)
        return range(start, bisect.bisect_left(self.words, word + "\U0010ffff"))

    def _commonest(self, numbers: Sequence[int]) -> str:
        return self.words[min(numbers, key=lambda number: (-len(self.postings[number]), number))]

    def _near(self, word: str, unfinished: bool) -> list[int]:
        """Numbers of the words with the fewest edits; of an unfinished word their beginnings are compared."""
        most = 2 if len(word) >= LONG else 1
        found: defaultdict[int, list[int]] = defaultdict(list)
        for number in sorted({number for part in _trigrams(word) for number in self._by_trigram.get(part, ())}):
            edits = _edits(word, self.words[number], most, unfinished)
            if edits <= most:
                found[edits].append(number)
        return found[min(found)] if found else []

    @cached_property
    def _by_trigram(self) -> dict[str, list[int]]:
        found: defaultdict[str, list[int]] = defaultdict(list)
        for number, word in enumerate(self.words):
            for part in _trigrams(word):
                found[part].append(number)
        return found


def _trigrams(word: str) -> set[str]:
    """With a mark at the beginning."""
    marked = f"^{word}"
    return {marked[start : start + 3] for start in range(len(marked) - 2)}


def _edits(word: str, other: str, most: int, unfinished: bool) -> int:
    edits = edit_distance(word, other, most=most)
    if not unfinished:
        return edits
    ends = range(max(1, len(word) - most), min(len(other), len(word) + most + 1))
    return min([edits, *(edit_distance(word, other[:end], most=most) for end in ends)])
