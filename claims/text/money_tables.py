"""Sums of money in another currency or of another year, by dated tables that a team has loaded.

Promises a rate only of the days that were asked for (or of the last day before, within a week),
always with the name of its table; of several tables the first that has both sides. Refuses to
guess: without a row there is no rate. Price levels are told as arithmetic and decide nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from claims.text.quantity import Period
from claims.text.unit_scales import Conversion
from claims.vocabulary import MoneyTableKind

STALE_DAYS = 7
"""A rate stands until the next one: over weekends and holidays, not for longer."""
MOST_DAYS = 3 * 366
"""A longer period has no one rate."""
_SLACKS = ((1, 0.02), (31, 0.05), (MOST_DAYS, 0.1))
"""How far a sum may lie off for the rate alone, by the days that the rate stands for."""


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """One value of a table: of rates, one ``base`` buys ``value`` of ``currency``."""

    table: str
    base: str
    currency: str
    first_on: date
    last_on: date
    value: float


@dataclass(frozen=True, slots=True)
class Rate:
    """How one currency becomes another, and where that stands."""

    conversion: Conversion
    reason: str


FetchRows = Callable[[MoneyTableKind, frozenset[str], date, date], Sequence[MoneyRow]]
"""Kind, currencies, first and last day → the rows of those days, the newest table's first."""


@dataclass(frozen=True, slots=True)
class MoneyTables:
    """What a team has loaded; ``fetch`` is asked once a question."""

    fetch: FetchRows

    def find_rate(self, source: str, claim: str, period: Period | None) -> Rate | None:
        """How a sum in ``source`` becomes one in ``claim`` at that time; ``None`` without a row."""
        days = _days(period)
        if days is None:
            return None
        first, last = days
        for table, rows in self._by_table(MoneyTableKind.RATES, {source, claim}, first, last):
            values = {row.base: (1.0, "") for row in rows}
            for currency in (source, claim):
                held = _value([row for row in rows if row.currency == currency], first, last)
                if held is not None:
                    values[currency] = held
            if source in values and claim in values:
                factor = values[claim][0] / values[source][0]
                slack = next(share for most, share in _SLACKS if (last - first).days < most)
                when = values[claim][1] or values[source][1]
                told = f"1 {source} = {factor:.6g} {claim} ({when}), by the table “{table}”"
                return Rate(Conversion(factor, slack=slack), told)
        return None

    def say_prices(
        self, currency: str, value: float, then: Period | None, now: Period | None
    ) -> str:
        """What a sum of then is in the prices of now, as a sentence; empty without both levels."""
        levels: list[dict[str, float]] = []
        for period in (then, now):
            days = _days(period)
            if days is None:
                return ""
            found = self._by_table(MoneyTableKind.PRICES, {currency}, *days)
            held = ((table, _value(rows, *days)) for table, rows in found)
            levels.append({table: level[0] for table, level in held if level is not None})
        table = next((one for one in levels[0] if one in levels[1]), None)
        days = _days(now)
        if table is None or days is None:
            return ""
        worth = value * levels[1][table] / levels[0][table]
        if not math.isfinite(worth):
            return ""
        said = f"{float(f'{worth:.3g}'):,.12g}"
        return f"in prices of {days[1].year} that is {said} {currency}, by the table “{table}”"

    def _by_table(
        self, kind: MoneyTableKind, currencies: set[str], first: date, last: date
    ) -> list[tuple[str, list[MoneyRow]]]:
        rows = self.fetch(kind, frozenset(currencies), first - timedelta(days=STALE_DAYS), last)
        found: dict[str, list[MoneyRow]] = {}
        for row in rows:
            if row.value > 0 and math.isfinite(row.value):
                found.setdefault(row.table, []).append(row)
        return list(found.items())


def _days(period: Period | None) -> tuple[date, date] | None:
    if period is None or not (period.from_on or period.to_on):
        return None
    first, last = period.from_on or period.to_on, period.to_on or period.from_on
    if first is None or last is None or first > last or (last - first).days >= MOST_DAYS:
        return None
    # The week before the first day of the calendar is asked for too.
    return (first, last) if first.year > 1 else None


def _value(rows: Sequence[MoneyRow], first: date, last: date) -> tuple[float, str] | None:
    """The value that stands for all of these days: one row's, else the mean, else the last one.

    With it the days that it is of.
    """
    whole = [row for row in rows if row.first_on <= first and last <= row.last_on]
    if whole:
        held = min(whole, key=lambda row: row.last_on - row.first_on)
        return held.value, _say(held.first_on, held.last_on)
    within = [row.value for row in rows if first <= row.first_on and row.last_on <= last]
    if within and first != last:
        return sum(within) / len(within), f"the mean of {_say(first, last)}"
    before = [row for row in rows if row.last_on <= last and row.first_on == row.last_on]
    if first == last and before:
        held = max(before, key=lambda row: row.last_on)
        return held.value, _say(held.first_on, held.last_on)
    return None


def _say(first: date, last: date) -> str:
    return f"{first}" if first == last else f"{first} to {last}"
