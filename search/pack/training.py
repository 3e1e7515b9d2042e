"""What the phone's encoder is trained on: queries made of the catalogue, those of the log, and single words.

A word that no query has could not be learned from queries, so each is a query of its own: the catalogue's words, and of
the language's common ones those that come near to a product ("refrigerator" in a shop that sells "fridges").
"""

from collections import Counter
from collections.abc import Set
from datetime import timedelta

import numpy as np
from django.db.models import Count
from django.utils import timezone

from search.collecting import query_maker
from search.encoder import Vectors
from search.index import product_texts
from search.models import EncoderVersion, SearchQuery
from search.pack.encoder import PackEncoder, Space, train
from search.pack.tokens import is_chinese, pieces
from search.versions import ActiveEncoder
from shop.catalog.models import Product

EXAMPLES = 20_000  # of the catalogue, many of them the same; nDCG@10 of vectors alone on Icecat 0.66 with 8,000
WINDOW = timedelta(days=90)
MOST_LOGGED = 3000
MIN_CLIENTS = 3  # what fewer people typed is nobody else's business
MOST_WORDS = 8000  # of the catalogue
COMMON_WORDS = 8000  # of the language, from which
NEAR_WORDS = 4000  # the nearest to any product are taken; the phone knows the others as no typos
SAMPLE = 4000  # products that words are compared with
SEED = 7


def train_encoder(active: ActiveEncoder, version: EncoderVersion, vectors: Vectors, space: Space) -> PackEncoder:
    """For the version's products with these (n, d) vectors; encodes some 20,000 short texts, a minute or two.

    The same for the same catalogue and log.
    """
    reads_chinese = active.encoder.config.reads_chinese
    queries = _readable(_queries(version), reads_chinese)
    own = list(_readable(_catalogue_words(set(active.encoder.whole_words())), reads_chinese))[:MOST_WORDS]
    known = set(own)
    common = [word for word in active.encoder.common_words(COMMON_WORDS) if word not in known]
    own_vectors, common_vectors = _encode(active, own), _encode(active, common)
    near = _nearest(common_vectors, vectors)
    words = [*own, *(common[place] for place in near)]
    stacked = np.vstack([own_vectors, common_vectors[near], _encode(active, list(queries))])
    taken = set(near)
    others = [word for place, word in enumerate(common) if place not in taken]
    return train(words, queries, stacked, space, others=others)


def _queries(version: EncoderVersion) -> Counter[str]:
    """As often as they were made, and as often as people typed them."""
    made = Counter(example.query for example in query_maker(version).examples(EXAMPLES, seed=SEED).examples)
    logged = (
        SearchQuery.objects.filter(created_at__gte=timezone.now() - WINDOW, first_position=1)
        .exclude(query="")
        .values_list("query")
        .annotate(clients=Count("client_id", distinct=True))
        .filter(clients__gte=MIN_CLIENTS)
        .order_by("-clients", "query")[:MOST_LOGGED]
    )
    return made + Counter(dict(logged))


def _catalogue_words(language: Set[str]) -> Counter[str]:
    """In how many products each is; words of the language first, before codes and names, then the most frequent."""
    counted: Counter[str] = Counter()
    for text in product_texts(list(Product.objects.filter(is_active=True).values_list("id", flat=True))).values():
        counted.update(set(pieces(" ".join(words for place, words in text.places() if place != "numbers"))))
    return Counter(dict(sorted(counted.items(), key=lambda item: (item[0] not in language, -item[1], item[0]))))


def _readable(counted: Counter[str], reads_chinese: bool) -> Counter[str]:
    """Without what the encoder cannot read: its vectors would be noise."""
    if reads_chinese:
        return counted
    return Counter({text: count for text, count in counted.items() if not any(map(is_chinese, pieces(text)))})


def _nearest(words: Vectors, products: Vectors) -> list[int]:
    """Places of the words that come nearest to any of a sample of products, in order."""
    sample = products[:: max(1, len(products) // SAMPLE)]
    cosines = (words @ sample.T).max(axis=1)
    return sorted(np.argsort(-cosines, kind="stable")[:NEAR_WORDS].tolist())


def _encode(active: ActiveEncoder, texts: list[str]) -> Vectors:
    vectors = active.encoder.encode_queries(texts)
    return active.adapter(vectors) if active.adapter and texts else vectors
