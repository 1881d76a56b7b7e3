"""The frozen value of one hint, and the small arithmetic that all of them share.

Promises a kind of the closed list, a note that holds the whole arithmetic in words, and the
spans it rests on. Numbers are compared as the intervals that their digits and hedges admit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from claims.text.quantity import Quantity
from claims.text.tolerance import HEDGE_SHARE, half_unit
from claims.vocabulary import Bound

_LOWER_LIMITS = (Bound.OVER, Bound.AT_LEAST)
_UPPER_LIMITS = (Bound.UNDER, Bound.AT_MOST)


class HintKind(StrEnum):
    """What sort of arithmetic a hint shows."""

    POINTS = "points"
    CHANGE = "change"
    SCALE = "scale"
    SHARES = "shares"
    LIST = "list"
    PART = "part"
    RATIO = "ratio"
    SUM = "sum"


@dataclass(frozen=True, slots=True)
class Hint:
    """One piece of arithmetic; ``spans`` are (start, end) of the same text as the claim's."""

    kind: HintKind
    note: str
    spans: tuple[tuple[int, int], ...]

    def moved(self, by: int) -> Hint:
        """The same hint with its spans ``by`` characters further on."""
        return Hint(
            self.kind, self.note, tuple((start + by, end + by) for start, end in self.spans)
        )

    def to_json(self) -> dict[str, Any]:
        """``{"kind", "note", "spans": [{"start", "end"}]}``."""
        spans = [{"start": start, "end": end} for start, end in self.spans]
        return {"kind": self.kind.value, "note": self.note, "spans": spans}


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence and its quantities, whose offsets are characters of ``text``."""

    text: str
    quantities: tuple[Quantity, ...]

    def before(self, quantity: Quantity, most: int = 60) -> str:
        """At most ``most`` characters before a quantity."""
        return self.text[max(0, quantity.start - most) : quantity.start]

    def after(self, quantity: Quantity, most: int = 60) -> str:
        """At most ``most`` characters after a quantity."""
        return self.text[quantity.end : quantity.end + most]

    def between(self, one: Quantity, two: Quantity) -> str:
        """The text from the end of ``one`` to the start of ``two``."""
        return self.text[one.end : two.start]

    def neighbours(self, size: int) -> Iterator[tuple[Quantity, ...]]:
        """Every run of ``size`` quantities that follow each other."""
        for at in range(len(self.quantities) - size + 1):
            yield self.quantities[at : at + size]


@dataclass(frozen=True, slots=True)
class Span:
    """The values from ``low`` to ``high`` that a written number admits."""

    low: float
    high: float

    def meets(self, other: Span) -> bool:
        """Whether both admit a value in common."""
        return self.low <= other.high and other.low <= self.high


def make_hint(kind: HintKind, note: str, *quantities: Quantity) -> Hint:
    """A hint that rests on ``quantities``."""
    return Hint(kind, note, tuple((one.start, one.end) for one in quantities))


def admit(value: float, half: float, quantity: Quantity) -> Span:
    """What a number admits by its last digit, its hedge and its bound."""
    if quantity.bound is Bound.ABOUT:
        half += abs(value) * HEDGE_SHARE
    low, high = value - half, value + half
    if quantity.bound in _LOWER_LIMITS:
        high = math.inf
    if quantity.bound in _UPPER_LIMITS:
        low = -math.inf
    return Span(low, high)


def admitted(quantity: Quantity) -> Span | None:
    """What a single quantity admits; ``None`` for a range or a number beyond a float."""
    if quantity.value is None or not math.isfinite(quantity.value):
        return None
    return admit(quantity.value, half_unit(quantity), quantity)


def values_of(quantities: Sequence[Quantity]) -> list[float] | None:
    """The values of quantities; ``None`` where one is a range."""
    values = [one.value for one in quantities if one.value is not None and math.isfinite(one.value)]
    return values if len(values) == len(quantities) else None


def say(value: float) -> str:
    """A number for a person: ``1,200``, ``0.25``, ``2.4 million``; at most four digits.

    >>> say(1200), say(33.3333), say(2_400_000), say(0.5)
    ('1,200', '33.3', '2.4 million', '0.5')
    """
    for size, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if abs(value) >= size:
            return f"{_trim(value / size)} {word}"
    return _trim(value)


def _trim(value: float) -> str:
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    digits = 0 if abs(value) >= 1000 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:,.0f}"
