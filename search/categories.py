"""The category tree in memory: a search needs descendants and paths, and there are few categories.

It is read at most every few seconds, so a merchant's new category is there at once for all purposes.
"""

import time
from dataclasses import dataclass

from shop.catalog.models import Category

MAX_AGE_S = 5.0


@dataclass(frozen=True)
class CategoryTree:
    """`parents` and `slugs` by category id, in the merchant's order."""

    parents: dict[int, int | None]
    slugs: dict[int, str]

    def id_of(self, slug: str) -> int | None:
        return next((pk for pk, name in self.slugs.items() if name == slug), None) if slug else None

    def slug(self, category_id: int) -> str:
        return self.slugs[category_id]

    def path(self, category_id: int | None) -> list[int]:
        """From the department down to the category itself; a cycle, which the admin refuses, ends the path."""
        path: list[int] = []
        while category_id in self.parents and category_id not in path:
            assert category_id is not None
            path.insert(0, category_id)
            category_id = self.parents[category_id]
        return path

    def children(self, category_id: int | None) -> list[int]:
        """Direct children; the departments for None."""
        return [pk for pk, parent in self.parents.items() if parent == category_id]

    def with_descendants(self, category_id: int) -> list[int]:
        found = [category_id]
        for pk in found:
            found += [child for child in self.children(pk) if child not in found]
        return found


_cached: tuple[float, CategoryTree] | None = None


def category_tree() -> CategoryTree:
    """The tree, at most MAX_AGE_S old; one SQL query when it is read."""
    global _cached
    if _cached is None or time.monotonic() - _cached[0] > MAX_AGE_S:
        rows = list(Category.objects.order_by("position", "name").values_list("id", "parent_id", "slug"))
        tree = CategoryTree({pk: parent for pk, parent, _ in rows}, {pk: slug for pk, _, slug in rows})
        _cached = (time.monotonic(), tree)
    return _cached[1]


def forget() -> None:
    """Reads the tree anew at the next search: for tests."""
    global _cached
    _cached = None
