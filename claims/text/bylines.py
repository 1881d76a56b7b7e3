"""Read who wrote an article, where and when, off the lines that say it.

Promises: :func:`read_byline` and :func:`read_published_line` look at one line by itself;
:func:`find_dateline` says how much of a paragraph's beginning is place and day. What is doubtful
is prose. Refuses to look anything up.
"""

from __future__ import annotations

import re
from datetime import date

from claims.text.dates import find_published_date
from claims.text.sentences import trim

_BYLINE_START = re.compile(
    r"(?:by|written by|reported by|story by|words by|text by|author|authors"
    r"|from)\s*:?\s+(?P<name>.{2,120})$",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?:(?:Dr|Mr|Ms|Mrs|Prof|Gen|Lt|Col|Sir|Amb)\.? )?[A-ZÀ-ÖØ-Þ][\w’'.-]{0,24}"
    r"(?: (?:(?:de|da|del|della|der|den|di|van|von|al|bin|ibn|ul|ur|el|la|le|dos"
    r"|ter)[ -])?[A-ZÀ-ÖØ-Þ][\w’'.-]{0,24}){1,3}"
    r"(?:,? (?:Jr|Sr|II|III|PhD|MD)\.?)?$"
)
_NAME_JOIN = re.compile(r"\s*(?:,|;|&|\band\b)\s+")
# A line of capitalised words with one of these is a heading, not a person.
_HEADING_WORDS = (
    "the a of in on at to for and or with from by new why how what who when where is are was were "
    "war peace market markets economy politics crisis deal trade policy news world report reports "
    "analysis opinion background conclusion introduction overview summary history government bank "
    "party court law act case future past next key facts methods results discussion references "
    "energy oil gas climate health science sports business technology education security united "
    "states kingdom nations north south east west central river city county republic union rare "
    "earth global national international public private social economic political first last "
    "second third one two three four five big small high low prime minister president "
    "contents notes sources further reading legacy contradictions trap quiet silent strategic"
)
_NOT_NAMES = frozenset(_HEADING_WORDS.split())
_PUBLISHED = re.compile(
    r"(?:(?:first |last |originally |date )?(?:published|updated|modified|posted|date|dated"
    r"|created)"
    r"(?: (?:on|at|in|date))?\b[ :]{0,3})",
    re.IGNORECASE,
)
_DATE_WORD = re.compile(
    r"(?:\d{1,4}(?:st|nd|rd|th)?|\d{1,2}[:.h]\d{2}(?::\d{2})?(?:am|pm)?"
    r"|\d{4}-\d{2}-\d{2}(?:t[\d:.+z-]{0,20})?|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}"
    r"|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|mon(?:day)?|tues?(?:day)?|wed(?:nesday)?"
    r"|thu(?:rs(?:day)?)?"
    r"|fri(?:day)?|sat(?:urday)?|sun(?:day)?|am|pm|a\.m|p\.m|gmt|utc|est|edt|pst|pdt|ist|pkt|bst"
    r"|cet|cest|et|pt|at|on|of|the"
    r"|published|updated|posted|date|last|first|modified|dated|min|mins|minute|minutes|read|–|-"
    r"|—|\||·|•)[.,:]?$",
    re.IGNORECASE,
)
_PLACE = r"[A-Z][\w.’'-]{1,20}(?: [A-Z][\w.’'-]{1,20}){0,3}"
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_MONTH = rf"(?:{_MONTHS})[a-z]{{0,6}}\.?|(?:{_MONTHS.upper()})[A-Z]{{0,6}}\.?"
_DAY_NUMBER = r"\d{1,2}(?:st|nd|rd|th)?"
_DAY = rf"(?:(?:{_DAY_NUMBER}(?: of)? (?:{_MONTH})|(?:{_MONTH}) {_DAY_NUMBER})(?:,? \d{{4}})?)"
_DATELINE = re.compile(
    rf"(?P<place>{_PLACE}(?:[,/] ?{_PLACE}){{0,2}})(?P<day>[,.]? \(?{_DAY}\)?)?"
    r"(?P<agency>,? \((?:[A-Z][\w/ ,&.-]{1,40})\))?(?P<sep> ?[:—–] ?| ?-{1,2} |: )"
)


def read_byline(line: str, *, may_be_bare: bool) -> str | None:
    """The name or names in a byline ("By Ann Lee", or bare where ``may_be_bare``), or ``None``.

    >>> read_byline("By Ann Lee and Omar Khan", may_be_bare=False)
    'Ann Lee and Omar Khan'
    >>> read_byline("Trade War", may_be_bare=True) is None
    True
    """
    plain = line.strip(" \t*_")
    if len(plain) > 130:
        return None
    match = _BYLINE_START.match(plain)
    if match is None and not may_be_bare:
        return None
    written = (match.group("name") if match else plain).split(" | ")[0].strip(" ,|")
    names = _NAME_JOIN.split(written)
    is_named = all(
        _NAME.match(name) and not _NOT_NAMES.intersection(name.lower().split())
        for name in names[:3]
    )
    if is_named and not plain.isupper():
        return written
    return written if match and is_named else None


def read_published_line(line: str) -> tuple[bool, date | None]:
    """Whether the whole line is a publishing date, and the day if it gives a full one.

    >>> read_published_line("Published: 18 November 2025, 10:30 am")
    (True, datetime.date(2025, 11, 18))
    >>> read_published_line("In 2025 trade fell.")
    (False, None)
    """
    if len(line) > 120 or not any(letter.isdigit() for letter in line):
        return False, None
    plain = line.strip(" \t*_()[]")
    has_label = _PUBLISHED.match(plain) is not None
    words = plain.split()
    known = sum(_DATE_WORD.match(word.strip("()")) is not None for word in words)
    if known < len(words) and not (has_label and len(words) - known <= 3 and len(words) <= 12):
        return False, None
    return (
        (True, day)
        if (day := find_published_date(plain)) or has_label or len(words) > 1
        else (False, None)
    )


def find_dateline(paragraph: str) -> int:
    """How many characters at the beginning of ``paragraph`` are its dateline; 0 for none.

    A place needs a day, an agency or capitals beside it, so that "Pakistan: a
    history" is not one.

    >>> text = "New Delhi, 17th October: Talks began."
    >>> text[find_dateline(text):]
    'Talks began.'
    """
    match = _DATELINE.match(paragraph[:140])
    if match is None or match.end() >= len(paragraph):
        return 0
    place = match.group("place")
    is_sure = match.group("day") or match.group("agency")
    if not is_sure and not (place.replace(".", "").isupper() and len(place) > 3):
        return 0
    rest = trim(paragraph, match.end(), len(paragraph))
    return rest.start if rest.start < rest.end else 0
