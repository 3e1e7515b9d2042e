"""Category paths of a feed as categories of the store: found by name, made where they are missing."""

from django.utils.text import slugify

from shop.catalog.models import Category

MAX_SLUG = 100


class CategoryPaths:
    """Finds and makes categories; the tree is read once, in one SQL query. With `pretend` nothing is written."""

    def __init__(self, *, pretend: bool = False) -> None:
        self._ids: dict[tuple[int | None, str], int] = {}
        self._slugs: set[str] = set()
        self._pretend = pretend
        self.made = 0
        for pk, parent_id, name, slug in Category.objects.values_list("id", "parent_id", "name", "slug"):
            self._ids.setdefault((parent_id, name.casefold()), pk)
            self._slugs.add(slug)

    def get_or_make(self, path: tuple[str, ...]) -> int | None:
        """The category's id, made with its ancestors if it is not there; None for the empty path."""
        parent: int | None = None
        for depth, name in enumerate(path, 1):
            key = (parent, name.casefold())
            if key not in self._ids:
                self._ids[key] = self._make(path[:depth], parent)
            parent = self._ids[key]
        return parent

    def _make(self, path: tuple[str, ...], parent: int | None) -> int:
        self.made += 1
        if self._pretend:
            return -self.made
        slug = self._free_slug(path)
        self._slugs.add(slug)
        place = sum(1 for known, _ in self._ids if known == parent)  # behind its siblings
        return Category.objects.create(slug=slug, name=path[-1], parent_id=parent, position=place).pk

    def _free_slug(self, path: tuple[str, ...]) -> str:
        """The name, with its parent's where the name is taken, else with a number."""
        own = slugify(path[-1])[:MAX_SLUG] or "category"
        with_parent = slugify(" ".join(path[-2:]))[:MAX_SLUG] or own
        numbered = (f"{own[: MAX_SLUG - 6]}-{number}" for number in range(2, 100_000))
        return next(slug for slug in (own, with_parent, *numbered) if slug not in self._slugs)
