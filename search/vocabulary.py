"""The catalogue's words as shoppers read them, for correcting spelling, in arrays that a process holds cheaply.

BM25 keeps stems, but a correction is shown, so it needs whole words. Each has the number of products with it and, for
a sample of at most SAMPLE products, which ones: where two words occur together is what tells "mouse" from "house".
Text is looked up by 64-bit hashes in sorted arrays: 70,000 words and all that belongs to them take 22 MB, where
Python's own dictionaries would take ten times as much.
"""

import io
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from search.letters import Codes, Hashes, codes_of, hash_of, hashes_of, rests_of
from search.words import split_words, stem

LAYOUT = 2  # of what `to_bytes` gives and of the glossary, and of how both are counted: raise it when any changes
SAMPLE = 50_000  # products whose words' neighbours are kept; numbers of 16 bits count them
MIN_PAIR = 2  # products in which two words stand side by side, to be kept
MAX_LETTERS = 20  # of a word that may be corrected, or a correction; longer ones would have too many rests
MIN_STEM = 4  # letters: shorter stems are those of too many words
MIN_COMPOUND = 8  # letters
LONG = 8  # letters of a typed word in which two edits are looked for
COMMON = 5000  # for every so many products of the catalogue, a correction must be in one more,
MOST_NEEDED = 3  # up to so many: a word of one product among many may be a misspelling itself


@dataclass(frozen=True)
class WordSource:
    """What is read of one product."""

    text: str
    brand: str = ""


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """`n` words of the letters a to z, in the order of their hashes; starts have n + 1 entries."""

    products: npt.NDArray[np.uint32]  # (1,): how many were read
    hashes: Hashes  # (n,)
    letters: Codes  # of all words, one after another
    starts: npt.NDArray[np.uint32]  # of each word in `letters`
    frequencies: npt.NDArray[np.uint32]  # (n,) products with the word
    brands: npt.NDArray[np.bool_]  # (n,) is it part of a brand's name
    postings: npt.NDArray[np.uint16]  # numbers of sampled products, ascending for each word
    posting_starts: npt.NDArray[np.uint32]
    stems: Hashes  # sorted, with
    stem_frequencies: npt.NDArray[np.uint32]  # products with any word of that stem
    pairs: Hashes  # of "a b", sorted, with
    pair_counts: npt.NDArray[np.uint32]  # sampled products in which b follows a
    english: Hashes  # words of the language, whether in the catalogue or not; sorted
    deletes: npt.NDArray[np.uint32]  # upper halves of the hashes of what is left of a word, sorted, with
    deleted_from: npt.NDArray[np.uint32]  # the word's number

    def find(self, word: str) -> int | None:
        """The word's number."""
        return _place(self.hashes, word)

    def word(self, number: int) -> str:
        return self.letters[self.starts[number] : self.starts[number + 1]].tobytes().decode()

    def is_brand(self, word: str) -> bool:
        number = self.find(word)
        return number is not None and bool(self.brands[number])

    def frequency(self, word: str) -> int:
        """In how many products it occurs as it stands."""
        number = self.find(word)
        return 0 if number is None else int(self.frequencies[number])

    def stem_frequency(self, word: str) -> int:
        """In how many products it occurs in any of its forms."""
        root = stem(word)
        place = _place(self.stems, root) if len(root) >= MIN_STEM else None
        if place is not None:
            return int(self.stem_frequencies[place])
        return self.frequency(word)

    def pair_count(self, first: str, second: str) -> int:
        """In how many sampled products the second follows the first."""
        place = _place(self.pairs, f"{first} {second}")
        return 0 if place is None else int(self.pair_counts[place])

    def is_english(self, word: str) -> bool:
        return _place(self.english, word) is not None

    def is_compound(self, word: str) -> bool:
        """Whether it is two words of the language in one, like "earphones"."""
        return any(self.is_english(first) and self.is_english(second) for first, second in halves(word))

    def sampled(self, number: int) -> npt.NDArray[np.uint16]:
        """The sampled products with that word."""
        return self.postings[self.posting_starts[number] : self.posting_starts[number + 1]]

    def together(self, first: int, second: int) -> int:
        """In how many sampled products both occur."""
        few, many = sorted((self.sampled(first), self.sampled(second)), key=len)
        if not len(few):
            return 0
        places = np.minimum(np.searchsorted(many, few), len(many) - 1)
        return int(np.count_nonzero(many[places] == few))

    def near(self, word: str) -> list[int]:
        """Numbers of words that may be one edit away (two for a LONG word), among others that are not."""
        codes = codes_of([word])
        most = 2 if len(word) >= LONG else 1
        rests = np.concatenate([rests_of(codes, count)[0] for count in range(most + 1)])
        left, right = np.searchsorted(self.deletes, rests, "left"), np.searchsorted(self.deletes, rests, "right")
        found = [self.deleted_from[a:b] for a, b in zip(left, right, strict=True) if b > a]
        return np.unique(np.concatenate(found)).tolist() if found else []

    def finished(self, beginning: str) -> str | None:
        """The commonest longer word that begins so."""
        starts, lengths = self.starts[:-1].astype(np.int64), np.diff(self.starts)
        numbers = np.flatnonzero(lengths > len(beginning))
        for place, code in enumerate(beginning.encode()):
            numbers = numbers[self.letters[starts[numbers] + place] == code]
        return self.word(int(numbers[np.argmax(self.frequencies[numbers])])) if len(numbers) else None

    def to_bytes(self) -> bytes:
        file = io.BytesIO()
        np.savez(file, **{field.name: getattr(self, field.name) for field in fields(self)})
        return file.getvalue()


def from_bytes(contents: bytes) -> Vocabulary:
    """Takes milliseconds: everything was worked out by `build_vocabulary`. Raises KeyError for another layout."""
    arrays = np.load(io.BytesIO(contents), allow_pickle=False)
    return Vocabulary(**{field.name: arrays[field.name] for field in fields(Vocabulary)})


def build_vocabulary(sources: Iterable[WordSource], *, products: int, english: Collection[str] = ()) -> Vocabulary:
    """From about `products` sources; some 15 µs a word. Memory grows with the words, not with the products."""
    counted = _Counted(stride=max(1, -(-products // SAMPLE)))
    for number, source in enumerate(sources):
        counted.add(number, source)
    return counted.vocabulary(sorted(filter(is_plain, english)))


class _Counted:
    """What is counted while products are read."""

    def __init__(self, stride: int) -> None:
        self.stride = stride  # every so many products one is sampled
        self.products = 0
        self.words: Counter[str] = Counter()
        self.stems: Counter[str] = Counter()
        self.pairs: Counter[str] = Counter()
        self.brands: set[str] = set()
        self.postings: defaultdict[str, list[int]] = defaultdict(list)

    def add(self, number: int, source: WordSource) -> None:
        found = split_words(f"{source.text} . {source.brand}")
        plain = set(filter(is_plain, found))
        self.products += 1
        self.words.update(plain)
        self.stems.update({stem(word) for word in plain})
        self.brands.update(filter(is_plain, split_words(source.brand)))
        sampled, over = divmod(number, self.stride)
        if not over and sampled <= np.iinfo(np.uint16).max:
            self.pairs.update({f"{a} {b}" for a, b in pairwise(found) if a in plain and b in plain})
            for word in plain:
                self.postings[word].append(sampled)

    def vocabulary(self, english: Sequence[str]) -> Vocabulary:
        hashes = hashes_of(list(self.words))
        order = np.argsort(hashes)
        words = np.array(list(self.words), dtype=object)[order].tolist()
        frequencies = np.array([self.words[word] for word in words], dtype=np.uint32)
        postings = [self.postings.get(word, []) for word in words]
        stems, stem_frequencies = _counts(self.stems)
        pairs, pair_counts = _counts({pair: count for pair, count in self.pairs.items() if count >= MIN_PAIR})
        deletes, deleted_from = _deletes(words, self._may_be_meant(words, set(english)))
        return Vocabulary(
            products=np.array([self.products], dtype=np.uint32),
            hashes=hashes[order],
            letters=np.frombuffer("".join(words).encode(), dtype=np.uint8),
            starts=_starts(words),
            frequencies=frequencies,
            brands=np.array([word in self.brands for word in words], dtype=np.bool_),
            postings=np.array([number for numbers in postings for number in numbers], dtype=np.uint16),
            posting_starts=_starts(postings),
            stems=stems,
            stem_frequencies=stem_frequencies,
            pairs=pairs,
            pair_counts=pair_counts,
            english=np.sort(hashes_of(english)),
            deletes=deletes,
            deleted_from=deleted_from,
        )

    def _may_be_meant(self, words: Sequence[str], english: Collection[str]) -> npt.NDArray[np.bool_]:
        """(n,): brands, words of the language or of two such, and what is in too many products to be misspelt."""
        least = min(MOST_NEEDED, 1 + self.products // COMMON)
        sure = self.brands.union(english)
        return np.array(
            [
                self.stems[stem(word)] >= least
                or word in sure
                or any(first in english and second in english for first, second in halves(word))
                for word in words
            ],
            dtype=np.bool_,
        )


def halves(word: str) -> Iterator[tuple[str, str]]:
    """Every way to take it for two words of three letters or more, if it has MIN_COMPOUND."""
    if len(word) >= MIN_COMPOUND:
        yield from ((word[:place], word[place:]) for place in range(3, len(word) - 2))


def is_plain(word: str) -> bool:
    """Of the letters a to z alone: nothing else is ever corrected, or a correction."""
    return word.isascii() and word.isalpha() and word.islower()


def _starts(pieces: Sequence[Sequence[Any]]) -> npt.NDArray[np.uint32]:
    return np.cumsum([0, *map(len, pieces)]).astype(np.uint32)


def _counts(counts: dict[str, int]) -> tuple[Hashes, npt.NDArray[np.uint32]]:
    hashes = hashes_of(list(counts))
    order = np.argsort(hashes)
    return hashes[order], np.array(list(counts.values()), dtype=np.uint32)[order]


def _deletes(
    words: Sequence[str], wanted: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """What is left of each wanted word without 0, 1 or, for those that a LONG word may mean, 2 letters."""
    rests, numbers = [np.empty(0, np.uint32)], [np.empty(0, np.uint32)]
    for length, members in _by_length(words, wanted):
        codes = codes_of([words[number] for number in members])
        for count in range(3 if length >= LONG - 2 else 2):
            left = rests_of(codes, count)  # (members, variants)
            rests.append(left.ravel())
            numbers.append(np.repeat(np.array(members, dtype=np.uint32), left.shape[1]))
    found, owners = np.concatenate(rests), np.concatenate(numbers)
    order = np.argsort(found, kind="stable")
    return found[order], owners[order]


def _by_length(words: Sequence[str], wanted: npt.NDArray[np.bool_]) -> Iterator[tuple[int, list[int]]]:
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for number in np.flatnonzero(wanted).tolist():
        groups[len(words[number])].append(number)
    for length in sorted(groups):
        if 2 < length <= MAX_LETTERS:
            yield length, groups[length]


def _place(hashes: Hashes, text: str) -> int | None:
    """Where the text's hash is in a sorted array."""
    wanted = hash_of(text)
    place = int(np.searchsorted(hashes, wanted))
    return place if place < len(hashes) and hashes[place] == wanted else None
