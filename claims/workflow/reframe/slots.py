"""What one slot of a frame takes: typed text in, columns out, or the field and its cure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from claims.models.claim import STORED_CHARS
from claims.models.claim import Quantity as Row
from claims.models.storable import storable
from claims.text.numbers.currencies import certain
from claims.text.quantity import Period
from claims.text.typed_numbers import (
    LONGEST_TYPED,
    read_typed_day,
    read_typed_hedge,
    read_typed_unit,
    read_typed_value,
)
from claims.vocabulary import Bound, Change, QuantityKind
from claims.workflow.reframe.refusal import FrameRefused

WORDING_CHARS, SLOT_CHARS = 2000, 300
DAY_CURE = (
    "Write the day as 2025-10-31, a month as 2025-10 or a year as 2025; leave it empty where "
    "it is not said."
)
_VALUE_CURE = 'Write it in figures or words: "70", "1.2 million", "1,5", or a range "5 to 10".'
_KEPT_KINDS = (QuantityKind.RATIO, QuantityKind.ORDINAL)


def check_words(name: str, typed: str, *, most: int = SLOT_CHARS) -> str:
    """One slot of words, blanks cut off."""
    words = " ".join(typed.split()) if most == SLOT_CHARS else typed.strip()
    if len(words) > most:
        raise FrameRefused(name, f"At most {most:,} characters; this has {len(words):,}.")
    if words != storable(words):
        raise FrameRefused(name, "There is a character here that cannot be kept; type it again.")
    return words


def check_day(name: str, typed: str, *, is_end: bool) -> date | None:
    """A day, or the first or last one of a month or year; ``None`` for nothing typed."""
    if not typed.strip():
        return None
    found = read_typed_day(typed, is_end=is_end)
    if found is None:
        raise FrameRefused(name, DAY_CURE)
    return found


def check_order(first: date | None, last: date | None) -> None:
    """A period begins before it ends."""
    if first and last and first > last:
        raise FrameRefused(
            "period_to", f"The period ends on {last}, before it begins on {first}. Swap the two."
        )


def read_slots(row: Row, typed: Mapping[str, str]) -> dict[str, Any]:
    """The columns of ``row`` that what was typed for some of its slots would set.

    ``typed`` holds any of value, unit, bound, hedge, change, measured, of_what, counted,
    period_from, period_to. A slot that was sent as it stands sets nothing.
    """
    fresh: dict[str, Any] = {}
    for slots, read in _READERS:
        if any(slot in typed for slot in slots):
            fresh |= read(row, typed)
    if "unit" in typed or "counted" in typed:
        fresh |= _name_unit(row, fresh)
    return {name: new for name, new in fresh.items() if new != getattr(row, name)}


def _read_value(row: Row, typed: Mapping[str, str]) -> dict[str, Any]:
    text = check_words("value", typed["value"])
    if not text:
        raise FrameRefused("value", f"The value is missing. {_VALUE_CURE}")
    found = read_typed_value(text)
    if found is None:
        far = f" At most {LONGEST_TYPED} characters." if len(text) > LONGEST_TYPED else ""
        raise FrameRefused("value", f"This is not read as one number.{far} {_VALUE_CURE}")
    if found.unit not in ("1", row.unit):
        raise FrameRefused(
            "value",
            f"“{text}” brings the unit “{found.unit}” along. Write the number alone; the unit has "
            "a place of its own.",
        )
    fresh = {"value": found.value, "low": found.low, "high": found.high}
    if all(getattr(row, name) == new for name, new in fresh.items()):
        return {}
    return {**fresh, "written": text}


def _read_unit(row: Row, typed: Mapping[str, str]) -> dict[str, Any]:
    text = check_words("unit", typed["unit"])
    if text == row.unit or (not text and row.unit == "1"):
        return {}
    found = read_typed_unit(text)
    money = certain(text.upper()) if found is None and len(text) == 3 else None
    if money is not None:
        return {"unit": money.code, "unit_name": money.name, "kind": QuantityKind.MONEY}
    if found is not None and found.unit == "1" and found.counted:
        raise FrameRefused(
            "unit",
            f"“{text}” is something that is counted. Write it in “Counted”; leave this empty.",
        )
    if found is None:
        raise FrameRefused(
            "unit",
            "No unit is known by this name. Write percent, percentage points, a currency code "
            "(USD, EUR, PKR), or a unit such as km, t or years; nothing for a bare number.",
        )
    return {"unit": found.unit, "unit_name": found.unit_name or "", "kind": found.kind}


def _read_bound(row: Row, typed: Mapping[str, str]) -> dict[str, Any]:
    bound = typed.get("bound", row.bound)
    if bound not in set(Bound):
        raise FrameRefused("bound", "Choose one of the list: exactly, about, under, at most …")
    hedge = check_words("hedge", typed.get("hedge", row.hedge))
    if len(hedge) > STORED_CHARS["hedge"]:
        raise FrameRefused("hedge", f"At most {STORED_CHARS['hedge']} characters.")
    if hedge == row.hedge and bound != row.bound:
        # The old word belongs to the old bound.
        hedge = hedge if read_typed_hedge(hedge) == bound else ""
    said = read_typed_hedge(hedge) if hedge else None
    if hedge != row.hedge and hedge and said != bound:
        means = f"means “{said.label}”" if said else "is not read as a hedge"
        raise FrameRefused(
            "hedge",
            f"“{hedge}” {means}. Choose the bound it means, or leave the word empty.",
        )
    return {"bound": Bound(bound), "hedge": hedge}


def _read_change(_row: Row, typed: Mapping[str, str]) -> dict[str, Any]:
    change = typed["change"]
    if change and change not in set(Change):
        raise FrameRefused("change", "Choose up, down, or no change.")
    return {"change": change}


def _read_words(_row: Row, typed: Mapping[str, str]) -> dict[str, Any]:
    slots = ("measured", "of_what", "counted")
    return {slot: check_words(slot, typed[slot]) for slot in slots if slot in typed}


def _read_period(row: Row, typed: Mapping[str, str]) -> dict[str, Any]:
    held = Period.from_json(row.period) if row.period else Period(None, None)
    first, last = held.from_on, held.to_on
    if "period_from" in typed:
        first = check_day("period_from", typed["period_from"], is_end=False)
    if "period_to" in typed:
        last = check_day("period_to", typed["period_to"], is_end=True)
    if (first, last) == (held.from_on, held.to_on):
        return {}
    check_order(first, last)
    return {"period": Period(first, last).to_json() if first or last else None}


def _name_unit(row: Row, fresh: Mapping[str, Any]) -> dict[str, Any]:
    """Kind and unit name of a number without a unit: what is counted decides."""
    unit, counted = fresh.get("unit", row.unit), fresh.get("counted", row.counted)
    if unit != "1" or not {"unit", "counted"} & set(fresh):
        return {}
    if not counted:
        kind = row.kind if row.kind in _KEPT_KINDS and row.unit == "1" else QuantityKind.NUMBER
        return {"kind": kind, "unit_name": ""}
    noun = read_typed_unit(counted)
    name = noun.unit_name if noun and noun.unit == "1" and noun.unit_name else counted.split()[-1]
    return {"kind": QuantityKind.COUNT, "unit_name": name[: STORED_CHARS["unit_name"]]}


_READERS: tuple[tuple[tuple[str, ...], Callable[[Row, Mapping[str, str]], dict[str, Any]]], ...] = (
    (("value",), _read_value),
    (("unit",), _read_unit),
    (("bound", "hedge"), _read_bound),
    (("change",), _read_change),
    (("measured", "of_what", "counted"), _read_words),
    (("period_from", "period_to"), _read_period),
)
