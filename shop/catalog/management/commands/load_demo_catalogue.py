"""Loads the demo catalogue: about 2,400 products with pictures, in English and Chinese, and its search rules."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from shop.catalog.demo.catalogue import demo_products
from shop.catalog.demo.load import is_loaded, load_demo_catalogue
from shop.demo.merchandising import load_demo_merchandising


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, help="only so many products, the same share of every type")
        parser.add_argument("--force", action="store_true", help="overwrite demo products, edits included")

    def handle(self, *args: Any, **options: Any) -> None:
        limit, force = options["limit"], options["force"]
        if is_loaded(limit) and not force:
            self.stdout.write("The demo catalogue is loaded.")
            return
        with tqdm(total=len(demo_products(limit)), unit=" products", desc="Loading") as bar:
            added = load_demo_catalogue(limit=limit, overwrite=force, progress=bar.update)
        load_demo_merchandising()
        self.stdout.write(f"{added} products added.")
