"""Chips: one slot of the frame each, with its value, its inputs and what the machine read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from claims.admin.ticket_panels.figures import show_period
from claims.admin.ticket_panels.forms import AddNumberForm, ClaimForm, FrameForm
from claims.models import Claim

DAY_HELP = "A day, a month or a year: 2025-10-31, 2025-10 or 2025."
SLOTS = (
    ("claimant", "Claimant"),
    ("place", "Place"),
    ("measured", "Measured"),
    ("of_what", "Of what"),
)


@dataclass(frozen=True, slots=True)
class Input:
    """One field of a chip's form, with what was typed or is stored, and what is wrong with it."""

    name: str
    label: str
    value: str
    error: str = ""
    kind: str = "text"
    options: tuple[tuple[str, str], ...] = ()
    help: str = ""
    suggestions: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """One slot: label and value, its form, and the machine's reading where it was corrected.

    ``machine`` is ``None`` where the machine's reading stands, empty where it read nothing.
    """

    key: str
    label: str
    value: str
    slot: str
    inputs: tuple[Input, ...]
    nothing: str = "not said"
    machine: str | None = None
    is_open: bool = False
    error: str = ""
    is_wide: bool = False


def build_chips(
    claim: Claim, verb: str, form: ClaimForm | None, *, has_number: bool
) -> tuple[Chip, ...]:
    """The claim's own slots; what is measured, of what and when only where no number says it."""
    held = form if verb == "frame" and isinstance(form, FrameForm) else None
    read = claim.machine.get("slots", {})
    slots = [(name, label) for name, label in SLOTS if not has_number or name in _OWN]
    chips = [
        _chip(name, label, getattr(claim, name), read.get(name), held) for name, label in slots
    ]
    if not has_number:
        chips.append(_period_chip(claim, read, held))
    wording = _chip(
        "self_contained",
        "In words that stand alone",
        claim.self_contained,
        read.get("self_contained"),
        held,
        kind="area",
    )
    return (*chips, wording)


_OWN = ("claimant", "place")


def build_add(verb: str, form: ClaimForm | None) -> Chip:
    """The form that adds a number."""
    held = form if verb == "number_add" and isinstance(form, AddNumberForm) else None
    fields = (
        ("words", "The words it stands on", "Copy them from the sentence, or select them there."),
        ("value", "Value", "Only where the words alone do not say it: 70, 1.2 million, 5 to 10."),
        ("unit", "Unit", ""),
    )
    inputs = tuple(
        Input(
            name,
            label,
            held.typed(name) if held else "",
            held.error(name) if held else "",
            help=told,
            suggestions="tk-units" if name == "unit" else "",
        )
        for name, label, told in fields
    )
    return Chip(
        "add",
        "Add a number",
        "",
        "",
        inputs,
        is_open=held is not None,
        error=other_error(held, inputs),
    )


def other_error(form: ClaimForm | None, inputs: Sequence[Input]) -> str:
    """What is wrong with the edit as a whole, and stands at none of the inputs."""
    if form is None:
        return ""
    named = {one.name for one in inputs}
    return next((str(found[0]) for name, found in form.errors.items() if name not in named), "")


def is_meant(form: ClaimForm | None, names: Sequence[str]) -> bool:
    """Whether the refused form is the one with these inputs."""
    return form is not None and any(name in form.data for name in names)


def _chip(
    name: str, label: str, value: str, machine: Any, form: ClaimForm | None, *, kind: str = "text"
) -> Chip:
    is_open = is_meant(form, [name])
    held = form if is_open else None
    field = Input(
        name, label, held.typed(name) if held else value, held.error(name) if held else "", kind
    )
    return Chip(
        f"claim-{name}",
        label,
        value,
        name,
        (field,),
        machine=None if machine is None else str(machine),
        is_open=is_open,
        error=other_error(held, [field]),
        is_wide=kind == "area",
    )


def _period_chip(claim: Claim, read: dict[str, Any], form: ClaimForm | None) -> Chip:
    names = ("period_from", "period_to")
    ends = {name: _iso(getattr(claim, name)) for name in names}
    is_open = is_meant(form, names)
    held = form if is_open else None
    inputs = period_inputs(ends["period_from"], ends["period_to"], held)
    machine = None
    if any(name in read for name in names):
        first, last = (read.get(name, ends[name]) for name in names)
        machine = show_period({"from": first, "to": last})
    return Chip(
        "claim-period",
        "Period",
        show_period({"from": ends["period_from"], "to": ends["period_to"]}),
        "period",
        inputs,
        machine=machine,
        is_open=is_open,
        error=other_error(held, inputs),
    )


def period_inputs(first: str, last: str, form: ClaimForm | None) -> tuple[Input, ...]:
    """From and to, with what was typed where the form was refused."""
    return tuple(
        Input(
            name,
            label,
            form.typed(name) if form else value,
            form.error(name) if form else "",
            help=DAY_HELP if name == "period_to" else "",
        )
        for name, label, value in (("period_from", "From", first), ("period_to", "To", last))
    )


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
