"""Running heads and feet of a PDF's pages: told by repeating, and only that.

Promises that a line goes only where the very same words stand at the same height of most
pages, or where the page's own number is all that differs: a number that counts on with the
pages. Lines of figures stay, and so do the names of columns above them, however often they
come.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from claims.web.documents.pdf_lines import Line
from claims.web.documents.shapes import is_figure

EDGE_LINES = 2
MIN_PAGES = 3
# The names of columns stand as close as this above their figures, in heights of the line.
HEADER_PITCH = 2.5
# "12", "- 12 -", "Page 12 of 40", "S. 12/40"
_NUMBER = re.compile(
    r"\W{0,5}(?:(?:page|p\.|seite|s\.|p[áa]gina|p[áa]g\.)\s?)?(\d{1,4})"
    r"(?:\s?(?:of|/|von|de|sur)\s?\d{1,4})?\W{0,5}",
    re.IGNORECASE,
)
_NAMED_NUMBER = re.compile(r"(?:\s|^)(?:page|seite|p[áa]gina)\s(\d{1,4})$", re.IGNORECASE)
_PARTED = re.compile(r"\s[|·•–—-]\s")
_YEARS = range(1800, 2101)


class _Key(NamedTuple):
    """What repeats: words, height on the page, and how far its number is from the page's."""

    words: str
    height: int
    ahead: int | None


def drop_furniture(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without lines that stand at the head or foot of half of them, and of three."""
    keyed = [_key_edges(lines, number) for number, lines in enumerate(pages)]
    seen = Counter(key for keys in keyed for key in set(keys.values()))
    least = max(MIN_PAGES, len(pages) / 2)
    return [
        [line for at, line in enumerate(lines) if at not in keys or seen[keys[at]] < least]
        for keys, lines in zip(keyed, pages, strict=True)
    ]


def _key_edges(lines: Sequence[Line], page: int) -> dict[int, _Key]:
    """By its place, the key of each line at a page's head or foot that may be furniture."""
    order = sorted(range(len(lines)), key=lambda at: -lines[at].bottom)
    edge = {
        *range(min(EDGE_LINES, len(order))),
        *range(max(0, len(order) - EDGE_LINES), len(order)),
    }
    keys: dict[int, _Key] = {}
    for rank in edge:
        line = lines[order[rank]]
        key = _key_of(line, page)
        if key.ahead is None:
            below = lines[order[rank + 1]] if rank + 1 < len(order) else None
            if _is_data(line) or (below is not None and _names_columns(line, below)):
                continue
        keys[order[rank]] = key
    return keys


def _key_of(line: Line, page: int) -> _Key:
    height = round(line.bottom / 4)
    cells = [part for cell in line.cells for part in _PARTED.split(cell.text)]
    for at in (0, len(cells) - 1):
        number = _NUMBER.fullmatch(cells[at][:60])
        if number is not None and int(number[1]) not in _YEARS:
            words = "|".join((*cells[:at], "#", *cells[at + 1 :]))
            return _Key(words, height, int(number[1]) - page)
    named = _NAMED_NUMBER.search(line.text[-30:])
    if named is not None:
        return _Key(line.text[: -len(named[1])], height, int(named[1]) - page)
    return _Key(line.text, height, None)


def _is_data(line: Line) -> bool:
    """Whether a line holds figures behind its first cell: the row of a table."""
    return any(is_figure(cell.text) for cell in line.cells[1:])


def _names_columns(line: Line, below: Line) -> bool:
    """Whether a line stands right above figures, with as many cells."""
    count = len(line.cells)
    is_close = line.bottom - below.bottom <= HEADER_PITCH * line.height
    return is_close and count > 1 and count == len(below.cells) and _is_data(below)
