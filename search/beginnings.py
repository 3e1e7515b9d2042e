"""Words that begin like what was typed with one mistake in it: "hedph" is how "headphones" begins, without its "a".

While a word is being typed its end is missing, so the distance to whole words says nothing: what was typed is compared
with the beginning of every word that has the same first letter (people rarely get that wrong). All at once in NumPy,
over the letters that a vocabulary keeps anyway: under a millisecond for 70,000 words, and nothing more in memory. The
mistakes are those of Damerau (1964): a letter left out, one too many, a wrong one, two neighbours swapped.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.letters import Codes, codes_of

MIN_TYPED = 4  # letters; what is shorter is near too many words

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Words:
    """`n` words of the letters a to z; `weights` say how common each is."""

    letters: Codes  # of all words, one after another
    starts: npt.NDArray[np.uint32]  # (n + 1,) of each word in `letters`
    weights: npt.NDArray[np.uint32]  # (n,)


@dataclass(frozen=True)
class Beginning:
    """How words begin that may be meant. `likely`: every letter that was typed is in it, so it is the better guess."""

    text: str
    likely: bool
    weight: int  # of all words that begin so


def words_of(weights: Mapping[str, int]) -> Words:
    """From words of the letters a to z."""
    known = list(weights)
    return Words(
        letters=np.frombuffer("".join(known).encode(), dtype=np.uint8),
        starts=np.cumsum([0, *map(len, known)]).astype(np.uint32),
        weights=np.array([weights[word] for word in known], dtype=np.uint32),
    )


def near_beginnings(typed: str, words: Words) -> list[Beginning]:
    """What `typed`, of the letters a to z, may be meant to be, best first; never itself."""
    if len(typed) < MIN_TYPED or not len(words.weights):
        return []
    heads, weights = _heads(typed, words)
    found: dict[str, Beginning] = {}
    for rows, length, likely in _near(codes_of([typed])[0], heads):
        counted: Counter[bytes] = Counter()
        for row in np.flatnonzero(rows).tolist():
            counted[heads[row, :length].tobytes()] += int(weights[row])
        for code, weight in counted.items():
            text = code.decode()
            if text != typed:
                found.setdefault(text, Beginning(text, likely, weight))
    return sorted(found.values(), key=lambda one: (not one.likely, -one.weight, one.text))


def _heads(typed: str, words: Words) -> tuple[Codes, npt.NDArray[np.uint32]]:
    """(m, length + 1) first letters, 0 after a word's end, and (m,) weights, of the words that can be near."""
    width = len(typed) + 1
    starts, ends = words.starts[:-1], words.starts[1:]
    can_be = (words.letters[starts] == ord(typed[0])) & (ends - starts >= width - 2)
    places = starts[can_be][:, None] + np.arange(width)  # (m, width)
    heads = words.letters[np.minimum(places, len(words.letters) - 1)]
    heads[places >= ends[can_be][:, None]] = 0
    return heads, words.weights[can_be]


def _near(typed: Codes, heads: Codes) -> list[tuple[Flags, int, bool]]:
    """For each kind of mistake: which rows it explains, how many of their letters were meant, and is it likely."""
    n = len(typed)
    same = heads[:, :n] == typed
    until, after = _until(same), _from(same)  # (m, n + 1): the first k agree; all from k on do
    left_out = until[:, 1:n] & _from(heads[:, 1:] == typed)[:, 1:n]
    swapped = (
        until[:, 1 : n - 1]
        & (heads[:, 1 : n - 1] == typed[2:])
        & (heads[:, 2:n] == typed[1:-1])
        & after[:, 3:]
    )  # fmt: skip
    wrong = until[:, 1 : n - 1] & after[:, 2:n]
    too_many = until[:, 1:n] & _from(heads[:, : n - 1] == typed[1:])[:, 1:]
    is_new = ~until[:, n]
    return [
        (rows.any(axis=1) & is_new, length, likely)
        for rows, length, likely in (
            (left_out, n + 1, True), (swapped, n, True), (wrong, n, False), (too_many, n - 1, False),
        )
    ]  # fmt: skip


def _until(same: Flags) -> Flags:
    """(m, n + 1) from (m, n): whether all columns before k are true."""
    first = np.ones((len(same), 1), dtype=np.bool_)
    return np.logical_and.accumulate(np.hstack([first, same]), axis=1)


def _from(same: Flags) -> Flags:
    """(m, n + 1) from (m, n): whether all columns from k on are true."""
    return _until(same[:, ::-1])[:, ::-1]
