"""Previewing: what confirming would do, told without doing it.

Promises: counts over the whole file, the first rows as they would be stored with the numbers
the machine reads in them, and claims of the team that are near to those rows. Writes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery

from claims.intake import ClaimRow, Reading
from claims.models.claim import Claim
from claims.models.claim_import import ClaimImport
from claims.models.team import Team
from claims.text.quantity import Quantity as ReadQuantity
from claims.text.similarity import compare_wording
from claims.vocabulary import ImportedAs
from claims.workflow.take_in.making import read_numbers
from claims.workflow.take_in.sorting import SortedRow, sort_rows
from claims.workflow.take_in.waiting import reread

SHOWN_ROWS = 20
SHOWN_DUPLICATES = 100
# A near claim shares the longest words: they are the rare ones, and an index finds them.
ASKED_WORDS = 4
LOOKED_AT = 20
_WORD = re.compile(r"[^\W\d_]{4,}")


@dataclass(frozen=True, slots=True)
class NearClaim:
    """A claim of the team with nearly the wording of a row, and what keeps them apart."""

    claim_id: int
    text: str
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PreviewedRow:
    """A row as it would be stored. ``first_line`` is the line that a *repeated* row repeats."""

    row: ClaimRow
    became: ImportedAs
    numbers: tuple[ReadQuantity, ...]
    first_line: int | None = None
    claim_id: int | None = None
    near: NearClaim | None = None


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """The whole file in counts, its first rows in full, its duplicates by line."""

    reading: Reading
    new_count: int
    known_count: int
    repeated_count: int
    rows: tuple[PreviewedRow, ...]
    duplicates: tuple[PreviewedRow, ...]

    @property
    def row_count(self) -> int:
        """All rows of the file."""
        return len(self.reading.rows)

    @property
    def duplicate_count(self) -> int:
        """Rows that will be linked to a claim instead of making one."""
        return self.known_count + self.repeated_count


def preview_import(source: ClaimImport) -> ImportPreview:
    """What confirming a waiting file would do now; raises ``ImportRefused`` as keeping it does."""
    reading = reread(source)
    rows = sort_rows(source.team, reading.rows)
    became = [one.became for one in rows]
    doubled = [one for one in rows if one.became != ImportedAs.NEW]
    return ImportPreview(
        reading=reading,
        new_count=became.count(ImportedAs.NEW),
        known_count=became.count(ImportedAs.KNOWN),
        repeated_count=became.count(ImportedAs.REPEATED),
        rows=tuple(_show(source.team, one, rows) for one in rows[:SHOWN_ROWS]),
        duplicates=tuple(_show_duplicate(one, rows) for one in doubled[:SHOWN_DUPLICATES]),
    )


def _show(team: Team, one: SortedRow, rows: Sequence[SortedRow]) -> PreviewedRow:
    return PreviewedRow(
        row=one.row,
        became=one.became,
        numbers=read_numbers(one.row),
        first_line=_first_line(one, rows),
        claim_id=one.claim_id,
        near=_find_near(team, one.row.claim_text) if one.became == ImportedAs.NEW else None,
    )


def _show_duplicate(one: SortedRow, rows: Sequence[SortedRow]) -> PreviewedRow:
    return PreviewedRow(
        row=one.row,
        became=one.became,
        numbers=(),
        first_line=_first_line(one, rows),
        claim_id=one.claim_id,
    )


def _first_line(one: SortedRow, rows: Sequence[SortedRow]) -> int | None:
    return rows[one.first].row.line if one.became == ImportedAs.REPEATED else None


def _find_near(team: Team, text: str) -> NearClaim | None:
    """The team's claim with nearly this wording: the same in other words, or another number."""
    words = sorted(set(_WORD.findall(text)), key=lambda word: (-len(word), word))[:ASKED_WORDS]
    if len(words) < ASKED_WORDS:
        return None
    query = SearchQuery(" ".join(words), config="english")
    rows = Claim.objects.filter(team=team, search=query).order_by("-id")
    best: tuple[float, NearClaim] | None = None
    for pk, other in rows.values_list("pk", "text")[:LOOKED_AT]:
        likeness = compare_wording(text, other)
        if not (likeness.is_duplicate or likeness.is_guarded):
            continue
        if best is None or likeness.ratio > best[0]:
            best = likeness.ratio, NearClaim(pk, other, likeness.differences)
    return best[1] if best else None
