"""Judged data sets: relevance judgments in, run files out. Plain or gzipped text; a bad row is named by line and field.

Judgments are CSV with the columns query, product_id, grade (0 to 3) and, optionally, source: `human`, or the name of
a rule that grades where no human did. Run files are TREC's six columns, here with tabs, because queries have spaces.
"""

import csv
import gzip
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

MAX_GRADE = 3
HUMAN = "human"

Grades = dict[str, int]  # by product id
Run = Mapping[str, Sequence[tuple[str, float]]]  # (product id, score) by query, best first


class DatasetInvalid(Exception):
    """The file cannot be used; the message names file, line and field."""


@dataclass(frozen=True)
class Judgments:
    """Grades by query: `completed` has every row, `human` only those that people gave."""

    completed: dict[str, Grades] = field(default_factory=dict)
    human: dict[str, Grades] = field(default_factory=dict)


def read_judgments(path: Path) -> Judgments:
    """All judgments of a file. Raises DatasetInvalid; also when one query and product have two grades."""
    found = Judgments()
    rows = csv.DictReader(_lines(path))
    missing = {"query", "product_id", "grade"} - set(rows.fieldnames or ())
    if missing:
        raise DatasetInvalid(f"{path} has no column {', '.join(sorted(missing))}; the first line names the columns.")
    for row in rows:
        query, product_id, grade = _checked(row, f"{path}, line {rows.line_num}")
        known = found.completed.setdefault(query, {})
        if known.get(product_id, grade) != grade:
            where = f"{path}, line {rows.line_num}"
            raise DatasetInvalid(f"{where}: {query!r} and {product_id} have another grade already.")
        known[product_id] = grade
        if (row.get("source") or HUMAN) == HUMAN:
            found.human.setdefault(query, {})[product_id] = grade
    if not found.completed:
        raise DatasetInvalid(f"{path} has no judgments.")
    return found


def read_queries(path: Path) -> list[str]:
    """One query a line, each once, in the file's order; empty lines are skipped. Raises DatasetInvalid."""
    queries = list(dict.fromkeys(filter(None, map(str.strip, _lines(path)))))
    if not queries:
        raise DatasetInvalid(f"{path} has no queries; write one on each line.")
    return queries


def run_lines(run: Run, system: str) -> Iterable[str]:
    """The lines of a TREC run file: query, Q0, product id, rank, score, system."""
    for query, hits in run.items():
        for rank, (product_id, score) in enumerate(hits, 1):
            yield f"{query}\tQ0\t{product_id}\t{rank}\t{score:.6f}\t{system}\n"


def _checked(row: Mapping[str, str | None], where: str) -> tuple[str, str, int]:
    query, product_id, grade = ((row.get(name) or "").strip() for name in ("query", "product_id", "grade"))
    for name, value in (("query", query), ("product_id", product_id)):
        if not value:
            raise DatasetInvalid(f"{where}: {name} is empty.")
    if grade not in {str(number) for number in range(MAX_GRADE + 1)}:
        raise DatasetInvalid(f"{where}: grade is {grade!r}; use a whole number from 0 to {MAX_GRADE}.")
    return query, product_id, int(grade)


def _lines(path: Path) -> list[str]:
    """The lines of a text file, gzipped or not."""
    try:
        content = path.read_bytes()
        content = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
        return content.decode("utf-8-sig").splitlines()
    except (OSError, EOFError) as error:
        raise DatasetInvalid(f"{path} cannot be read: {error}") from error
    except UnicodeDecodeError as error:
        raise DatasetInvalid(f"{path} is not UTF-8 text (byte {error.start}).") from error
