"""The category tree in memory: a search needs descendants and paths, and there are few categories.

It is read at most every few seconds, so a merchant's new category is there at once for all purposes.
"""

from dataclasses import dataclass

from search.remembered import Remembered
from shop.catalog.models import Category


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


def _read() -> CategoryTree:
    rows = list(Category.objects.order_by("position", "name").values_list("id", "parent_id", "slug"))
    return CategoryTree({pk: parent for pk, parent, _ in rows}, {pk: slug for pk, _, slug in rows})


category_tree = Remembered(_read)  # one SQL query when it is read
forget = category_tree.forget
