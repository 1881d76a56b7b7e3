"""Dates that are told from the article's date: "last year", "two years ago", "Friday".

Promises days only where that date is known.
"""

from __future__ import annotations

from datetime import date

from claims.text.date_forms import NONE, STEPS, FoundDate, from_month
from claims.text.numbers import calendar
from claims.text.numbers.calendar import MONTHS, WEEKDAYS
from claims.text.numbers.scales import SMALL, TENS
from claims.text.numbers.tokens import Tokens

_UNITS = {
    **{word: word for word in ("day", "week", "month", "quarter", "year", "decade", "century")},
    **{f"{word}s": word for word in ("day", "week", "month", "quarter", "year", "decade")},
    "centuries": "century",
}

NAMED_DAYS = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}


def from_weekday(tokens: Tokens, at: int, published: date | None) -> FoundDate | None:
    word = tokens.lowers[at]
    if word in ("sun", "sat", "mon", "wed") and tokens.low(at + 1) != ",":
        return None
    if published is None:
        return FoundDate(at, at + 1, NONE, is_resolved=False)
    day = calendar.weekday_before(published, WEEKDAYS[word])
    return FoundDate(at, at + 1, (day, day), is_resolved=True)


def from_step(tokens: Tokens, at: int, published: date | None) -> FoundDate | None:
    """ "last year", "this month", "next quarter", "the past five years", "last October"."""
    step = STEPS[tokens.lowers[at]]
    following = tokens.low(at + 1)
    if following in ("fiscal", "financial", "calendar"):
        at, following = at + 1, tokens.low(at + 2)
    unit = _UNITS.get(following)
    if unit and following == unit and tokens.lowers[at] != "past":
        days = calendar.relative_days(published, unit, step) if published else None
        return FoundDate(at, at + 2, days or NONE, days is not None)
    if following in MONTHS and tokens.raw(at + 1)[0].isupper() and step <= 0:
        match = from_month(tokens, at + 1, published)
        return match and match._replace(first=at)
    if step >= 0:
        return None
    number, index = _small_number(tokens, at + 1)
    unit = _UNITS.get(tokens.low(index))
    if unit is None:
        return None
    days = calendar.span_back(published, unit, number or 1) if published else None
    return FoundDate(at, index + 1, days or NONE, days is not None, is_calendar=False)


def _small_number(tokens: Tokens, at: int) -> tuple[int | None, int]:
    word = tokens.low(at)
    if word in SMALL or word in TENS:
        return SMALL.get(word, TENS.get(word)), at + 1
    if word.isdecimal() and len(word) <= 4:
        return int(word), at + 1
    return None, at


def from_ago(tokens: Tokens, at: int, published: date | None) -> FoundDate | None:
    """ "two years ago", "a month ago": the unit that lay so far back."""
    unit = _UNITS.get(tokens.low(at - 1))
    if unit is None or at < 2:
        return None
    word = tokens.low(at - 2)
    number = 1 if word in ("a", "an", "one") else _small_number(tokens, at - 2)[0]
    if number is None:
        return None
    days = None
    if published and tokens.lowers[at] == "ago":
        days = calendar.relative_days(published, unit, -number)
    return FoundDate(at - 2, at + 1, days or NONE, days is not None, is_calendar=False)
