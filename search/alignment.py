"""Which English words a piece of Chinese stands for, found in texts that say the same in both languages.

Names (of categories, of attributes' values) are a dictionary as they are. Of titles and sentences those words and
pieces belong together that occur in the same texts: the Dice coefficient of both, as for collocations in parallel
texts (Smadja et al. 1996). Chinese has no spaces, so every stretch of up to LONGEST characters is a piece, and a query
takes the ones that are surest (search/glossary.py). What both languages write alike (brands, numbers) needs no entry.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from search.glossary import NAME, Entries, Glossary
from search.words import STOP_WORDS, is_chinese, split_words, stem

LONGEST = 4  # characters of a piece
LEAST = 0.3  # Dice coefficient of a piece and a word that belong together,
LEAST_OF_ONE = 0.35  # of a piece of one character, which has more meanings
MIN_TOGETHER = 2  # different texts with both: what is together once is together with the whole text
NEARLY = 0.95  # of the best word's coefficient: a word that belongs to the piece as well ("power bank")
MOST_WORDS = 3  # of a piece
BOUND = 0.9  # of the texts with a piece and a word: more with one longer piece, and the word belongs to that
FOREIGN = 0.7  # is left of such a coefficient
USUAL = 0.9  # of a piece's texts: standing in a longer piece so often, it is that one, said shorter
SHORT = 12  # English words of a name, or of a sentence that says which of them belongs to what
MOST_TEXTS = 10_000  # different ones that are counted; a second for 2,000

Text = tuple[tuple[str, ...], tuple[str, ...]]  # English words, runs of Chinese


class Pair(NamedTuple):
    """The same in both languages."""

    english: str
    chinese: str


def make_glossary(names: Iterable[Pair], texts: Iterable[Pair]) -> Glossary:
    """The names first, then titles and sentences until there are MOST_TEXTS different ones."""
    called = [text for pair in names if (text := _own_words(pair))]
    told = (text for pair in texts if (text := _own_words(pair)))
    different = dict.fromkeys(called)
    for text in told:
        if len(different) >= MOST_TEXTS:
            break
        different[text] = None
    return Glossary({**_aligned(list(different)), **_named(called)})


def _own_words(pair: Pair) -> Text | None:
    """What the texts have in their own language, without stop words and numbers; None where either has nothing."""
    chinese = split_words(pair.chinese)
    alike = {word for word in chinese if not is_chinese(word)}
    words = tuple(
        word
        for word in split_words(pair.english)
        if word not in alike and word not in STOP_WORDS and word.isalpha() and not is_chinese(word)
    )
    runs = tuple(word for word in chinese if is_chinese(word))
    return (words, runs) if words and runs else None


def _named(texts: Sequence[Text]) -> Entries:
    """Names as they are; of several the one that is used most."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for words, runs in texts:
        if len(runs) == 1 and len(words) <= SHORT:
            found[runs[0]][" ".join(words)] += 1
    return {name: (_commonest(words), NAME) for name, words in found.items()}


def _aligned(texts: Sequence[Text]) -> Entries:
    pieces = Counter(piece for _, runs in texts for piece in _pieces(runs))
    stems = Counter(root for words, _ in texts for root in _places(words))
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)  # of a stem, as written
    both: Counter[tuple[str, str]] = Counter()
    places: defaultdict[tuple[str, str], float] = defaultdict(float)  # of the stem among its text's words, summed up
    for words, runs in texts:
        for word in words:
            forms[stem(word)][word] += 1
        wanted = {root: place for root, place in _places(words).items() if stems[root] >= MIN_TOGETHER}
        for piece in _pieces(runs):
            if pieces[piece] < MIN_TOGETHER:
                continue
            for root, place in wanted.items():
                both[piece, root] += 1
                places[piece, root] += place
    found: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)
    foreign = _foreign(pieces, both)
    for (piece, root), together in both.items():
        dice = 2 * together / (pieces[piece] + stems[root])
        if (piece, root) in foreign:
            dice *= FOREIGN
        if together >= MIN_TOGETHER and dice >= (LEAST_OF_ONE if len(piece) == 1 else LEAST):
            found[piece].append((dice, root))
    entries = {}
    for piece, words_of in found.items():
        best = max(words_of)[0]
        kept = [root for dice, root in islice(sorted(words_of, reverse=True), MOST_WORDS) if dice >= NEARLY * best]
        kept.sort(key=lambda root, piece=piece: (places[piece, root] / both[piece, root], root))  # type: ignore[misc]
        entries[piece] = (" ".join(_commonest(forms[root]) for root in kept), best)
    return entries


def _pieces(runs: Sequence[str]) -> set[str]:
    return {run[at : at + size] for run in runs for size in range(1, LONGEST + 1) for at in range(len(run) - size + 1)}


def _places(words: Sequence[str]) -> dict[str, float]:
    """Each stem with its first place, 0 to 1."""
    return {stem(word): place / len(words) for place, word in reversed(list(enumerate(words)))}


def _foreign(pieces: Counter[str], both: Counter[tuple[str, str]]) -> set[tuple[str, str]]:
    """Pieces and stems that mostly meet within one and the same longer piece, which has the meaning: "发" has not that
    of "沙发". A piece that hardly stands elsewhere stands for the longer one ("背包" for "双肩背包")."""
    found = set()
    for (longer, root), together in both.items():
        for piece in {longer[1:], longer[:-1]} - {""}:
            if pieces[longer] < USUAL * pieces[piece] and together > BOUND * both[piece, root]:
                found.add((piece, root))
    return found


def _commonest(counted: Counter[str]) -> str:
    return min(counted, key=lambda text: (-counted[text], text))
