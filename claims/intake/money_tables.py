"""Dated tables of money from a CSV: exchange rates or price levels, one value a row or a column.

Promises frozen values or precise complaints, whole or not at all. A day is ``2025-10-31``, a
month ``2025-10``, a year ``2025``: the value holds for all of it. A table as central banks publish
it (one column of days, one of each currency) is read as it is.
"""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from claims.intake.rows import Problem
from claims.intake.tabular import MOST_PROBLEMS, FileRefused, Row, read_header, read_rows, read_text
from claims.vocabulary import MoneyTableKind

MAX_VALUES = 300_000
MAX_BYTES = 20 * 2**20
COLUMNS: dict[str, tuple[str, ...]] = {
    "date": ("day", "month", "year", "period", "time_period"),
    "until": ("to", "last_day"),
    "currency": ("code", "currency_code"),
    "rate": ("exchange_rate", "obs_value"),
    "index": ("cpi", "price_index", "level", "price_level"),
}
NOTHING = ("", "n/a", "na", "-", ".", "..")
_CODE = re.compile(r"[A-Z]{3}", re.ASCII)
_WHEN = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", re.ASCII)
_NUMBER = re.compile(r"\d{1,15}(?:\.\d{1,15})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class ReadValue:
    """One value of one currency, from its first day to its last."""

    currency: str
    first_on: date
    last_on: date
    value: float


@dataclass(frozen=True, slots=True)
class ReadTable:
    """What a file holds: which kind of table, and its values."""

    kind: MoneyTableKind
    values: tuple[ReadValue, ...]


def read_money_table(body: bytes) -> ReadTable:
    """The table of a file; raises :class:`FileRefused` with every first complaint."""
    if len(body) > MAX_BYTES:
        raise FileRefused([Problem(1, None, "", "The file is over 20 MB; leave old years out.")])
    text = read_text(body)
    header = read_header(text)
    wide = {head: (head,) for head in header if _CODE.fullmatch(head)}
    names = {**COLUMNS, **wide}
    held = next((row.columns for row in read_rows(text, names)), None)
    if held is None:
        raise FileRefused([Problem(1, None, "", "There is no row below the header.")])
    kind = _kind_of(held, header, has_codes=bool(wide))
    found: dict[tuple[str, date], ReadValue] = {}
    problems: list[Problem] = []
    for row in read_rows(text, names):
        for one in _read(row, kind, wide):
            if isinstance(one, Problem):
                problems.append(one)
            elif (one.currency, one.first_on) in found:
                told = f"{one.currency} has a value for {one.first_on} already."
                problems.append(row.problem("date", told))
            else:
                found[one.currency, one.first_on] = one
        if len(problems) >= MOST_PROBLEMS:
            break
        if len(found) > MAX_VALUES:
            told = f"At most {MAX_VALUES:,} values are taken; leave old years out."
            raise FileRefused([Problem(row.line, None, "", told)])
    if problems or not found:
        raise FileRefused(problems or [Problem(1, None, "", "The file holds no value.")])
    return ReadTable(kind, tuple(found.values()))


def _kind_of(held: Mapping[str, int], header: list[str], *, has_codes: bool) -> MoneyTableKind:
    if "date" in held and "currency" in held and ("rate" in held) != ("index" in held):
        return MoneyTableKind.RATES if "rate" in held else MoneyTableKind.PRICES
    if "date" in held and has_codes and "currency" not in held:
        return MoneyTableKind.RATES
    told = (
        "A table has the columns date, currency and rate (or index, for price levels), or date "
        f"and one column for each currency. This one has {', '.join(header[:12])}."
    )
    raise FileRefused([Problem(1, None, "", told)])


def _read(row: Row, kind: MoneyTableKind, wide: Collection[str]) -> Iterator[ReadValue | Problem]:
    first, last = _days(row.cells.get("date", "")), _days(row.cells.get("until", ""))
    if first is None or (row.cells.get("until") and last is None):
        name = "date" if first is None else "until"
        yield row.problem(name, "Write a day, a month or a year: 2025-10-31, 2025-10 or 2025.")
        return
    ends = (first[0], last[1] if last else first[1])
    if ends[0] > ends[1]:
        yield row.problem("until", "The time ends before it begins.")
        return
    if "currency" in row.cells:
        column = "rate" if kind is MoneyTableKind.RATES else "index"
        yield from _value(row, row.cells["currency"].upper(), column, ends)
        return
    for code in wide:
        if row.cells.get(code, "").casefold() not in NOTHING:
            yield from _value(row, code, code, ends)


def _value(
    row: Row, currency: str, column: str, ends: tuple[date, date]
) -> Iterator[ReadValue | Problem]:
    text = row.cells.get(column, "")
    value = float(text) if _NUMBER.fullmatch(text) else math.nan
    if not _CODE.fullmatch(currency):
        yield row.problem("currency", "Write the three letters of the currency: USD.")
    elif not value > 0:
        yield row.problem(column, "Write a number above zero, with a point: 1.0934.")
    else:
        yield ReadValue(currency, *ends, value)


def _days(text: str) -> tuple[date, date] | None:
    """The first and the last day of a day, month or year."""
    found = _WHEN.fullmatch(text)
    if found is None:
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        if day:
            return date(year, month, day), date(year, month, day)
        if month:
            return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        return date(year, 1, 1), date(year, 12, 31)
    except (ValueError, calendar.IllegalMonthError):
        return None
