"""Read the numbers of a table's row as the header and the caption say.

Promises each number of a row with offsets into the row as given, its unit, its year and
its whole taken from the row's label, else the column's header, else the caption, and the
words that say what it is a number of. Refuses to guess: a cell without a unit anywhere is
a bare number, and a year that names an edition is no period.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from claims.text.number_context import Context
from claims.text.page_marks import is_mark
from claims.text.places import find_places
from claims.text.quantities import read_quantities
from claims.text.quantity import Period, Quantity

MOST_CELLS = 40
_LONGEST_NAME = 400
_NUMBERED = re.compile(r"^\s*(?:table|figure|tab\.|fig\.)\s*\d{1,4}\s*[.:]?\s*", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\(([^()]{1,60})\)")
_YEAR = re.compile(
    r"(?<![\d.,])(?:1[89]\d\d|20\d\d)(?![\d%]|[.,]\d| (?:edition|release|version|issue)\b)"
)
_SHARE_OF = re.compile(r"\bshare of (?:the |its |all )?([^,;:(|]{1,80})", re.IGNORECASE)
_LONGEST_CAPTION = 300
_NAME_CELL = re.compile(r"(?:1[89]\d\d|20\d\d|(?<![.,])\d{1,2}(?![.,]?\d)|\D)*")
"""A header's cell: words, years and small numbers ("Share, 2024", "Q3"), no figures."""
_COUNT_CELL = re.compile(r"\W*\d{1,2}\W*")
_BARE_CELL = re.compile(r"\W*\d[\d.,\s]{0,30}\W*\Z")


@dataclass(frozen=True, slots=True)
class RowNumber:
    """One number of a row, its offsets those of the row's text, and the words it belongs to."""

    quantity: Quantity
    context: Context


def find_headers(text: str) -> dict[int, str]:
    """For each row of each table in ``text``, by the place it starts: caption and header.

    Lines with vertical bars that follow each other are a table. Its first line is the header
    where it holds no number but years; a short line right before it is the caption. A page's
    end does not end a table, unless a header follows.
    """
    headers: dict[int, str] = {}
    caption = before = header = ""
    is_inside = is_turned = False
    place = 0
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        if "|" in bare:
            if is_turned and _is_header(bare) and not _holds_count(bare):
                header = bare
            elif not is_inside:
                caption = before if len(before) <= _LONGEST_CAPTION else ""
                header = bare if _is_header(bare) else ""
            elif header and bare.strip("|-: \t"):
                headers[place + line.index(bare[0])] = f"{caption}\n{header}"
            is_inside, is_turned = True, False
        elif is_inside and is_mark(bare):
            is_turned = True
        elif bare:
            is_inside, is_turned, before = False, False, bare
        place += len(line)
    return headers


def _holds_count(line: str) -> bool:
    """Whether a cell is a small number and nothing else: a row that goes on, no new header."""
    return any(_COUNT_CELL.fullmatch(cell[:_LONGEST_CAPTION]) for cell in line.split("|"))


def _is_header(line: str) -> bool:
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    return all(_NAME_CELL.fullmatch(cell[:_LONGEST_CAPTION]) for cell in cells)


def is_row(text: str, context: str) -> bool:
    """Whether ``text`` is a table's row whose header is the last line of ``context``."""
    return "|" in text and "\n" not in text and "|" in context.rpartition("\n")[2]


def read_row(text: str, context: str, *, published: date | None = None) -> list[RowNumber]:
    """The numbers of one row of a table written with vertical bars.

    ``context`` holds the caption and, on its last line, the header in the same writing.

    >>> row = read_row("China | 69.2", "Mine output\\nCountry | Share of world (per cent)")
    >>> row[0].quantity.unit, row[0].quantity.of_what
    ('percent', 'world')
    """
    caption, _, head = context.rpartition("\n")
    cells, header = _cut(text)[:MOST_CELLS], [cell for cell, _ in _cut(head)][:MOST_CELLS]
    if not cells:
        return []
    if len(header) < len(cells):
        # A corner cell without words is left out of the written header.
        header = [""] * (len(cells) - len(header)) + header
    label = _label_place([cell for cell, _ in cells])
    numbers = []
    for place, (cell, start) in enumerate(cells):
        # A number before the label only counts the rows.
        if place > label and any(letter.isdecimal() for letter in cell):
            names = _Names(cells[label][0] if label >= 0 else "", header[place], caption)
            numbers += _read_cell(cell, start, names, published)
    return numbers


def _label_place(cells: list[str]) -> int:
    """Which cell names the row: the first, or the one behind a running number; -1 for none."""
    if not _BARE_CELL.match(cells[0]):
        return 0
    is_count = cells[0].rstrip(".)").isdecimal() and len(cells[0]) <= 3
    is_named = len(cells) > 1 and not any(letter.isdecimal() for letter in cells[1])
    return 1 if is_count and is_named and len(cells) > 2 else -1


@dataclass(frozen=True, slots=True)
class _Names:
    """What is written around a cell, nearest first."""

    label: str
    column: str
    caption: str

    def nearest(self) -> tuple[str, str, str]:
        return self.label, self.column, self.caption


def _cut(line: str) -> list[tuple[str, int]]:
    """The cells of a line with the place of each in it."""
    cells, place = [], 0
    for part in line.split("|"):
        bare = part.strip()
        cells.append((bare, place + part.find(bare) if bare else place))
        place += len(part) + 1
    if len(cells) > 1 and not cells[0][0]:
        cells = cells[1:]
    return cells[:-1] if len(cells) > 1 and not cells[-1][0] else cells


def _read_cell(cell: str, start: int, names: _Names, published: date | None) -> list[RowNumber]:
    if not _BARE_CELL.match(cell):
        found = read_quantities(cell, published=published)
        return [_place(one, cell, start, names) for one in found]
    for name in names.nearest():
        for unit in _units(name):
            found = read_quantities(f"{cell} {unit}", published=published)
            if len(found) == 1 and found[0].unit != "1" and found[0].start == 0:
                return [_place(found[0], cell, start, names)]
    return [_place(one, cell, start, names) for one in read_quantities(cell)[:1]]


def _units(name: str) -> list[str]:
    """The places where a name writes its unit: in brackets, else behind its last comma."""
    behind = name.rpartition(",")[2].strip() if "," in name else ""
    return [*_IN_BRACKETS.findall(name[:_LONGEST_NAME]), *([behind] if behind else [])]


def _place(found: Quantity, cell: str, start: int, names: _Names) -> RowNumber:
    end = min(found.end, len(cell))
    quantity = replace(
        found,
        text=cell[found.start : end],
        start=start + found.start,
        end=start + end,
        counted=None,
        of_what=found.of_what or _whole(names),
        period=found.period or _period(names),
    )
    words = " ".join(_strip(name) for name in names.nearest())
    sentence = f"{words} {cell}"
    context = Context.around(sentence, replace(quantity, start=len(words) + 1, end=len(sentence)))
    places = find_places(names.label) or find_places(names.caption) | find_places(names.column)
    return RowNumber(quantity, replace(context, places=places, names=frozenset(), is_row=True))


def _strip(name: str) -> str:
    """The words of a name, without its number and without the unit in its brackets."""
    bare = _NUMBERED.sub("", name[:_LONGEST_NAME])
    return " ".join(re.sub(r"[,;:|]", " ", _IN_BRACKETS.sub(" ", bare)).split())


def _whole(names: _Names) -> str | None:
    for name in names.nearest():
        found = _SHARE_OF.search(name[:_LONGEST_NAME])
        if found:
            return found.group(1).strip()
    return None


def _period(names: _Names) -> Period | None:
    """The one year that the nearest name with a year gives."""
    for name in names.nearest():
        years = set(_YEAR.findall(name[:_LONGEST_NAME]))
        if years:
            year = int(years.pop())
            return None if years else Period(date(year, 1, 1), date(year, 12, 31))
    return None
