"""What a file of claims says, as frozen values: its rows, its columns and its problems."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from claims.intake.columns import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """One claim of a file; ``line`` is the line of the file on which its row begins.

    What the file does not say is ``""`` or ``None``. ``claim_text`` has single
    blanks between its words, as a claim typed by a person is kept.
    """

    line: int
    claim_text: str
    claimant: str = ""
    article_title: str = ""
    article_url: str = ""
    article_published: date | None = None
    said_on: date | None = None
    language: str = ""
    priority: int | None = None
    note: str = ""
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong and how to mend it; ``column`` counts from 1, ``None`` for a whole line."""

    line: int
    column: int | None
    name: str
    message: str

    def __str__(self) -> str:
        """As a terminal shows it.

        >>> str(Problem(3, 2, "claimant", "Too long."))
        'line 3, column 2 (claimant): Too long.'
        """
        place = f"line {self.line:,}"
        if self.column is not None:
            place += f", column {self.column}"
        if self.name:
            place += f" ({self.name})"
        return f"{place}: {self.message}"


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as read. Where ``problem_count`` is not 0 there are no rows to keep.

    ``problems`` are the first of them in the order of the file.
    """

    rows: tuple[ClaimRow, ...] = ()
    columns: tuple[Column, ...] = ()
    problems: tuple[Problem, ...] = ()
    problem_count: int = 0
    delimiter: str = ","
    encoding: str = "UTF-8"

    @property
    def unknown_columns(self) -> tuple[Column, ...]:
        """Columns whose cells will not be kept, and that are not the verdict CSV's either."""
        return tuple(one for one in self.columns if one.is_unknown)

    @property
    def delimiter_name(self) -> str:
        """The delimiter in words."""
        return {",": "comma", ";": "semicolon", "\t": "tab"}[self.delimiter]
