"""Departments to search in: where the products for what was typed are in several, one of them may be meant.

A search for half a word finds little, so what was typed is offered only once its last word is whole in a product's
name.
"""

from collections import Counter
from collections.abc import Sequence

from search.categories import category_tree
from search.suggested_names import Suggestion
from search.words import is_chinese, normalise, split_words

MOST_DEPARTMENTS = 2


def suggested_departments(text: str, queries: Sequence[Suggestion], products: Sequence[Suggestion]) -> list[Suggestion]:
    """The first of the `queries`, or the text itself, in the departments with most of the `products`.

    None where they are all in one. From memory.
    """
    meant = queries[0].text if queries else text
    if not queries and not any(_is_whole(text, product.text) for product in products):
        return []
    tree = category_tree()
    departments = Counter(path[0] for one in products if (path := tree.path(one.category_id)))
    if len(departments) < 2:
        return []
    return [Suggestion("department", meant, slug=tree.slug(pk)) for pk, _ in departments.most_common(MOST_DEPARTMENTS)]


def _is_whole(text: str, title: str) -> bool:
    words = split_words(text)
    return bool(words) and ((is_chinese(text) and text in normalise(title)) or words[-1] in split_words(title))
