"""A claim's numbers, corrected one slot at a time, and struck out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from claims.models.access import Person
from claims.models.claim import SLOT_COLUMNS, Claim
from claims.models.claim import Quantity as Row
from claims.models.ticket import Ticket
from claims.text.quantity import Quantity
from claims.vocabulary import CorrectionKind
from claims.workflow.reframe.editing import Editing, edit
from claims.workflow.reframe.slots import read_slots

_SLOT_OF = {column: slot for slot, columns in SLOT_COLUMNS.items() for column in columns}


def edit_number(
    ticket: Ticket,
    number_id: int,
    typed: Mapping[str, str],
    *,
    by: Person,
    expected_version: int | None = None,
) -> Claim:
    """Correct slots of one number with what a person typed (:func:`read_slots`)."""
    with edit(ticket, by=by, expected_version=expected_version) as under:
        row = under.row(number_id)
        before, fresh = copy_row(under.rows[0]), read_slots(row, typed)
        if change_number(under, row, fresh):
            under.follow_lead(before, set(fresh) if row is under.rows[0] else ())
    return under.claim


def strike_number(
    ticket: Ticket, number_id: int, *, by: Person, expected_version: int | None = None
) -> Claim:
    """Strike out what is no number of the claim; the machine's reading stays to go back to."""
    with edit(ticket, by=by, expected_version=expected_version) as under:
        row, lead = under.row(number_id), under.rows[0]
        machine = row.machine_read
        if machine is not None:
            under.claim.machine.setdefault("struck", []).append(machine.to_json())
        name = f"number {under.rows.index(row) + 1}"
        under.note(name, row.text, "struck out" if machine is not None else "")
        kept = machine.to_json() if machine is not None else None
        under.correct(CorrectionKind.FRAME_FIELD, name_field(row, ""), kept, None)
        under.rows.remove(row)
        row.delete()
        under.follow_lead(lead)
    return under.claim


def change_number(under: Editing, row: Row, fresh: Mapping[str, Any]) -> bool:
    """Set columns of a number under the lock; what the machine read stays beside them."""
    fresh = {name: new for name, new in fresh.items() if getattr(row, name) != new}
    if not fresh:
        return False
    before = row.as_read()
    machine = row.machine_read
    for name, new in fresh.items():
        setattr(row, name, new)
    if not row.is_added:
        row.machine = machine.to_json() if machine is not None else None
        if not row.corrected:
            row.machine, row.written = None, ""
    row.save()
    now = row.as_read()
    place = under.rows.index(row) + 1
    for slot in sorted({_SLOT_OF[name] for name in fresh if name in _SLOT_OF}):
        under.note(f"number {place} {slot}", _say(before, slot), _say(now, slot))
        said = _pick(machine, slot) if machine is not None else None
        under.correct(CorrectionKind.FRAME_FIELD, name_field(row, slot), said, _pick(now, slot))
    return True


def copy_row(row: Row) -> Row:
    """The row as it is now, for asking later what it was."""
    return Row(**{one.attname: getattr(row, one.attname) for one in Row._meta.concrete_fields})


def name_field(row: Row, slot: str) -> str:
    """How a correction names a slot of a number: where it stands, and which."""
    return f"number {row.start}-{row.end} {slot}".strip()


def _pick(one: Quantity, slot: str) -> Any:
    said = one.to_json()
    columns = SLOT_COLUMNS[slot]
    return said[columns[0]] if len(columns) == 1 else {name: said[name] for name in columns}


def _say(one: Quantity, slot: str) -> str:
    """A slot in the words of the history."""
    said = one.to_json()
    if slot == "value":
        return str(said["value"]) if one.low is None else f"{said['low']} to {said['high']}"
    if slot == "bound":
        return " ".join(filter(None, (one.bound.label, f"({one.hedge})" if one.hedge else "")))
    if slot == "period":
        period = said["period"] or {}
        ends = (period.get("from"), period.get("to"))
        return " to ".join(end or "…" for end in ends) if any(ends) else ""
    return str(said[slot] or "")
