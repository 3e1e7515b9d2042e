"""How results are laid out until the shopper says otherwise: as the merchant set it for their categories."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shop.api.memory import remembered
from shop.catalog.models import Category, Layout

MAX_AGE_S = 60


def usual_layout(cards: Sequence[Mapping[str, Any]]) -> str:
    """The layout of most of these products' categories; of the earlier product's where two have as many."""
    layouts = layouts_by_slug()
    slugs = [card["category"]["slug"] for card in cards if card["category"]]
    votes = Counter(layouts[slug] for slug in slugs if slug in layouts)
    return str(votes.most_common(1)[0][0]) if votes else Layout.GRID.value


@remembered(MAX_AGE_S)
def layouts_by_slug() -> dict[str, str]:
    """Every category's layout; one SQL query."""
    return inherited_layouts(Category.objects.only("id", "slug", "parent_id", "default_layout"))


def inherited_layouts(categories: Iterable[Category]) -> dict[str, str]:
    """By slug: a category's own layout, else its nearest ancestor's that has one, else a grid."""
    by_id = {category.pk: category for category in categories}

    def layout_of(category: Category, below: frozenset[int] = frozenset()) -> str:
        parent = by_id.get(category.parent_id or 0)
        if category.default_layout or parent is None or parent.pk in below:
            return category.default_layout or Layout.GRID.value
        return layout_of(parent, below | {category.pk})

    return {category.slug: layout_of(category) for category in by_id.values()}
