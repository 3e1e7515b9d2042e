"""The merchants' rules as a process remembers them, and which of them apply to a search.

Rules are few: all active ones are in memory, read again every few seconds, and a search compares its words with
theirs. Words are compared as search sees them, without case, accents, endings, or words like "the".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from search.categories import CategoryTree, category_tree
from search.remembered import Remembered
from search.rule_models import MerchandisingRule, RuleAction
from search.words import query_sequence
from shop.catalog.models import Category

Terms = tuple[str, ...]

# In standard deviations of what is ranked by, so they mean the same for every query and every ranker.
AMOUNTS = {1: 0.5, 2: 1.0, 3: 2.0, 4: 10.0}


@dataclass(frozen=True)
class Banner:
    """Shown above the results; `text` and `link` may be empty."""

    title: str
    text: str
    link: str


@dataclass(frozen=True)
class Move:
    """Products that go up (a positive amount) or down: one, a brand's, or those of categories."""

    amount: float
    product_id: int | None = None
    brand: str = ""
    category_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Rule:
    """One rule. `names` are the words of its category in every language; `category_ids` are browsed."""

    rule_id: int
    match: str
    words: Terms
    names: tuple[Terms, ...]
    category_ids: frozenset[int]
    starts_on: date | None
    ends_on: date | None
    pins: tuple[tuple[int, int], ...]  # (position, product id)
    hidden: tuple[int, ...]
    moves: tuple[Move, ...]
    banner: Banner | None
    redirect: str | None

    def is_current(self, today: date) -> bool:
        return (self.starts_on is None or self.starts_on <= today) and (self.ends_on is None or today <= self.ends_on)

    def is_meant_by(self, queries: Sequence[Terms]) -> bool:
        """Whether the words of any of these queries are what the rule is for."""
        if self.match == MerchandisingRule.Match.EXACT:
            return self.words in queries
        if self.match == MerchandisingRule.Match.CATEGORY:
            return any(name in queries for name in self.names)
        return any(set(self.words) <= set(query) for query in queries)


def read_rules(rows: QuerySet[MerchandisingRule]) -> tuple[Rule, ...]:
    """The rules in the order in which they win over each other. At most four SQL queries."""
    actions = Prefetch("actions", queryset=RuleAction.objects.order_by("position", "id"))
    found = list(rows.select_related("category").prefetch_related(actions).order_by("-priority", "id"))
    if not found:
        return ()
    tree = category_tree()
    types = any(row.match == MerchandisingRule.Match.PRODUCT_TYPE for row in found)
    categories = Category.objects.values_list("pk", "name") if types else ()
    named = {tuple(query_sequence(name)): pk for pk, name in categories}
    return tuple(_rule(row, tree, named) for row in found)


def _rule(row: MerchandisingRule, tree: CategoryTree, named: dict[Terms, int]) -> Rule:
    words = tuple(query_sequence(row.query or row.product_type))
    category_id = row.category_id if row.match == MerchandisingRule.Match.CATEGORY else named.get(words)
    browsed = category_id if row.match in (MerchandisingRule.Match.CATEGORY, "product_type") else None
    actions = list(row.actions.all())
    return Rule(
        rule_id=row.pk,
        match=row.match,
        words=words,
        names=_names(row.category) if row.category else (),
        category_ids=frozenset(tree.with_descendants(browsed)) if browsed is not None else frozenset(),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        pins=tuple((a.position, a.product_id) for a in actions if a.kind == "pin" and a.position and a.product_id),
        hidden=tuple(a.product_id for a in actions if a.kind == "hide" and a.product_id),
        moves=tuple(_move(a, tree) for a in actions if a.kind in ("boost", "bury")),
        banner=Banner(row.banner_title, row.banner_text, row.banner_link) if row.banner_title else None,
        redirect=row.redirect or None,
    )


def _names(category: Category) -> tuple[Terms, ...]:
    translated = [words.get("name") or "" for words in category.translations.values()]
    return tuple(terms for name in (category.name, *translated) if (terms := tuple(query_sequence(name))))


def _move(action: RuleAction, tree: CategoryTree) -> Move:
    amount = AMOUNTS[action.strength] * (1 if action.kind == RuleAction.Kind.BOOST else -1)
    below = tree.with_descendants(action.category_id) if action.category_id else []
    return Move(amount, action.product_id, action.brand, tuple(below))


def _read_active() -> tuple[Rule, ...]:
    return read_rules(MerchandisingRule.objects.filter(is_active=True))


active_rules = Remembered(_read_active)
forget = active_rules.forget


def applying(
    texts: Iterable[str], *, category_id: int | None, rules: Sequence[Rule] | None = None
) -> list[tuple[Rule, bool]]:
    """The rules for a search of any of these texts within that category, each with whether the words mean it.

    `rules` instead of the active ones are taken as they are, whatever their dates: to look at before they begin.
    """
    candidates = active_rules() if rules is None else rules
    if not candidates:
        return []
    today = timezone.localdate()
    queries = [terms for text in dict.fromkeys(texts) if (terms := tuple(query_sequence(text)))]
    found = []
    for rule in candidates:
        is_meant = rule.is_meant_by(queries)
        if (is_meant or category_id in rule.category_ids) and (rules is not None or rule.is_current(today)):
            found.append((rule, is_meant or not queries))
    return found
