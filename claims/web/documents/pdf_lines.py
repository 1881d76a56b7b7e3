"""From placed words to paragraphs and tables.

A PDF knows where words stand and not what they are. Promises every word once, in the order
in which the page draws them; lines of one paragraph joined, hyphens at line ends taken out
where the word goes on small; lines with the same gaps that hold figures as a table.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from claims.web.documents.drafts import MAX_COLUMNS, Draft
from claims.web.documents.shapes import is_figure, shape_table

# Measured in heights of the line: words of one cell stand closer than this.
CELL_GAP = 1.0
# Lines of one paragraph follow each other within this many heights, bottom to bottom.
PARAGRAPH_PITCH = 1.6
SAME_SIZE = 1.25
MIN_TABLE_LINES = 2
MIN_FIGURE_SHARE = 0.4
SHORT_LINE = 0.75
_BULLET = re.compile(r"[•‣◦▪–\-*]\s|\(?\d{1,2}[.)]\s")
_CAPTION = re.compile(r"(?:table|tab\.|figure|fig\.|tabelle|tableau|cuadro|abbildung)\b", re.I)
_SENTENCE_END = '.!?:;”"’)'


@dataclass(frozen=True, slots=True)
class Word:
    """Characters drawn close together and their box in points from the lower left corner."""

    text: str
    left: float
    right: float
    bottom: float
    top: float


@dataclass(frozen=True)
class Line:
    """Words on one height, as drawn."""

    words: tuple[Word, ...]

    @cached_property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @cached_property
    def height(self) -> float:
        return max(max(word.top - word.bottom for word in self.words), 1.0)

    @cached_property
    def bottom(self) -> float:
        return min(word.bottom for word in self.words)

    @cached_property
    def top(self) -> float:
        return max(word.top for word in self.words)

    @cached_property
    def left(self) -> float:
        return min(word.left for word in self.words)

    @cached_property
    def right(self) -> float:
        return max(word.right for word in self.words)

    @cached_property
    def cells(self) -> tuple[Word, ...]:
        """The words put together where no wide gap parts them."""
        groups: list[list[Word]] = []
        edge = 0.0
        for word in self.words:
            if groups and word.left - edge < CELL_GAP * self.height:
                groups[-1].append(word)
                edge = max(edge, word.right)
            else:
                groups.append([word])
                edge = word.right
        return tuple(_put_together(group) for group in groups)


def _put_together(words: Sequence[Word]) -> Word:
    return Word(
        " ".join(word.text for word in words),
        min(word.left for word in words),
        max(word.right for word in words),
        min(word.bottom for word in words),
        max(word.top for word in words),
    )


def write_page(draft: Draft, lines: Sequence[Line]) -> None:
    """Write a page's lines as paragraphs and tables; may raise ``Enough``."""
    rows = _merge_rows(lines)
    numbered = zip(rows, _find_tables(rows), strict=True)
    for is_table, group in groupby(numbered, key=lambda one: one[1]):
        block = [row for row, _ in group]
        if is_table:
            _write_table(draft, block)
        else:
            _write_paragraphs(draft, block)


def _merge_rows(lines: Sequence[Line]) -> list[Line]:
    """Lines drawn one after another on the same height, left to right, are one."""
    rows: list[list[Line]] = []
    for line in lines:
        if rows and _is_same_row(rows[-1][-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [Line(tuple(word for part in parts for word in part.words)) for parts in rows]


def _is_same_row(before: Line, line: Line) -> bool:
    shared = min(before.top, line.top) - max(before.bottom, line.bottom)
    is_level = shared > 0.6 * min(before.height, line.height)
    return is_level and line.left >= before.right - 0.2 * line.height


def _find_tables(rows: Sequence[Line]) -> list[int]:
    """For each row the number of the table it belongs to, 0 for none."""
    numbers = [0] * len(rows)
    at, found = 0, 0
    while at < len(rows):
        end = at
        while end < len(rows) and 1 < len(rows[end].cells) <= MAX_COLUMNS:
            end += 1
        if end - at >= MIN_TABLE_LINES and _holds_figures(rows[at:end]):
            found += 1
            numbers[at:end] = [found] * (end - at)
        at = max(end, at + 1)
    return numbers


def _holds_figures(rows: Sequence[Line]) -> bool:
    """Whether enough of the cells behind the first of each row are figures."""
    cells = [cell.text for row in rows for cell in row.cells[1:]]
    figures = sum(1 for text in cells if is_figure(text))
    return figures >= MIN_FIGURE_SHARE * len(cells)


def _write_table(draft: Draft, rows: Sequence[Line]) -> None:
    columns = _find_columns(rows)
    grid = []
    for row in rows:
        cells = [""] * len(columns)
        for cell in row.cells:
            place = _place_of(cell, columns)
            cells[place] = f"{cells[place]} {cell.text}".strip()
        grid.append([_mend(text) for text in cells])
    shaped = shape_table(grid)
    caption = draft.last_line if _CAPTION.match(draft.last_line) else ""
    draft.add_table(replace(shaped, caption=caption))


def _find_columns(rows: Sequence[Line]) -> list[tuple[float, float]]:
    """Stretches of the width that cells cover in the rows with the usual number of cells."""
    widths = Counter(len(row.cells) for row in rows)
    usual = max(widths, key=lambda width: (widths[width], width))
    spans = sorted(
        (cell.left, cell.right) for row in rows if len(row.cells) == usual for cell in row.cells
    )
    columns: list[tuple[float, float]] = []
    for left, right in spans:
        if columns and left < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], right))
        else:
            columns.append((left, right))
    return columns


def _place_of(cell: Word, columns: Sequence[tuple[float, float]]) -> int:
    """The column that a cell covers most, else the nearest."""
    overlaps = [min(cell.right, right) - max(cell.left, left) for left, right in columns]
    return max(range(len(columns)), key=lambda place: overlaps[place])


def _write_paragraphs(draft: Draft, rows: Sequence[Line]) -> None:
    paragraph: list[Line] = []
    width = max((row.right - row.left for row in rows), default=0.0)
    for row in rows:
        if paragraph and not _goes_on(paragraph[-1], row, width):
            draft.add_paragraph(_join(paragraph))
            paragraph = []
        paragraph.append(row)
    if paragraph:
        draft.add_paragraph(_join(paragraph))


def _goes_on(before: Line, line: Line, width: float) -> bool:
    """Whether a line continues the paragraph of the one before."""
    pitch = before.bottom - line.bottom
    ratio = max(before.height, line.height) / min(before.height, line.height)
    if ratio > SAME_SIZE and pitch > PARAGRAPH_PITCH * 0.6 * max(before.height, line.height):
        return False
    if not 0 < pitch <= PARAGRAPH_PITCH * max(before.height, line.height):
        # The next column of a page begins in mid-sentence, or a new paragraph.
        return pitch < 0 and before.text[-1:].isalnum() and line.text[:1].islower()
    if _BULLET.match(line.text) or _CAPTION.match(line.text):
        return False
    is_short = before.right - before.left < SHORT_LINE * width
    return not (is_short and (before.text[-1:] in _SENTENCE_END or line.text[:1].isupper()))


def _join(lines: Sequence[Line]) -> str:
    text = lines[0].text
    for line in lines[1:]:
        if text.endswith("\u00ad"):
            text = text[:-1] + ("" if line.text[:1].islower() else "-") + line.text
        elif text.endswith("-") and text[-2:-1].isalpha() and line.text[:1].islower():
            text = text[:-1] + line.text
        else:
            text = f"{text} {line.text}"
    return _mend(text)


def _mend(text: str) -> str:
    """Soft hyphens that ended no line are hyphens."""
    return text.replace("\u00ad", "-")
