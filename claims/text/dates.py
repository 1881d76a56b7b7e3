"""Dates in a text: what is written, which days it means, and whether that was worked out.

Promises spans with offsets into the text as given, in order, never overlapping, in time
linear in its length. A relative date ("last year", "October" without a year) is resolved
against the article's date and marked so; without that date its days stay ``None``.
Refuses to guess the order of day and month in "04/05/2025".

>>> [span.text for span in read_dates("It fell from March 2019 to 18 November 2025.")]
['March 2019', '18 November 2025']
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from claims.text.numbers import calendar
from claims.text.numbers.calendar import MONTHS, SEASONS, WEEKDAYS, Days
from claims.text.numbers.folding import fold
from claims.text.numbers.numerals import SMALL, TENS
from claims.text.numbers.tokens import Tokens, word_set
from claims.text.numbers.years import is_year


@dataclass(frozen=True, slots=True)
class DateSpan:
    """One date as written; ``from_on`` and ``to_on`` inclusive, ``None`` where not known."""

    text: str
    start: int
    end: int
    from_on: date | None
    to_on: date | None
    is_resolved: bool = False

    def to_json(self) -> dict[str, Any]:
        """``{"text", "start", "end", "from", "to", "resolved"}`` with ISO dates or ``None``."""
        return {
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "from": self.from_on.isoformat() if self.from_on else None,
            "to": self.to_on.isoformat() if self.to_on else None,
            "resolved": self.is_resolved,
        }


class FoundDate(NamedTuple):
    """A date by token indexes, ``last`` exclusive; ``is_calendar`` where its digits count nothing."""

    first: int
    last: int
    days: Days
    is_resolved: bool
    is_calendar: bool = True


_NONE: Days = (None, None)
_DAY_SUFFIXES = frozenset(("st", "nd", "rd", "th"))
_QUARTERS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
}
_UNITS = {
    **{word: word for word in ("day", "week", "month", "quarter", "year", "decade", "century")},
    **{f"{word}s": word for word in ("day", "week", "month", "quarter", "year", "decade")},
    "centuries": "century",
}
_STEPS = {"last": -1, "previous": -1, "this": 0, "current": 0, "next": 1, "coming": 1, "past": -1}
_NAMED_DAYS = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
_MONTH_CONTEXT = word_set(
    "in since by until till last next this of early late mid from to during through between and"
    " before after every"
)
_TRIGGERS = frozenset(
    {*MONTHS, *WEEKDAYS, *SEASONS, *_STEPS, *_NAMED_DAYS, "winter", "q", "h", "fy", "fiscal",
     "financial", "ago", "earlier", "first", "second", "third", "fourth", "early", "mid", "late"}
)  # fmt: skip


def read_dates(text: str, *, published: date | None = None) -> tuple[DateSpan, ...]:
    """Every date in ``text``; ``published`` is the article's date, for the relative ones."""
    folded = fold(text)
    tokens = Tokens(folded.plain)
    spans = []
    for found in find_dates(tokens, published):
        start, end = folded.original(tokens.starts[found.first], tokens.ends[found.last - 1])
        spans.append(DateSpan(text[start:end], start, end, *found.days, found.is_resolved))
    return tuple(spans)


def find_published_date(text: str) -> date | None:
    """The first full date (day, month and year written out) in ``text``, or ``None``.

    >>> find_published_date("November 18, 2025"), find_published_date("New Delhi, 17th October:")
    (datetime.date(2025, 11, 18), None)
    """
    tokens = Tokens(fold(text).plain)
    for found in find_dates(tokens, None):
        first, last = found.days
        if first is not None and first == last and not found.is_resolved:
            return first
    return None


def find_dates(tokens: Tokens, published: date | None) -> list[FoundDate]:
    """The dates of a text already cut into tokens, by token indexes."""
    found: list[FoundDate] = []
    at, count = 0, tokens.count
    lowers = tokens.lowers
    while at < count:
        match = None
        if tokens.is_number(at):
            match = _from_digits(tokens, at, published)
        elif lowers[at] in _TRIGGERS:
            match = _from_word(tokens, at, published)
        if match is None:
            at += 1
            continue
        if found and match.first < found[-1].last:
            found.pop()
        found.append(match)
        at = match.last
    return found


def _from_word(tokens: Tokens, at: int, published: date | None) -> FoundDate | None:
    word = tokens.lowers[at]
    if word in ("ago", "earlier"):
        return _from_ago(tokens, at, published)
    if word in ("early", "mid", "late"):
        return _from_part(tokens, at, published)
    is_capital = tokens.words[at][0].isupper()
    if word in MONTHS and is_capital:
        return _from_month(tokens, at, published)
    if word in WEEKDAYS and is_capital:
        return _from_weekday(tokens, at, published)
    if word in _STEPS:
        return _from_step(tokens, at, published)
    if word in _NAMED_DAYS:
        days = calendar.relative_days(published, "day", _NAMED_DAYS[word]) if published else None
        return FoundDate(at, at + 1, days or _NONE, days is not None)
    if word in ("q", "h") and tokens.is_number(at + 1) and tokens.touches(at + 1):
        return _from_quarter(
            tokens,
            at,
            int(tokens.raw(at + 1)[:3].split(".")[0].split(",")[0]),
            word,
            at + 2,
            published,
        )
    if word in ("fy", "fiscal", "financial"):
        return _from_fiscal(tokens, at)
    if word in _QUARTERS and tokens.low(at + 1) in ("quarter", "half"):
        kind = "q" if tokens.low(at + 1) == "quarter" else "h"
        return _from_quarter(tokens, at, _QUARTERS[word], kind, at + 2, published)
    if word in SEASONS or word == "winter":
        return _from_season(tokens, at)
    return None


def _year_at(tokens: Tokens, at: int, published: date | None) -> tuple[int, int, bool] | None:
    """A year at ``at``, perhaps after "of" or a comma, or "this/last year": year, next token, is resolved."""
    at += tokens.low(at) in ("of", ",", "'") and tokens.low(at + 1) != "of"
    word = tokens.raw(at)
    if len(word) == 4 and word.isdecimal() and "1000" <= word <= "2199":
        return int(word), at + 1, False
    step = _STEPS.get(tokens.low(at))
    if published and step is not None and tokens.low(at + 1) == "year":
        return published.year + step, at + 2, True
    return None


def _from_month(tokens: Tokens, at: int, published: date | None) -> FoundDate | None:
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
        return FoundDate(first, index, _NONE, is_resolved=False)
    if day is None:
        return FoundDate(first, index, calendar.months(number, month, month), is_resolved)
    start = calendar.one_day(number, month, day)
    end = calendar.one_day(number, month, last_day or day)
    days = (start[0], end[0]) if start and end else _NONE
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


def _from_digits(tokens: Tokens, at: int, published: date | None) -> FoundDate | None:
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
            return _from_quarter(tokens, at, day, kind, index + 1, published)
        if tokens.low(at + 1) == "q" and tokens.touches(at + 1):
            return _from_quarter(tokens, at, day, "q", at + 2, published)
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
        return FoundDate(at, at + 5, _NONE, is_resolved=False)
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
    if (
        (following in ("s", "'s")
        and tokens.touches(at + 1))
        or (following == "'"
        and tokens.low(at + 2) == "s")
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


def _from_quarter(
    tokens: Tokens, first: int, number: int, kind: str, index: int, published: date | None
) -> FoundDate | None:
    size = 3 if kind == "q" else 6
    if not 1 <= number <= 12 // size:
        return None
    year = _year_at(tokens, index, published)
    if year is None:
        word = tokens.low(index)
        if (kind == "q" and word[:2] == "fy") or (len(word) == 2 and word.isdecimal() and kind == "q"):
            return FoundDate(first, index + 1, _NONE, is_resolved=False)
        # "the first half" alone is a match's; a quarter alone names digits that count nothing.
        return FoundDate(first, index, _NONE, is_resolved=False) if kind == "q" else None
    days = calendar.months(year[0], number * size - size + 1, number * size)
    return FoundDate(first, year[1], days, year[2])


def _from_fiscal(tokens: Tokens, at: int) -> FoundDate | None:
    index = at + 1 + (tokens.low(at + 1) == "year")
    word = tokens.raw(index)
    if tokens.lowers[at] == "fy" and word.isdecimal() and len(word) == 2:
        year = 2000 + int(word)
        return FoundDate(at, index + 1, calendar.years(year, year), is_resolved=False)
    if len(word) == 4 and word.isdecimal() and "1900" <= word <= "2199":
        found = _from_year(tokens, index)
        return FoundDate(at, found.last, found.days, is_resolved=False)
    return None


def _from_season(tokens: Tokens, at: int) -> FoundDate | None:
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


def _from_part(tokens: Tokens, at: int, published: date | None) -> FoundDate | None:
    part = tokens.lowers[at]
    index = at + 1 + (tokens.low(at + 1) in ("-", "in"))
    if is_year(tokens, index) and tokens.low(index + 1) != "s":
        days = calendar.part_of_year(int(tokens.words[index]), part)
        return FoundDate(at, index + 1, days, is_resolved=False)
    if tokens.low(index) in MONTHS and tokens.raw(index)[0].isupper():
        match = _from_month(tokens, index, published)
        return match and match._replace(first=at)
    return None


def _from_weekday(tokens: Tokens, at: int, published: date | None) -> FoundDate | None:
    word = tokens.lowers[at]
    if word in ("sun", "sat", "mon", "wed") and tokens.low(at + 1) != ",":
        return None
    if published is None:
        return FoundDate(at, at + 1, _NONE, is_resolved=False)
    day = calendar.weekday_before(published, WEEKDAYS[word])
    return FoundDate(at, at + 1, (day, day), is_resolved=True)


def _from_step(tokens: Tokens, at: int, published: date | None) -> FoundDate | None:
    """ "last year", "this month", "next quarter", "the past five years", "last October"."""
    step = _STEPS[tokens.lowers[at]]
    following = tokens.low(at + 1)
    if following in ("fiscal", "financial", "calendar"):
        at, following = at + 1, tokens.low(at + 2)
    unit = _UNITS.get(following)
    if unit and following == unit and tokens.lowers[at] != "past":
        days = calendar.relative_days(published, unit, step) if published else None
        return FoundDate(at, at + 2, days or _NONE, days is not None)
    if following in MONTHS and tokens.raw(at + 1)[0].isupper() and step <= 0:
        match = _from_month(tokens, at + 1, published)
        return match and match._replace(first=at)
    if step >= 0:
        return None
    number, index = _small_number(tokens, at + 1)
    unit = _UNITS.get(tokens.low(index))
    if unit is None:
        return None
    days = calendar.span_back(published, unit, number or 1) if published else None
    return FoundDate(at, index + 1, days or _NONE, days is not None, is_calendar=False)


def _small_number(tokens: Tokens, at: int) -> tuple[int | None, int]:
    word = tokens.low(at)
    if word in SMALL or word in TENS:
        return SMALL.get(word, TENS.get(word)), at + 1
    if word.isdecimal() and len(word) <= 4:
        return int(word), at + 1
    return None, at


def _from_ago(tokens: Tokens, at: int, published: date | None) -> FoundDate | None:
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
    return FoundDate(at - 2, at + 1, days or _NONE, days is not None, is_calendar=False)
