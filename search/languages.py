"""Whether Chinese queries find what their English twins find, and what of reading Chinese brings that about.

A pair agrees where the first TOP hits of both share a product. Pairs come from a CSV file with the columns kind,
english, chinese.
"""

import csv
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from search import corrections
from search.datasets import DatasetInvalid
from search.glossary import NAME, NO_GLOSSARY, Glossary
from search.pipeline import search_products

TOP = 3
COLUMNS = ("kind", "english", "chinese")
# What is left of the glossary: nothing, names as they are, or words that were found in titles and sentences too.
PARTS: dict[str, Callable[[Glossary], Glossary]] = {
    "words as typed": lambda glossary: NO_GLOSSARY,
    "and names": lambda glossary: Glossary({zh: entry for zh, entry in glossary.words.items() if entry[1] == NAME}),
    "and aligned words": lambda glossary: glossary,
}


@dataclass(frozen=True)
class Twins:
    """The same wish in both languages."""

    kind: str
    english: str
    chinese: str


def read_twins(path: Path) -> list[Twins]:
    """Raises DatasetInvalid for a file that cannot be read or has other columns."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetInvalid(f"{path} cannot be read: {error}") from error
    if not rows or any(set(row) != set(COLUMNS) or None in row.values() for row in rows):
        raise DatasetInvalid(f"{path} needs rows with the columns {', '.join(COLUMNS)}.")
    return [Twins(**row) for row in rows]


def disagreeing(twins: Sequence[Twins]) -> list[Twins]:
    """Those whose first TOP hits have nothing in common, or of which one finds nothing."""
    return [pair for pair in twins if not _first(pair.english) & _first(pair.chinese)]


def agreement_by_part(twins: Sequence[Twins]) -> dict[str, Counter[str]]:
    """How many pairs of each kind agree with each of PARTS."""
    glossary = corrections.glossary()
    found = {}
    try:
        for part, of in PARTS.items():
            corrections.read_chinese_by(of(glossary))
            missed = disagreeing(twins)
            found[part] = Counter(pair.kind for pair in twins if pair not in missed)
    finally:
        corrections.forget()
    return found


def _first(query: str) -> set[int]:
    return {hit.product_id for hit in search_products(query).hits[:TOP]}
