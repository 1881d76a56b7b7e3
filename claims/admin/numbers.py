"""A quantity in words for people: ``about 70 %``, ``500,000,000 US dollar``, ``5 to 10 km``."""

from __future__ import annotations

import math

from claims.models import Quantity
from claims.vocabulary import Bound, QuantityKind

UNCHANGED = frozenset({"percent", "hertz", "yuan", "yen", "rand", "won", "baht"})


def say_number(value: float) -> str:
    """Thousands grouped, no needless fraction."""
    if not math.isfinite(value):
        return "?"
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.6g}"


def say_quantity(one: Quantity) -> str:
    """The normalised reading: bound, value or range, unit, direction of change."""
    if one.value is not None:
        amount = say_number(one.value)
    elif one.low is not None and one.high is not None:
        amount = f"{say_number(one.low)} to {say_number(one.high)}"
    else:
        return one.text
    bound = "" if one.bound == Bound.EXACT else f"{Bound(one.bound).label} "
    change = {"up": " up", "down": " down"}.get(one.change, "")
    return f"{bound}{amount}{_unit(one)}{change}"


def _unit(one: Quantity) -> str:
    if one.unit == "percent":
        return " %"
    if one.unit in ("1", "") and not one.unit_name:
        return ""
    if len(one.unit) == 3 and one.unit.isupper():
        return f" {one.unit}"
    if one.kind == QuantityKind.COUNT and one.counted:
        return f" {one.counted}"
    return f" {one.unit_name if one.value == 1 else pluralise(one.unit_name or one.unit)}"


def pluralise(name: str) -> str:
    """An English unit's plural: *metric tons*, *degrees Celsius*, *centuries*."""
    if name in UNCHANGED or not name.isascii():
        return name
    first, space, rest = name.partition(" ")
    if first == "degree":
        return f"degrees{space}{rest}"
    if name.endswith("foot"):
        return f"{name[:-4]}feet"
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(("s", "x", "ch", "sh")) else f"{name}s"


def notes_of(hints: object) -> tuple[str, ...]:
    """The notes of stored hints; what has another shape is passed over."""
    listed = hints if isinstance(hints, list) else []
    return tuple(str(one["note"]) for one in listed if isinstance(one, dict) and "note" in one)
