"""Workbooks (.xlsx): each sheet that is shown becomes a table, or one for each block of it.

Promises values as the sheet shows them (:mod:`claims.web.documents.number_formats`) and
merged cells filled in. Formulas are not computed, only their kept results are read; macros,
links to other workbooks and hidden sheets are never opened.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from claims.web.documents.archives import Archive
from claims.web.documents.drafts import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    Draft,
    Enough,
    cut_cell,
)
from claims.web.documents.number_formats import show_number
from claims.web.documents.parts import find_main_part, hear_part, read_properties, read_relations
from claims.web.documents.shapes import Shaped, shape_table
from claims.web.errors import Unreadable

MAX_SHEETS = 50
MAX_STRINGS = 500_000
MAX_STRING_CHARACTERS = 30_000_000
MAX_MERGES = 2_000
_COUNTED = re.compile(
    r"(?:sheet|tabelle|feuille|feuil|hoja|blad|foglio|ark|planilha)\s?\d{0,3}", re.IGNORECASE
)
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


@dataclass(slots=True)
class _Book:
    """What the sheets refer to: their names and parts, the strings and the formats."""

    sheets: list[tuple[str, str]] = field(default_factory=list)
    is_1904: bool = False
    strings: list[str] = field(default_factory=list)
    formats: list[tuple[int, str]] = field(default_factory=list)


class _BookListener:
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


class _StringsListener:
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
            text = cut_cell("".join(self._pieces))
            self._characters += len(text)
            full = self._characters > MAX_STRING_CHARACTERS or len(self.strings) >= MAX_STRINGS
            if full:
                raise Enough
            self.strings.append(text)

    def data(self, text: str) -> None:
        if self._is_text:
            self._pieces.append(text)


class _StylesListener:
    """Hears ``styles.xml``: which number format each style of a cell has."""

    def __init__(self) -> None:
        self.codes: dict[int, str] = {}
        self.ids: list[int] = []
        self._is_inside = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "numFmt" and len(self.codes) < 5_000:
            self.codes[_number(attributes.get("numFmtId"))] = attributes.get("formatCode", "")[:200]
        elif tag == "cellXfs":
            self._is_inside = True
        elif tag == "xf" and self._is_inside and len(self.ids) < 70_000:
            self.ids.append(_number(attributes.get("numFmtId")))

    def end(self, tag: str) -> None:
        if tag == "cellXfs":
            self._is_inside = False

    def data(self, text: str) -> None:
        del text


class _SheetListener:
    """Hears one sheet; keeps its rows by number up to the limits."""

    def __init__(self, book: _Book) -> None:
        self.rows: dict[int, list[str]] = {}
        self.merges: list[str] = []
        self.is_cut = False
        self._book = book
        self._row = 0
        self._column = 0
        self._kind = ""
        self._style = 0
        self._is_value = False
        self._pieces: list[str] = []
        self._cells = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "c":
            self._start_cell(attributes)
        elif tag in {"v", "t"}:
            self._is_value = True
        elif tag == "row":
            self._row = _number(attributes.get("r")) or self._row + 1
            self._column = 0
            if len(self.rows) >= MAX_ROWS or self._cells > MAX_CELLS:
                self.is_cut = True
                raise Enough
        elif tag == "mergeCell" and len(self.merges) < MAX_MERGES:
            self.merges.append(attributes.get("ref", ""))

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        place = _PLACE.fullmatch(attributes.get("r", ""))
        self._column = _column(place[1]) if place else self._column + 1
        self._kind = attributes.get("t", "n")
        self._style = _number(attributes.get("s"))
        self._pieces = []

    def end(self, tag: str) -> None:
        if tag in {"v", "t"}:
            self._is_value = False
        elif tag == "c" and self._pieces and self._column <= MAX_COLUMNS:
            text = self._show("".join(self._pieces))
            if text:
                row = self.rows.setdefault(self._row, [])
                row += [""] * (self._column - len(row))
                row[self._column - 1] = text
                self._cells += 1

    def data(self, text: str) -> None:
        if self._is_value and len(self._pieces) < 2_000:
            self._pieces.append(text)

    def _show(self, stored: str) -> str:
        book = self._book
        if self._kind == "s":
            place = _number(stored)
            return book.strings[place] if place < len(book.strings) else ""
        if self._kind == "b":
            return "true" if stored.strip() == "1" else "false"
        if self._kind != "n":
            return cut_cell(stored)  # text, the text of a formula, a day in ISO, an error
        known = self._style < len(book.formats)
        format_id, code = book.formats[self._style] if known else (0, "")
        return show_number(stored.strip(), format_id, code, is_1904=book.is_1904)


def read_xlsx(body: bytes) -> Draft:
    """The shown sheets of a workbook as tables. Raises :class:`Unreadable`."""
    archive = Archive(body)
    draft = Draft(title=read_properties(archive).get("title", ""))
    book = _read_book(archive, draft)
    for name, part in book.sheets[:MAX_SHEETS]:
        listener = _SheetListener(book)
        try:
            hear_part(archive.pieces(part), listener)
        except Enough:
            draft.leave_out(f"all but the first {len(listener.rows):,} rows of a sheet")
        _fill_merged(listener)
        try:
            for shaped in _cut_blocks(listener.rows, _name_of(name)):
                draft.add_table(shaped)
        except Enough:
            break
    if len(book.sheets) > MAX_SHEETS:
        draft.leave_out(f"all but the first {MAX_SHEETS} sheets")
    return draft


def _read_book(archive: Archive, draft: Draft) -> _Book:
    main = find_main_part(archive, "xl/workbook.xml")
    if not main.lower().endswith(".xml"):
        raise Unreadable("Binary workbooks (.xlsb) are not read; save it as .xlsx.")
    heard = _BookListener()
    hear_part(archive.pieces(main), heard)
    inside, _ = read_relations(archive, main)
    if heard.hidden:
        draft.leave_out("hidden sheets")
    book = _Book(is_1904=heard.is_1904)
    book.sheets = [(name, inside[key][1]) for name, key in heard.sheets if key in inside]
    parts = dict(inside.values())
    strings, styles = _StringsListener(), _StylesListener()
    try:
        if "sharedStrings" in parts:
            hear_part(archive.pieces(parts["sharedStrings"]), strings)
    except Enough:
        draft.leave_out(f"words beyond the first {len(strings.strings):,} of the workbook")
    if "styles" in parts:
        hear_part(archive.pieces(parts["styles"]), styles)
    book.strings = strings.strings
    book.formats = [(one, styles.codes.get(one, "")) for one in styles.ids]
    return book


def _fill_merged(sheet: _SheetListener) -> None:
    """A merged cell's text stands in each column that it spans; downwards as well."""
    left = MAX_CELLS
    width = max(map(len, sheet.rows.values()), default=0)
    for reference in sheet.merges:
        first, _, last = reference.partition(":")
        start, end = _PLACE.fullmatch(first), _PLACE.fullmatch(last)
        if start is None or end is None:
            continue
        row, column = int(start[2]), _column(start[1])
        words = sheet.rows.get(row, [])
        text = words[column - 1] if column <= len(words) else ""
        last_row, last_column = int(end[2]), min(_column(end[1]), MAX_COLUMNS)
        is_title = column == 1 and last_column - column + 1 >= width
        if not text or is_title or last_row - row > MAX_ROWS:
            continue
        for line in range(row, last_row + 1):
            cells = sheet.rows.get(line)
            if cells is None:
                continue
            left -= last_column - column + 1
            if left < 0:
                return
            cells += [""] * (last_column - len(cells))
            cells[column - 1 : last_column] = [text] * (last_column - column + 1)


def _cut_blocks(rows: Mapping[int, list[str]], name: str) -> list[Shaped]:
    """A sheet's rows as tables: cut at blank rows, where a header follows or figures end."""
    blocks: list[list[list[str]]] = []
    before = -1
    for number in sorted(rows):
        if number != before + 1 or not blocks:
            blocks.append([])
        blocks[-1].append(rows[number])
        before = number
    tables: list[Shaped] = []
    above: tuple[str, ...] = ()
    for block in blocks:
        is_words = all(sum(1 for cell in row if cell) == 1 for row in block)
        lines = tuple(next(cell for cell in row if cell) for row in block) if is_words else ()
        if is_words:
            above += lines
            continue
        shaped = shape_table(block)
        known = tables[-1].header if tables else ()
        if not shaped.header and known and len(known) == len(shaped.rows[0]):
            shaped = Shaped(known, shaped.rows, "", shaped.above, shaped.below)
        titles = (name, *above[:2], *shaped.above[:1])
        caption = ". ".join(dict.fromkeys(filter(None, titles)))[:280]
        rest = (*above[2:], *shaped.above[1:])
        tables.append(Shaped(shaped.header, shaped.rows, caption, rest, shaped.below))
        above = ()
    if above:
        tables.append(Shaped((), tuple((line,) for line in above)))
    return tables


def _name_of(sheet: str) -> str:
    """A sheet's name; none where it only counts ("Sheet1")."""
    return "" if _COUNTED.fullmatch(sheet.strip()) else cut_cell(sheet)


def _column(letters: str) -> int:
    """``A`` is 1, ``Z`` 26, ``AA`` 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _number(text: str | None) -> int:
    """A small whole number; nonsense is 0."""
    bare = (text or "").strip()
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) < 10 else 0
