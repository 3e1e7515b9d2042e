"""What a shopper does not want, said in words: "not Apple", "without wireless", "非苹果", "不要蓝牙".

"not" and "except" exclude a brand or a colour, never any other word: "not your mother's shampoo" is a name. "without"
excludes any words, to the next joining word. "no" and "-" are left alone: "no bake", "no. 5" and "usb-c" are common.
"""

import re
from collections.abc import Iterator

from search.facet_words import Vocabulary
from search.words import is_chinese, normalise, query_terms

MAX_WORDS = 3
Exclusion = tuple[int, int, str, tuple[str, ...]]  # start, stop, the words, the brands that they name

_NOT = re.compile(
    r"\b(?:(?:but|and) )?"
    r"(?:not(?: (?:from|by|made by))?|non[ -]|except(?: for| from)?|excluding|other than|anything but) ?",
    re.IGNORECASE,
)
_WITHOUT = re.compile(r"\b(?:but )?(?:without|w/o|excluding) (?:a |an |any |the )?", re.IGNORECASE)
_WORDS = re.compile(r"[^\W_]+(?:[.'’&-][^\W_]+)*")
_JOINING = re.compile(
    r"\s*(?:$|[,;]|\b(?:and|or|but|with|for|under|over|below|above|from|between|in|at|up|less|more|that|which)\b)",
    re.IGNORECASE,
)
_CHINESE = re.compile(
    r"(?P<how>非|不要|除了?|排除|不含|不带)\s?(?P<what>[^\s的,,。]+?)(?:(?:以外|之外)?的|以外|之外|(?=[\s,,。]|$))"
)
_CHINESE_WITHOUT = {"不要", "不含", "不带", "排除"}  # these exclude any words, the others only brands


def exclusions(text: str, vocabulary: Vocabulary) -> Iterator[Exclusion]:
    """Each part that excludes something; only where words come before or, in Chinese, beside it."""
    for match in _NOT.finditer(text):
        if not query_terms(text[: match.start()]):
            continue
        stop, brands = _name(text, match.end(), vocabulary)
        if stop:
            yield match.start(), stop, text[match.end() : stop], brands
    for match in _WITHOUT.finditer(text):
        stop = _until_joined(text, match.end())
        if stop and query_terms(text[: match.start()]) and query_terms(text[match.end() : stop]):
            named, brands = _name(text, match.end(), vocabulary)
            yield match.start(), stop, text[match.end() : stop], brands if named == stop else ()
    yield from _chinese(text, vocabulary)


def _name(text: str, start: int, vocabulary: Vocabulary) -> tuple[int, tuple[str, ...]]:
    """Where the longest brand or colour that begins there ends, 0 if none does; and the brand's spellings."""
    words = [match.end() for match in _WORDS.finditer(text, start)][:MAX_WORDS]
    if not words or not _WORDS.match(text, start):
        return 0, ()
    for stop in reversed(words):
        name = " ".join(normalise(text[start:stop]).split())
        if name in vocabulary.brands:
            return stop, vocabulary.brands[name]
        if name in vocabulary.words:
            return stop, ()
    return 0, ()


def _until_joined(text: str, start: int) -> int:
    """The end of at most two words before a joining word or the end; 0 where there are more."""
    stop = start
    for word in list(_WORDS.finditer(text, start))[:2]:
        stop = word.end()
        if _JOINING.match(text, stop):
            return stop
    return 0


def _chinese(text: str, vocabulary: Vocabulary) -> Iterator[Exclusion]:
    for match in _CHINESE.finditer(text):
        what = match["what"]
        brand = next((what[:n] for n in range(len(what), 1, -1) if normalise(what[:n]) in vocabulary.brands), "")
        rest = text[: match.start()] + text[match.end() :]
        if brand:
            stop = match.end() if brand == what else match.start("what") + len(brand)
            if query_terms(text[: match.start()] + text[stop:]):
                yield match.start(), stop, brand, vocabulary.brands[normalise(brand)]
        elif match["how"] in _CHINESE_WITHOUT and len(what) <= 6 and is_chinese(what) and query_terms(rest):
            yield match.start(), match.end(), what, ()
