#!/usr/bin/env python
"""Django's command line for Pocketshop."""

import os
import sys

WITHOUT_DATABASE = {
    "", "--help", "--version", "check", "collectstatic", "compilemessages", "demo", "findstatic", "help", "learn",
    "makemessages", "spectacular", "version",
}  # fmt: skip


def main() -> None:
    """Runs a command; with no DATABASE_URL the embedded server is started for it, and left running."""
    from django.core.management import execute_from_command_line

    from shop import embedded
    from shop.environment import load_settings

    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command in {"demo", "learn"}:
        os.environ.setdefault("POCKETSHOP_DEMO", "1")
    load_settings()
    from django.conf import settings

    if settings.EMBEDDED_POSTGRES and command not in WITHOUT_DATABASE:
        try:
            embedded.start(settings.EMBEDDED_POSTGRES)
        except embedded.EmbeddedPostgresFailed as error:
            sys.exit(f"The database cannot start: {error}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
