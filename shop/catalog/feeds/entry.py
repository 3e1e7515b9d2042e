"""What a feed says about one product, and what is wrong with a row."""

from dataclasses import dataclass, field
from typing import Any


class FeedUnreadable(Exception):
    """The whole file cannot be read; the message says why and what to do."""


class BadValue(Exception):
    """A cell that no product can be made of; its row is left out."""

    def __init__(self, field_name: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field_name
        self.reason = reason


@dataclass(frozen=True)
class Refusal:
    """A row that was left out. `reason` says what to do about it."""

    line: int
    sku: str
    field: str
    reason: str

    def __str__(self) -> str:
        named = f" ({self.sku})" if self.sku else ""
        return f"line {self.line}{named}: {self.field}: {self.reason}"


@dataclass(frozen=True)
class Note:
    """Something odd in a row that went in. `reason` has no value of the row in it, so that equal ones are counted."""

    line: int
    field: str
    reason: str


@dataclass
class Entry:
    """One product of a feed; what the file has no column for is absent, and stays as it is in the catalogue."""

    line: int
    sku: str
    fields: dict[str, Any] = field(default_factory=dict)  # by the names of Product's fields
    category: tuple[str, ...] | None = None  # the path from the department down; () takes it out of its category
    attributes: dict[str, Any] = field(default_factory=dict)  # a value of None removes the attribute
    replaces_attributes: bool = False  # the feed gives all of them
    chinese: dict[str, str] = field(default_factory=dict)  # title and description; "" removes it
    is_in_stock: bool | None = None  # said without a quantity
    pictures: list[str] | None = None  # paths and links, in order
    picture_alts: dict[str, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def note(self, field_name: str, reason: str) -> None:
        self.notes.append(Note(self.line, field_name, reason))
