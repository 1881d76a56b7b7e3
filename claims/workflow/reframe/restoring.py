"""Back to the machine's reading: of a slot, of a number, or of one that was struck out."""

from __future__ import annotations

from datetime import date
from typing import Any

from claims.models.access import Person
from claims.models.claim import SLOT_COLUMNS, Claim
from claims.models.claim import Quantity as Row
from claims.models.ticket import Ticket
from claims.text.quantity import Quantity
from claims.vocabulary import CorrectionKind
from claims.workflow.reframe.adding import check_free, put_in_order
from claims.workflow.reframe.editing import Editing, edit
from claims.workflow.reframe.frame import set_slots
from claims.workflow.reframe.numbers import change_number, copy_row, name_field
from claims.workflow.reframe.refusal import FrameRefused


def restore_machine(
    ticket: Ticket,
    *,
    by: Person,
    number_id: int | None = None,
    struck_start: int | None = None,
    slot: str = "",
    expected_version: int | None = None,
) -> Claim:
    """Give a slot, a number, a struck number or one of the claim's own slots back as read.

    ``number_id`` with ``slot`` is that slot of a number, without it the whole number;
    ``struck_start`` a struck number by where it stands; ``slot`` alone the claim's own.
    """
    with edit(ticket, by=by, expected_version=expected_version) as under:
        lead = copy_row(under.rows[0]) if under.rows else None
        if struck_start is not None:
            _unstrike(under, struck_start)
        elif number_id is not None:
            _restore_number(under, under.row(number_id), slot)
        else:
            _restore_slot(under, slot)
            return under.claim
        under.follow_lead(lead)
    return under.claim


def _restore_number(under: Editing, row: Row, slot: str) -> None:
    machine = row.machine_read
    if machine is None:
        raise FrameRefused("number", "The machine read nothing here; strike the number out.")
    if slot and slot not in SLOT_COLUMNS:
        raise FrameRefused("number", "There is no such slot.")
    stored = Row.stored_values(machine)
    slots = [slot] if slot else list(SLOT_COLUMNS)
    columns = {name for one in slots for name in SLOT_COLUMNS[one]}
    if columns & {"unit", "counted"}:
        columns |= {"unit_name", "kind"}
    fresh = {name: stored[name] for name in columns}
    if "value" in columns:
        row.written = ""
    change_number(under, row, fresh)


def _restore_slot(under: Editing, slot: str) -> None:
    slots = under.claim.machine.get("slots", {})
    names = ("period_from", "period_to") if slot == "period" else (slot,)
    fresh = {name: _day(name, slots[name]) for name in names if name in slots}
    set_slots(under, fresh)


def _day(name: str, stored: Any) -> Any:
    is_day = name.startswith("period_") and isinstance(stored, str)
    return date.fromisoformat(stored) if is_day else stored


def _unstrike(under: Editing, start: int) -> None:
    struck = under.claim.machine.get("struck", [])
    found = next((one for one in struck if one.get("start") == start), None)
    if found is None:
        raise FrameRefused("number", "This number is not struck out any more.")
    struck.remove(found)
    row = Row.from_read(under.claim, 0, Quantity.from_json(found))
    check_free(under, row.start, row.end)
    under.rows = sorted([*under.rows, row], key=lambda one: one.start)
    put_in_order(under)
    under.note(f"number {under.rows.index(row) + 1}", "struck out", row.text)
    under.correct(CorrectionKind.FRAME_FIELD, name_field(row, ""), found, found)
