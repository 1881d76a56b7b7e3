"""What is heard in the parts of a workbook: its sheets, its strings, its styles, its cells.

Promises to keep no more than the limits of :mod:`claims.web.documents.drafts` and its own;
``Enough`` is raised at the first that is reached, with what was heard so far kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from claims.web.documents.drafts import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, Enough, tidy_cell
from claims.web.documents.number_formats import show_number

MAX_STRINGS = 500_000
MAX_STRING_CHARACTERS = 30_000_000
MAX_MERGES = 2_000
# Excel keeps 32,767 characters of a cell; the pieces are its lines and runs.
MAX_TEXT_CHARACTERS, MAX_PIECES = 40_000, 40_000
PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


@dataclass(slots=True)
class Book:
    """What the sheets refer to: their names and parts, the strings and the formats."""

    sheets: list[tuple[str, str]] = field(default_factory=list)
    is_1904: bool = False
    strings: list[str] = field(default_factory=list)
    formats: list[tuple[int, str]] = field(default_factory=list)


class BookListener:
    """Hears ``workbook.xml``."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.hidden = 0
        self.is_1904 = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "workbookPr":
            self.is_1904 = attributes.get("date1904", "0") in {"1", "true"}
        elif tag == "sheet" and attributes.get("state", "visible") != "visible":
            self.hidden += 1
        elif tag == "sheet":
            self.sheets.append((attributes.get("name", ""), attributes.get("id", "")))

    def end(self, tag: str) -> None:
        del tag

    def data(self, text: str) -> None:
        del text


class StringsListener:
    """Hears ``sharedStrings.xml``; phonetic readings are left out."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self._pieces: list[str] = []
        self._characters = 0
        self._is_text = False
        self._phonetic = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        del attributes
        if tag == "si":
            self._pieces = []
        elif tag == "rPh":
            self._phonetic += 1
        elif tag == "t":
            self._is_text = not self._phonetic

    def end(self, tag: str) -> None:
        if tag == "rPh":
            self._phonetic -= 1
        elif tag == "t":
            self._is_text = False
        elif tag == "si":
            text = join_cell(self._pieces)
            self._characters += len(text)
            full = self._characters > MAX_STRING_CHARACTERS or len(self.strings) >= MAX_STRINGS
            if full:
                raise Enough
            self.strings.append(text)

    def data(self, text: str) -> None:
        if self._is_text:
            self._pieces.append(text)


class StylesListener:
    """Hears ``styles.xml``: which number format each style of a cell has."""

    def __init__(self) -> None:
        self.codes: dict[int, str] = {}
        self.ids: list[int] = []
        self._is_inside = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "numFmt" and len(self.codes) < 5_000:
            code = attributes.get("formatCode", "")[:200]
            self.codes[_number(attributes.get("numFmtId"))] = code
        elif tag == "cellXfs":
            self._is_inside = True
        elif tag == "xf" and self._is_inside and len(self.ids) < 70_000:
            self.ids.append(_number(attributes.get("numFmtId")))

    def end(self, tag: str) -> None:
        if tag == "cellXfs":
            self._is_inside = False

    def data(self, text: str) -> None:
        del text


class SheetListener:
    """Hears one sheet; keeps its rows by number up to the limits."""

    def __init__(self, book: Book) -> None:
        self.rows: dict[int, list[str]] = {}
        self.merges: list[str] = []
        self.is_wide = False
        self._book = book
        self._row = 0
        self._column = 0
        self._kind = ""
        self._style = 0
        self._is_value = False
        self._phonetic = 0
        self._pieces: list[str] = []
        self._cells = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "c":
            self._start_cell(attributes)
        elif tag in {"v", "t"}:
            self._is_value = not self._phonetic
        elif tag == "rPh":
            self._phonetic += 1
        elif tag == "row":
            self._row = _number(attributes.get("r")) or self._row + 1
            self._column = 0
            if len(self.rows) >= MAX_ROWS or self._cells > MAX_CELLS:
                raise Enough
        elif tag == "mergeCell" and len(self.merges) < MAX_MERGES:
            self.merges.append(attributes.get("ref", ""))

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        place = PLACE.fullmatch(attributes.get("r", ""))
        self._column = column_of(place[1]) if place else self._column + 1
        self._kind = attributes.get("t", "n")
        self._style = _number(attributes.get("s"))
        self._pieces = []

    def end(self, tag: str) -> None:
        if tag in {"v", "t"}:
            self._is_value = False
        elif tag == "rPh":
            self._phonetic -= 1
        elif tag == "c" and self._pieces:
            text = self._show(join_cell(self._pieces))
            if text and self._column > MAX_COLUMNS:
                self.is_wide = True
            elif text:
                row = self.rows.setdefault(self._row, [])
                row += [""] * (self._column - len(row))
                row[self._column - 1] = text
                self._cells += 1

    def data(self, text: str) -> None:
        if self._is_value and len(self._pieces) < MAX_PIECES:
            self._pieces.append(text)

    def _show(self, stored: str) -> str:
        book = self._book
        if self._kind == "s":
            place = _number(stored)
            return book.strings[place] if place < len(book.strings) else ""
        if self._kind == "b":
            return "true" if stored.strip() == "1" else "false"
        if self._kind != "n":
            return stored  # text, the text of a formula, a day in ISO, an error
        known = self._style < len(book.formats)
        format_id, code = book.formats[self._style] if known else (0, "")
        return show_number(stored, format_id, code, is_1904=book.is_1904)


def join_cell(pieces: Sequence[str]) -> str:
    """The pieces of a cell's text as one line."""
    return tidy_cell("".join(pieces)[:MAX_TEXT_CHARACTERS])


def column_of(letters: str) -> int:
    """``A`` is 1, ``Z`` 26, ``AA`` 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _number(text: str | None) -> int:
    """A small whole number; nonsense is 0."""
    bare = (text or "").strip()
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) < 10 else 0
