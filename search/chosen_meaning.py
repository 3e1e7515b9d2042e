"""What a query means by what shoppers chose for it: its vector moves towards the products that were chosen.

Relevance feedback (Rocchio 1971) with clicks in the place of a person's judgments: products are found that nobody was
shown yet, because they are near those that were chosen. A longer query that ends in a known one means such a thing,
too: "big black brolly" when shoppers have told what a brolly is, "best jogging footwear". The end must be all that
says what is wanted, so a single word counts only where the catalogue does not know it: a pencil case is no phone case,
whatever those who search for "case" choose.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from search.click_lifts import memory_key
from search.encoder import Vectors
from search.models import ProductEmbedding
from search.remembered_clicks import memory_of
from search.said_categories import end_of_thing
from search.words import is_chinese, stem

WEIGHT = 1.0  # of the chosen products beside the query's own vector, once many shoppers have chosen
SURE = 1.0  # sum of lifts at which they have half of that
MOST_PRODUCTS = 10  # those that were chosen most
MAX_AGE_S = 3600.0  # of their mean: an edit moves one product a little


@dataclass(frozen=True)
class Meant:
    """The query whose clicks tell, and its chosen products with their lifts, highest first."""

    query: str
    product_ids: tuple[int, ...]
    lifts: tuple[float, ...]


def meant_by(query: str, typed: str, unknown: Sequence[str] = ()) -> Meant | None:
    """What clicks tell of the query as it was understood or `typed`, else of its longest end; mostly nothing.

    `unknown` are the terms of the query that no product has. No SQL query, as a rule.
    """
    found = _meant(query, memory_of(query, typed))
    ends = () if found else _ends(query, frozenset(unknown))
    return found or next((meant for end in ends if (meant := _meant(end, memory_of(end)))), None)


def moved(vector: Vectors, version_id: int, meant: Meant) -> Vectors:
    """(d,) the query's vector, moved and of length 1 again. One SQL query where others have not asked before."""
    centre = _centre(version_id, meant, int(time.monotonic() / MAX_AGE_S))
    if centre is None:
        return vector
    sum_of_lifts = sum(meant.lifts)
    mixed = vector + WEIGHT * sum_of_lifts / (sum_of_lifts + SURE) * centre
    unit: Vectors = (mixed / np.linalg.norm(mixed)).astype(np.float32)
    return unit


def forget() -> None:
    """Reads vectors anew: for tests, and in another database."""
    _centre.cache_clear()


def _meant(query: str, lifts: dict[int, float]) -> Meant | None:
    chosen = sorted((pair for pair in lifts.items() if pair[1] > 0), key=lambda pair: (-pair[1], pair[0]))
    if not chosen:
        return None
    product_ids, values = zip(*chosen[:MOST_PRODUCTS], strict=True)
    return Meant(query, product_ids, values)


def _ends(query: str, unknown: frozenset[str]) -> Iterator[str]:
    """The longest first. All have the word that says what is wanted: it comes last, or before "for" and such."""
    if is_chinese(query):  # without spaces; it is read in English (search/glossary.py)
        return
    words = memory_key(query).split()
    thing = end_of_thing(words)
    stretches = [(start, len(words)) for start in range(1, thing)]
    if thing < len(words):
        stretches += [(start, thing) for start in range(thing)]
    for start, stop in stretches:
        if stop - start > 1 or stem(words[start]) in unknown:
            yield " ".join(words[start:stop])


@lru_cache(maxsize=2000)
def _centre(version_id: int, meant: Meant, hour: int) -> Vectors | None:
    """(d,) the mean of the chosen products' vectors by their lifts, of length 1; None where none has a vector."""
    rows = ProductEmbedding.objects.filter(version_id=version_id, product_id__in=meant.product_ids)
    vectors = dict(rows.values_list("product_id", "vector"))
    lift_of = dict(zip(meant.product_ids, meant.lifts, strict=True))
    if not vectors:
        return None
    rows_of = np.array([vector for _, vector in sorted(vectors.items())], dtype=np.float32)
    total = np.array([lift_of[pk] for pk in sorted(vectors)], dtype=np.float32) @ rows_of
    centre: Vectors = total / np.linalg.norm(total)
    return centre
