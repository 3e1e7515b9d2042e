"""Spelling corrections with the words of the catalogue as it is now: keeps the vocabulary built, and at hand.

The vocabulary is built whole, by a background task, into one row; every web process takes that row when there is a
newer one. A table of words that each write keeps up would have to remember every product's words to take them back,
and a process that read the products itself would stand still for seconds. Built anew a catalogue of 20,000 takes three
seconds, so after an edit its words are known within minutes; what the index has learned since is looked up before a
correction is made, so that a product of a minute ago is found by its own name. The glossary for Chinese queries comes
of the same products, and goes with it.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Left
from django.utils import timezone

from search.alignment import make_glossary
from search.glossary import NO_GLOSSARY, Glossary
from search.models import LexicalTerm, SpellingVocabulary
from search.product_text import attribute_values
from search.rebuilding import catalogue_state, is_due, take_turn
from search.spelling import RARE_RATIO, Change, Corrector
from search.synonyms import thesaurus
from search.translated_texts import translated_texts
from search.versions import active_encoder
from search.vocabulary import LAYOUT, MIN_STEM, Vocabulary, WordSource, build_vocabulary, from_bytes, is_plain
from search.words import stem, terms
from shop.catalog.models import Product

RECHECK_S = 30.0  # a process looks for a newer vocabulary this often
MIN_AGE = timedelta(minutes=5)  # of a vocabulary before there is another
MAX_DESCRIPTION = 400  # characters: the words that say what a product is come first
MAX_VALUE = 40  # characters of an attribute's value; longer ones are prose or lists
_BUILD_LOCK = 7_041_011  # advisory lock: one process at a time builds

_cached: tuple[float, int, Corrector | None, Glossary] = (0.0, 0, None, NO_GLOSSARY)  # when looked for, revision


def corrected(query: str) -> str | None:
    """The query with its spelling corrected; None if there is nothing to correct.

    No SQL query most of the time, one where a correction is made.
    """
    corrector = _corrector()
    correction = corrector.correct(query) if corrector else None
    return correction.text if correction and _holds(correction.changes) else None


def finished(query: str) -> str | None:
    """The query with its last word finished as the catalogue mostly does ("headph"); None for a word that may be one.

    Words of the language, of the catalogue and of the merchants' synonyms are whole, whatever else begins like them.
    """
    known, words = vocabulary(), query.split()
    word = words[-1].lower() if words else ""
    if known is None or len(word) < MIN_STEM or not is_plain(word):
        return None
    if known.stem_frequency(word) or known.is_english(word) or any(stem(word) in phrase for phrase in thesaurus()):
        return None
    whole = known.finished(word)
    return f"{query.rstrip()[: -len(word)]}{whole}" if whole else None


def vocabulary() -> Vocabulary | None:
    """The words that this process corrects with; None where none were ever built."""
    corrector = _corrector()
    return corrector.vocabulary if corrector else None


def glossary() -> Glossary:
    """What Chinese words are in English; empty where nothing is translated. No SQL query most of the time."""
    _corrector()
    return _cached[3]


def read_chinese_by(other: Glossary) -> None:
    """Takes another glossary in this process, until `forget` or a newer one: for measuring."""
    global _cached
    _cached = (*_cached[:3], other)


def refresh_vocabulary(*, at_once: bool = False) -> int:
    """Builds the vocabulary anew if the catalogue or the encoder has changed; returns its products, 0 if it did not.

    Not before MIN_AGE unless `at_once`. Without an encoder there is none to tell words of the language from misspelt
    ones: then the last vocabulary stays.
    """
    active = active_encoder()
    if active is None:
        return 0
    with transaction.atomic():
        if not take_turn(_BUILD_LOCK):
            return 0
        source, products = catalogue_state(LAYOUT, active.version_id)
        latest = SpellingVocabulary.objects.defer("contents", "glossary").first()
        if not products or (latest and (latest.source == source or not (at_once or _is_old(latest)))):
            return 0
        started = time.monotonic()
        contents = build_vocabulary(_sources(), products=products, english=active.encoder.whole_words()).to_bytes()
        SpellingVocabulary.objects.update_or_create(
            pk=1,
            defaults={
                "source": source,
                "contents": contents,
                "glossary": make_glossary(*translated_texts()).words,
                "revision": latest.revision + 1 if latest else 1,
                "built_at": timezone.now(),
                "took_s": time.monotonic() - started,
            },
        )
    return products


def word_source(texts: Sequence[str | None], brand: str, attributes: Mapping[str, Any]) -> WordSource:
    """A product's words: its texts, its brand, and the short values of its attributes."""
    values = [text for value in attributes.values() for text in attribute_values(value)]
    short = [text for text in values if len(text) <= MAX_VALUE]
    return WordSource(" . ".join(filter(None, [*texts, *short])), brand)


def forget() -> None:
    """Looks for the vocabulary anew at the next search: for tests."""
    global _cached
    _cached = (0.0, 0, None, NO_GLOSSARY)


def _corrector() -> Corrector | None:
    """This process's, at most RECHECK_S behind the latest vocabulary; taking a new one costs some 5 ms a MB."""
    global _cached
    looked_at, revision, corrector, known = _cached
    if looked_at and time.monotonic() - looked_at < RECHECK_S:
        return corrector
    _cached = (time.monotonic(), revision, corrector, known)  # other threads need not look as well
    newer = SpellingVocabulary.objects.exclude(revision=revision).filter(source__startswith=f"{LAYOUT} ")
    row = newer.values_list("revision", "contents", "glossary").first()
    if row is not None:
        corrector = Corrector(from_bytes(bytes(row[1])))
        _cached = (time.monotonic(), row[0], corrector, Glossary(row[2]))
    return corrector


def _holds(changes: Sequence[Change]) -> bool:
    """Whether the index still has what would be searched, not much of what was typed, and no synonym of it."""
    if any(stem(change.typed) in phrase for change in changes for phrase in thesaurus()):
        return False
    meant = {change: terms(change.meant) for change in changes}
    typed = {change: stem(change.typed) for change in changes if change.typed_is_wrong}
    names = {*typed.values(), *(term for found in meant.values() for term in found)}
    live = dict(LexicalTerm.objects.filter(term__in=names).values_list("term", "document_frequency"))
    for change, found in meant.items():
        least = min((live.get(term, 0) for term in found), default=0)
        root = typed.get(change, "")
        known = live.get(root, 0) if len(root) >= MIN_STEM or root == change.typed else 0
        if not least or known * RARE_RATIO > least:
            return False
    return True


def _sources() -> Iterator[WordSource]:
    rows = Product.objects.filter(is_active=True).order_by("id").values_list(
        "title", Left("description", MAX_DESCRIPTION), "category__name", "product_type", "brand", "attributes"
    )  # fmt: skip
    for *texts, brand, attributes in rows.iterator(chunk_size=2000):
        yield word_source(texts, brand, attributes)


def _is_old(latest: SpellingVocabulary) -> bool:
    return is_due(latest.built_at, latest.took_s, min_age=MIN_AGE)
