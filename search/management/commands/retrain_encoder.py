"""A round of learning now: fine-tunes the active encoder on clicks and on the catalogue, compares, promotes if better.

The nightly task does the same. An interrupted round goes on where it stopped. For several GPUs see CONTRIBUTING.md.
"""

import os
from typing import Any

from django.core.management.base import CommandError, CommandParser

from search.learning_models import TrainingRound
from search.recipe import ADAPTERS, LOSSES, Recipe, RecipeInvalid
from search.round_bar import RoundBar
from search.rounds import retrain
from shop.commands import DocumentedCommand

NICE = 10  # searches come first
OPTIONS = (  # of the recipe: name, type, help
    ("steps", int, "times the weights move"),
    ("batch_size", int, "examples of a step"),
    ("accumulate", int, "batches before the weights move"),
    ("learning_rate", float, "at its highest"),
    ("temperature", float, "of the cosines"),
    ("average", float, "share of the trained weights beside the parent's"),
    ("anchor", float, "how much queries of the catalogue are held to the parent's answers"),
    ("threads", int, "of training; 0 for all cores"),
    ("seed", int, "of sampling and training"),
)


class Command(DocumentedCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        defaults = Recipe()
        parser.add_argument("--loss", choices=LOSSES, default=defaults.loss, help="in-batch negatives, or shown lists")
        parser.add_argument("--adapter", choices=ADAPTERS, default=defaults.adapter, help="all weights, or low rank")
        for name, kind, about in OPTIONS:
            default = getattr(defaults, name)
            parser.add_argument(f"--{name.replace('_', '-')}", type=kind, default=default, help=f"{about} ({default})")
        parser.add_argument("--even-if-nothing-new", action="store_true", help="also without new clicks")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            recipe = Recipe(**{name: options[name] for name in ("loss", "adapter", *(o[0] for o in OPTIONS))})
        except RecipeInvalid as error:
            raise CommandError(str(error)) from error
        os.nice(NICE)
        with RoundBar() as bar:
            found = retrain(recipe=recipe, even_if_nothing_new=options["even_if_nothing_new"], progress=bar.show)
        if found is None:
            raise CommandError("Another process is at a round of learning; its progress is in the admin.")
        if found.stage == TrainingRound.Stage.FAILED:
            raise CommandError(found.message)
        self.stdout.write(found.message)
