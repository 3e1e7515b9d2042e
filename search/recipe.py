"""How an encoder is trained: every number that matters, in one place, written beside the weights."""

import json
import math
from dataclasses import asdict, dataclass, fields
from pathlib import Path

LOSSES = ("infonce", "listwise")
ADAPTERS = ("full", "lora")
RECIPE = "recipe.json"


class RecipeInvalid(Exception):
    """A recipe that cannot be used; the message names the field."""


@dataclass(frozen=True)
class Recipe:
    """`batch_size` examples a step, `accumulate` batches before the weights move; learning rate and temperature are
    those of search/EXPERIMENTS.md. `anchor` is how much queries made of the catalogue, where they stand beside those of
    clicks, are held to what the parent makes of them, 0 to 1; the rest of their loss teaches. `average` is the share of
    the trained weights beside the parent's at the end (Wortsman et al. 2022); `max_tokens` of a product are read in
    training."""

    loss: str = "infonce"
    adapter: str = "full"
    steps: int = 50
    batch_size: int = 64
    accumulate: int = 1
    learning_rate: float = 2e-5
    temperature: float = 0.05
    warmup: float = 0.1
    weight_decay: float = 0.01
    average: float = 1.0
    anchor: float = 0.5
    max_tokens: int = 48
    patience: int = 3  # validations without a gain before it stops
    validate_every: int = 25  # steps
    threads: int = 0  # 0: as many as there are cores
    seed: int = 13

    def __post_init__(self) -> None:
        if self.loss not in LOSSES:
            raise RecipeInvalid(f"loss is {self.loss!r}; use {' or '.join(LOSSES)}.")
        if self.adapter not in ADAPTERS:
            raise RecipeInvalid(f"adapter is {self.adapter!r}; use {' or '.join(ADAPTERS)}.")
        for name in ("steps", "batch_size", "accumulate", "max_tokens", "validate_every"):
            if getattr(self, name) < 1:
                raise RecipeInvalid(f"{name} is {getattr(self, name)}; it must be at least 1.")
        for name in ("threads", "seed"):
            if getattr(self, name) < 0:
                raise RecipeInvalid(f"{name} is {getattr(self, name)}; it must be at least 0.")
        for name in ("learning_rate", "temperature"):
            if not 0 < getattr(self, name) < math.inf:  # also for what is no number
                raise RecipeInvalid(f"{name} is {getattr(self, name)}; it must be above 0.")
        if not 0 <= self.anchor <= 1:
            raise RecipeInvalid(f"anchor is {self.anchor}; it must be at least 0 and at most 1.")
        if not 0 < self.average <= 1:
            raise RecipeInvalid(f"average is {self.average}; it must be above 0 and at most 1.")


def write_recipe(recipe: Recipe, folder: Path) -> None:
    """As `recipe.json`."""
    (folder / RECIPE).write_text(json.dumps(asdict(recipe), indent=2))


def read_recipe(folder: Path) -> Recipe:
    """Of `recipe.json`. Raises RecipeInvalid, also for a field that is unknown."""
    try:
        found = json.loads((folder / RECIPE).read_text())
    except (OSError, ValueError) as error:
        raise RecipeInvalid(f"{folder / RECIPE} cannot be read: {error}.") from error
    known = {field.name for field in fields(Recipe)}
    if not isinstance(found, dict):
        raise RecipeInvalid(f"{folder / RECIPE} has no recipe in it.")
    if unknown := sorted(set(found) - known):
        raise RecipeInvalid(f"{folder / RECIPE}: {unknown[0]} is no part of a recipe.")
    try:
        return Recipe(**found)
    except TypeError as error:  # words where numbers are needed
        raise RecipeInvalid(f"{folder / RECIPE}: {error}.") from error
