"""Cells: what may stand in each column, checked without changing what was meant.

Promises: every refusal says the cure; the guard that an export puts before a formula is
taken off again, and no other apostrophe is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from claims.export.formula_guard import GUARD, guard_cell, restore_cell
from claims.web.errors import FetchError
from claims.web.urls import canonical_url

MAX_CHARS = {
    "claim_text": 2_000,
    "claimant": 300,
    "article_title": 500,
    "article_url": 2_000,
    "note": 2_000,
    "external_id": 200,
}
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,4})?")
_PRIORITY = re.compile(r"[0-9]{1,3}")
_SHOWN_CHARS = 40


class CellRefused(Exception):
    """A cell that cannot be kept; the message holds the cure."""


def read_cell(field: str, cell: str) -> Any:
    """The value of a field's cell, ``""`` or ``None`` for an empty one; :class:`CellRefused`."""
    odd = _CONTROL.search(cell)
    if odd:
        raise CellRefused(_say_control(odd.group(), odd.start()))
    cell = unguard(cell).strip()
    limit = MAX_CHARS.get(field)
    if limit is not None and len(cell) > limit:
        raise CellRefused(
            f"This has {len(cell):,} characters; at most {limit:,} are kept. Shorten it."
        )
    return _READERS[field](cell)


def unguard(cell: str) -> str:
    """The cell as it was before an export guarded it; any other cell as it stands.

    >>> unguard("'=1+1"), unguard("'Tis the season"), unguard("''quoted'")
    ('=1+1', "'Tis the season", "'quoted'")
    """
    if GUARD not in cell:
        return cell
    restored = restore_cell(cell)
    return restored if guard_cell(restored) == cell else cell


def _one_line(cell: str) -> str:
    return " ".join(cell.split())


def _text(cell: str) -> str:
    return cell.replace("\r\n", "\n").replace("\r", "\n")


def _claim(cell: str) -> str:
    if not any(sign.isalnum() for sign in cell):
        raise CellRefused(
            "There is no claim in this row. Write the claim, or delete the row."
            if not cell
            else "This holds no words. Write the claim, or delete the row."
        )
    return _one_line(cell)


def _url(cell: str) -> str:
    if cell:
        try:
            canonical_url(cell)
        except FetchError as refused:
            raise CellRefused(
                f"{refused} Give the page's public http(s) address, or leave it empty."
            ) from refused
    return cell


def _day(cell: str) -> date | None:
    if not cell:
        return None
    try:
        if _DAY.fullmatch(cell):
            return date.fromisoformat(cell)
    except ValueError:
        pass
    raise CellRefused(f"“{_shown(cell)}” is no day. Write it as 2025-11-18.")


def _language(cell: str) -> str:
    if cell and not _LANGUAGE.fullmatch(cell):
        raise CellRefused(f"“{_shown(cell)}” is no language code. Write en, de or pt-BR.")
    return cell.replace("_", "-")


def _priority(cell: str) -> int | None:
    if not cell:
        return None
    if not _PRIORITY.fullmatch(cell) or int(cell) > 100:
        raise CellRefused(
            f"“{_shown(cell)}” is no priority. Write a whole number from 0 (whenever) to 100 (now)."
        )
    return int(cell)


def _shown(cell: str) -> str:
    return cell if len(cell) <= _SHOWN_CHARS else f"{cell[: _SHOWN_CHARS - 1]}…"


def _say_control(sign: str, at: int) -> str:
    what = {"\x00": "a NUL", "\x0b": "a line break of a word processor (U+000B)"}.get(
        sign, f"the control character U+{ord(sign):04X}"
    )
    if "\ud800" <= sign <= "\udfff":
        what = f"half of a broken pair (U+{ord(sign):04X})"
    return f"Character {at + 1:,} of this cell is {what}. Type the cell again."


_READERS: dict[str, Callable[[str], Any]] = {
    "claim_text": _claim,
    "claimant": _one_line,
    "article_title": _one_line,
    "article_url": _url,
    "article_published": _day,
    "said_on": _day,
    "language": _language,
    "priority": _priority,
    "note": _text,
    "external_id": _one_line,
}
