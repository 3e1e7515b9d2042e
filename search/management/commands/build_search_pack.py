"""Builds the pack with which phones search by themselves, and makes it the current one.

    manage.py build_search_pack

Workers do the same when the catalogue or the active version has changed (tasks/search_pack.py).
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.pack.build import refresh_pack
from search.pack.files import current_pack


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        products = refresh_pack(at_once=True)
        pack = current_pack()
        if not products or pack is None:
            raise CommandError(
                "No pack was built: there is no encoder, no embedded product, or another process is at it. "
                "See `export_encoder` and `embed_products`."
            )
        size = f"{pack.bytes / 1e6:.2f} MB for {products} products"
        self.stdout.write(f"{pack.checksum}: {size}, built in {pack.took_s:.0f} s.")
