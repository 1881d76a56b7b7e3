"""Stating: the claim's words and numbers as a person left them, ready to be held against a source.

Promises the machine's own reading of the wording where nobody corrected a number, and
else that reading with the corrected slots put over it, the struck numbers gone and the
added ones in. Refuses to place a number where its words do not stand: then the claim's
own sentence is compared, in which every number has its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from claims.models.claim import Claim
from claims.models.claim import Quantity as Row
from claims.text.quantities import read_quantities
from claims.text.quantity import Quantity
from claims.text.stated import Stated

# What a corrected slot brings over: a unit's name and kind go with the unit.
_BROUGHT = {
    "value": ("value", "low", "high"),
    "unit": ("unit", "unit_name", "kind"),
    "bound": ("bound", "hedge"),
    "counted": ("counted", "unit_name", "kind"),
}


def state_claim(claim: Claim, *, published: date | None) -> tuple[str, tuple[Stated, ...] | None]:
    """The claim's wording and its numbers, with offsets of it; ``None`` where none was corrected.

    ``published`` is the day against which the wording's own periods are resolved.
    """
    rows = list(claim.quantities.order_by("position"))
    struck = [Quantity.from_json(one) for one in claim.machine.get("struck", ())]
    is_moved = "place" in claim.machine.get("slots", {})
    if not struck and not is_moved and not any(row.corrected for row in rows):
        return claim.self_contained, None
    place = claim.place if is_moved else None
    for text in dict.fromkeys((claim.self_contained, claim.text)):
        read = read_quantities(text, published=published)
        placed = _place_all(claim.text, text, rows, struck, read)
        if placed is not None:
            return text, tuple(_with_place(one, place) for one in placed)
    return claim.text, tuple(_with_place(_stated(row, row.machine_read), place) for row in rows)


def _place_all(
    sentence: str,
    text: str,
    rows: Sequence[Row],
    struck: Sequence[Quantity],
    read: Sequence[Quantity],
) -> list[Stated] | None:
    """Every number of ``text`` as it is meant, in order; ``None`` where one has no place there."""
    known = [(row, row.machine_read) for row in rows]
    sought = [*(one for _, one in known if one is not None), *struck]
    free = list(read)
    found: dict[int, Quantity] = {}
    for one in sought:
        twin = next((other for other in free if _key(other) == _key(one)), None)
        if twin is None and len(read) == len(sought):
            # The wording was given another number in the same place.
            twin = read[sorted(sought, key=lambda each: each.start).index(one)]
        if twin is not None and twin in free:
            free.remove(twin)
            found[one.start] = twin
    placed = list(map(Stated, free))
    for row, machine in known:
        base = found.get(machine.start) if machine else _find_words(sentence, text, row)
        if base is None and (machine is None or row.corrected):
            return None
        if base is not None:
            placed.append(_stated(row, base))
    return sorted(placed, key=lambda each: each.quantity.start)


def _find_words(sentence: str, text: str, row: Row) -> Quantity | None:
    """An added number where its words stand in ``text``; the so-manieth time they stand there."""
    words = sentence[row.start : row.end]
    at = -1
    for _ in range(sentence.count(words, 0, row.start) + 1):
        at = text.find(words, at + 1)
        if at < 0:
            return None
    return replace(row.as_read(), start=at, end=at + len(words))


def _stated(row: Row, base: Quantity | None) -> Stated:
    """``base``, a reading of the wording, with the row's corrected slots over it."""
    meant, fixed = row.as_read(), row.corrected
    base = base or meant
    brought: dict[str, Any] = {
        name: getattr(meant, name) for slot in fixed for name in _BROUGHT.get(slot, (slot,))
    }
    if row.written and "value" in fixed:
        brought["text"] = row.written
    return Stated(replace(base, **brought), None if row.is_added else base, fixed)


def _with_place(stated: Stated, place: str | None) -> Stated:
    if place is None:
        return stated
    return replace(stated, fixed=stated.fixed | {"place"}, place=place)


def _key(one: Quantity) -> tuple[object, ...]:
    return one.value, one.low, one.high, one.unit
