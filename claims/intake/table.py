"""Tables: text as rows of cells with the line each row begins on, by RFC 4180.

Promises: commas, semicolons and tabs are told apart by the headings they give; a quoted
cell may hold line breaks; a quote that is never closed, or is followed by more text, is
found where it opened. Runs in the time of one reading.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from claims.intake.columns import count_known
from claims.intake.rows import Problem

DELIMITERS = (",", ";", "\t")
MAX_CELL_CHARS = 16 * 2**20
# A header is a line of names: more than this is none, and need not be split three ways.
MAX_HEADER_CHARS = 20_000
_SEP_LINE = re.compile(r"(?:\"?)sep=([,;\t])(?:\"?)[ \t,;]*(?:\r\n|\r|\n)", re.I)
UNCLOSED = (
    "The quote that opens here is never closed, so the rest of the file became one cell. "
    'Close it, and write a quote inside a quoted cell twice: "".'
)
TEXT_BEHIND = (
    "There is text behind a closing quote. Write a quote inside a quoted cell "
    'twice: "", or leave the cell unquoted.'
)


class BrokenTable(Exception):
    """The text cannot be cut into cells."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


@dataclass(frozen=True, slots=True)
class Layout:
    """How a text is cut: its delimiter, and where the header begins (character and line)."""

    delimiter: str
    start: int = 0
    line: int = 1


def find_layout(text: str) -> Layout:
    """The delimiter that gives most known headings, then most cells; a comma where none does.

    A first line ``sep=;``, as spreadsheets write it, settles it.
    """
    said = _SEP_LINE.match(text)
    if said:
        return Layout(said.group(1), start=said.end(), line=2)
    blank = len(text) - len(text.lstrip("\r\n"))
    line = 1 + text[:blank].replace("\r\n", "\n").replace("\r", "\n").count("\n")
    head = text[blank : blank + MAX_HEADER_CHARS]
    tried = {delimiter: _first_cells(head, delimiter) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda one: (count_known(tried[one]), len(tried[one])))
    return Layout(best, start=blank, line=line)


def read_table(text: str, layout: Layout) -> Iterator[tuple[int, list[str]]]:
    """Rows with their first line; raises :class:`BrokenTable` at a broken quote."""
    csv.field_size_limit(max(csv.field_size_limit(), MAX_CELL_CHARS))
    lines = io.StringIO(text[layout.start :] if layout.start else text, newline="")
    rows = csv.reader(lines, delimiter=layout.delimiter, strict=True)
    line = layout.line
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as broken:
            raise BrokenTable(_find_broken(text, layout, line)) from broken
        yield line, cells
        line = layout.line + rows.line_num


def count_line_breaks(cells: list[str]) -> int:
    """The line breaks inside cells: by so many lines does the next cell stand lower."""
    return sum(cell.count("\n") + cell.replace("\r\n", "").count("\r") for cell in cells if cell)


def _first_cells(head: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []


def _find_broken(text: str, layout: Layout, line: int) -> Problem:
    """Where in the row that begins on ``line`` the quoting breaks: one walk over the rest."""
    lines = io.StringIO(text[layout.start :], newline="")
    for _ in range(line - layout.line):
        lines.readline()
    rest = lines.read()
    quoted = re.compile(r'"[^"]*(?:""[^"]*)*')
    plain = re.compile(rf"[^\r\n{re.escape(layout.delimiter)}]*")
    at = counted = column = 0
    here = line
    while True:
        column += 1
        here += count_line_breaks([rest[counted:at]])
        counted = at
        if rest[at : at + 1] == '"':
            opened = quoted.match(rest, at)
            at = opened.end() if opened else at + 1
            if rest[at : at + 1] != '"':
                return Problem(here, column, "", UNCLOSED)
            at += 1
            if at < len(rest) and rest[at] not in f"\r\n{layout.delimiter}":
                return Problem(here, column, "", TEXT_BEHIND)
        else:
            found = plain.match(rest, at)
            at = found.end() if found else at
        if rest[at : at + 1] != layout.delimiter:
            return Problem(here, column, "", "This line cannot be cut into cells.")
        at += 1
