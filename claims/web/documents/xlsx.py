"""Workbooks (.xlsx): each sheet that is shown becomes a table, or one for each block of it.

Promises values as the sheet shows them (:mod:`claims.web.documents.number_formats`) and
merged cells filled in. Formulas are not computed, only their kept results are read; macros,
links to other workbooks and hidden sheets are never opened.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence

from claims.web.documents.archives import Archive
from claims.web.documents.drafts import MAX_CELLS, MAX_COLUMNS, Draft, Enough, cut_cell
from claims.web.documents.parts import find_main_part, hear_part, read_properties, read_relations
from claims.web.documents.shapes import Shaped, is_figure, shape_table
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
# A longer one is no caption but a text above the table.
MAX_CAPTION = 280
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
        if listener.is_wide:
            draft.leave_out(f"columns beyond the first {MAX_COLUMNS}")
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
    if parts.get("styles", "") in archive:
        hear_part(archive.pieces(parts["styles"]), styles)
    book.strings = strings.strings
    book.formats = [(one, styles.codes.get(one, "")) for one in styles.ids]
    return book


def _fill_merged(sheet: SheetListener) -> None:
    """A merged cell's text stands in each column that it spans, down and across.

    Only rows and columns that hold something are filled: a merge may reach to the sheet's end.
    """
    left = MAX_CELLS
    numbers = sorted(sheet.rows)
    width = max(map(len, sheet.rows.values()), default=0)
    for reference in sheet.merges:
        first, _, last = reference.partition(":")
        start, end = PLACE.fullmatch(first), PLACE.fullmatch(last)
        if start is None or end is None:
            continue
        row, column = int(start[2]), column_of(start[1])
        words = sheet.rows.get(row, [])
        text = words[column - 1] if column <= len(words) else ""
        last_row, last_column = int(end[2]), min(column_of(end[1]), width)
        is_title = column == 1 and last_column >= width
        if not text or is_title:
            continue
        for line in numbers[bisect_left(numbers, row) : bisect_right(numbers, last_row)]:
            cells = sheet.rows[line]
            left -= last_column - column + 1
            if left < 0:
                return
            cells += [""] * (last_column - len(cells))
            cells[column - 1 : last_column] = [text] * (last_column - column + 1)


def _cut_blocks(rows: Mapping[int, list[str]], name: str) -> list[Shaped]:
    """A sheet's rows as tables: cut at blank rows, where a header follows or figures end."""
    tables: list[Shaped] = []
    above: tuple[str, ...] = ()
    for block in _join_blocks(_split_blocks(rows)):
        if _is_words(block):
            above += tuple(next(filter(None, row)) for row in block)
            continue
        shaped = shape_table(block)
        known = tables[-1].header if tables else ()
        if not shaped.header and known and len(known) == len(shaped.rows[0]):
            shaped = Shaped(known, shaped.rows, "", shaped.above, shaped.below)
        titles = (name, *above[:2], *shaped.above[:1])
        caption = ". ".join(dict.fromkeys(filter(None, titles)))
        rest = (*above[2:], *shaped.above[1:])
        if len(caption) > MAX_CAPTION:
            caption, rest = name, (*above, *shaped.above)
        tables.append(Shaped(shaped.header, shaped.rows, caption, rest, shaped.below))
        above = ()
    if above:
        tables.append(Shaped((), tuple((line,) for line in above)))
    return tables


def _split_blocks(rows: Mapping[int, list[str]]) -> list[list[list[str]]]:
    """Rows that follow each other without a blank one between."""
    blocks: list[list[list[str]]] = []
    before = -1
    for number in sorted(rows):
        if number != before + 1 or not blocks:
            blocks.append([])
        blocks[-1].append(rows[number])
        before = number
    return blocks


def _join_blocks(blocks: Iterable[list[list[str]]]) -> list[list[list[str]]]:
    """Blocks that only go on are put together: rows spaced out are one table, not as many."""
    joined: list[list[list[str]]] = []
    columns: set[int] = set()
    height = 0
    for block in blocks:
        own = {place for row in block for place, cell in enumerate(row) if cell}
        shaped = shape_table(block)
        has_names = bool(shaped.header or shaped.above or _is_words(block))
        has_figures = any(is_figure(cell) for row in block for cell in row)
        is_more = has_figures or len(block) == height == 1
        height = len(block)
        if is_more and not has_names and joined and not _is_words(joined[-1]) and own <= columns:
            joined[-1].extend(block)
        else:
            joined.append(list(block))
            columns = own
    return joined


def _is_words(block: Iterable[Sequence[str]]) -> bool:
    """Whether each row holds one cell only: titles and notes, no table."""
    return all(sum(1 for cell in row if cell) == 1 for row in block)


def _name_of(sheet: str) -> str:
    """A sheet's name; none where it only counts ("Sheet1")."""
    return "" if _COUNTED.fullmatch(sheet.strip()) else cut_cell(sheet)
