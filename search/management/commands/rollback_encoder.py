"""Makes the version active again that was so before; web processes see it within a second."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.promotion import PromotionRefused, rollback


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            version = rollback(by="rollback_encoder")
        except PromotionRefused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{version} is the active version.")
