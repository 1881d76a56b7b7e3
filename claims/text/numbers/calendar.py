"""Calendar arithmetic for what people write: months, quarters, halves, decades, weeks.

Promises pairs of days, both inclusive. Fiscal years are taken as the calendar year they
are named after, because their start differs by country and nothing in the text says it.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

Days = tuple[date | None, date | None]

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
            "august aug", "september sep sept", "october oct", "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
WEEKDAYS = {
    name: number
    for number, names in enumerate(
        ("monday mon", "tuesday tue tues", "wednesday wed", "thursday thu thurs", "friday fri",
         "saturday sat", "sunday sun")
    )
    for name in names.split()
}  # fmt: skip
SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11)}


def one_day(year: int, month: int, day: int) -> Days | None:
    """The day, or ``None`` where the calendar has no such day."""
    if not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:
        return None
    return date(year, month, day), date(year, month, day)


def months(year: int, first: int, last: int) -> Days:
    """From the first day of month ``first`` to the last day of month ``last``."""
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def years(first: int, last: int) -> Days:
    """Whole years, both inclusive."""
    return date(first, 1, 1), date(last, 12, 31)


def part_of_year(year: int, part: str) -> Days:
    """``early``, ``mid`` or ``late``: the first, second or last third of a year."""
    first = {"early": 1, "mid": 5, "late": 9}[part]
    return months(year, first, first + 3)


def shift_months(day: date, count: int) -> date:
    """``day`` moved by ``count`` months, kept inside the month it lands in and the calendar."""
    index = day.year * 12 + day.month - 1 + count
    year, month = min(max(index // 12, 1), 9999), index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def relative_days(day: date, unit: str, steps: int) -> Days | None:
    """The ``unit`` that lies ``steps`` from the one holding ``day``: last year is ("year", -1)."""
    if abs(steps) > 5000:
        return None
    if unit == "day":
        moved = day + timedelta(days=steps)
        return moved, moved
    if unit == "week":
        monday = day - timedelta(days=day.weekday()) + timedelta(weeks=steps)
        return monday, monday + timedelta(days=6)
    if unit == "month":
        moved = shift_months(day, steps)
        return months(moved.year, moved.month, moved.month)
    if unit == "quarter":
        moved = shift_months(day, steps * 3)
        first = (moved.month - 1) // 3 * 3 + 1
        return months(moved.year, first, first + 2)
    year = day.year + steps * {"year": 1, "decade": 10, "century": 100}[unit]
    if unit == "year":
        return years(year, year) if 1 <= year <= 9999 else None
    size = 10 if unit == "decade" else 100
    first = year - year % size
    return years(first, first + size - 1) if 1 <= first <= 9999 - size else None


def span_back(day: date, unit: str, count: int) -> Days | None:
    """The ``count`` units that end on ``day``: "the past five years"."""
    if not 0 < count <= 5000:
        return None
    if unit in ("day", "week"):
        return day - timedelta(days=count * (7 if unit == "week" else 1)), day
    size = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}[unit]
    if count * size > (day.year - 1) * 12:
        return None
    return shift_months(day, -count * size), day


def weekday_before(day: date, weekday: int) -> date:
    """The latest such weekday up to and including ``day``."""
    return day - timedelta(days=(day.weekday() - weekday) % 7)
