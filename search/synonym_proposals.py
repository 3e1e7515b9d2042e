"""Synonyms that shoppers' clicks propose: words the catalogue does not use, searched by people who then click on
products that others find by other words ("sneakers" and "trainers").

A query is a candidate when one of its words is in no product, or in hardly any. If most of its clicking clients click
on products that have all words of another query, and that other query's clients click on them too, then that query's
words are proposed for the ones that the catalogue lacks. So are the words with which shoppers searched next and found
what they wanted, once they had searched in vain (search/rephrasings.py). Only queries of at least MIN_CLIENTS different
clients count, so nothing that one person typed shows (privacy), and no single client makes a proposal. Click graphs:
Craswell & Szummer 2007.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from search.models import LexicalDocument, LexicalTerm
from search.rephrasings import read_rephrased
from search.rule_models import Synonym
from search.words import query_sequence, split_words

MIN_CLIENTS = 5
MIN_SHARE = 0.6  # of the clicking clients that agree
WINDOW_DAYS = 90
FEW_MATCHES = 3  # products with a word: so few, or none, and other words may find more
MAX_QUERIES = 2000  # the most clicked ones
MAX_PROPOSALS = 50

Clicks = dict[int, int]  # clients that clicked, by product id

_CLICKS = """
WITH clicked AS (
  SELECT DISTINCT lower(btrim(q.query)) AS words, e.client_id, e.product_id
  FROM search_searchevent e JOIN search_searchquery q ON q.query_id = e.query_id
  WHERE e.action_name = 'click' AND e.created_at >= %(since)s AND q.query <> ''
), asked AS (
  SELECT words, count(DISTINCT client_id) AS clients FROM clicked GROUP BY words
  HAVING count(DISTINCT client_id) >= %(min_clients)s ORDER BY clients DESC, words LIMIT %(limit)s
)
SELECT words, asked.clients, product_id, count(*) FROM clicked JOIN asked USING (words)
GROUP BY words, asked.clients, product_id
"""


@dataclass(frozen=True)
class Proposal:
    """`words` would also be searched as `synonym`. `share` of `clients` who searched by `query` clicked on products
    of `other_query`; if it was `said_next`, `clients` found nothing and searched for that, `share` of those in vain."""

    words: str
    synonym: str
    query: str
    other_query: str
    clients: int
    share: float
    said_next: bool = False


@dataclass(frozen=True, eq=False)
class _Asked:
    query: str
    clients: int
    clicks: Clicks
    terms: frozenset[str]


def propose_synonyms(*, days: int = WINDOW_DAYS, min_clients: int = MIN_CLIENTS) -> list[Proposal]:
    """Proposals that are not in the synonyms yet (switched-off ones count: they were declined). Eight SQL queries."""
    asked = _asked(days, max(min_clients, MIN_CLIENTS))
    used = list(LexicalTerm.objects.filter(term__in={term for one in asked for term in one.terms}))
    common = {term.term for term in used if term.document_frequency > FEW_MATCHES}
    words_of = _product_terms({pk for one in asked for pk in one.clicks}, {term.pk: term.term for term in used})
    well_known = [one for one in asked if one.terms <= common]
    lacking = (one for one in asked if not one.terms <= common)
    by_clicks = [_best(one, well_known, one.terms - common, words_of) for one in lacking]
    settled = _settled()
    found: dict[str, Proposal] = {}
    for proposal in [*filter(None, by_clicks), *_said_next(days, max(min_clients, MIN_CLIENTS))]:
        if proposal.words not in found and tuple(query_sequence(proposal.words)) not in settled:
            found[proposal.words] = proposal  # the query of most clients comes first
    return sorted(found.values(), key=lambda p: (-p.clients * p.share, p.words))[:MAX_PROPOSALS]


def _said_next(days: int, min_clients: int) -> list[Proposal]:
    """Words that hardly any product has, and what most of those who searched by them in vain said next."""
    now = timezone.now()
    ways = {(way.query, way.then): way for way in read_rephrased(now - timedelta(days=days), now)}
    terms_of = {text: frozenset(query_sequence(text)) for pair in ways for text in pair}
    terms = frozenset[str]().union(*terms_of.values())
    used = LexicalTerm.objects.filter(term__in=terms, document_frequency__gt=FEW_MATCHES)
    common = set(used.values_list("term", flat=True))
    found = []
    for (query, then), way in sorted(ways.items(), key=lambda one: (-one[1].clients, one[0])):
        rare = terms_of[query] - common
        if way.clients >= min_clients and rare and terms_of[then] <= common:
            words, synonym = _without(query, terms_of[query] - rare), _without(then, terms_of[query])
            if words and synonym:
                found.append(Proposal(words, synonym, query, then, way.clients, way.share, said_next=True))
    return found


def _asked(days: int, min_clients: int) -> list[_Asked]:
    since = timezone.now() - timedelta(days=days)
    with connection.cursor() as cursor:
        cursor.execute(_CLICKS, {"since": since, "min_clients": min_clients, "limit": MAX_QUERIES})
        rows = cursor.fetchall()
    clicks: dict[tuple[str, int], Clicks] = defaultdict(dict)
    for query, clients, product_id, count in rows:
        clicks[query, clients][product_id] = count
    made = [_Asked(query, clients, got, frozenset(query_sequence(query))) for (query, clients), got in clicks.items()]
    return sorted((one for one in made if one.terms), key=lambda one: (-one.clients, one.query))


def _product_terms(product_ids: set[int], names: Mapping[int, str]) -> dict[int, frozenset[str]]:
    """Which of the terms each product has."""
    rows = LexicalDocument.objects.filter(product_id__in=product_ids).values_list("product_id", "term_ids")
    return {product_id: frozenset(names[pk] for pk in ids if pk in names) for product_id, ids in rows}


def _settled() -> set[tuple[str, ...]]:
    """Words that have an entry, or are in one that goes both ways."""
    rows = Synonym.objects.values_list("words", "synonyms", "is_two_way")
    texts = (text for words, others, both in rows for text in (words, *(others if both else ())))
    return {tuple(query_sequence(text)) for text in texts}


def _best(
    one: _Asked, others: Sequence[_Asked], rare: frozenset[str], words_of: Mapping[int, frozenset[str]]
) -> Proposal | None:
    """The query whose products take most of the clicks; of equals the one that shares most clicks with it.

    What is proposed is for the `rare` words only: the others find something by themselves.
    """
    total = sum(one.clicks.values())
    best: tuple[float, float, _Asked] | None = None
    for other in others:
        theirs = _theirs(one, other, rare, words_of)
        share = sum(one.clicks[pk] for pk in theirs) / total
        if share >= MIN_SHARE:
            all_clicks = sum(other.clicks.values())
            alike = sum(min(one.clicks[pk] / total, other.clicks[pk] / all_clicks) for pk in theirs)
            if best is None or (share, alike) > best[:2]:
                best = (share, alike, other)
    if best is None:
        return None
    share, _, chosen = best
    words, synonym = _without(one.query, one.terms - rare), _without(chosen.query, one.terms)
    return Proposal(words, synonym, one.query, chosen.query, one.clients, share) if words and synonym else None


def _theirs(
    one: _Asked, other: _Asked, rare: frozenset[str], words_of: Mapping[int, frozenset[str]]
) -> list[int]:
    """Products clicked on after both queries that have all words of the other, and none of the rare ones."""
    nothing: frozenset[str] = frozenset()
    terms = {pk: words_of.get(pk, nothing) for pk in one.clicks.keys() & other.clicks.keys()}
    return [pk for pk, own in terms.items() if other.terms <= own and not rare & own]


def _without(query: str, terms: frozenset[str]) -> str:
    """The query's words as written, without those of these terms."""
    words = ((word, set(query_sequence(word))) for word in split_words(query))
    return " ".join(word for word, own in words if own and not own <= terms)
