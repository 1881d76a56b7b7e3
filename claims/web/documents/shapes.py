"""From a grid of cells to a table: what is title, header, row and footnote.

Promises every cell's text in its place or above or below the table; work in the size of
the grid. A header is told by what follows it: lines of words over lines of figures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

MAX_HEADER_ROWS = 3
LOOK_ROWS = 50
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
    for row in rows[: _count_facts(rows)]:
        above.append(": ".join(filter(None, row)))
        rows = rows[1:]
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


def _holds_figure(row: Sequence[str]) -> bool:
    return any(map(is_figure, row))


def _count(row: Sequence[str]) -> int:
    return sum(1 for cell in row if cell)


def _count_facts(rows: Sequence[Sequence[str]]) -> int:
    """How many rows at the top are a name and what it says ("Last updated", a day)."""
    count = 0
    while count < len(rows) and rows[count][0] and not any(rows[count][2:]):
        count += 1
    names, figures = rows[count : count + 1], rows[count + 1 : count + 1 + LOOK_ROWS]
    is_header = any(row[0] and not _holds_figure(row) for row in names)
    return count if is_header and any(map(_holds_figure, figures)) else 0


def _header_height(rows: Sequence[Sequence[str]]) -> int:
    """How many rows name the columns: those without a figure before the first with one."""
    words = list(takewhile(lambda row: not _holds_figure(row), rows[: MAX_HEADER_ROWS + 2]))
    height = min(1, len(words))
    while 0 < height < len(words) and _goes_on(words[height - 1 : height + 2]):
        height += 1
    if height == len(rows) or height > MAX_HEADER_ROWS:
        height = 1  # a table of words: its first line is the header, as people write them
    return height if len(rows) > height else 0


def _goes_on(lines: Sequence[Sequence[str]]) -> bool:
    """Whether the second of some rows without figures is a line of names as the first is.

    Such a line stands below names that span columns, names with the one below it every column
    that they leave open, holds no sign for a missing figure (":", "–"), and has a first name of
    its own only where none stands above it.
    """
    above, row = lines[0], lines[1]
    is_spanning = "" in above[1:] or len(set(above)) < len(above)
    if not is_spanning or _count(row) < 2 or (row[0] and above[0] and row[0] != above[0]):
        return False
    if any(cell and not any(sign.isalnum() for sign in cell) for cell in row):
        return False
    return all(any(column) for column in zip(*(line[1:] for line in lines), strict=True))


def _spread(row: Sequence[str]) -> list[str]:
    """A line of names above another: each reaches as far as the next, but for the first."""
    spread = list(row)
    for at in range(2, len(spread)):
        spread[at] = spread[at] or spread[at - 1]
    return spread


def _join_header(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """One name a column, from the top down, without repeating itself."""
    if not rows:
        return ()
    columns = zip(*map(_spread, rows[:-1]), rows[-1], strict=True)
    return tuple(" ".join(dict.fromkeys(cell for cell in column if cell)) for column in columns)
