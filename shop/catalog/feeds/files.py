"""Rows of CSV, TSV and JSON lines, plain or gzipped, one at a time: a file may be larger than memory."""

import csv
import gzip
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from shop.catalog.feeds.entry import FeedUnreadable, Refusal

MAX_CELL = 1_000_000  # characters; more is a quote that was never closed
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Row:
    """A row by column name, lower case with underscores; cells of JSON lines keep their types."""

    line: int
    values: dict[str, Any]


@dataclass(frozen=True)
class Feed:
    """A file that can be read to its end: how, and how many lines it has."""

    path: Path
    delimiter: str  # "" for JSON lines
    columns: tuple[str, ...]  # of a JSON lines file: those of its first row
    lines: int


def open_feed(path: Path) -> Feed:
    """Reads the file once, so that nothing is written from one that is damaged further down. Raises FeedUnreadable."""
    lines = 0
    with _opened(path) as text:
        first = _first_line(text)
        delimiter = _delimiter(first)
        for lines, _ in enumerate(text, 1):  # noqa: B007 - decodes every line
            pass
    if delimiter == "":
        return Feed(path, "", tuple(_json_columns(first)), lines + 1)
    columns = tuple(column_name(cell) for cell in next(csv.reader([first], delimiter=delimiter)))
    doubles = sorted({name for name in columns if name and columns.count(name) > 1} - {"additional_image_link"})
    if doubles:
        raise FeedUnreadable(f"The column {doubles[0]} is there twice; remove one.")
    return Feed(path, delimiter, columns, lines)


def rows(feed: Feed) -> Iterator[Row | Refusal]:
    """Every row that is not blank, in order. Raises FeedUnreadable where a quote is never closed."""
    with _opened(feed.path) as text:
        yield from _csv_rows(text, feed) if feed.delimiter else _json_rows(text)


def column_name(cell: str) -> str:
    """`Image Link`, `g:image_link` and `image-link` are one column."""
    name = re.sub(r"[\s\-]+", "_", cell.strip().lower())
    return name.removeprefix("g:")


def _csv_rows(text: Iterator[str], feed: Feed) -> Iterator[Row | Refusal]:
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(text, delimiter=feed.delimiter)
    _skip_blank_lines(reader)
    before = reader.line_num
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise FeedUnreadable(
                f"Line {before + 1} has a cell without an end ({error}): look for a quote that is not closed."
            ) from error
        if cells is None:
            return
        line, before = before + 1, reader.line_num
        if len(cells) > len(feed.columns):
            reason = (
                f"has {len(cells)} cells, but the header has {len(feed.columns)}; "
                f"put cells with {feed.delimiter!r} in quotes"
            )
            yield Refusal(line, "", "row", reason)
        elif any(cell.strip() for cell in cells):
            yield Row(line, _joined(feed.columns, [_CONTROL.sub("", cell).strip() for cell in cells]))


def _joined(columns: tuple[str, ...], cells: list[str]) -> dict[str, Any]:
    """The cells by column; columns of one name (additional_image_link) become a list."""
    values: dict[str, Any] = {}
    for name, cell in zip(columns, cells, strict=False):  # cells missing at the end say nothing
        if name in values:
            earlier = values[name] if isinstance(values[name], list) else [values[name]]
            values[name] = [*earlier, cell]
        elif name:
            values[name] = cell
    return values


def _json_rows(text: Iterator[str]) -> Iterator[Row | Refusal]:
    for line, content in enumerate(text, 1):
        if not content.strip():
            continue
        try:
            values = orjson.loads(content)
        except orjson.JSONDecodeError as error:
            yield Refusal(line, "", "row", f"is not valid JSON ({error}); write one object per line")
            continue
        if not isinstance(values, dict):
            yield Refusal(line, "", "row", "is not a JSON object; write one object per line")
            continue
        yield Row(line, {column_name(key): cleaned(value) for key, value in values.items()})


def cleaned(value: Any) -> Any:
    """The same without control characters, which PostgreSQL refuses."""
    if isinstance(value, str):
        return _CONTROL.sub("", value).strip()
    if isinstance(value, list):
        return [cleaned(item) for item in value]
    if isinstance(value, dict):
        return {_CONTROL.sub("", key).strip(): cleaned(item) for key, item in value.items()}
    return value


def _skip_blank_lines(reader: Any) -> None:
    """Leaves the reader behind the header."""
    for cells in reader:
        if any(cell.strip() for cell in cells):
            return


def _first_line(text: Iterator[str]) -> str:
    for line in text:
        if line.strip():
            return line
    raise FeedUnreadable("The file is empty.")


def _delimiter(first: str) -> str:
    """What separates the cells, judged by the first line; "" for JSON lines."""
    if first.lstrip().startswith("{"):
        return ""
    if first.lstrip().startswith("["):
        raise FeedUnreadable("The file is one JSON array; write one object per line (JSON lines).")
    if first.lstrip().startswith("<"):
        raise FeedUnreadable("The file is XML or HTML; export it as CSV, TSV or JSON lines.")
    return max(("\t", ",", ";"), key=first.count)


def _json_columns(first: str) -> list[str]:
    try:
        values = orjson.loads(first)
    except orjson.JSONDecodeError:
        return []
    return [column_name(key) for key in values] if isinstance(values, dict) else []


@contextmanager
def _opened(path: Path) -> Iterator[Iterator[str]]:
    """The file's text; everything that can be wrong with it is FeedUnreadable."""
    try:
        with path.open("rb") as raw:
            start = raw.read(4)
            raw.seek(0)
            if start.startswith(_UTF16):
                raise FeedUnreadable("The file is UTF-16; save it as UTF-8 (in Excel: CSV UTF-8).")
            if start.startswith(b"PK"):
                raise FeedUnreadable("The file is a zip archive or an Excel workbook; export it as CSV UTF-8.")
            content = gzip.open(raw) if start.startswith(b"\x1f\x8b") else raw  # noqa: SIM115 - the text closes it
            yield _lines(content)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise FeedUnreadable(f"The compressed file is damaged or not complete ({error}); copy it again.") from error
    except OSError as error:
        raise FeedUnreadable(f"The file cannot be read: {error.strerror or error}.") from error


def _lines(content: BinaryIO | gzip.GzipFile) -> Iterator[str]:
    """Lines of UTF-8 with or without a byte order mark; a byte that is not UTF-8 is reported with its line."""
    for number, line in enumerate(content, 1):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise FeedUnreadable(
                f"Line {number} is not UTF-8 (byte {error.start + 1} is 0x{error.object[error.start]:02x}); "
                "save the file as UTF-8 (in Excel: CSV UTF-8)."
            ) from None
