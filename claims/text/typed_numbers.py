"""What a person types into one slot of a number: a value, a unit, a hedge, the end of a period.

Promises the reading of the product's own number and date readers, never another one, and
``None`` for whatever they do not read as exactly that slot. Refuses to guess: a value that
brings a unit along is told apart (:attr:`TypedValue.unit`), so that the door can say so.
"""

from __future__ import annotations

import calendar
import math
import re
from dataclasses import dataclass
from datetime import date

from claims.text.dates import read_dates
from claims.text.quantities import read_quantities
from claims.text.quantity import Quantity
from claims.vocabulary import Bound, QuantityKind

LONGEST_TYPED = 120
_TO = re.compile(r"\s*(?:-|–|—|\bto\b|\band\b)\s*", re.IGNORECASE)
_LEAD = re.compile(r"(?:between|from)\s+", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


@dataclass(frozen=True, slots=True)
class TypedValue:
    """A value, or low and high; ``unit`` is not ``"1"`` where a unit was typed along."""

    value: float | None
    low: float | None
    high: float | None
    unit: str = "1"


@dataclass(frozen=True, slots=True)
class TypedUnit:
    """A unit in its canonical form, as :class:`claims.text.quantity.Quantity` has it."""

    unit: str
    unit_name: str | None
    kind: QuantityKind
    counted: str | None = None


def read_typed_value(typed: str) -> TypedValue | None:
    """The number or range that ``typed`` says and nothing else; ``None`` where it does not.

    >>> read_typed_value("1.2 million").value, read_typed_value("1,5").value
    (1200000.0, 1.5)
    >>> read_typed_value("5 to 10 km")
    TypedValue(value=None, low=5.0, high=10.0, unit='km')
    """
    text = typed.strip()
    if not text or len(text) > LONGEST_TYPED:
        return None
    text = text[lead.end() :] if (lead := _LEAD.match(text)) else text
    found = _alone(text) or _alone(f"{text} kg", unit="1")
    return found or _read_ends(text)


def _alone(text: str, *, unit: str | None = None) -> TypedValue | None:
    """The one number of ``text`` where it is the whole of it."""
    read = read_quantities(text)
    if len(read) != 1 or (read[0].start, read[0].end) != (0, len(text)):
        # "12 apples" is read as 12 and what is counted: the noun stands behind the number.
        return None
    return _plain(read[0], unit)


def _plain(one: Quantity, unit: str | None = None) -> TypedValue | None:
    ends = [end for end in (one.value, one.low, one.high) if end is not None]
    if one.bound is not Bound.EXACT or not all(map(math.isfinite, ends)):
        return None
    return TypedValue(one.value, one.low, one.high, unit or one.unit)


def _read_ends(text: str) -> TypedValue | None:
    """Two numbers with "to", "and" or a dash between them, and nothing else."""
    read = read_quantities(text)
    if len(read) != 2 or read[0].start != 0 or read[1].end != len(text):
        return None
    low, high = read
    is_plain = low.value is not None and high.value is not None
    if not is_plain or not _TO.fullmatch(text[low.end : high.start]):
        return None
    if Bound.EXACT not in (low.bound, high.bound) or low.unit not in ("1", high.unit):
        return None
    first, last = sorted((low.value or 0.0, high.value or 0.0))
    if not math.isfinite(first) or not math.isfinite(last):
        return None
    return TypedValue(None, first, last, high.unit)


def read_typed_unit(typed: str) -> TypedUnit | None:
    """The unit that ``typed`` names, or the noun that is counted; ``None`` for neither.

    >>> read_typed_unit("per cent").unit, read_typed_unit("€").unit, read_typed_unit("km").unit
    ('percent', 'EUR', 'km')
    >>> read_typed_unit("rare earth elements").counted
    'rare earth elements'
    """
    text = " ".join(typed.split())
    if len(text) > LONGEST_TYPED:
        return None
    if text in ("", "1"):
        return TypedUnit("1", None, QuantityKind.NUMBER)
    # As it is stored: the open dollar and rupee, and the two words in one.
    text = "percentage points" if text == "percentage_point" else text.removesuffix("?")
    for sample in (f"5 {text}", f"{text}5", f"{text} 5", f"5{text}"):
        read = read_quantities(sample)
        if len(read) != 1 or read[0].value != 5 or read[0].bound is not Bound.EXACT:
            continue
        one = read[0]
        if one.kind is QuantityKind.NUMBER:
            continue
        is_whole = (one.start, one.end) == (0, len(sample))
        if is_whole or one.counted == text:
            return TypedUnit(one.unit, one.unit_name, one.kind, one.counted)
    return None


def read_typed_hedge(typed: str) -> Bound | None:
    """The bound that a hedge ("nearly", "at least") sets on a number; ``None`` for no hedge."""
    text = " ".join(typed.split())
    if not text or len(text) > LONGEST_TYPED:
        return None
    for sample in (f"{text} 50 kg", f"50 kg {text}"):
        read = read_quantities(sample)
        if len(read) == 1 and read[0].value == 50 and (read[0].hedge or "").lower() == text.lower():
            return read[0].bound
    return None


def read_typed_day(typed: str, *, is_end: bool = False) -> date | None:
    """A day, the first day of a month or year, or with ``is_end`` its last one; else ``None``.

    >>> read_typed_day("2024"), read_typed_day("2024-02", is_end=True)
    (datetime.date(2024, 1, 1), datetime.date(2024, 2, 29))
    """
    text = typed.strip()
    if not text or len(text) > LONGEST_TYPED:
        return None
    if match := _DAY.fullmatch(text):
        # Full-width digits are digits too.
        year, month, day = (int(part) if part else None for part in match.groups())
        try:
            if day is None and is_end:
                month = month or 12
                day = calendar.monthrange(year or 0, month)[1]
            return date(year or 0, month or 1, day or 1)
        except (ValueError, IndexError):
            return None
    found = read_dates(text)
    if len(found) != 1 or (found[0].start, found[0].end) != (0, len(text)):
        return None
    return found[0].to_on if is_end else found[0].from_on
