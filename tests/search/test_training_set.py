"""What is trained on survives its two files, and a broken file says where it is broken."""

import gzip
import json
from pathlib import Path

import pytest

from search.training_set import (
    EXAMPLES,
    PRODUCTS,
    Example,
    TrainedProduct,
    TrainingSet,
    TrainingSetInvalid,
    joined,
    read_training_set,
    write_training_set,
)

MUG = TrainedProduct(("Blue mug", "A mug of stoneware"), frozenset({"is:mug", "w:blue", "w:杯子"}))
BAG = TrainedProduct(("Mug bag",), frozenset({"is:bag", "w:mug"}))
SET = TrainingSet(
    (
        Example("mug", 1, 2, 0.5, (frozenset({"is:mug"}), frozenset({"w:mug", "w:blue"})), (1, 2), "clicks"),
        Example("杯子", 1),
    ),
    {1: MUG, 2: BAG},
)


def rewrite(path: Path, lines: list[str]) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write("\n".join(lines))


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_training_set(SET, tmp_path / "new folder")
    assert read_training_set(tmp_path / "new folder") == SET
    assert sorted(path.name for path in (tmp_path / "new folder").iterdir()) == [EXAMPLES, PRODUCTS]


def test_an_empty_set_is_written_and_read(tmp_path: Path) -> None:
    write_training_set(TrainingSet((), {}), tmp_path)
    assert read_training_set(tmp_path) == TrainingSet((), {})


def test_the_files_can_be_read_by_people(tmp_path: Path) -> None:
    write_training_set(SET, tmp_path)
    with gzip.open(tmp_path / EXAMPLES, "rt", encoding="utf-8") as file:
        lines = file.read().splitlines()
    assert json.loads(lines[0])["excuses"] == [["is:mug"], ["w:blue", "w:mug"]]
    assert '"query": "杯子"' in lines[1]


@pytest.mark.parametrize(
    ("product_id", "answers"),
    [
        (1, True),  # the positive itself
        (2, True),  # all traits of the second excuse
        (3, False),  # some of the traits of an excuse, all of none
        (4, False),  # no traits
    ],
)
def test_a_product_answers_that_has_all_of_an_excuse(product_id: int, answers: bool) -> None:
    products = {
        1: TrainedProduct(()),
        2: TrainedProduct((), frozenset({"w:red", "is:mug", "w:big"})),
        3: TrainedProduct((), frozenset({"w:red"})),
        4: TrainedProduct(()),
    }
    example = Example("red mug", 1, excuses=(frozenset({"is:cup"}), frozenset({"w:red", "is:mug"})))
    assert TrainingSet((example,), products).answers(example, product_id) is answers


def test_joined_sets_keep_all_examples_and_a_product_has_the_traits_of_both() -> None:
    clicks = TrainingSet((Example("a", 1),), {1: TrainedProduct(("Mug",), frozenset({"c:a"}))})
    catalogue = TrainingSet((Example("b", 1), Example("c", 2)), {1: MUG, 2: BAG})
    both = joined([clicks, catalogue])
    assert [example.query for example in both.examples] == ["a", "b", "c"]
    assert both.products == {1: TrainedProduct(MUG.views, MUG.traits | {"c:a"}), 2: BAG}


GOOD_EXAMPLE = {"query": "mug", "positive": 1, "negative": None, "weight": 1, "excuses": [], "shown": [], "source": "c"}


@pytest.mark.parametrize(
    ("name", "line", "message"),
    [
        (EXAMPLES, "{", "examples.jsonl.gz, line 2: Expecting property name"),
        (EXAMPLES, json.dumps({"query": "mug"}), "examples.jsonl.gz, line 2: 'positive' is missing."),
        (EXAMPLES, "[]", "examples.jsonl.gz, line 2: list indices must be integers"),
        (EXAMPLES, json.dumps({**GOOD_EXAMPLE, "positive": 9}), "line 2: no product 9 in products.jsonl.gz."),
        (EXAMPLES, json.dumps({**GOOD_EXAMPLE, "negative": 8}), "line 2: no product 8 in products.jsonl.gz."),
        (EXAMPLES, json.dumps({**GOOD_EXAMPLE, "shown": [1, 7]}), "line 2: no product 7 in products.jsonl.gz."),
        (PRODUCTS, json.dumps({"id": 3, "views": []}), "products.jsonl.gz, line 2: 'traits' is missing."),
    ],
)
def test_a_broken_line_is_named_with_its_file(tmp_path: Path, name: str, line: str, message: str) -> None:
    write_training_set(TrainingSet((Example("mug", 1),), {1: MUG}), tmp_path)
    with gzip.open(tmp_path / name, "rt", encoding="utf-8") as file:
        first = file.read().strip()
    rewrite(tmp_path / name, [first, line])
    with pytest.raises(TrainingSetInvalid) as refused:
        read_training_set(tmp_path)
    assert message in str(refused.value)


@pytest.mark.parametrize("name", [EXAMPLES, PRODUCTS])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    write_training_set(SET, tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(TrainingSetInvalid, match=f"{name} cannot be read: .*No such file"):
        read_training_set(tmp_path)


def test_a_file_that_was_cut_short_is_named(tmp_path: Path) -> None:
    write_training_set(SET, tmp_path)
    content = (tmp_path / PRODUCTS).read_bytes()
    (tmp_path / PRODUCTS).write_bytes(content[:-12])
    with pytest.raises(TrainingSetInvalid, match=r"products\.jsonl\.gz cannot be read: Compressed file ended"):
        read_training_set(tmp_path)


def test_a_file_whose_bytes_have_changed_is_named(tmp_path: Path) -> None:
    write_training_set(SET, tmp_path)
    content = bytearray((tmp_path / EXAMPLES).read_bytes())
    content[20:60] = b"\xff" * 40
    (tmp_path / EXAMPLES).write_bytes(content)
    with pytest.raises(TrainingSetInvalid, match=r"examples\.jsonl\.gz cannot be read"):
        read_training_set(tmp_path)


def test_a_file_that_is_no_gzip_is_named(tmp_path: Path) -> None:
    write_training_set(SET, tmp_path)
    (tmp_path / EXAMPLES).write_text("mug")
    with pytest.raises(TrainingSetInvalid, match=r"examples\.jsonl\.gz cannot be read: Not a gzipped file"):
        read_training_set(tmp_path)
