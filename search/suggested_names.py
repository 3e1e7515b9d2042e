"""Names to suggest: queries that others searched for, categories, product types and brands.

They are few, so a process keeps them and reads them again every REFRESH_S. Queries are suggested only when at least
MIN_CLIENTS people used them (what one person typed is nobody else's business), and as the catalogue spells them.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Count, F
from django.utils import timezone

from search.beginnings import Words, words_of
from search.corrections import corrected
from search.models import SearchQuery
from search.remembered import Remembered
from search.vocabulary import is_plain
from search.words import is_chinese, normalise, split_words
from shop.catalog.models import Category, Product

REFRESH_S = 60.0
MIN_CLIENTS = 5
WINDOW = timedelta(days=90)
MAX_SEARCHES = 100_000  # the latest ones, so that reading them stays cheap however busy the store is
MAX_QUERIES = 2000


@dataclass(frozen=True)
class Suggestion:
    """`kind`: query, department, category, type, brand or product; `slug` and `product_id` for those that have them.

    A department is a search for `text` in it. `read_as` is what was taken to be typed, where that differs: with a typo
    put right. `category_id` is a product's.
    """

    kind: str
    text: str
    slug: str | None = None
    product_id: int | None = None
    read_as: str | None = None
    category_id: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Name:
    """A name with what a shopper may type for it, folded."""

    suggestion: Suggestion
    folded: tuple[str, ...]

    def begins(self, wanted: str) -> bool:
        """Whether the name, or any word of it, begins like that; Chinese has no words, so anywhere will do."""
        return any(
            text.startswith(wanted) or f" {wanted}" in text or (is_chinese(wanted) and wanted in text)
            for text in self.folded
        )


@dataclass(frozen=True)
class Names:
    """Each list has the ones to offer first at its start; categories by language."""

    queries: list[Name]
    categories: dict[str, list[Name]]
    types: list[Name]
    brands: list[Name]
    words: Words  # of all of them
    spelt: dict[str, str] = field(default_factory=dict)  # of queries that were about to be offered

    def categories_in(self, language: str) -> list[Name]:
        return self.categories.get(language) or self.categories["en"]

    def queries_like(self, wanted: str, most: int) -> list[Suggestion]:
        """Those that begin like that, in right spelling; popular ones for an empty text."""
        found: dict[str, Suggestion] = {}
        for name in self.queries:
            if len(found) == most:
                break
            if name.begins(wanted):
                right = Name(Suggestion("query", text := self._spelt(name.suggestion.text)), (normalise(text),))
                if right.begins(wanted):
                    found.setdefault(text, right.suggestion)
        return list(found.values())

    def _spelt(self, query: str) -> str:
        """Worked out once until the names are read again; at most one SQL query."""
        if query not in self.spelt:
            self.spelt[query] = corrected(query) or query
        return self.spelt[query]


def _read() -> Names:
    categories = _read_categories()
    queries = _named("query", _read_queries())
    types = _named("type", _read_types({text for name in categories["en"] for text in name.folded}))
    brands = _named("brand", _most_products("brand"))
    return Names(queries, categories, types, brands, _words([*queries, *categories["en"], *types, *brands]))


def _words(names: Sequence[Name]) -> Words:
    found = (word for name in names for text in name.folded for word in split_words(text))
    return words_of(Counter(filter(is_plain, found)))


def _named(kind: str, texts: Iterable[str]) -> list[Name]:
    return [Name(Suggestion(kind, text), (normalise(text),)) for text in texts]


def _read_queries() -> list[str]:
    """What at least MIN_CLIENTS clients searched for lately and found, most used first."""
    latest = (
        SearchQuery.objects.filter(created_at__gte=timezone.now() - WINDOW, total__gt=0, first_position=1)
        .exclude(query="")
        .order_by("-created_at")
        .values("pk")[:MAX_SEARCHES]
    )
    rows = (
        SearchQuery.objects.filter(pk__in=latest)
        .values_list("query")
        .annotate(clients=Count("client_id", distinct=True))
        .filter(clients__gte=MIN_CLIENTS)
        .order_by("-clients", "query")[:MAX_QUERIES]
    )
    return list(dict.fromkeys(query.lower() for query, _ in rows))


def _read_categories() -> dict[str, list[Name]]:
    """Departments, then what is below them; found by their names in both languages."""
    rows = Category.objects.order_by(F("parent").asc(nulls_first=True), "position", "name")
    found: dict[str, list[Name]] = {"en": [], "zh": []}
    for name, translations, slug in rows.values_list("name", "translations", "slug"):
        chinese = (translations.get("zh") or {}).get("name") or ""
        folded = tuple(normalise(text) for text in (name, chinese) if text)
        found["en"].append(Name(Suggestion("category", name, slug=slug), folded))
        found["zh"].append(Name(Suggestion("category", chinese or name, slug=slug), folded))
    return found


def _read_types(category_names: set[str]) -> list[str]:
    """Product types ("Shoes > Boots": the last part) that are not categories as well."""
    types = dict.fromkeys(path.rsplit(">", 1)[-1].strip() for path in _most_products("product_type"))
    return [name for name in types if name and normalise(name) not in category_names]


def _most_products(column: str) -> list[str]:
    """The values of a text column of active products, most products first."""
    rows = Product.objects.filter(is_active=True).exclude(**{column: ""}).values_list(column)
    return [value for value, _ in rows.annotate(products=Count("id")).order_by("-products", column)]


current_names = Remembered(_read, max_age_s=REFRESH_S)  # at most REFRESH_S old; four SQL queries when they are read
forget = current_names.forget
