"""From a grid of cells to a table: what is title, header, row and footnote.

Promises every cell's text in its place or above or below the table; work in the size of
the grid. A header is told by what follows it: lines of words over lines of figures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

MAX_HEADER_ROWS = 3
# "2024", "2023/24", "Q1 2020", "2024 (tonnes)", "FY 2023": names of columns, not figures.
_YEARLIKE = re.compile(
    r"\D{0,30}(?:[QHM]?[1-9]\D{1,3})?(?:1[89]|20)\d\d"
    r"(?:\s?[-–/]\s?\d{2,4}|\s?[QHM]\d{1,2})?\D{0,40}\Z"
)
_FIGURE = re.compile(
    r"\W{0,5}(?:[A-Z]{0,3}[$€£¥]?\s?)[-–−+(]?\s?\d[\d.,'’\s]{0,30}\)?\s?\D{0,12}\Z"
)


@dataclass(frozen=True, slots=True)
class Shaped:
    """A table: the lines ``above`` and ``below`` it, its header (may be empty) and its rows."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()


def is_figure(cell: str) -> bool:
    """Whether a cell holds a number and little else; years are names, not figures.

    >>> is_figure("1,234.5"), is_figure("2024"), is_figure("Germany"), is_figure("€ 3.4 m")
    (True, False, False, True)
    """
    bare = cell.strip()[:60]
    has_digit = any(sign.isdecimal() for sign in bare)
    return has_digit and not _YEARLIKE.match(bare) and _FIGURE.match(bare) is not None


def shape_table(grid: Sequence[Sequence[str]]) -> Shaped:
    """Tell a grid's title lines, header, rows and footnotes apart.

    Rows are filled to one width; columns without a cell are dropped.
    """
    rows = _fill([row for row in grid if any(cell.strip() for cell in row)])
    above: list[str] = []
    while len(rows) > 1 and _count(rows[0]) == 1 and len(rows[0]) > 1:
        above.append(next(cell for cell in rows.pop(0) if cell))
    below: list[str] = []
    while len(rows) > 1 and _count(rows[-1]) == 1 and len(rows[-1]) > 1 and rows[-1][0]:
        below.insert(0, rows.pop()[0])
    height = _header_height(rows)
    header = _join_header(rows[:height])
    return Shaped(header, tuple(rows[height:]), above=tuple(above), below=tuple(below))


def _fill(rows: list[Sequence[str]]) -> list[tuple[str, ...]]:
    width = max((len(row) for row in rows), default=0)
    filled = [tuple(cell.strip() for cell in row) + ("",) * (width - len(row)) for row in rows]
    used = [place for place in range(width) if any(row[place] for row in filled)]
    return [tuple(row[place] for place in used) for row in filled]


def _count(row: Sequence[str]) -> int:
    return sum(1 for cell in row if cell)


def _header_height(rows: Sequence[Sequence[str]]) -> int:
    """How many rows name the columns: those without a figure before the first with one."""
    height = 0
    for row in rows[: MAX_HEADER_ROWS + 1]:
        if any(is_figure(cell) for cell in row):
            break
        if height and (_count(row) < 2 or not _is_spanning(rows[height - 1])):
            break  # a second line of names stands below names that span several columns
        height += 1
    if height == len(rows) or height > MAX_HEADER_ROWS:
        height = 1  # a table of words: its first line is the header, as people write them
    return height if len(rows) > height else 0


def _is_spanning(row: Sequence[str]) -> bool:
    return "" in row[1:] or len(set(row)) < len(row)


def _join_header(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """One name a column, from the top down, without repeating itself."""
    if not rows:
        return ()
    columns = zip(*rows, strict=True)
    return tuple(" ".join(dict.fromkeys(cell for cell in column if cell)) for column in columns)
