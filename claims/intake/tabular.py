"""Tabular: the rows of any CSV by the names of its columns, for files that are not of claims.

Promises headings in any case and with any of their known other names; a complaint names its
line and column; a file is read whole or not at all. Refuses a heading that stands twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from claims.intake.decoding import Undecodable, decode
from claims.intake.rows import Problem
from claims.intake.table import BrokenTable, find_layout, read_table

MOST_PROBLEMS = 20


class FileRefused(Exception):
    """The file cannot be taken in; ``problems`` are the first reasons, in the file's order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems[:MOST_PROBLEMS])
        super().__init__(" ".join(str(one) for one in self.problems))


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line on which it begins and its cells by column; a missing one is empty."""

    line: int
    cells: Mapping[str, str]
    columns: Mapping[str, int]

    def problem(self, name: str, message: str) -> Problem:
        """What is wrong with one cell, and how to mend it."""
        at = self.columns.get(name)
        return Problem(self.line, None if at is None else at + 1, name, message)


def read_text(body: bytes) -> str:
    """The file as text; raises :class:`FileRefused`."""
    try:
        return decode(body)[0]
    except Undecodable as broken:
        raise FileRefused([broken.problem]) from broken


def read_header(text: str) -> list[str]:
    """The headings of a CSV as they are written; raises :class:`FileRefused` without any."""
    for _, cells in _read(text):
        if any(cell.strip() for cell in cells):
            return [cell.strip() for cell in cells]
    raise FileRefused(
        [Problem(1, None, "", "The file holds no row. Its first row names the columns.")]
    )


def read_rows(text: str, names: Mapping[str, Sequence[str]]) -> Iterator[Row]:
    """The rows below the header; ``names`` are the columns with the headings each may have.

    Columns that are not named are left out, and so are rows without a word.
    """
    columns: dict[str, int] | None = None
    for line, cells in _read(text):
        if not any(cell.strip() for cell in cells):
            continue
        if columns is None:
            columns = _find_columns(line, cells, names)
            continue
        held = {name: cells[at].strip() if at < len(cells) else "" for name, at in columns.items()}
        yield Row(line, held, columns)


def _read(text: str) -> Iterator[tuple[int, list[str]]]:
    try:
        yield from read_table(text, find_layout(text))
    except BrokenTable as broken:
        raise FileRefused([broken.problem]) from broken


def _find_columns(
    line: int, cells: Sequence[str], names: Mapping[str, Sequence[str]]
) -> dict[str, int]:
    known = {_plain(other): name for name, others in names.items() for other in (name, *others)}
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        name = known.get(_plain(cell))
        if name is None:
            continue
        if name in found:
            told = f"The column {name} stands twice, as column {found[name] + 1} and here."
            raise FileRefused([Problem(line, at + 1, cell.strip(), told)])
        found[name] = at
    return found


def _plain(heading: str) -> str:
    return "".join(letter for letter in heading.casefold() if letter.isalnum())
