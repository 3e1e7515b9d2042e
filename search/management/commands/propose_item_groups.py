"""Lists products that are most likely variants of one and could share an item group. Changes nothing: merchants accept
or decline in the admin (Products, Proposed variants).

    manage.py propose_item_groups
"""

from typing import Any

from django.core.management.base import CommandParser

from search.item_group_proposals import propose_item_groups
from shop.commands import DocumentedCommand


class Command(DocumentedCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, default=50, help="the most groups to list (50)")

    def handle(self, *, limit: int, **options: Any) -> None:
        found = propose_item_groups(limit=limit)
        for proposal in found:
            self.stdout.write(f"{proposal.item_group}: {len(proposal.product_ids)} products, {proposal.cosine:.3f}")
            for product_id, title in zip(proposal.product_ids, proposal.titles, strict=True):
                self.stdout.write(f"  {product_id}  {title}")
        if not found:
            self.stdout.write("No products look like variants of one another, or they are grouped already.")
