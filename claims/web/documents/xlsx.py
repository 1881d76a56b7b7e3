"""Workbooks (.xlsx): each sheet that is shown becomes a table, or one for each block of it.

Promises values as the sheet shows them (:mod:`claims.web.documents.number_formats`) and
merged cells filled in. Formulas are not computed, only their kept results are read; macros,
links to other workbooks and hidden sheets are never opened.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from claims.web.documents.archives import Archive
from claims.web.documents.drafts import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, Draft, Enough, cut_cell
from claims.web.documents.parts import find_main_part, hear_part, read_properties, read_relations
from claims.web.documents.shapes import Shaped, shape_table
from claims.web.documents.xlsx_parts import (
    PLACE,
    Book,
    BookListener,
    SheetListener,
    StringsListener,
    StylesListener,
    column_of,
)
from claims.web.errors import Unreadable

MAX_SHEETS = 50
_COUNTED = re.compile(
    r"(?:sheet|tabelle|feuille|feuil|hoja|blad|foglio|ark|planilha)\s?\d{0,3}", re.IGNORECASE
)


def read_xlsx(body: bytes) -> Draft:
    """The shown sheets of a workbook as tables. Raises :class:`Unreadable`."""
    archive = Archive(body)
    draft = Draft(title=read_properties(archive).get("title", ""))
    book = _read_book(archive, draft)
    for name, part in book.sheets[:MAX_SHEETS]:
        listener = SheetListener(book)
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


def _read_book(archive: Archive, draft: Draft) -> Book:
    main = find_main_part(archive, "xl/workbook.xml")
    if not main.lower().endswith(".xml"):
        raise Unreadable("Binary workbooks (.xlsb) are not read; save it as .xlsx.")
    heard = BookListener()
    hear_part(archive.pieces(main), heard)
    inside, _ = read_relations(archive, main)
    if heard.hidden:
        draft.leave_out("hidden sheets")
    book = Book(is_1904=heard.is_1904)
    book.sheets = [(name, inside[key][1]) for name, key in heard.sheets if key in inside]
    parts = dict(inside.values())
    strings, styles = StringsListener(), StylesListener()
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


def _fill_merged(sheet: SheetListener) -> None:
    """A merged cell's text stands in each column that it spans; downwards as well."""
    left = MAX_CELLS
    width = max(map(len, sheet.rows.values()), default=0)
    for reference in sheet.merges:
        first, _, last = reference.partition(":")
        start, end = PLACE.fullmatch(first), PLACE.fullmatch(last)
        if start is None or end is None:
            continue
        row, column = int(start[2]), column_of(start[1])
        words = sheet.rows.get(row, [])
        text = words[column - 1] if column <= len(words) else ""
        last_row, last_column = int(end[2]), min(column_of(end[1]), MAX_COLUMNS)
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
