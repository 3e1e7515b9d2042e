"""Indexes and embeds every product whose text is newer than its rows."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from search.corrections import refresh_vocabulary
from search.encoder import EncoderUnavailable
from search.index import embed_stale_products, embed_version, stale_products
from search.models import EncoderVersion
from search.versions import active_version


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--encoder", help="a version that is not active: its name, as the admin shows it")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["encoder"]:
            self._embed_version(options["encoder"])
            return
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

    def _embed_version(self, name: str) -> None:
        version = EncoderVersion.objects.filter(name=name).first()
        if version is None:
            known = ", ".join(EncoderVersion.objects.values_list("name", flat=True))
            raise CommandError(f"There is no version {name!r}; there are: {known or 'none'}.")
        with tqdm(total=stale_products(version).count(), unit=" products", desc="Embedding") as bar:
            try:
                done = embed_version(version, progress=bar.update, threads=os.cpu_count() or 1)
            except EncoderUnavailable as error:
                raise CommandError(str(error)) from error
        self.stdout.write(f"{done} products embedded under {version}.")
