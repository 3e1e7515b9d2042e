"""Queries near those that shoppers clicked for, which a round of learning leaves as they are.

What is learned for "laptop bag" moves "laptops" as well, and what is learned for "projector" moves "projector screen":
the words are the same, the things are not. So the words of clicked queries by themselves, in singular and plural, and
the names of things in which they stand are held to what the parent makes of them (search/losses.py), beside what it
finds for them. Edits of models are held in the same way to what they should not touch (locality, Mitchell et al. 2022).
"""

import random
from collections.abc import Collection, Sequence

from django.db import connection
from pgvector import HalfVector

from search.click_lifts import memory_key
from search.encoder import Vectors
from search.models import EncoderVersion
from search.training_set import HELD, Example
from search.words import STOP_WORDS, is_chinese, split_words

NEAREST = 5  # of which one stands beside a query in training, another each time
MIN_LETTERS = 3


def neighbours(clicked: Collection[str], names: Collection[str]) -> list[str]:
    """Other queries that share a word with the clicked ones, sorted; `names` are what the store's things are called."""
    words = {word for query in clicked for word in split_words(query) if _is_word(word)}
    forms = {form for word in words for form in _forms(word)}
    found = forms | {name for name in names if not forms.isdisjoint(split_words(name))}
    known = {memory_key(query) for query in clicked}
    return sorted(query for query in found if memory_key(query) not in known)


def related(query: str, clicked: Collection[str]) -> list[str]:
    """The clicked queries that share a word with it, in singular or plural."""
    words = {memory_key(word) for word in split_words(query)}
    return [one for one in clicked if not words.isdisjoint(map(memory_key, split_words(one)))]


def held_examples(
    version: EncoderVersion, queries: Sequence[str], vectors: Vectors, count: int, rng: random.Random
) -> list[Example]:
    """`count` examples of these queries with their `vectors` (q, d), by turns; none where nothing is near. A SQL query
    each."""
    nearest = {query: _nearest(version, vector) for query, vector in zip(queries, vectors, strict=True)}
    known = [query for query in queries if nearest[query]]
    rng.shuffle(known)
    return [
        Example(query, rng.choice(nearest[query]), source=HELD)
        for query in (known[number % len(known)] for number in range(count if known else 0))
    ]


def _is_word(word: str) -> bool:
    return word.isalpha() and len(word) >= MIN_LETTERS and word not in STOP_WORDS and not is_chinese(word)


def _forms(word: str) -> tuple[str, str]:
    """Singular and plural."""
    singular = memory_key(word)
    return singular, word if word != singular else f"{word}s"


def _nearest(version: EncoderVersion, vector: Vectors) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT product_id FROM search_productembedding WHERE version_id = %s AND is_for_sale "
            "ORDER BY vector <#> %s::halfvec LIMIT %s",
            [version.pk, HalfVector(vector).to_text(), NEAREST],
        )
        return [product_id for (product_id,) in cursor.fetchall()]
