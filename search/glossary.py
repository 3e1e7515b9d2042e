"""A Chinese query in English, by what the catalogue's own translations say: for an encoder that reads no Chinese.

A glossary has pieces of Chinese with their English words and how sure that is (search/alignment.py makes it). A query
is cut into the pieces that are surest together; a category's name counts also where the query says it longer or
shorter ("跑步鞋" for "跑鞋", "婴儿车" for "婴儿推车"), as Chinese compounds are. What no piece covers is left out.
The cut is the best one by dynamic programming, as in word segmentation by a dictionary (Sproat et al. 1996).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from search.words import is_chinese, normalise, split_at_chinese

Cut = tuple[tuple[str, str], ...]  # pieces of a run, each with its English
Entries = Mapping[str, tuple[str, float]]  # by a piece of Chinese: its English, and how sure that is

LONGEST = 8  # characters of a piece of a query
ENDS = (-1, 0)  # the last character of a name says what a thing is; "桌游" has but the first ones of "桌面游戏"
MIN_SHARED = 2  # characters of a name that is said longer or shorter
MOST_CHANGED = 2  # times as many characters may one have as the other
NAME = 1.2  # how sure a name of the catalogue is; words that were aligned are at most 1
SYNONYM = 1.1  # what a merchant calls the same; only as it stands, not longer or shorter


@dataclass(frozen=True)
class Glossary:
    """`words` has the English of each piece and how sure it is, 0 to 1, NAME for names and values."""

    words: Entries

    @cached_property
    def names(self) -> dict[tuple[str, int], list[str]]:
        """Names of two characters or more by their first and by their last one, (character, 0 or -1)."""
        found = defaultdict(list)
        for piece, (_, sure) in self.words.items():
            if sure == NAME and len(piece) >= MIN_SHARED:
                for end in ENDS:
                    found[piece[end], end].append(piece)
        return dict(found)

    def english(self, query: str) -> str | None:
        """The query with its Chinese in English; None for one without Chinese, or of which nothing is known."""
        if not is_chinese(query):
            return None
        said = list[str]()
        for word in split_at_chinese(normalise(query)):
            pieces = self.pieces(word) if is_chinese(word) else [(word, word)]
            said += [part for _, english in pieces for part in english.split()]
        return " ".join(dict.fromkeys(said)) if any(map(str.isalpha, said)) else None

    def taught(self, synonyms: Iterable[tuple[str, Sequence[str]]]) -> "Glossary":
        """With what merchants say: a Chinese word that is no name is read as the names that are its synonyms.

        Other synonyms say nothing surer than the word itself does.
        """
        words = dict(self.words)
        for phrase, others in synonyms:
            names = [self.words[other][0] for other in others if self.words.get(other, ("", 0.0))[1] == NAME]
            if names and self.words.get(phrase, ("", 0.0))[1] < NAME:
                words[phrase] = (" ".join(names), SYNONYM)
        return Glossary(words)

    def pieces(self, run: str) -> Cut:
        """The surest cut of a run of Chinese characters: its pieces with their English, in order."""
        best: list[tuple[float, Cut]] = [(0.0, ())]  # of the first 0, 1, 2 ... characters
        for stop in range(1, len(run) + 1):
            choices = [best[stop - 1]]
            for start in range(max(0, stop - LONGEST), stop):
                english, worth = self._meaning(run[start:stop])
                if english:
                    before, cut = best[start]
                    choices.append((before + worth, (*cut, (run[start:stop], english))))
            best.append(max(choices, key=lambda choice: choice[0]))
        return best[-1][1]

    def _meaning(self, piece: str) -> tuple[str, float]:
        """The English of a piece and what it is worth in a cut; nothing and 0 where it is unknown."""
        if piece in self.words:
            english, sure = self.words[piece]
            return english, sure * len(piece)
        for end in ENDS if len(piece) >= MIN_SHARED else ():
            near = [(_shared(piece, name), name) for name in self.names.get((piece[end], end), ())]
            shared, name = max(near, default=(0.0, ""))
            if shared:
                return self.words[name][0], shared
        return "", 0.0


def _shared(piece: str, name: str) -> float:
    """The characters that both have, if one is the other with some left out, less where many are; else 0."""
    short, long = (piece, name) if len(piece) < len(name) else (name, piece)
    if len(short) < MIN_SHARED or len(long) > MOST_CHANGED * len(short):
        return 0.0
    rest = iter(long)
    if not all(character in rest for character in short):
        return 0.0
    return len(short) * 2 * len(short) / (len(short) + len(long))


NO_GLOSSARY = Glossary({})
