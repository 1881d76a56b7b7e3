"""Columns: which heading means which field, in any order, case and spacing.

Promises: a heading means at most one field; of two headings for one field neither is
guessed at. The columns of the verdict CSV are known, also those that are not taken in.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from claims.export.verdict_csv import COLUMNS as VERDICT_COLUMNS

REQUIRED = "claim_text"
# Field, what else it may be called, and what stands in it: the page and the docs print this.
COLUMNS: dict[str, tuple[tuple[str, ...], str]] = {
    "claim_text": (
        ("claim", "statement"),
        "Required. One factual assertion that can be understood on its own; up to 2,000 characters",
    ),
    "claimant": (("speaker",), "Who says so; up to 300 characters"),
    "article_title": (("title",), "Where it stood: the title; up to 500 characters"),
    "article_url": (("url", "link"), "Where it stood: a public http(s) address"),
    "article_published": (("published",), "The article's day, as 2025-11-18"),
    "said_on": (("date",), "The day it was said, as 2025-11-18; “last year” is counted from it"),
    "language": (("lang",), "Its language as a code: en, de, pt-BR. Numbers are read in English"),
    "priority": ((), "0 (whenever) to 100 (now); left empty, the machine sets it"),
    "note": (("notes", "comment"), "For the reviewer; up to 2,000 characters"),
    "external_id": (("id",), "Your own number for it; up to 200 characters"),
}
_NAMES = {name: field for field, (others, _) in COLUMNS.items() for name in (field, *others)}
_BETWEEN = re.compile(r"[\s_\-.]+")
_SHOWN_CHARS = 60
SUGGEST_RATIO = 0.6


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file: its number from 1, its heading, and the field it fills.

    ``field`` is ``""`` for a column that is not taken in; ``nearest`` is then the field
    it may have been meant for.
    """

    number: int
    heading: str
    field: str = ""
    nearest: str = ""
    is_ours: bool = False

    @property
    def is_unknown(self) -> bool:
        """Neither a field nor another column of the verdict CSV, and not a nameless one."""
        return not self.field and not self.is_ours and bool(self.heading)


def read_heading(heading: str) -> str:
    """A heading as it is compared: lower case, with ``_`` between its words.

    >>> read_heading(" Claim-Text "), read_heading("ARTICLE URL")
    ('claim_text', 'article_url')
    """
    return _BETWEEN.sub("_", heading.strip().casefold()).strip("_")


def find_columns(headings: Sequence[str]) -> tuple[Column, ...]:
    """The columns of a header line, in its order."""
    return tuple(_find(number, heading) for number, heading in enumerate(headings, start=1))


def count_known(headings: Sequence[str]) -> int:
    """How many headings are known: the measure by which a delimiter is chosen."""
    names = {read_heading(heading) for heading in headings}
    return len(names & (set(_NAMES) | set(VERDICT_COLUMNS)))


def _find(number: int, heading: str) -> Column:
    name = read_heading(heading)
    shown = " ".join(heading.split())
    shown = shown if len(shown) <= _SHOWN_CHARS else f"{shown[: _SHOWN_CHARS - 1]}…"
    if name in _NAMES:
        return Column(number, shown, field=_NAMES[name])
    if name in VERDICT_COLUMNS:
        return Column(number, shown, is_ours=True)
    near = difflib.get_close_matches(name[:_SHOWN_CHARS], _NAMES, n=1, cutoff=SUGGEST_RATIO)
    return Column(number, shown, nearest=_NAMES[near[0]] if near else "")
