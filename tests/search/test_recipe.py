"""A recipe refuses what training could not use, and names the field."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from search.recipe import RECIPE, Recipe, RecipeInvalid, read_recipe, write_recipe


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"loss": "triplet"}, "loss is 'triplet'; use infonce or listwise."),
        ({"adapter": "prefix"}, "adapter is 'prefix'; use full or lora."),
        ({"steps": 0}, "steps is 0; it must be at least 1."),
        ({"batch_size": -8}, "batch_size is -8; it must be at least 1."),
        ({"accumulate": 0}, "accumulate is 0; it must be at least 1."),
        ({"max_tokens": 0}, "max_tokens is 0; it must be at least 1."),
        ({"validate_every": 0}, "validate_every is 0; it must be at least 1."),
        ({"threads": -1}, "threads is -1; it must be at least 0."),
        ({"seed": -1}, "seed is -1; it must be at least 0."),
        ({"learning_rate": 0.0}, "learning_rate is 0.0; it must be above 0."),
        ({"learning_rate": math.nan}, "learning_rate is nan; it must be above 0."),
        ({"learning_rate": math.inf}, "learning_rate is inf; it must be above 0."),
        ({"temperature": -0.1}, "temperature is -0.1; it must be above 0."),
        ({"average": 0.0}, "average is 0.0; it must be above 0 and at most 1."),
        ({"average": 1.5}, "average is 1.5; it must be above 0 and at most 1."),
        ({"average": math.nan}, "average is nan; it must be above 0 and at most 1."),
    ],
)
def test_what_cannot_be_used_is_named(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(RecipeInvalid) as refused:
        Recipe(**fields)
    assert str(refused.value) == message


def test_a_recipe_is_read_as_it_was_written(tmp_path: Path) -> None:
    recipe = Recipe(loss="listwise", adapter="lora", steps=7, learning_rate=3e-4, average=0.5, seed=0)
    write_recipe(recipe, tmp_path)
    assert read_recipe(tmp_path) == recipe


def test_a_file_that_leaves_fields_out_means_the_usual(tmp_path: Path) -> None:
    (tmp_path / RECIPE).write_text('{"steps": 5}')
    assert read_recipe(tmp_path) == Recipe(steps=5)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "cannot be read: Expecting property name"),
        ("[1]", "has no recipe in it."),
        (json.dumps({"stepps": 5}), ": stepps is no part of a recipe."),
        (json.dumps({"steps": "five"}), ": '<' not supported between instances of 'str' and 'int'."),
        (json.dumps({"steps": 0}), "steps is 0; it must be at least 1."),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / RECIPE).write_text(content)
    with pytest.raises(RecipeInvalid) as refused:
        read_recipe(tmp_path)
    assert message in str(refused.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecipeInvalid, match=r"recipe\.json cannot be read: .*No such file"):
        read_recipe(tmp_path)
