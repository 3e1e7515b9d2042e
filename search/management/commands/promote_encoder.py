"""Makes a version the active one, whatever the gate said: embeds what is missing under it, then switches."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from search.encoder import EncoderUnavailable
from search.index import embed_version, stale_products
from search.models import EncoderVersion
from search.promotion import PromotionRefused, promote


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="of the version, as the admin shows it")

    def handle(self, *args: Any, **options: Any) -> None:
        version = EncoderVersion.objects.filter(name=options["name"]).first()
        if version is None:
            known = ", ".join(EncoderVersion.objects.values_list("name", flat=True))
            raise CommandError(f"There is no version {options['name']!r}; there are: {known or 'none'}.")
        try:
            with tqdm(total=stale_products(version).count(), unit=" products", desc="Embedding") as bar:
                embed_version(version, progress=bar.update, threads=os.cpu_count() or 1)
            promote(version, by="promote_encoder")
        except (EncoderUnavailable, PromotionRefused) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{version} is the active version.")
