"""Renumbering: the numbers of a claim whose ends were moved, with what people set in them.

Promises that no two numbers share a character, that each offset counts from the claim's
new first character, the machine's own beside it too, and that what a person corrected,
added or struck out stays so where its words still stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from claims.models.claim import SLOT_COLUMNS, Claim, Quantity
from claims.text.quantity import Quantity as ReadQuantity

Offsets = tuple[int, int]


def renumber(claim: Claim, read: Sequence[ReadQuantity], *, by: int) -> None:
    """Give the claim the numbers ``read`` in its new words; ``by`` is added to old offsets.

    A number that a person corrected is read anew where its words are read as one number
    still; the corrected slots stay. The claim's row is the caller's to save.
    """
    rows = [row for row in claim.quantities.all() if row.machine or row.is_added]
    struck = [_moved(one, by) for one in claim.machine.pop("struck", ())]
    for row in rows:
        row.start, row.end = row.start + by, row.end + by
        row.machine = _moved(row.machine, by) if row.machine else None
    spans = [(row.start, row.end) for row in rows] + [_span(one) for one in struck]
    pairs = _pair(spans, [(one.start, one.end) for one in read])
    for place, row in enumerate(rows):
        if place in pairs and not row.is_added:
            _read_over(row, read[pairs[place]])
    struck = [
        read[pairs[place]].to_json() if place in pairs else one
        for place, one in enumerate(struck, start=len(rows))
    ]
    rows = [row for row in rows if _is_inside((row.start, row.end), claim)]
    struck = [one for one in struck if _is_inside(_span(one), claim)]
    if struck:
        claim.machine["struck"] = struck
    taken = [(row.start, row.end) for row in rows] + [_span(one) for one in struck]
    fresh = [
        Quantity.from_read(claim, 0, one)
        for one in read
        if not any(_touch((one.start, one.end), span) for span in taken)
    ]
    _store(claim, [*rows, *fresh])


def _pair(old: Sequence[Offsets], read: Sequence[Offsets]) -> dict[int, int]:
    """Which old number is read as which new one: those that share words with each other alone."""
    shared = [
        (place, at)
        for place, span in enumerate(old)
        for at, other in enumerate(read)
        if _touch(span, other)
    ]
    by_old = Counter(place for place, _ in shared)
    by_read = Counter(at for _, at in shared)
    return {place: at for place, at in shared if by_old[place] == by_read[at] == 1}


def _read_over(row: Quantity, fresh: ReadQuantity) -> None:
    """Put a new reading under what a person corrected of the number."""
    fixed = row.corrected
    columns = {name for slot in fixed for name in SLOT_COLUMNS[slot]}
    if columns & {"unit", "counted"}:
        columns |= {"unit_name", "kind"}
    stored = Quantity.from_read(row.claim, 0, fresh)
    for name in Quantity.stored_values(fresh):
        if name not in columns:
            setattr(row, name, getattr(stored, name))
    row.machine = stored.as_read().to_json()
    if not row.corrected:
        row.machine, row.written = None, ""


def _store(claim: Claim, rows: Sequence[Quantity]) -> None:
    ordered = sorted(rows, key=lambda row: row.start)
    for position, row in enumerate(ordered):
        row.position = position
    claim.quantities.all().delete()
    Quantity.objects.bulk_create(ordered)


def _moved(one: dict[str, Any], by: int) -> dict[str, Any]:
    return {**one, "start": one["start"] + by, "end": one["end"] + by}


def _span(one: dict[str, Any]) -> Offsets:
    return one["start"], one["end"]


def _touch(one: Offsets, other: Offsets) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _is_inside(span: Offsets, claim: Claim) -> bool:
    return 0 <= span[0] < span[1] <= len(claim.text)
