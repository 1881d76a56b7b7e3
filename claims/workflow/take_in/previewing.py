"""Previewing: what confirming would do, told without doing it.

Promises: counts over the whole file, the first rows as they would be stored with the numbers
the machine reads in them, and claims of the team that are near to those rows. Writes nothing.
What it gives can be kept as JSON and read back, without the rows that are not shown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Self

from django.contrib.postgres.search import SearchQuery
from django.core.serializers.json import DjangoJSONEncoder

from claims.intake import ClaimRow, Column, Problem, Reading
from claims.models.claim import Claim
from claims.models.claim_import import ClaimImport
from claims.models.storable import storable_json
from claims.models.team import Team
from claims.text.quantity import Quantity as ReadQuantity
from claims.text.similarity import compare_wording
from claims.vocabulary import ImportedAs
from claims.workflow.take_in.making import read_numbers
from claims.workflow.take_in.sorting import SortedRow, find_firsts, sort_part
from claims.workflow.take_in.waiting import reread

SHOWN_ROWS = 20
PART_ROWS = 2000
"""So many are sorted between two words of how far it is."""
SHOWN_DUPLICATES = 100
# A near claim shares the longest words: they are the rare ones, and an index finds them.
ASKED_WORDS = 4
LOOKED_AT = 20
DAYS = ("article_published", "said_on")
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

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """As :meth:`ImportPreview.to_json` keeps it, without the numbers."""
        row = ClaimRow(**{**kept["row"], **{name: _day(kept["row"][name]) for name in DAYS}})
        near = kept["near"]
        if near:
            near = NearClaim(**{**near, "differences": tuple(near["differences"])})
        became = ImportedAs(kept["became"])
        return cls(**{**kept, "row": row, "became": became, "numbers": (), "near": near})


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """The whole file in counts, its first rows in full, its duplicates by line.

    ``reading`` has no rows; where it has problems all counts are 0.
    """

    reading: Reading
    row_count: int = 0
    new_count: int = 0
    known_count: int = 0
    repeated_count: int = 0
    rows: tuple[PreviewedRow, ...] = ()
    duplicates: tuple[PreviewedRow, ...] = ()

    @property
    def duplicate_count(self) -> int:
        """Rows that will be linked to a claim instead of making one."""
        return self.known_count + self.repeated_count

    def to_json(self) -> dict[str, Any]:
        """For a column of JSON, in which days are text."""
        told = json.loads(json.dumps(asdict(self), cls=DjangoJSONEncoder))
        for one in (*told["rows"], *told["duplicates"]):
            del one["numbers"]
        kept: dict[str, Any] = storable_json(told)
        return kept

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """The inverse of :meth:`to_json`; the numbers of the first rows are read again."""
        read = {
            **kept["reading"],
            "rows": (),
            "columns": tuple(Column(**one) for one in kept["reading"]["columns"]),
            "problems": tuple(Problem(**one) for one in kept["reading"]["problems"]),
        }
        rows = map(PreviewedRow.from_json, kept["rows"])
        shown = {
            "rows": tuple(replace(one, numbers=read_numbers(one.row)) for one in rows),
            "duplicates": tuple(map(PreviewedRow.from_json, kept["duplicates"])),
        }
        return cls(**{**kept, "reading": Reading(**read), **shown})


def preview_import(
    source: ClaimImport, *, tell: Callable[[int, int], None] | None = None
) -> ImportPreview:
    """What confirming a waiting file would do now; raises ``ImportRefused`` as keeping it does.

    ``tell`` hears after each part how many rows are sorted, and of how many.
    """
    reading = reread(source)
    firsts, rows = find_firsts(reading.rows), list[SortedRow]()
    places = range(len(reading.rows))
    for start in places[::PART_ROWS]:
        part = places[start : start + PART_ROWS]
        rows += sort_part(source.team, reading.rows, firsts, part).values()
        if tell is not None:
            tell(len(rows), len(places))
    became = [one.became for one in rows]
    doubled = [one for one in rows if one.became != ImportedAs.NEW]
    return ImportPreview(
        reading=replace(reading, rows=()),
        row_count=len(rows),
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
        claim_id=rows[one.first].claim_id,
        near=_find_near(team, one.row.claim_text) if one.became == ImportedAs.NEW else None,
    )


def _show_duplicate(one: SortedRow, rows: Sequence[SortedRow]) -> PreviewedRow:
    return PreviewedRow(
        row=one.row,
        became=one.became,
        numbers=(),
        first_line=_first_line(one, rows),
        claim_id=rows[one.first].claim_id,
    )


def _day(kept: str | None) -> date | None:
    return date.fromisoformat(kept) if kept else None


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
