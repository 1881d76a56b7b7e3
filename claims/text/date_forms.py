"""Dates as they are written out, read from one place of a text.

Promises days only where the calendar has them; refuses to guess the order of day and
month. A date without a year is the latest that the article can look back on.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from claims.text.numbers import calendar
from claims.text.numbers.calendar import MONTHS, SEASONS, Days
from claims.text.numbers.tokens import Tokens, word_set
from claims.text.numbers.years import is_year


class FoundDate(NamedTuple):
    """A date by token indexes, ``last`` exclusive; ``is_calendar`` where digits count nothing."""

    first: int
    last: int
    days: Days
    is_resolved: bool
    is_calendar: bool = True


NONE: Days = (None, None)

_DAY_SUFFIXES = frozenset(("st", "nd", "rd", "th"))

QUARTERS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
}

STEPS = {"last": -1, "previous": -1, "this": 0, "current": 0, "next": 1, "coming": 1, "past": -1}

_MONTH_CONTEXT = word_set(
    """in since by until till last next this of early late mid from to during through between and
    before after every"""
)


def _year_at(tokens: Tokens, at: int, published: date | None) -> tuple[int, int, bool] | None:
    """A year, perhaps after "of" or a comma, or "last year": year, next token, is resolved."""
    at += tokens.low(at) in ("of", ",", "'") and tokens.low(at + 1) != "of"
    word = tokens.raw(at)
    if len(word) == 4 and word.isdecimal() and "1000" <= word <= "2199":
        return int(word), at + 1, False
    step = STEPS.get(tokens.low(at))
    if published and step is not None and tokens.low(at + 1) == "year":
        return published.year + step, at + 2, True
    return None


def from_month(tokens: Tokens, at: int, published: date | None) -> FoundDate | None:
    word = tokens.lowers[at]
    month = MONTHS[word]
    index = at + 1 + (len(word) <= 4 and tokens.low(at + 1) == "." and tokens.touches(at + 1))
    day = last_day = _day_at(tokens, index)
    if day:
        index = _after_day(tokens, index)
        if (
            tokens.low(index) in ("-", "–")
            and (later := _day_at(tokens, index + 1))
            and later > day
        ):
            last_day, index = later, _after_day(tokens, index + 1)
    elif word in ("may", "march", "mar", "dec", "sun") and tokens.low(at - 1) not in _MONTH_CONTEXT:
        if not _year_at(tokens, index, None):
            return None
    elif word in ("jan", "june", "april", "august") and tokens.raw(index)[:1].isupper():
        return None
    return _finish(tokens, at, index, month, (day, last_day), published)


def _finish(
    tokens: Tokens,
    first: int,
    index: int,
    month: int,
    day_range: tuple[int | None, int | None],
    published: date | None,
) -> FoundDate:
    """Add the year that follows, or the one the article's date gives."""
    day, last_day = day_range
    if year := _year_at(tokens, index, published):
        number, index, is_resolved = year
    elif published:
        # A date without a year is the latest such day that the article can look back on.
        number, is_resolved = (
            published.year - ((month, day or 1) > (published.month, published.day)),
            True,
        )
    else:
        return FoundDate(first, index, NONE, is_resolved=False)
    if day is None:
        return FoundDate(first, index, calendar.months(number, month, month), is_resolved)
    start = calendar.one_day(number, month, day)
    end = calendar.one_day(number, month, last_day or day)
    days = (start[0], end[0]) if start and end else NONE
    return FoundDate(first, index, days, is_resolved and start is not None)


def _day_at(tokens: Tokens, at: int) -> int | None:
    word = tokens.raw(at)
    if not word.isdecimal() or len(word) > 2 or not 1 <= int(word) <= 31:
        return None
    is_more = tokens.low(at + 1) in ("%", ":") and tokens.touches(at + 1)
    return (
        None
        if is_more or tokens.low(at + 1) in ("percent", "per", "million", "billion")
        else int(word)
    )


def _after_day(tokens: Tokens, at: int) -> int:
    return at + 1 + (tokens.low(at + 1) in _DAY_SUFFIXES and tokens.touches(at + 1))


def from_digits(tokens: Tokens, at: int, published: date | None) -> FoundDate | None:
    word = tokens.words[at]
    if day := _day_at(tokens, at):
        index = _after_day(tokens, at)
        last_day = day
        if tokens.low(index) in ("-", "–", "to", "and") and (later := _day_at(tokens, index + 1)):
            after = _after_day(tokens, index + 1)
            if later > day and tokens.low(after) in MONTHS and tokens.raw(after)[0].isupper():
                index, last_day = after, later
        index += tokens.low(index) == "of"
        if (
            tokens.low(index) in MONTHS
            and tokens.raw(index)[0].isupper()
            and not tokens.touches(at)
        ):
            month = MONTHS[tokens.low(index)]
            index += 1 + (
                tokens.low(index + 1) == "."
                and len(tokens.low(index)) <= 4
                and tokens.touches(index + 1)
            )
            return _finish(tokens, at, index, month, (day, last_day), published)
        if tokens.low(index) == "century" and index > at + 1:
            return FoundDate(
                at, index + 1, calendar.years(max(day * 100 - 99, 1), day * 100), is_resolved=False
            )
        if tokens.low(index) in ("quarter", "half") and index > at + 1:
            kind = "q" if tokens.low(index) == "quarter" else "h"
            return from_quarter(tokens, at, day, kind, index + 1, published)
        if tokens.low(at + 1) == "q" and tokens.touches(at + 1):
            return from_quarter(tokens, at, day, "q", at + 2, published)
    if (
        tokens.low(at + 1) in ("-", "/", "–")
        and tokens.touches(at + 1)
        and tokens.is_number(at + 2)
    ) and (match := _from_numeric(tokens, at)):
        return match
    if word.count(".") == 2 and (parts := word.split(".")) and len(parts[2]) == 4:
        return _from_parts(at, at + 1, (parts[2], parts[1], parts[0]))
    if is_year(tokens, at):
        return _from_year(tokens, at)
    return None


def _from_numeric(tokens: Tokens, at: int) -> FoundDate | None:
    """ "2025-11-18"; "18/11/2025" where only one order is possible, unresolved days otherwise."""
    first, second, third = tokens.words[at], tokens.raw(at + 2), tokens.raw(at + 4)
    if tokens.low(at + 1) != tokens.low(at + 3) or not tokens.touches(at + 4):
        return None
    if len(first) == 4:
        return _from_parts(at, at + 5, (first, second, third))
    if len(third) in (2, 4) and third.isdecimal() and first.isdecimal() and second.isdecimal():
        if len(first) > 2 or len(second) > 2 or (tokens.low(at + 1) == "-" and len(third) == 2):
            return None
        third = third if len(third) == 4 else f"20{third}"
        if int(first) > 12:
            return _from_parts(at, at + 5, (third, second, first))
        if int(second) > 12 or first == second:
            return _from_parts(at, at + 5, (third, first, second))
        return FoundDate(at, at + 5, NONE, is_resolved=False)
    return None


def _from_parts(first: int, last: int, parts: tuple[str, str, str]) -> FoundDate | None:
    if not all(part.isdecimal() and len(part) <= 4 for part in parts):
        return None
    year, month, day = (int(part) for part in parts)
    days = calendar.one_day(year, month, day) if 1000 <= year <= 2199 else None
    return FoundDate(first, last, days, is_resolved=False) if days else None


def _from_year(tokens: Tokens, at: int) -> FoundDate:
    year = int(tokens.words[at])
    following = tokens.low(at + 1)
    if (following in ("s", "'s") and tokens.touches(at + 1)) or (
        following == "'" and tokens.low(at + 2) == "s"
    ):
        last = at + 2 + (following == "'")
        if year % 10 == 0 and following == "s":
            size = 100 if year % 100 == 0 and year < 2000 else 10
            return FoundDate(at, last, calendar.years(year, year + size - 1), is_resolved=False)
        return FoundDate(at, at + 1, calendar.years(year, year), is_resolved=False)
    if following in ("-", "–", "/") and tokens.touches(at + 1) and tokens.touches(at + 2):
        later = tokens.raw(at + 2)
        if later.isdecimal() and len(later) in (2, 4):
            end = int(later) if len(later) == 4 else year // 100 * 100 + int(later)
            if year < end < year + 200:
                return FoundDate(at, at + 3, calendar.years(year, end), is_resolved=False)
    return FoundDate(at, at + 1, calendar.years(year, year), is_resolved=False)


def from_quarter(
    tokens: Tokens, first: int, number: int, kind: str, index: int, published: date | None
) -> FoundDate | None:
    size = 3 if kind == "q" else 6
    if not 1 <= number <= 12 // size:
        return None
    year = _year_at(tokens, index, published)
    if year is None:
        word = tokens.low(index)
        if (kind == "q" and word[:2] == "fy") or (
            len(word) == 2 and word.isdecimal() and kind == "q"
        ):
            return FoundDate(first, index + 1, NONE, is_resolved=False)
        # "the first half" alone is a match's; a quarter alone names digits that count nothing.
        return FoundDate(first, index, NONE, is_resolved=False) if kind == "q" else None
    days = calendar.months(year[0], number * size - size + 1, number * size)
    return FoundDate(first, year[1], days, year[2])


def from_fiscal(tokens: Tokens, at: int) -> FoundDate | None:
    index = at + 1 + (tokens.low(at + 1) == "year")
    word = tokens.raw(index)
    if tokens.lowers[at] == "fy" and word.isdecimal() and len(word) == 2:
        year = 2000 + int(word)
        return FoundDate(at, index + 1, calendar.years(year, year), is_resolved=False)
    if len(word) == 4 and word.isdecimal() and "1900" <= word <= "2199":
        found = _from_year(tokens, index)
        return FoundDate(at, found.last, found.days, is_resolved=False)
    return None


def from_season(tokens: Tokens, at: int) -> FoundDate | None:
    year = _year_at(tokens, at + 1, None)
    if year is None:
        return None
    if tokens.lowers[at] == "winter":
        return FoundDate(
            at, year[1], (date(year[0], 12, 1), date(year[0] + 1, 2, 28)), is_resolved=False
        )
    return FoundDate(
        at, year[1], calendar.months(year[0], *SEASONS[tokens.lowers[at]]), is_resolved=False
    )


def from_part(tokens: Tokens, at: int, published: date | None) -> FoundDate | None:
    part = tokens.lowers[at]
    index = at + 1 + (tokens.low(at + 1) in ("-", "in"))
    if is_year(tokens, index) and tokens.low(index + 1) != "s":
        days = calendar.part_of_year(int(tokens.words[index]), part)
        return FoundDate(at, index + 1, days, is_resolved=False)
    if tokens.low(index) in MONTHS and tokens.raw(index)[0].isupper():
        match = from_month(tokens, index, published)
        return match and match._replace(first=at)
    return None
