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
from typing import Any

from claims.text.date_forms import (
    NONE,
    QUARTERS,
    STEPS,
    FoundDate,
    from_digits,
    from_fiscal,
    from_month,
    from_part,
    from_quarter,
    from_season,
)
from claims.text.numbers import calendar
from claims.text.numbers.calendar import MONTHS, SEASONS, WEEKDAYS
from claims.text.numbers.folding import fold
from claims.text.numbers.tokens import Tokens
from claims.text.relative_dates import NAMED_DAYS, from_ago, from_step, from_weekday


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


_TRIGGERS = frozenset(
    {*MONTHS, *WEEKDAYS, *SEASONS, *STEPS, *NAMED_DAYS, "winter", "q", "h", "fy", "fiscal",
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
            match = from_digits(tokens, at, published)
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
        return from_ago(tokens, at, published)
    if word in ("early", "mid", "late"):
        return from_part(tokens, at, published)
    is_capital = tokens.words[at][0].isupper()
    if word in MONTHS and is_capital:
        return from_month(tokens, at, published)
    if word in WEEKDAYS and is_capital:
        return from_weekday(tokens, at, published)
    if word in STEPS:
        return from_step(tokens, at, published)
    if word in NAMED_DAYS:
        days = calendar.relative_days(published, "day", NAMED_DAYS[word]) if published else None
        return FoundDate(at, at + 1, days or NONE, days is not None)
    if word in ("q", "h") and tokens.is_number(at + 1) and tokens.touches(at + 1):
        return from_quarter(
            tokens,
            at,
            int(tokens.raw(at + 1)[:3].split(".")[0].split(",")[0]),
            word,
            at + 2,
            published,
        )
    if word in ("fy", "fiscal", "financial"):
        return from_fiscal(tokens, at)
    if word in QUARTERS and tokens.low(at + 1) in ("quarter", "half"):
        kind = "q" if tokens.low(at + 1) == "quarter" else "h"
        return from_quarter(tokens, at, QUARTERS[word], kind, at + 2, published)
    if word in SEASONS or word == "winter":
        return from_season(tokens, at)
    return None
