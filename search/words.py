"""Text to the terms of the BM25 index: the same function for products and for queries.

English words are lower-cased, split at punctuation and stemmed (Snowball, Porter 2001); accents are removed. Chinese
has no spaces, so each run of Chinese characters becomes overlapping pairs ("bigrams"), which needs no dictionary and
finds about what word segmentation finds (Nie & Ren 1999). A single Chinese character is a term of its own.
"""

import re
import threading
import unicodedata
from functools import lru_cache

import Stemmer

MAX_TERM_LENGTH = 40  # longer "words" are codes or noise; the column holds 64

_CHINESE = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUN = re.compile(rf"[{_CHINESE}]+|[^\W_{_CHINESE}]+(?:\.\d+)*")  # "USB扩展坞" is two words
CHINESE_RUN = re.compile(rf"[{_CHINESE}]+")
STOP_WORDS = frozenset(
    "a an and are as at be but by for from if in into is it its no not of on or so such that the their then there "
    "these they this to was were will with".split()
)

_stemmer = threading.local()  # a Stemmer object is not safe to share between threads


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The Snowball stem of one lower-case word."""
    if not hasattr(_stemmer, "english"):
        _stemmer.english = Stemmer.Stemmer("english")
    stemmed: str = _stemmer.english.stemWord(word)
    return stemmed


def normalise(text: str) -> str:
    """Lower case, compatibility forms (full-width digits, ligatures) unified, accents removed."""
    folded = unicodedata.normalize("NFKD", text.lower())
    if folded.isascii():
        return folded
    return "".join(char for char in folded if not unicodedata.combining(char))


def normal_query(query: str) -> str:
    """The form by which clicks are kept: queries that differ in case or spaces only are the same."""
    return " ".join(query.lower().split())


def is_chinese(text: str) -> bool:
    """Whether there is any Chinese character in it."""
    return CHINESE_RUN.search(text) is not None


def split_words(text: str) -> list[str]:
    """Words as written, lower case, in order; a run of Chinese characters counts as one word."""
    return [_cut(word) for word in _RUN.findall(normalise(text))]


def split_at_chinese(text: str) -> list[str]:
    """What is between spaces, and each run of Chinese characters by itself: "usb-c线" is "usb-c" and "线"."""
    return CHINESE_RUN.sub(r" \g<0> ", text).split()


def terms(text: str) -> list[str]:
    """The index terms of a Latin text in order, with repetitions, without stop words."""
    return [stem(word) for word in split_words(text) if word not in STOP_WORDS and not is_chinese(word)]


def chinese_terms(text: str) -> list[str]:
    """The bigrams of every run of Chinese characters in the text."""
    found = []
    for run in CHINESE_RUN.findall(normalise(text)):
        found += [run] if len(run) == 1 else [run[start : start + 2] for start in range(len(run) - 1)]
    return found


def chinese_run(text: str) -> str:
    """The last run of Chinese characters, which has the thing that is meant at its end; empty without any."""
    runs: list[str] = CHINESE_RUN.findall(normalise(text))
    return runs[-1] if runs else ""


def query_sequence(query: str) -> list[str]:
    """The terms of a query in order with repetitions, Latin before Chinese: two texts with equal ones are the same."""
    return terms(query) + chinese_terms(query)


def query_terms(query: str) -> list[str]:
    """The distinct terms of a query, Latin and Chinese, in order."""
    return list(dict.fromkeys(query_sequence(query)))


def _cut(word: str) -> str:
    return word[:MAX_TERM_LENGTH]
