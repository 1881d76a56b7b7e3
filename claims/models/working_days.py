"""Working days: which days a team works, and how many of them lie between two days.

Which day it is, the team's zone says (:mod:`claims.models.zones`). Refuses to know rows and people.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

EVERY_DAY = frozenset(range(1, 8))
WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# Whoever says that a whole year is free is not followed any further.
MOST_FREE_DAYS = 400


@dataclass(frozen=True, slots=True)
class Calendar:
    """ISO weekdays (Monday is 1) that are worked, and days that are free although they are."""

    weekdays: frozenset[int]
    holidays: frozenset[date] = frozenset()

    def is_worked(self, day: date) -> bool:
        """Whether people work on that day.

        >>> Calendar(frozenset({1, 2, 3, 4, 5})).is_worked(date(2026, 11, 21))
        False
        """
        return day.isoweekday() in (self.weekdays or EVERY_DAY) and day not in self.holidays

    def after(self, day: date, working_days: int) -> date:
        """The day on which so many working days after ``day`` are over; 0 is the first from it on.

        >>> Calendar(frozenset({1, 2, 3, 4, 5})).after(date(2026, 11, 20), 1)
        datetime.date(2026, 11, 23)
        """
        found = self._step(day, 1)
        for _ in range(working_days):
            found = self._step(found + timedelta(days=1), 1)
        return found

    def before(self, day: date) -> date:
        """The last working day before ``day``."""
        return self._step(day - timedelta(days=1), -1)

    def _step(self, day: date, step: int) -> date:
        """The first working day from ``day`` on, forwards or backwards."""
        for free in range(MOST_FREE_DAYS):
            found = day + timedelta(days=step * free)
            if self.is_worked(found):
                return found
        return day
