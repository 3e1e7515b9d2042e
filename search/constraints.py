"""Constraints said in plain words, English and Chinese: "under $50", "4 stars and up", "16 GB", "red", "not Apple".

This is the reading half, without a database: which parts of a query may be a constraint, and what they would mean.
A price, a rating or "in stock" means one thing; a colour, a measure or a brand is only a candidate, which
search/narrowing.py takes when the products that match the rest of the query bear it out. When in doubt a part is not
even a candidate: words that stay words still count in BM25 and in the vector.
"""

import re
from dataclasses import dataclass, replace

from search.exclusions import exclusions
from search.facet_words import Option, Vocabulary
from search.measures import MEASURE, measure
from search.price_words import prices
from search.words import is_chinese, normalise

MAX_CANDIDATES = 4  # each costs a few counts in the database
MAX_WORDS = 3  # of a brand or a value
# The full-width forms that Chinese keyboards type, one character for one, so that positions stay.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xFFE5: 0xA5}

_STOCK = re.compile(
    r"\b(?:(?:that (?:is|are)|currently|only) )?(?:in[ -]stock|available (?:right )?now)\b|"
    r"(?:只看|仅看|只要|仅)?(?:有现货|有货|现货)的?",
    re.IGNORECASE,
)
_RATING = re.compile(
    r"\b(?:rated |rating )?(?:(?:at least|minimum|min|above|over|from)\s+)(?P<a>[1-5](?:\.\d)?)[ -]?stars?\b|"
    r"(?<![a-z0-9_.])(?P<b>[1-5](?:\.\d)?)\s?(?:\+|plus)[ -]?stars?\b|"
    r"(?<![a-z0-9_.])(?P<c>[1-5](?:\.\d)?)[ -]?stars?\s?"
    r"(?:\+|plus\b|(?:and|&|or) (?:up|above|more|higher|over|better)\b)|"
    r"\brated (?P<d>[1-5](?:\.\d)?)\s?(?:\+|(?:and|or) (?:up|above|more|higher|better)\b)|"
    r"(?:评分|至少)?(?<![\d.])(?P<e>[1-5](?:\.\d)?)\s?颗?[星分]级?(?:及|或)?以上的?|"
    r"至少(?P<f>[1-5])\s?颗?星的?",
    re.IGNORECASE,
)
_CHEAP = re.compile(r"\b(?:cheap|inexpensive|affordable)\b|(?:价格)?(?:便宜|廉价|平价)(?:一点|点)?的?", re.IGNORECASE)
_SIZE = re.compile(
    r"\bsize:?\s+(?P<a>[a-z0-9.]{1,6})\b|尺码\s?(?P<b>[a-z0-9.]{1,6})|"
    r"(?<![a-z0-9_.])(?P<c>[a-z0-9.]{1,4})码的?",
    re.IGNORECASE,
)
# What is compatible with something is not that thing: from here on words name what a product is for.
_FOR = re.compile(
    r"\b(?:for|fits?|fitting|compatible|works? with|replacements?|replaces)\b|适用|适合|兼容|专用|通用|替换",
    re.IGNORECASE,
)
_QUALIFIED = re.compile(
    r"(?:\b(?:under|over|below|above|than|up to|at least|at most|min|max|minimum|maximum|from|to|between|and|for)|"
    r"[-<>x×*+]|超过|低于|不到|至少|最多|高于)\s*$",
    re.IGNORECASE,
)
_COMPARED = re.compile(r"\s*(?:or (?:less|more)|and (?:up|above)|[x×*]|以上|以下|以内|到|至|-|–|to\b)", re.IGNORECASE)
# The noun after a measure says which facet it is of; it goes with it, unless it begins the name of a product.
_MODULES = r"(?![a-z])(?!\s*(?:sticks?|cards?|modules?|kits?|foam|upgrade|readers?|mattress|box|bins?|bags?|条|卡))"
_NOUNS = (  # (the noun, words of the keys it may be of, whether it goes along)
    (re.compile(rf"\s?(?:of )?(?:ram|memory|运行内存|内存){_MODULES}", re.IGNORECASE), {"ram", "memory"}, True),
    (re.compile(rf"\s?(?:of )?(?:storage|存储){_MODULES}", re.IGNORECASE), {"storage", "ssd", "hdd"}, True),
    (re.compile(r"\s?(?:of )?(?:ssd|solid state|固态)", re.IGNORECASE), {"ssd", "ssds", "storage"}, False),
    (re.compile(r"\s?(?:of )?(?:hdd|hard drive|hard disk|硬盘)", re.IGNORECASE), {"hdd", "storage", "capacity"}, False),
)
_WORD = re.compile(r"(?<![-+#@/])[^\W_]+(?:[.'’&-][^\W_]+)*")
_RISKY_UNITS = {"m": "3m", "g": "network", "v": "roman", "l": "size"}  # "3m tape", "5g phone", "HP 15 v", "size L"
_EDGES = re.compile(
    r"^(?:\s|[,;、,。]|的|(?:and|but|or)\s)+|(?:\s|[,;、,。]|(?:\s(?:and|but|with|for|or|that|which|is|are|the|a)$))+$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Said:
    """A part of the query, `query[start:stop]`, and what it says.

    `kind`: price, cheap, rating, in_stock, measure, size, value, brand or not. The last five and cheap are candidates.
    `words` is what the part says in the shopper's words, without "not" and the like.
    """

    kind: str
    start: int
    stop: int
    words: str = ""
    min_cents: int | None = None
    max_cents: int | None = None
    rating: float | None = None
    brands: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()


def constraints(query: str, vocabulary: Vocabulary) -> tuple[Said, ...]:
    """The parts of the query that are or may be constraints, in order; parts never overlap.

    None where taking them out would leave other words that read like one: such a query is not understood.
    """
    found = _scan(query, vocabulary)
    rest = without(query, found)
    if any(said.kind not in {"value", "brand"} for said in _scan(rest, vocabulary)):
        return ()
    if not rest and any(said.kind not in {"price", "rating", "in_stock", "measure"} for said in found):
        return ()
    return found


def without(query: str, parts: tuple[Said, ...]) -> str:
    """The query without those parts and what joined them to it; as it is without any."""
    if not parts:
        return query
    kept, last = [], 0
    for part in sorted(parts, key=lambda part: part.start):
        kept.append(query[last : part.start])
        last = part.stop
    rest = " ".join(" ".join([*kept, query[last:]]).split())
    while (trimmed := _EDGES.sub("", rest)) != rest:
        rest = trimmed
    return rest


def _scan(query: str, vocabulary: Vocabulary) -> tuple[Said, ...]:
    text = query.translate(_NARROW)
    end = match.start() if (match := _FOR.search(text)) else len(text)
    found: list[Said] = []
    for said in (
        *_prices(text),
        *(Said("rating", *m.span(), rating=float(next(filter(None, m.groups())))) for m in _RATING.finditer(text)),
        *(Said("in_stock", *m.span()) for m in _STOCK.finditer(text)),
        *_exclusions(text, vocabulary),
        *(Said("cheap", *m.span(), words=m[0]) for m in _CHEAP.finditer(text)),
        *_measures(text[:end], vocabulary),
        *_sizes(text[:end], vocabulary),
        *_named(text[:end], vocabulary),
    ):
        said = _trimmed(said, text)
        if not any(said.start < other.stop and other.start < said.stop for other in found):
            found.append(said)
    return _settled(found, text)


def _trimmed(said: Said, text: str) -> Said:
    """Without space at its ends."""
    part = text[said.start : said.stop]
    return replace(said, start=said.stop - len(part.lstrip()), stop=said.start + len(part.rstrip()))


def _settled(found: list[Said], text: str) -> tuple[Said, ...]:
    """At most one rating and one cheap, no cheap beside a price, not too many candidates, no bare price alone."""
    kept: list[Said] = []
    for said in found:
        seen = [other.kind for other in kept]
        if said.kind == "cheap" and ("price" in seen or "cheap" in seen):
            continue
        if said.kind in {"rating", "in_stock"} and said.kind in seen:
            continue
        if said.kind in {"measure", "size", "value", "brand"}:
            candidates = [kind for kind in seen if kind in {"measure", "size", "value", "brand"}]
            if len(candidates) >= MAX_CANDIDATES or (said.kind == "brand" and "brand" in candidates):
                continue
        kept.append(said)
    if len(kept) == 1 and kept[0].words == "bare" and not without(text, (kept[0],)):
        return ()
    return tuple(sorted(kept, key=lambda said: said.start))


def _prices(text: str) -> list[Said]:
    return [
        Said("price", p.start, p.stop, "bare" if p.is_bare else "", min_cents=p.min_cents, max_cents=p.max_cents)
        for p in prices(text)
    ]


def _exclusions(text: str, vocabulary: Vocabulary) -> list[Said]:
    return [
        Said("not", start, stop, words, brands=brands) for start, stop, words, brands in exclusions(text, vocabulary)
    ]


def _measures(text: str, vocabulary: Vocabulary) -> list[Said]:
    found = []
    for match in MEASURE.finditer(text):
        risky = match["unit"].lower() in _RISKY_UNITS and not match["gap"] and "." not in match["amount"]
        if risky and (match["unit"] in "gGvl" or normalise(match[0]) in vocabulary.brands):
            continue
        if _QUALIFIED.search(text[: match.start()]) or _COMPARED.match(text, match.end()):
            continue
        options = vocabulary.measures.get(measure(match["amount"], match["unit"]), ())
        said = _with_noun(Said("measure", *match.span(), match[0], options=options), text)
        if said.options:
            found.append(said)
    return found


def _with_noun(said: Said, text: str) -> Said:
    """Narrowed to the facets that the noun behind it names: "16 GB RAM" is no disk."""
    for pattern, names, goes_along in _NOUNS:
        match = pattern.match(text, said.stop)
        if match:
            options = tuple(option for option in said.options if names & set(re.split(r"[ _]", option.key)))
            return replace(said, stop=match.end() if goes_along else said.stop, options=options)
    return said


def _sizes(text: str, vocabulary: Vocabulary) -> list[Said]:
    found = []
    for match in _SIZE.finditer(text):
        words = next(filter(None, match.groups()))
        options = vocabulary.sizes.get(normalise(words), ())
        if options:
            found.append(Said("size", *match.span(), words, options=options))
    return found


def _named(text: str, vocabulary: Vocabulary) -> list[Said]:
    """Brands and values by their words, the longest name first; not inside a hyphenated word."""
    words = list(_WORD.finditer(text))
    found, place = [], 0
    while place < len(words):
        for count in range(min(MAX_WORDS, len(words) - place), 0, -1):
            start, stop = words[place].start(), words[place + count - 1].end()
            name = " ".join(normalise(text[start:stop]).split())
            if name in vocabulary.words:
                found.append(Said("value", start, stop, text[start:stop], options=vocabulary.words[name]))
            elif name in vocabulary.brands:
                found.append(Said("brand", start, stop, text[start:stop], brands=vocabulary.brands[name]))
            else:
                continue
            place += count
            break
        else:
            word = words[place]
            found += _chinese_values(word[0], word.start(), vocabulary)
            place += 1
    return found


def _chinese_values(run: str, offset: int, vocabulary: Vocabulary) -> list[Said]:
    """Chinese has no spaces: a value may stand anywhere in a run of characters, a brand at its beginning."""
    if not is_chinese(run):
        return []
    for length in range(min(6, len(run) - 1), 1, -1):
        if run[:length] in vocabulary.brands:
            return [
                Said("brand", offset, offset + length, run[:length], brands=vocabulary.brands[run[:length]]),
                *_chinese_values(run[length:], offset + length, vocabulary),
            ]
    for length in range(min(6, len(run)), 1, -1):
        for start in range(len(run) - length + 1):
            part = run[start : start + length]
            if part in vocabulary.words:
                stop = start + length + (run[start + length : start + length + 1] == "的")
                return [Said("value", offset + start, offset + stop, part, options=vocabulary.words[part])]
    return []
