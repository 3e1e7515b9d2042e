"""The category tree as merchants see it: with names, in order, every node below its parent."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from shop.catalog.models import Category, Product


@dataclass(frozen=True)
class Node:
    """A category with its place in the tree; `path` has the names from the department down."""

    pk: int
    parent: int | None
    name: str
    path: tuple[str, ...]

    @property
    def depth(self) -> int:
        return len(self.path) - 1


def category_nodes() -> list[Node]:
    """All categories, parents before children, siblings in the merchant's order. One SQL query."""
    children: dict[int | None, list[tuple[int, str]]] = defaultdict(list)
    for pk, parent, name in Category.objects.order_by("position", "name").values_list("id", "parent_id", "name"):
        children[parent].append((pk, name))
    nodes: list[Node] = []

    def add(parent: int | None, path: tuple[str, ...]) -> None:
        for pk, name in children.pop(parent, ()):  # popped: a cycle ends
            nodes.append(Node(pk, parent, name, (*path, name)))
            add(pk, (*path, name))

    add(None, ())
    for parent in list(children):  # of a cycle, which only SQL can make
        add(parent, ())
    return nodes


def category_choices(nodes: Iterable[Node]) -> list[tuple[int, str]]:
    """For a select: names indented by their depth."""
    return [(node.pk, "\u2003" * node.depth + node.name) for node in nodes]


def with_descendants(category_id: int, nodes: Iterable[Node]) -> list[int]:
    found = {category_id}
    for node in nodes:  # parents come first
        if node.parent in found:
            found.add(node.pk)
    return sorted(found)


def product_counts(nodes: list[Node]) -> Counter[int]:
    """How many products each category has, those of its descendants included. One SQL query."""
    rows = Product.objects.filter(category__isnull=False).order_by().values_list("category_id").annotate(Count("id"))
    total: Counter[int] = Counter(dict(rows))
    for node in reversed(nodes):
        if node.parent is not None:
            total[node.parent] += total[node.pk]
    return total
