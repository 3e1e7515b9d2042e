"""Words as letters: how many edits are between two, and hashes by which near ones are found among many.

Two words are at most k edits apart only if taking k letters or fewer out of each can leave the same rest (Garbe 2012,
SymSpell). So the rests of all words are hashed beforehand, many words at once, and those of a typed word looked up.
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from itertools import combinations

import numpy as np
import numpy.typing as npt

_MULTIPLIER = 0x9E3779B97F4A7C15
_MASK = 2**64 - 1
_POWERS = np.array([pow(_MULTIPLIER, place + 1, 2**64) for place in range(128)], dtype=np.uint64)

Hashes = npt.NDArray[np.uint64]
Codes = npt.NDArray[np.uint8]  # letters as bytes


def edit_distance(first: str, second: str, *, most: int) -> int:
    """Letters to insert, delete, replace, or swap with their neighbour; `most` + 1 if there are more.

    Optimal string alignment (Damerau 1964). What both begin and end with is left out first.
    """
    if abs(len(first) - len(second)) > most:
        return most + 1
    start = 0
    while start < min(len(first), len(second)) and first[start] == second[start]:
        start += 1
    first, second = first[start:], second[start:]
    while first and second and first[-1] == second[-1]:
        first, second = first[:-1], second[:-1]
    before, row = [0] * (len(second) + 1), list(range(len(second) + 1))
    for i, a in enumerate(first):
        before, last, row = row, before, [i + 1]
        for j, b in enumerate(second):
            cost = min(before[j] + (a != b), before[j + 1] + 1, row[j] + 1)
            if i and j and a == second[j - 1] and b == first[i - 1]:
                cost = min(cost, last[j - 1] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def codes_of(words: Sequence[str]) -> Codes:
    """(n, length) of words that are equally long."""
    return np.frombuffer("".join(words).encode(), dtype=np.uint8).reshape(len(words), -1)


def rests_of(codes: Codes, count: int) -> npt.NDArray[np.uint32]:
    """(n, variants): hashes of what is left when `count` letters are taken out, in every way."""
    left = np.empty((len(codes), len(_kept(codes.shape[1], count))), dtype=np.uint32)
    for column, kept in enumerate(_kept(codes.shape[1], count)):
        left[:, column] = _mixed(codes[:, kept]) >> np.uint64(32)
    return left


@cache
def _kept(length: int, count: int) -> npt.NDArray[np.intp]:
    """(variants, length - count): the places of the letters that stay."""
    gone = combinations(range(length), min(count, length))
    return np.array([[place for place in range(length) if place not in out] for out in gone], dtype=np.intp)


def hashes_of(texts: Sequence[str]) -> Hashes:
    """(n,): of each text, in order."""
    found = np.empty(len(texts), dtype=np.uint64)
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for number, text in enumerate(texts):
        groups[len(text)].append(number)
    for members in groups.values():
        found[members] = _mixed(codes_of([texts[number] for number in members]))
    return found


def _mixed(codes: Codes) -> Hashes:
    """(n,) from (n, length), length at most 128: sums of letters times powers of an odd number, bits spread."""
    total: Hashes = (codes.astype(np.uint64) * _POWERS[: codes.shape[1]]).sum(axis=1, dtype=np.uint64)
    total ^= total >> np.uint64(32)
    return total * np.uint64(_MULTIPLIER)


def hash_of(text: str) -> np.uint64:
    total, power = 0, 1
    for code in text.encode():
        power = power * _MULTIPLIER & _MASK
        total += code * power
    total &= _MASK
    total ^= total >> 32
    return np.uint64(total * _MULTIPLIER & _MASK)
