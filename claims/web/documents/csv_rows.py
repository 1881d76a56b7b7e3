"""The rows of a CSV, cut at its separator; a quote that never closes swallows nothing.

Promises every character of the file in one cell or another. A quoted cell may run over lines,
as far as a limit; beyond it the quote is a sign like any other and the line stands alone.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator

# An address or a remark in a cell has a few lines; a quote left open has all that follow.
MAX_CELL_LINES = 50
MAX_AHEAD_CHARACTERS = 20_000
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
# The whole text is in memory already: a cell of any length is cut behind the reading.
csv.field_size_limit(1 << 30)


def cut_rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """The rows of ``text``; an empty line is an empty row.

    >>> list(cut_rows('a,"b\\nc"\\nd,"e\\nf,g', ","))
    [['a', 'b\\nc'], ['d', '"e'], ['f', 'g']]
    """
    source = (found[0] for found in _LINE.finditer(text))
    waiting: deque[str] = deque()
    while (line := _next_line(waiting, source)) is not None:
        taken: list[str] = []
        row = _read_quoted(line, delimiter, waiting, source, taken)
        if row is None:
            waiting.extendleft(reversed(taken))
            row = next(csv.reader([line], delimiter=delimiter, quoting=csv.QUOTE_NONE), [])
        yield row


def _next_line(waiting: deque[str], source: Iterator[str]) -> str | None:
    return waiting.popleft() if waiting else next(source, None)


def _read_quoted(
    line: str, delimiter: str, waiting: deque[str], source: Iterator[str], taken: list[str]
) -> list[str] | None:
    """The row that begins in ``line``, with further lines ``taken``; ``None`` where it is open."""
    is_open = False

    def feed() -> Iterator[str]:
        nonlocal is_open
        yield line
        length = 0
        while len(taken) < MAX_CELL_LINES and length < MAX_AHEAD_CHARACTERS:
            more = _next_line(waiting, source)
            if more is None:
                break
            taken.append(more)
            length += len(more)
            yield more
        is_open = True

    row = next(csv.reader(feed(), delimiter=delimiter), [])
    return None if is_open else row
