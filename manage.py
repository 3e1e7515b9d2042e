#!/usr/bin/env python
"""Django's command line for Pocketshop."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    from django.core.management import execute_from_command_line

    if not os.environ.get("DATABASE_URL"):
        from django.conf import settings

        from shop import embedded

        embedded.start(settings.LOCAL_DIR / "postgres")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
