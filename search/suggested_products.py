"""Products to suggest: those with all finished words whose text has a word that begins like the last one.

They come from the BM25 index, most popular first, what is sold out last. What a merchant's rule hides from a search is
not suggested either: not for the words as they stand, nor for what the last one may become.
"""

from collections.abc import Sequence

from django.db import connection

from search.merchandising import steer
from search.rules import active_rules
from search.suggested_names import Suggestion
from search.words import chinese_terms, is_chinese, split_words, stem, terms

MAX_PREFIX_TERMS = 200  # words that begin like the last one
SHORT = 2  # letters with which so many words begin that half of a catalogue would have to be sorted
MOST_POPULAR = 2000  # products among which a SHORT beginning is looked for first


def suggested_products(text: str, language: str, *, most: int, without: Sequence[int] = ()) -> list[Suggestion]:
    """Products with all the words, the last one as a prefix; Chinese by all pairs of characters.

    `without` are product ids. One SQL query; two for one or two letters with which few popular titles begin.
    """
    words = [word for word in split_words(text) if not is_chinese(word)]
    prefix = words[-1] if words else ""
    others = sorted({*terms(" ".join(words[:-1])), *chinese_terms(text)})
    if most <= 0 or (not prefix and not others):
        return []
    is_short = len(prefix) <= SHORT and not others
    popular = _popular_titles(prefix, language, most, without) if is_short else []
    return popular if len(popular) == most else _indexed(prefix, others, language, most, without)


def _popular_titles(prefix: str, language: str, most: int, without: Sequence[int]) -> list[Suggestion]:
    """What `_indexed` would give first, as far as that is in stock and popular, without sorting all that match."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, coalesce(translations -> %(language)s ->> 'title', title), category_id "
            "FROM (SELECT * FROM catalog_product "
            "ORDER BY popularity DESC, id LIMIT %(popular)s) AS p "
            "WHERE is_active AND stock > 0 AND title ILIKE ANY(%(titles)s) AND id <> ALL(%(without)s::bigint[]) "
            "ORDER BY popularity DESC, id LIMIT %(most)s",
            {
                "titles": _titles(prefix),
                "language": language,
                "most": most,
                "popular": MOST_POPULAR,
                "without": list(without),
            },
        )
        return [
            Suggestion("product", title, product_id=pk, category_id=category)
            for pk, title, category in cursor.fetchall()
        ]


def _indexed(prefix: str, others: Sequence[str], language: str, most: int, without: Sequence[int]) -> list[Suggestion]:
    """Those with the prefix or its stem, and all the `others`, in any text that search sees."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH last AS (SELECT array_agg(id) AS ids FROM (SELECT id FROM search_lexicalterm "
            "WHERE %(prefix)s <> '' AND (term LIKE %(like)s OR term = %(stem)s) AND document_frequency > 0 "
            "ORDER BY document_frequency DESC LIMIT %(terms)s) AS t), "
            "others AS (SELECT coalesce(array_agg(id), '{}') AS ids FROM search_lexicalterm "
            "WHERE term = ANY(%(others)s)) "
            "SELECT p.id, coalesce(p.translations -> %(language)s ->> 'title', p.title), p.category_id "
            "FROM catalog_product p "
            "JOIN search_lexicaldocument d ON d.product_id = p.id WHERE p.is_active "
            "AND p.id <> ALL(%(without)s::bigint[]) "
            "AND (%(prefix)s = '' OR d.term_ids && (SELECT ids FROM last)) "
            "AND d.term_ids @> (SELECT ids FROM others) "
            "AND (SELECT cardinality(ids) FROM others) = cardinality(%(others)s::text[]) "
            "ORDER BY (p.stock > 0) DESC, (p.title ILIKE ANY(%(titles)s)) DESC, p.popularity DESC, p.id "
            "LIMIT %(most)s",
            {
                "prefix": prefix,
                "like": f"{_escaped(prefix)}%",
                "stem": stem(prefix),
                "titles": _titles(prefix),
                "terms": MAX_PREFIX_TERMS,
                "others": list(others),
                "language": language,
                "most": most,
                "without": list(without),
            },
        )
        return [
            Suggestion("product", title, product_id=pk, category_id=category)
            for pk, title, category in cursor.fetchall()
        ]


def hidden_products(text: str) -> tuple[int, ...]:
    """Ids of products that a search for the text, or for what its last word may become, would not show.

    From memory; nothing to do in a store whose rules hide none.
    """
    hiding = [rule for rule in active_rules() if rule.hidden]
    if not hiding:
        return ()
    finished, _, last = text.rpartition(" ")
    meant = {term for rule in hiding for words in (rule.words, *rule.names) for term in words}
    complete = sorted(term for term in meant if last and term.startswith(last))
    return steer([text, *(f"{finished} {term}" for term in complete)], category_id=None).hidden


def _titles(prefix: str) -> list[str]:
    """LIKE patterns of titles with a word that begins so."""
    return [f"{_escaped(prefix)}%", f"% {_escaped(prefix)}%"]


def _escaped(text: str) -> str:
    """For LIKE."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
