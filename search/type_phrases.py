"""What products are called: phrases of titles that stay within few kinds, "toner cartridge" and not "black".

A store often has no categories, or coarse ones, but its titles name the thing. A run of up to three words is a name of
a type if the products that have it lie in few of the kinds that search/partitions.py finds: the effective number of
kinds, exp of the entropy (Hill 1973), is small. Most kinds of such products are the phrase's home; a product elsewhere
that has the words is something about the thing: a bag for notebooks, spare parts of a printer.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from search.partitions import Types
from search.words import STOP_WORDS, split_words

MIN_PRODUCTS = 5
MAX_WORDS = 3
MAX_KINDS = 14.0  # effective number of kinds of a frequent phrase: colours have 20 and more on the Icecat catalogue
FREQUENT = 200  # products; a phrase of few products may have half as many kinds
HOME_SHARE = 0.08  # of the phrase's products that a kind has at least to be its home
_NAME = re.compile(r"[a-z]{3,}(?:-[a-z]+)*")


@dataclass
class TypePhrases:
    """`of[row]` are the names of each product, the most telling first; `others[name]` are the rows of products that
    have the words although they are something else; `kinds[name]` is the effective number of kinds."""

    of: list[list[str]]
    others: dict[str, list[int]] = field(default_factory=dict)
    kinds: dict[str, float] = field(default_factory=dict)


def find_type_phrases(titles: Sequence[str], brands: Sequence[str], kinds: Types) -> TypePhrases:
    """Of products in rows; `kinds` is (n, p), or (n, 0) where there are too few products to have any."""
    phrases = [_phrases(title, brand) for title, brand in zip(titles, brands, strict=True)]
    rows_of: dict[str, list[int]] = defaultdict(list)
    for row, own in enumerate(phrases):
        for phrase in own:
            rows_of[phrase].append(row)
    found = TypePhrases(of=[[] for _ in titles])
    for phrase, rows in rows_of.items():
        if len(rows) >= MIN_PRODUCTS:
            _add(found, phrase, rows, kinds[rows])
    for names in found.of:
        names.sort(key=lambda phrase: (found.kinds[phrase] / len(phrase.split()) ** 0.5, phrase))
    return found


def _phrases(title: str, brand: str) -> set[str]:
    """Runs of one to three words without digits and without the brand, not beginning or ending with a stop word."""
    brand_words = set(split_words(brand))
    found = set()
    for run in re.split(r"[,;()\[\]/|]|\s-\s", title.lower()):
        words = run.split()
        for length in range(1, MAX_WORDS + 1):
            for start in range(len(words) - length + 1):
                part = words[start : start + length]
                if (
                    all(_NAME.fullmatch(word) and word not in brand_words for word in part)
                    and part[0] not in STOP_WORDS
                    and part[-1] not in STOP_WORDS
                ):
                    found.add(" ".join(part))
    return found


def _add(found: TypePhrases, phrase: str, rows: list[int], kinds: Types) -> None:
    spread, homes = _spread(kinds)
    if spread > MAX_KINDS * (0.5 + 0.5 * min(1.0, len(rows) / FREQUENT)):
        return
    found.kinds[phrase] = spread
    elsewhere = []
    for row, own in zip(rows, kinds.tolist(), strict=True):
        at_home = sum(kind in home for kind, home in zip(own, homes, strict=True))
        if 2 * at_home >= len(homes):
            found.of[row].append(phrase)
        elif not at_home:
            elsewhere.append(row)
    if elsewhere:
        found.others[phrase] = elsewhere


def _spread(kinds: Types) -> tuple[float, list[set[int]]]:
    """The effective number of kinds, averaged over partitions, and the home kinds in each."""
    spreads, homes = [], []
    for column in kinds.T:
        counts = Counter(column.tolist())
        shares = np.array(list(counts.values())) / len(column)
        spreads.append(math.exp(-float((shares * np.log(shares)).sum())))
        homes.append({kind for kind, count in counts.items() if count >= HOME_SHARE * len(column)})
    return (float(np.mean(spreads)) if spreads else 1.0), homes
