"""The frozen value that every reading of a number becomes.

This module promises a shape, not a reading: :mod:`claims.text.quantities` reads,
:mod:`claims.text.compare` compares, and whoever stores or prints a quantity uses
:meth:`Quantity.to_json` so that the keys are the same everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from claims.vocabulary import Bound, Change, QuantityKind


@dataclass(frozen=True, slots=True)
class Period:
    """The time a statement speaks of, both days inclusive.

    ``is_resolved`` is true where the days were worked out from the article's
    date ("last year") rather than written out ("in 2019").
    """

    from_on: date | None
    to_on: date | None
    is_resolved: bool = False

    def to_json(self) -> dict[str, Any]:
        """``{"from", "to", "resolved"}`` with ISO dates or ``None``."""
        return {
            "from": self.from_on.isoformat() if self.from_on else None,
            "to": self.to_on.isoformat() if self.to_on else None,
            "resolved": self.is_resolved,
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """The inverse of :meth:`to_json`; ``KeyError`` or ``ValueError`` on another shape."""
        start, end = stored["from"], stored["to"]
        return cls(
            from_on=date.fromisoformat(start) if start else None,
            to_on=date.fromisoformat(end) if end else None,
            is_resolved=bool(stored["resolved"]),
        )


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number as a text states it.

    ``start`` and ``end`` are characters of the text as given, ``end`` exclusive.
    ``value`` is the number with scale words applied, or ``None`` with ``low`` and
    ``high`` for a range. ``unit`` is ISO 4217 for money (``"$?"`` for a bare
    dollar sign), ``"percent"``, ``"percentage_point"``, a symbol (``"km"``) or
    ``"1"``; ``unit_name`` is the singular English name, for a counted noun its
    head noun, ``None`` for a bare number. ``hedge`` is the word as written.
    """

    text: str
    start: int
    end: int
    value: float | None
    low: float | None
    high: float | None
    unit: str
    unit_name: str | None
    kind: QuantityKind
    bound: Bound = Bound.EXACT
    hedge: str | None = None
    change: Change | None = None
    counted: str | None = None
    measured: str | None = None
    of_what: str | None = None
    period: Period | None = None

    def to_json(self) -> dict[str, Any]:
        """The keys of the contract; what is not known is ``None``, never left out."""
        return {
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "value": _plain(self.value),
            "low": _plain(self.low),
            "high": _plain(self.high),
            "unit": self.unit,
            "unit_name": self.unit_name,
            "kind": self.kind.value,
            "bound": self.bound.value,
            "hedge": self.hedge,
            "change": self.change.value if self.change else None,
            "counted": self.counted,
            "measured": self.measured,
            "of_what": self.of_what,
            "period": self.period.to_json() if self.period else None,
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """The inverse of :meth:`to_json`; ``KeyError`` or ``ValueError`` on another shape."""
        change, period = stored["change"], stored["period"]
        return cls(
            text=stored["text"],
            start=stored["start"],
            end=stored["end"],
            value=stored["value"],
            low=stored["low"],
            high=stored["high"],
            unit=stored["unit"],
            unit_name=stored["unit_name"],
            kind=QuantityKind(stored["kind"]),
            bound=Bound(stored["bound"]),
            hedge=stored["hedge"],
            change=Change(change) if change else None,
            counted=stored["counted"],
            measured=stored["measured"],
            of_what=stored["of_what"],
            period=Period.from_json(period) if period else None,
        )


def _plain(number: float | None) -> float | int | None:
    """Whole numbers print without a fraction: 70, not 70.0 (up to 2**53: floats are exact)."""
    if number is not None and abs(number) < 2**53 and number == int(number):
        return int(number)
    return number
