"""Judgment, query and run files."""

import gzip
from pathlib import Path

import pytest

from search.datasets import DatasetInvalid, Judgments, read_judgments, read_queries, run_lines


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_source_every_grade_is_a_persons(tmp_path: Path) -> None:
    path = write(tmp_path / "j.csv", "query,product_id,grade\nred shoe,1,3\nred shoe,2,0\nmug,1,1\n")
    grades = {"red shoe": {"1": 3, "2": 0}, "mug": {"1": 1}}
    assert read_judgments(path) == Judgments(grades, grades)


def test_grades_of_a_rule_are_kept_apart_from_those_of_people(tmp_path: Path) -> None:
    path = write(tmp_path / "j.csv", "query,product_id,grade,source\nmug,1,3,human\nmug,2,2,type-judge\n")
    assert read_judgments(path) == Judgments({"mug": {"1": 3, "2": 2}}, {"mug": {"1": 3}})


def test_a_gzipped_file_is_read_like_a_plain_one(tmp_path: Path) -> None:
    path = tmp_path / "j.csv.gz"
    path.write_bytes(gzip.compress(b'query,product_id,grade\n"tv, 4k",1,3\n'))
    assert read_judgments(path).completed == {"tv, 4k": {"1": 3}}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("query,grade\nmug,1\n", "no column product_id"),
        ("query,product_id,grade\nmug,1,3\nmug,2,high\n", "line 3: grade is 'high'"),
        ("query,product_id,grade\nmug,1,4\n", "line 2: grade is '4'; use a whole number from 0 to 3"),
        ("query,product_id,grade\n,1,3\n", "line 2: query is empty"),
        ("query,product_id,grade\nmug,,3\n", "line 2: product_id is empty"),
        ("query,product_id,grade\nmug,1,3\nmug,1,2\n", "line 3: 'mug' and 1 have another grade already"),
        ("query,product_id,grade\n", "has no judgments"),
        ("", "no column"),
    ],
)
def test_a_bad_file_is_refused_with_line_and_field(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(DatasetInvalid, match=complaint):
        read_judgments(write(tmp_path / "j.csv", text))


def test_a_missing_file_and_one_that_is_no_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetInvalid, match="cannot be read"):
        read_judgments(tmp_path / "nowhere.csv")
    (tmp_path / "latin.csv").write_bytes("query,product_id,grade\ncaf\xe9,1,3".encode("latin-1"))
    with pytest.raises(DatasetInvalid, match="not UTF-8"):
        read_judgments(tmp_path / "latin.csv")


def test_queries_are_lines_each_once_in_order(tmp_path: Path) -> None:
    assert read_queries(write(tmp_path / "q.txt", "mug\n\n  red shoe \r\nmug\n")) == ["mug", "red shoe"]


def test_a_file_without_queries_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetInvalid, match="has no queries"):
        read_queries(write(tmp_path / "q.txt", "\n \n"))


def test_a_run_has_six_columns_with_tabs_and_ranks_from_1() -> None:
    lines = list(run_lines({"red shoe": [("7", 1.5), ("3", -0.25)]}, "pocketshop"))
    assert lines == ["red shoe\tQ0\t7\t1\t1.500000\tpocketshop\n", "red shoe\tQ0\t3\t2\t-0.250000\tpocketshop\n"]
