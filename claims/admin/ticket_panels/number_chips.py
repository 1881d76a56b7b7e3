"""The claim's numbers as groups of chips, and the numbers that were struck out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from claims.admin.ticket_panels.chips import Chip, Input, is_meant, other_error, period_inputs
from claims.admin.ticket_panels.figures import show_number, show_period, show_quantity, show_unit
from claims.admin.ticket_panels.forms import ClaimForm, NumberForm
from claims.models import Quantity
from claims.vocabulary import Bound

BOUNDS = tuple((one.value, one.label.capitalize()) for one in Bound)
CHANGES = (("", "No: a level"), ("up", "Up: the size of a rise"), ("down", "Down: of a fall"))
LABELS = {
    "value": ("Value", ("value",)),
    "unit": ("Unit", ("unit",)),
    "bound": ("Bound", ("bound", "hedge")),
    "change": ("Change", ("change",)),
    "measured": ("Measured", ("measured",)),
    "of_what": ("Of what", ("of_what",)),
    "counted": ("Counted", ("counted",)),
    "period": ("Period", ("period_from", "period_to")),
}
HELP = {
    "value": "70, 1.2 million, 1,5, or a range: 5 to 10.",
    "unit": "percent, USD, km, years … Empty for a bare number.",
    "hedge": "The word as written: nearly, at least. May be empty.",
    "of_what": "The whole of a share: global production.",
    "counted": "What is counted: rare earth elements.",
}
NOTHING = {"unit": "none", "change": "no change"}


@dataclass(frozen=True, slots=True)
class Number:
    """One number of the claim, as written and as understood, with its chips."""

    pk: int
    place: int
    text: str
    normalised: str
    unit: str
    period: str
    key: tuple[object, ...]
    chips: tuple[Chip, ...]
    machine: str
    is_added: bool
    is_corrected: bool


@dataclass(frozen=True, slots=True)
class Struck:
    """A number of the machine's that a person struck out, by where it stands."""

    start: int
    text: str
    normalised: str


def build_numbers(
    sentence: str, rows: Sequence[Quantity], verb: str, form: ClaimForm | None
) -> tuple[Number, ...]:
    """Every number of the claim, in the order of the sentence."""
    held = form if verb == "number" and isinstance(form, NumberForm) else None
    return tuple(_number(sentence, row, at, held) for at, row in enumerate(rows, start=1))


def build_struck(machine: Mapping[str, Any]) -> tuple[Struck, ...]:
    """The numbers that were struck out."""
    return tuple(
        Struck(one["start"], str(one["text"]), show_quantity(one))
        for one in machine.get("struck", ())
    )


def number_key(quantity: Mapping[str, Any]) -> tuple[object, ...]:
    """What makes two readings the same number: its values and its unit."""
    return tuple(quantity.get(name) for name in ("value", "low", "high", "unit"))


def hedged_span(text: str, quantity: Quantity) -> tuple[int, int]:
    """The number's span, reaching back over its hedge ("nearly 70 per cent")."""
    start = quantity.start
    if quantity.hedge:
        at = text.rfind(quantity.hedge, max(0, start - len(quantity.hedge) - 3), start)
        start = at if at >= 0 else start
    return start, quantity.end


def _number(sentence: str, row: Quantity, place: int, form: NumberForm | None) -> Number:
    start, end = hedged_span(sentence, row)
    read = row.as_read().to_json()
    first = row.machine_read if row.machine else None
    machine = first.to_json() if first is not None else None
    held = form if form is not None and form.number_id() == row.pk else None
    corrected = row.corrected if row.machine else frozenset()
    return Number(
        pk=row.pk,
        place=place,
        text=sentence[start:end] or row.text,
        normalised=show_quantity(read),
        unit=show_unit(read),
        period=show_period(read["period"]),
        key=number_key(read),
        chips=tuple(_chip(row, read, slot, machine, slot in corrected, held) for slot in LABELS),
        machine=show_quantity(machine) if machine else "",
        is_added=row.is_added,
        is_corrected=bool(corrected),
    )


def _chip(
    row: Quantity,
    read: Mapping[str, Any],
    slot: str,
    machine: Mapping[str, Any] | None,
    is_corrected: bool,
    form: NumberForm | None,
) -> Chip:
    label, names = LABELS[slot]
    is_open = is_meant(form, names)
    held = form if is_open else None
    inputs = _inputs(row, read, slot, held)
    return Chip(
        key=f"n{row.pk}-{slot}",
        label=label,
        value=_show(read, slot),
        slot=slot,
        inputs=inputs,
        nothing=NOTHING.get(slot, "not said"),
        machine=_show(machine, slot) if is_corrected and machine is not None else None,
        is_open=is_open,
        error=other_error(held, inputs),
    )


def _inputs(
    row: Quantity, read: Mapping[str, Any], slot: str, form: NumberForm | None
) -> tuple[Input, ...]:
    if slot == "period":
        period = read["period"] or {}
        return period_inputs(period.get("from") or "", period.get("to") or "", form)

    def one(name: str, label: str, value: str, **more: Any) -> Input:
        typed, error = (form.typed(name), form.error(name)) if form else (value, "")
        return Input(name, label, typed, error, help=HELP.get(name, ""), **more)

    if slot == "bound":
        return (
            one("bound", "Bound", row.bound, kind="select", options=BOUNDS),
            one("hedge", "Hedge as written", row.hedge),
        )
    if slot == "change":
        return (
            one(
                "change", "Is it the size of a change?", row.change, kind="select", options=CHANGES
            ),
        )
    if slot == "value":
        return (one("value", "Value", row.written or _show(read, "value")),)
    if slot == "unit":
        unit = "" if row.unit == "1" else row.unit
        return (one("unit", "Unit", unit, suggestions="tk-units"),)
    return (one(slot, LABELS[slot][0], getattr(row, slot)),)


def _show(read: Mapping[str, Any], slot: str) -> str:
    """One slot of a reading in words; empty where it says nothing."""
    if slot == "value":
        if read["value"] is not None:
            return show_number(read["value"])
        return f"{show_number(read['low'])} to {show_number(read['high'])}"
    if slot == "unit":
        return "" if read["unit"] == "1" else str(read["unit_name"] or read["unit"])
    if slot == "bound":
        hedge = f" (“{read['hedge']}”)" if read["hedge"] else ""
        return Bound(read["bound"]).label + hedge
    if slot == "period":
        return show_period(read["period"])
    return str(read[slot] or "")
