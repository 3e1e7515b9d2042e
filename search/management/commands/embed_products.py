"""Indexes and embeds every product whose text is newer than its rows."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from search.corrections import refresh_vocabulary
from search.encoder import EncoderUnavailable
from search.index import embed_stale_products, stale_products
from search.versions import active_version


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        total = stale_products(active_version(fresh=True)).count()
        if not total:
            self.stdout.write("Every product is embedded.")
            return
        with tqdm(total=total, unit=" products", desc="Embedding") as bar:
            try:
                done = embed_stale_products(progress=bar.update, threads=os.cpu_count() or 1)
            except EncoderUnavailable as error:
                raise CommandError(str(error)) from error
        self.stdout.write(f"{done} products embedded.")
        refresh_vocabulary(at_once=True)
