"""Text to the pieces that the phone's search works with: the same for products, for training and for queries.

Words are lower-cased and lose their accents, as in search/words.py; Chinese runs become overlapping pairs. There is no
stemmer, which would be a download of its own: a plural's "s" is taken off, prefixes and typos do the rest. What is
written here is written again in `frontend/src/pack/tokens.ts`, so it keeps to what both languages do alike.
"""

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

_CHINESE = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUN = re.compile(rf"[{_CHINESE}]+|[^\W_{_CHINESE}]+(?:\.[0-9]+)*")
MAX_LENGTH = 40
SHORTEST_PLURAL = 4  # letters: "gas" is none


def pieces(text: str) -> list[str]:
    """Words in order, Chinese as pairs of characters; a single Chinese character is a piece of its own."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(char for char in decomposed if unicodedata.category(char) != "Mn")
    found = []
    for run in _RUN.findall(plain):
        if not is_chinese(run):
            found.append(run[:MAX_LENGTH])
        else:
            found += [run] if len(run) == 1 else ["".join(pair) for pair in pairwise(run)]
    return found


def is_chinese(piece: str) -> bool:
    return "\u3400" <= piece[0] <= "\u4dbf" or "\u4e00" <= piece[0] <= "\u9fff" or "\uf900" <= piece[0] <= "\ufaff"


def fold(piece: str) -> str:
    """Without the "s" of a plural."""
    is_plural = len(piece) >= SHORTEST_PLURAL and piece.endswith("s") and not piece.endswith("ss")
    return piece[:-1] if is_plural else piece


def features(words: Sequence[str]) -> list[str]:
    """What has a vector: each word, and each two neighbours as "a b"."""
    return [*words, *(f"{first} {second}" for first, second in pairwise(words))]


def is_unfinished(text: str) -> bool:
    """Whether the last word may go on."""
    return bool(text) and not text[-1].isspace()
