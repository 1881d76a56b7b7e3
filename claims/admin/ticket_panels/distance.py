"""How far a source stands from what a claim speaks of, in days, weeks, months or years.

Promises a distance from the time that the claim itself names where it names one, else from the
day on which it was made; says which; and nothing where a day is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

_STEPS = ((14, 1, "day"), (60, 7, "week"), (730, 30.44, "month"), (10**7, 365.25, "year"))
"""Up to so many days a distance is told in units of so many days."""


@dataclass(frozen=True, slots=True)
class Event:
    """What the claim speaks of: its first and last day, and whether the claim names them."""

    first: date | None = None
    last: date | None = None
    is_named: bool = False


def say_distance(published: date | None, event: Event) -> str:
    """Where a day of publication lies to the event; empty where one of them is not known.

    >>> say_distance(date(2025, 1, 20), Event(date(2024, 1, 1), date(2024, 12, 31), is_named=True))
    '3 weeks after the time the claim speaks of'
    """
    first, last = event.first or event.last, event.last or event.first
    if published is None or first is None or last is None:
        return ""
    what = "the time the claim speaks of" if event.is_named else "the claim was made"
    if first <= published <= last:
        return "within the time the claim speaks of" if event.is_named else "on the claim's day"
    days = (first - published).days if published < first else (published - last).days
    size, unit = next((size, unit) for most, size, unit in _STEPS if days <= most)
    count = max(1, round(days / size))
    where = "before" if published < first else "after"
    return f"{count:,} {unit}{'' if count == 1 else 's'} {where} {what}"
