"""Tables as tables: numbers live there.

It promises header, rows and caption of a data table with spans filled in, and
refuses tables that only lay out a page. Cells are plain text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

MAX_ROWS = 2000
MAX_COLUMNS = 100
MAX_CELLS = 50_000
# A longer cell is an article in a layout table, not a figure.
MAX_CELL_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class Table:
    """One data table; ``header`` is empty where the page marks none."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def to_json(self) -> dict[str, Any]:
        """``{"caption","header","rows"}`` with lists."""
        return {
            "caption": self.caption,
            "header": list(self.header),
            "rows": [list(row) for row in self.rows],
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """The inverse of :meth:`to_json`."""
        return cls(
            caption=stored["caption"],
            header=tuple(stored["header"]),
            rows=tuple(tuple(row) for row in stored["rows"]),
        )


@dataclass(slots=True)
class _Cell:
    is_header: bool
    columns: int
    rows: int
    pieces: list[str] = field(default_factory=list)
    length: int = 0


class TableBuilder:
    """Collects the events of one table and makes a :class:`Table` of them."""

    def __init__(self) -> None:
        self._caption: list[str] = []
        self._in_caption = False
        self._rows: list[tuple[list[str], bool]] = []
        self._row: list[str] = []
        self._headers_in_row = 0
        self._cell: _Cell | None = None
        # column -> (text, rows it still reaches down)
        self._reaching: dict[int, tuple[str, int]] = {}
        self._cells = 0
        self._is_layout = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins inside the table."""
        if tag == "caption":
            self._in_caption = True
        elif tag == "tr":
            self._end_row()
        elif tag in {"td", "th"}:
            self._end_cell()
            columns = read_span(attributes.get("colspan"))
            self._cell = _Cell(tag == "th", columns, read_span(attributes.get("rowspan")))

    def end(self, tag: str) -> None:
        """An element ends inside the table."""
        if tag == "caption":
            self._in_caption = False
        elif tag in {"td", "th"}:
            self._end_cell()
        elif tag == "tr":
            self._end_row()

    def data(self, text: str) -> None:
        """Text of the table."""
        if self._in_caption:
            self._caption.append(text)
        elif self._cell is not None:
            self._cell.length += len(text)
            if self._cell.length <= MAX_CELL_CHARACTERS:
                self._cell.pieces.append(text)
            else:
                self._is_layout = True

    def finish(self) -> Table | None:
        """The table, or ``None`` where it is no data table (fewer than two rows or columns)."""
        self._end_row()
        rows = self._rows
        header: tuple[str, ...] = ()
        if len(rows) > 1 and rows[0][1]:
            header, rows = tuple(rows[0][0]), rows[1:]
        width = max((len(row) for row, _ in self._rows), default=0)
        if self._is_layout or width < 2 or len(self._rows) < 2:
            return None
        caption = " ".join("".join(self._caption).split())[:1000]
        return Table(caption, header, tuple(tuple(row) for row, _ in rows))

    def _end_cell(self) -> None:
        cell, self._cell = self._cell, None
        if cell is None or len(self._rows) >= MAX_ROWS or self._cells >= MAX_CELLS:
            return
        text = " ".join("".join(cell.pieces).split())
        self._fill_from_above()
        self._headers_in_row += cell.is_header
        for _ in range(cell.columns):
            if len(self._row) >= MAX_COLUMNS:
                break
            if cell.rows > 1:
                self._reaching[len(self._row)] = (text, cell.rows - 1)
            self._row.append(text)
            self._cells += 1

    def _fill_from_above(self) -> None:
        while len(self._row) in self._reaching and len(self._row) < MAX_COLUMNS:
            column = len(self._row)
            text, rows = self._reaching.pop(column)
            if rows > 1:
                self._reaching[column] = (text, rows - 1)
            self._row.append(text)

    def _end_row(self) -> None:
        self._end_cell()
        if not self._row:
            return
        own_headers = self._headers_in_row
        self._fill_from_above()
        if any(self._row):
            is_header = own_headers > 1 or own_headers == len(self._row)
            self._rows.append((self._row, is_header))
        self._row, self._headers_in_row = [], 0


def read_span(value: str | None) -> int:
    """A colspan or rowspan as a number from 1 to 100; nonsense is 1."""
    value = (value or "").strip()
    if len(value) > 4 or not value.isascii() or not value.isdigit():
        return 1
    return min(max(int(value), 1), MAX_COLUMNS)
