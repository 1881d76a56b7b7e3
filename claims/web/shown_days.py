"""The day that a page shows beside its heading, where it declares none.

It promises a day only from a short line near the heading that writes out exactly one: day, month
and year, the month in figures or in words of any language the date library knows. Refuses what
two countries read differently ("03/04/2022").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

import dateparser

from claims.web.outline import Outline

LINES_BEFORE, LINES_AFTER = 4, 3
MAX_LINE_CHARACTERS = 110
MAX_HEADINGS = 5

_DAY = re.compile(
    r"(?<![\d./-])(?:"
    r"(?P<y>\d{4})(?P<mark>[-/.])(?P<m>\d{1,2})(?P=mark)(?P<d>\d{1,2})"
    r"|(?P<first>\d{1,2})(?P<between>\. ?|[/-])(?P<second>\d{1,2})(?P=between)(?P<year>\d{4})"
    r"|(?P<words>\d{1,2}(?:st|nd|rd|th|º|er|\.)?,? (?:de )?[^\W\d_]{3,12}\.?,? (?:de )?\d{4})"
    r"|(?P<month_first>[^\W\d_]{3,12}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4})"
    r")(?![\d/-]|\.\d)"
)
_SETTINGS = {"REQUIRE_PARTS": ["day", "month", "year"], "STRICT_PARSING": True}


def find_shown_day(outline: Outline, title: str, language: str) -> date | None:
    """The day nearest to the page's heading; ``language`` is a two-letter code or ``""``."""
    blocks = [text for text, _ in outline.blocks]
    names = {title, *outline.headings}
    places = [at for at, text in enumerate(blocks) if text in names][:MAX_HEADINGS]
    for at in places:
        for line in _lines_near(blocks, at, names):
            days = {day for day in _days_in(line, language) if day is not None}
            if len(days) == 1:
                return days.pop()
    return None


def _lines_near(blocks: Sequence[str], at: int, names: set[str]) -> Iterator[str]:
    around = sorted(range(-LINES_BEFORE, LINES_AFTER + 1), key=lambda step: (abs(step), -step))
    for step in around:
        place = at + step
        line = blocks[place] if 0 <= place < len(blocks) else ""
        if len(line) <= MAX_LINE_CHARACTERS and line not in names:
            yield line


def _days_in(line: str, language: str) -> Iterator[date | None]:
    for found in _DAY.finditer(line):
        if found["y"]:
            yield _day(found["y"], found["m"], found["d"])
        elif found["year"]:
            first, second, year = found["first"], found["second"], found["year"]
            if found["between"].startswith(".") or int(first) > 12:
                yield _day(year, second, first)
            elif int(second) > 12:
                yield _day(year, first, second)
        else:
            yield _day_in_words(found["words"] or found["month_first"], language)


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _day_in_words(written: str, language: str) -> date | None:
    for known in dict.fromkeys((language, "en")):
        try:
            read = dateparser.parse(written, languages=[known], settings=_SETTINGS)
        except ValueError:  # a language that the library does not know
            continue
        if read is not None:
            day: date = read.date()
            return day
    return None
