"""A document while it is read: paragraphs, tables and page marks, within limits.

Promises the shape that pages have: one paragraph or table row to a line, tables as
tables besides, and where a limit bit, a last line that says what was left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from claims.text.page_marks import disarm_marks, mark_left_out, mark_page
from claims.web.documents.shapes import Shaped
from claims.web.tables import MAX_CELL_CHARACTERS, Table

# As much as a snapshot keeps of a page, so that the last line, which says so, is kept as well.
MAX_CHARACTERS = 1_990_000
MAX_LINES = 100_000
# A table of figures beyond this is a database; the passages weighed are far fewer.
MAX_ROWS = 5_000
MAX_CELLS = 100_000
MAX_COLUMNS = 100
MAX_LINKS = 5_000

# Everything but tab and newline that is no character to read, and what breaks lines elsewhere.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


class Enough(Exception):
    """A limit is reached; what was read so far stands."""


@dataclass(slots=True)
class Draft:
    """What was read so far. ``left_out`` says in plain words what a limit cut, once each."""

    title: str = ""
    modified: date | None = None
    tables: list[Table] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, None] = field(default_factory=dict)
    words: int = 0
    _lines: list[str] = field(default_factory=list)
    _characters: int = 0
    _cells: int = 0

    @property
    def last_line(self) -> str:
        """What was written last; empty at the start and behind a page mark."""
        return self._lines[-1] if self._lines else ""

    def begin_page(self, number: int) -> None:
        """Mark where a page begins."""
        self._lines += ["", mark_page(number), ""]

    def add_paragraph(self, text: str) -> None:
        """A line of running text; raises :class:`Enough` at the limit of the whole text."""
        line = disarm_marks(tidy_cell(text)).strip()
        if line:
            self._write(line)

    def add_table(self, shaped: Shaped) -> bool:
        """A table with what stands above and below it; gives whether all its rows were kept.

        The text has each cell whole, the table as long as a cell of figures may be. Raises
        :class:`Enough` at a limit of the whole document.
        """
        for line in shaped.above:
            self.add_paragraph(line)
        header, rows = shaped.header[:MAX_COLUMNS], self._cut_rows(shaped.rows)
        width = max(map(len, (shaped.header, *shaped.rows)), default=0)
        if width > MAX_COLUMNS:
            self.leave_out(f"columns beyond the first {MAX_COLUMNS}")
        if width < 2:
            for cells in (header, *rows):
                for cell in cells:
                    self.add_paragraph(cell)
        else:
            self._write_table(shaped, header, rows)
        if self._cells > MAX_CELLS:
            raise Enough
        for line in shaped.below:
            self.add_paragraph(line)
        return len(rows) == len(shaped.rows)

    def _write_table(
        self, shaped: Shaped, header: tuple[str, ...], rows: Sequence[tuple[str, ...]]
    ) -> None:
        caption = tidy_cell(shaped.caption or (shaped.above[-1] if shaped.above else ""))
        last = self.last_line
        if " | " in last:
            # Rows that follow each other are one table: a line between keeps two apart.
            self.add_paragraph(caption or f"Table {len(self.tables) + 1}")
        elif shaped.caption and caption != last:
            self.add_paragraph(caption)
        kept: list[tuple[str, ...]] = []
        self.tables.append(Table(caption[:1000], tuple(map(cut_cell, header)), ()))
        try:
            if header:
                self._write(row_line(header, fills=False))
            for row in rows:
                self._write(row_line(row))
                kept.append(tuple(map(cut_cell, row)))
        finally:
            self.tables[-1] = replace(self.tables[-1], rows=tuple(kept))

    def leave_out(self, what: str) -> None:
        """Note what is not in the text."""
        self.left_out[what] = None

    def add_link(self, url: str, text: str = "") -> None:
        """An outgoing link; never followed."""
        if len(self.links) < MAX_LINKS:
            self.links.setdefault(url, tidy_cell(text).strip()[:300])

    def text(self) -> str:
        """The lines, with a last one for all that was left out."""
        lines = list(self._lines)
        if self.left_out:
            what = "; ".join(self.left_out)[:290]
            lines += ["", mark_left_out(what)]
        return "\n".join(lines).strip()

    def _cut_rows(self, rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
        kept: list[tuple[str, ...]] = []
        for row in rows[:MAX_ROWS]:
            cut = row[:MAX_COLUMNS]
            self._cells += len(cut)
            if self._cells > MAX_CELLS:
                self.leave_out(f"all beyond {MAX_CELLS:,} cells of tables")
                break
            kept.append(cut)
        if len(kept) < len(rows):
            self.leave_out(f"all but the first {len(kept):,} rows of a table")
        return kept

    def _write(self, line: str) -> None:
        room = MAX_CHARACTERS - self._characters - 1
        if len(line) > room:
            self.leave_out(f"all beyond {MAX_CHARACTERS:,} characters")
            self._keep(line[: max(room, 0)])
            raise Enough
        if len(self._lines) >= MAX_LINES:
            self.leave_out(f"all beyond {MAX_LINES:,} lines")
            raise Enough
        self._keep(line)

    def _keep(self, line: str) -> None:
        self._characters += len(line) + 1
        self.words += any(sign.isalnum() for sign in line)
        self._lines.append(line)


def row_line(cells: Iterable[str], *, fills: bool = True) -> str:
    """A row as pages write it; an empty cell of a data row is a dash, so that none moves up.

    Two bars at least tell a row from a sentence with a bar in it, so two cells get a last one.

    >>> row_line(["", "7 | 8"])
    '– | 7 / 8 |'
    """
    bare = [tidy_cell(cell).replace("|", "/").strip() for cell in cells]
    line = " | ".join(cell or ("–" if fills else "") for cell in bare).strip()
    return disarm_marks(f"{line} |" if len(bare) == 2 else line)


def tidy_cell(text: str) -> str:
    """A text of any length as one line, without unprintable characters."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())


def cut_cell(text: str) -> str:
    """A cell's text, tidied and at most as long as a cell of a table may be."""
    return tidy_cell(text[: MAX_CELL_CHARACTERS * 2])[:MAX_CELL_CHARACTERS]
