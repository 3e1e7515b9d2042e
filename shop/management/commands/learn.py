"""Shows within minutes how the store learns: simulated shoppers search and click, then it trains, and what it has
learned is measured on their queries and on others.

The demo may run meanwhile; what is learned is the demo's to keep. A second run goes on from there, with more clicks.
"""

import logging
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.db import DatabaseError

from search.benchmark.store import StoreDidNotStart
from search.recipe import Recipe, RecipeInvalid
from search.shopper_needs import NoNeeds
from search.store_api import Browser, StoreFailed
from shop.commands import DocumentedCommand
from shop.demo.running import AlreadyRuns
from shop.demo.steps import StepFailed, Stopped
from shop.demo.terminal import Terminal
from shop.learn.ending import Interruption, interruptible, own_database, prepare_store
from shop.learn.story import Story, tell_story

SESSIONS, NEEDS = 3000, 200
MIN_NEEDS = 10
INTERRUPTED = 130  # what shells say for Ctrl-C


class Command(DocumentedCommand):
    help = __doc__
    requires_system_checks = []  # like the demo

    def add_arguments(self, parser: CommandParser) -> None:
        plot = Path(settings.LOCAL_DIR) / "learn.png"
        parser.add_argument("--sessions", type=int, default=SESSIONS, help=f"simulated searches ({SESSIONS})")
        parser.add_argument("--steps", type=int, default=Recipe.steps, help=f"of training ({Recipe.steps})")
        parser.add_argument("--needs", type=int, default=NEEDS, help=f"queries made of the catalogue ({NEEDS})")
        parser.add_argument("--seed", type=int, default=0, help="of queries, shoppers and training (0)")
        parser.add_argument("--url", help="a running store on this database; else one is opened for the time being")
        parser.add_argument("--plot", type=Path, default=plot, help=f"where the picture goes ({plot})")
        parser.add_argument("--limit", type=int, help="only so many demo products")

    def handle(self, *args: Any, **options: Any) -> None:
        recipe = _checked(options)
        logs = Path(settings.LOCAL_DIR) / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        terminal = Terminal(logs)
        logging.getLogger("search").setLevel(logging.WARNING)  # what it says otherwise is told in plain words
        with interruptible() as interruption:
            try:
                with own_database():
                    self._run(terminal, interruption, recipe, options)
            except (Stopped, KeyboardInterrupt):
                self._stopped(terminal)
            except DatabaseError:  # a statement may have been what was interrupted
                if not interruption.stopping.is_set():
                    raise
                self._stopped(terminal)
            except (AlreadyRuns, StepFailed, StoreDidNotStart, StoreFailed, NoNeeds) as error:
                raise CommandError(f"Learning stopped: {error}") from error
            except OSError as error:
                where = error.filename or settings.LOCAL_DIR
                raise CommandError(f"Learning stopped: {where} cannot be used ({error.strerror}).") from error

    def _run(self, terminal: Terminal, interruption: Interruption, recipe: Recipe, options: dict[str, Any]) -> None:
        story = Story(terminal)
        with story.step("Preparing the store: database, demo catalogue, encoder and embeddings"):
            prepare_store(terminal, interruption.stopping, limit=options["limit"])
        interruption.raises = True
        if interruption.stopping.is_set():  # a moment ago
            raise Stopped
        learned = tell_story(
            story,
            needs=options["needs"],
            sessions=options["sessions"],
            recipe=recipe,
            seed=options["seed"],
            url=options["url"],
            plot=options["plot"],
        )
        story.total()
        if not learned.is_done:
            raise CommandError(learned.decision)

    def _stopped(self, terminal: Terminal) -> None:
        terminal.say("\nStopped. The clicks so far are in the log; a round that had begun goes on the next time.")
        sys.exit(INTERRUPTED)


def _checked(options: dict[str, Any]) -> Recipe:
    """The recipe; raises CommandError for an option that makes no sense."""
    for name, least in (("sessions", 1), ("needs", MIN_NEEDS), ("seed", 0)):
        if options[name] < least:
            raise CommandError(f"--{name} is {options[name]}; it must be at least {least}.")
    try:
        if options["url"] is not None:
            Browser(options["url"])
        return Recipe(steps=options["steps"], seed=Recipe.seed + options["seed"])
    except (RecipeInvalid, ValueError) as error:
        raise CommandError(str(error)) from error
