"""Text cells that no spreadsheet will run, and the way back to what was written.

Promises: after :func:`guard_cell` no cell begins with a character that starts a
formula, not even behind blanks, quotes or invisible characters, and not even where
a program splits the row at semicolons, tabs or line breaks although it is separated
by commas; :func:`restore_cell` gives back exactly the text. Refused: deleting or
replacing a single character of what people wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

GUARD = "'"

# Everything that compatibility folding turns into = + - @, and the minus sign itself.
_STARTS = "=+\\-@＝＋－＠﹦﹢﹣﹫⁼⁺₌₊﬩−"
_BLANK = r"\s\x00-\x20\x7f\x85\xa0\"\u00ad\u180e\u200b-\u200f\u2028-\u202f\u2060-\u2064\ufeff"

_IS_RISKY = re.compile(rf"['\t\r\n]|[{_BLANK}]+['{_STARTS}]|[{_STARTS}]")
# Inside a cell only a misread separator opens a new one. "- item" lists stay as they are:
# a sign and a blank begin no formula that could call anything.
_INNER_OPEN = r"[;\t\r\n]"
_INNER_START = r"(?:[=@＝＠﹦﹫⁼₌]|[+\-＋－﹢﹣⁺₊﬩−](?! ))"
_INNER_ADD = re.compile(rf"({_INNER_OPEN}[{_BLANK}]*+)('*+{_INNER_START})")
_INNER_DROP = re.compile(rf"({_INNER_OPEN}[{_BLANK}]*+)'('*+{_INNER_START})")

_SUSPECT_FIRST = frozenset(
    "'=+-@＝＋－＠﹦﹢﹣﹫⁼⁺₌₊﬩−\"\x7f\x85\xa0\u00ad\u1680\u180e\u205f\u3000\ufeff"
) | frozenset(
    map(chr, [*range(0x21), *range(0x2000, 0x2010), *range(0x2028, 0x2030), *range(0x2060, 0x2065)])
)
# In lines of quoted cells: where a cell begins. Inside a cell a quote is doubled, so a single
# one between a comma and such a character is a cell's own.
_SUSPECT_START = re.compile(',"(?:[' + re.escape("".join(sorted(_SUSPECT_FIRST - {'"'}))) + ']|"")')
_SUSPECT_CELL = re.compile("\x00[" + re.escape("".join(sorted(_SUSPECT_FIRST))) + "]")


def guard_cell(cell: str) -> str:
    """A text cell made safe: a ``'`` goes before whatever could start a formula.

    >>> guard_cell("=1+1"), guard_cell("plain"), guard_cell("'quoted'")
    ("'=1+1", 'plain', "''quoted'")
    """
    if ";" in cell or "\t" in cell or "\n" in cell or "\r" in cell:
        cell = _INNER_ADD.sub(r"\1'\2", cell)
    if cell[:1] in _SUSPECT_FIRST and _IS_RISKY.match(cell):
        return GUARD + cell
    return cell


def is_row_plain(cells: Iterable[str]) -> bool:
    """Whether no cell of a row needs a guard, by one look at the whole row.

    ``False`` may be too careful, ``True`` never is: :func:`guard_cell` would change nothing.
    """
    row = "\x00" + "\x00".join(cells)
    if _SUSPECT_CELL.search(row) is not None:
        return False
    has_separator = ";" in row or "\n" in row or "\t" in row or "\r" in row
    return not has_separator or _INNER_ADD.search(row) is None


def is_copied_plain(lines: str) -> bool:
    """Whether no cell in lines of quoted cells needs a guard; careful as :func:`is_row_plain`.

    The first cell of a line is not looked at: it is a number.
    """
    if _SUSPECT_START.search(lines) is not None:
        return False
    has_separator = ";" in lines or "\n" in lines or "\t" in lines or "\r" in lines
    return not has_separator or _INNER_ADD.search(lines) is None


def restore_cell(cell: str) -> str:
    """The inverse of :func:`guard_cell`: the text as it was written.

    >>> restore_cell("'=1+1"), restore_cell("plain"), restore_cell("''quoted'")
    ('=1+1', 'plain', "'quoted'")
    """
    cell = cell.removeprefix(GUARD)
    if ";" in cell or "\t" in cell or "\n" in cell or "\r" in cell:
        cell = _INNER_DROP.sub(r"\1\2", cell)
    return cell
