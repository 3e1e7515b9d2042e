"""A hit's place in plain words, for merchants: what speaks for it, and what put the one before it there.

Everything is computed from the parts of the scores (search/explanation.py) and the product's own text. A part that
nobody wrote words for here is told by its name, so whoever adds one has nothing to do.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from search.explanation import PLACE, ExplainedHit, Explanation, Kind
from search.product_text import ProductText
from search.score_parts import (
    CATEGORY_NAME,
    CLICKED_KIND,
    CLICKS,
    KIND,
    LEARNED,
    MEANING,
    NAMED,
    RARE_WORD,
    RULES,
    SOLD_OUT,
    WORDS,
)
from search.words import chinese_terms, split_words, terms

MOST_RANKED = 100  # places by meaning that are known for certain: retrieval.CANDIDATES
ORDINALS = 10  # up to the tenth it is "the 10th nearest", after that a percentage
LITTLE = 0.005  # of a score: not worth a comparison
CLOSE = 0.02
ALTHOUGH = 0.25  # of the deciding part: less in its favour is not worth telling
TELLING_NAME = 0.2  # share of a category's name

_LESS = {
    WORDS: "its words match less",
    MEANING: "its meaning is farther from the query",
    KIND: "fewer of the nearest products are of its kind",
    CATEGORY_NAME: "its category's name is farther from the query",
    CLICKS: "shoppers who searched for this choose it less often",
    CLICKED_KIND: "shoppers who searched for this choose its kind less often",
    LEARNED: "what shoppers and judges preferred so far speaks for the other one",
    SOLD_OUT: "it is sold out",
    RULES: "rules favour the other one",
    RARE_WORD: "the other one has the query's word, which hardly any product has",
    NAMED: "the query names the other one by its number",
}
_MORE = {
    WORDS: "its words match better",
    MEANING: "its meaning is nearer to the query",
    KIND: "more of the nearest products are of its kind",
    CATEGORY_NAME: "its category's name is nearer to the query",
    CLICKS: "shoppers who searched for this choose it more often",
    CLICKED_KIND: "shoppers who searched for this choose its kind more often",
    LEARNED: "what shoppers and judges preferred so far speaks for it",
    SOLD_OUT: "the other one is sold out",
    RULES: "rules favour it",
    RARE_WORD: "it has the query's word, which hardly any product has",
    NAMED: "the query names it by its number",
}

# With sentences of their own.
_TOLD = {WORDS, MEANING, KIND, CATEGORY_NAME, RARE_WORD, NAMED, CLICKS, CLICKED_KIND, PLACE}


@dataclass(frozen=True)
class Reason:
    """One line: what it is about, and a sentence."""

    about: str
    text: str


def reasons(
    hit: ExplainedHit, before: ExplainedHit | None, text: ProductText, explanation: Explanation, *, products: int
) -> tuple[Reason, ...]:
    """Why a hit stands where it does. `products` is how many have a vector, `before` the hit above it."""
    found = [
        Reason("Number", "Named by its number.") if hit.parts.get(NAMED) else None,
        _words(hit, explanation, text),
        _meaning(hit, explanation, products),
        _kind(hit, explanation.kinds),
        _clicks(hit),
        *_other_parts(hit),
        _place(before, hit),
    ]
    return tuple(reason for reason in found if reason)


def _words(hit: ExplainedHit, explanation: Explanation, text: ProductText) -> Reason:
    words = query_words(explanation.understood.text)
    has = any(not words.keys().isdisjoint((*terms(written), *chinese_terms(written))) for _, written in text.places())
    if not has and hit.bm25 and any(term.is_synonym for term in explanation.terms):
        return Reason("Words", f"Has a synonym of {listed(words.values())}.")
    return Reason("Words", words_sentence(words, text))


def _place(before: ExplainedHit | None, hit: ExplainedHit) -> Reason | None:
    """None for the first."""
    if hit.is_pinned:
        return Reason("Place", "Pinned here by a rule.")
    return Reason("Place", comparison(before, hit)) if before else None


def query_words(query: str) -> dict[str, str]:
    """The words of a query as they are written, by their index terms; pairs of Chinese characters stand for
    themselves."""
    latin = {term: word for word in split_words(query) for term in terms(word)}
    return {**latin, **{term: term for term in chinese_terms(query)}}


def words_sentence(words: Mapping[str, str], text: ProductText) -> str:
    """Where the product has the query's words, each in its most telling place, and which it lacks."""
    where: dict[str, list[str]] = {}
    missing = dict(words)
    for place, written in text.places():
        here = {*terms(written), *chinese_terms(written)}
        for term in [term for term in missing if term in here]:
            where.setdefault(place, []).append(missing.pop(term))
    lacks = listed(missing.values())
    if not where:
        return f"Has none of the query's words ({lacks})." if missing else "The query has no words to look for."
    has = listed((f"{listed(found)} in its {place}" for place, found in where.items()), quoted=False)
    return f"Has {has}{f', but not {lacks}' if missing else ''}."


def comparison(before: ExplainedHit, hit: ExplainedHit) -> str:
    """Why a hit is below the one before it: the part that made the difference, and what speaks against it."""
    if before.is_pinned:
        return "The one before it is pinned there by a rule."
    if PLACE in hit.parts:
        return _after_the_pool(before)
    gap = before.score - hit.score
    if gap < -LITTLE or PLACE in before.parts:
        return "Its score is higher, but the query is about many kinds of products, and the page mixes them."
    less = {name: before.parts.get(name, 0.0) - hit.parts.get(name, 0.0) for name in {**before.parts, **hit.parts}}
    deciding, most = max(less.items(), key=lambda item: item[1])
    if most < LITTLE:
        return "Level with the one before it; the older product comes first."
    against, least = min(less.items(), key=lambda item: item[1])
    how = "Just below" if gap < CLOSE else "Below"
    although = f", although {_phrase(against, _MORE)}" if -least >= ALTHOUGH * most else ""
    return f"{how} the one before it because {_phrase(deciding, _LESS)}{although}."


def listed(words: object, *, quoted: bool = True) -> str:
    """“a”, “b” and “c”."""
    shown = [f"“{word}”" if quoted else str(word) for word in words]  # type: ignore[attr-defined]
    return " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))


def _meaning(hit: ExplainedHit, explanation: Explanation, products: int) -> Reason | None:
    """None where search goes by words only."""
    floor = explanation.floor
    if floor is None or PLACE in hit.parts:
        return None
    if hit.cosine is None or hit.cosine_rank is None:
        return Reason("Meaning", "It has no vector yet, so only its words count.")
    if hit.cosine < floor:
        return Reason("Meaning", "Too far from the query to be a match by that alone.")
    if hit.cosine_rank > MOST_RANKED:
        return Reason("Meaning", f"Near, but not among the {MOST_RANKED} nearest products.")
    if hit.cosine_rank <= ORDINALS:
        to = f" to it and to what shoppers chose for “{explanation.meant_by}”" if explanation.meant_by else ""
        return Reason("Meaning", f"The {ordinal(hit.cosine_rank)}nearest of {products:,} products{to}.")
    share = max(1, math.ceil(100 * hit.cosine_rank / max(products, hit.cosine_rank)))
    return Reason("Meaning", f"Among the nearest {share} % of products.")


def ordinal(number: int) -> str:
    """ "2nd ", "3rd " and so on; nothing for the first."""
    endings = {1: "st", 2: "nd", 3: "rd"}
    return "" if number == 1 else f"{number}{endings.get(number, 'th')} "


def _kind(hit: ExplainedHit, kinds: tuple[Kind, ...]) -> Reason | None:
    """What most of the nearest products are, and whether this is one; None without categories."""
    if not kinds or PLACE in hit.parts:
        return None
    first = max(kinds, key=lambda kind: kind.share)
    own = next((kind for kind in kinds if kind.category_id == hit.category_id), None)
    if own is first or (own and own.share >= first.share):
        sentence = f"{own.share:.0%} of the nearest products are {own.name}, this is one"
    elif own:
        sentence = f"{first.share:.0%} of the nearest products are {first.name}; this is {own.name} ({own.share:.0%})"
    else:
        sentence = f"{first.share:.0%} of the nearest products are {first.name}; this is not one"
    named = "; the query is near to its category's name" if own and own.name_share >= TELLING_NAME else ""
    return Reason("Kind", f"{sentence}{named}.".replace("%", " %"))


def _clicks(hit: ExplainedHit) -> Reason | None:
    """What shoppers did with it, or with others of its kind, after the same query; None where too few searched."""
    own, kind = hit.parts.get(CLICKS, 0.0), hit.parts.get(CLICKED_KIND, 0.0)
    if own <= -LITTLE:
        return Reason("Clicks", "Shoppers who searched for this saw it and seldom chose it.")
    if own >= LITTLE:
        return Reason("Clicks", "Shoppers who searched for this often choose it.")
    if kind >= LITTLE:
        return Reason("Clicks", "Shoppers who searched for this often choose its kind.")
    return None


def _other_parts(hit: ExplainedHit) -> list[Reason]:
    """What moves it up or down by itself: stock, rules, and parts that nobody wrote words for."""
    return [
        Reason(_name(name).capitalize(), f"Moves it {'up' if value > 0 else 'down'} by {abs(value):.2f}.")
        for name, value in hit.parts.items()
        if name not in _TOLD and abs(value) >= LITTLE
    ]


def _after_the_pool(before: ExplainedHit) -> str:
    if PLACE in before.parts:
        return "Below the one before it because its words match less."
    return "After the candidates that are ranked: it has the query's words, but others have them better."


def _phrase(name: str, phrases: Mapping[str, str]) -> str:
    return phrases.get(name, f"of its {_name(name)}" if phrases is _LESS else f"its {_name(name)} is better")


def _name(part: str) -> str:
    return part.replace("_", " ")
