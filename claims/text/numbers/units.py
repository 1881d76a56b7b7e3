"""Read the unit that a number carries, besides money and counted nouns.

Promises the longest unit written at a token, compound units ("km/h", "kV/cm", "metres per
second", "tests per day") among them, and what a rate is taken over. Refuses to convert.
"""

from __future__ import annotations

from claims.text.numbers.tokens import Tokens
from claims.text.numbers.unit_spellings import CASED, PLAIN, Unit
from claims.vocabulary import QuantityKind as Kind

_SHORT_NEEDS_TOUCH = frozenset({"'", '"', "h", "s"})
FOLDS = {
    f"{word}fold": float(value)
    for word, value in (
        ("two", 2), ("three", 3), ("four", 4), ("five", 5), ("six", 6), ("seven", 7),
        ("eight", 8), ("nine", 9), ("ten", 10), ("hundred", 100), ("thousand", 1000),
    )
}  # fmt: skip
"""Multiples in one word: "sixfold"."""

# "per hour", "a day", "/kg": what a rate may be taken over
_PER = {
    "second": "s", "sec": "s", "s": "s", "minute": "min", "min": "min", "hour": "h",
    "hr": "h", "h": "h",
    "day": "d", "week": "week", "month": "month", "quarter": "quarter", "year": "year",
    "annum": "year", "person": "person", "capita": "person", "head": "person", "share": "share",
    "barrel": "bbl", "ounce": "oz", "tonne": "t", "ton": "ton", "gallon": "gal", "litre": "l",
    "liter": "l", "kilogram": "kg", "kg": "kg", "kilo": "kg", "pound": "lb", "mile": "mi",
    "km": "km",
    "kilometre": "km", "kilometer": "km", "metre": "m", "meter": "m", "acre": "acre", "cm": "cm",
    "hectare": "ha", "night": "night", "game": "game", "match": "match", "household": "household",
    "unit": "unit", "bushel": "bushel", "child": "child", "student": "student", "bottle": "bottle",
    "mmbtu": "MMBtu", "ticket": "ticket", "inch": "in", "vehicle": "vehicle", "user": "user",
    "passenger": "passenger", "employee": "employee", "lb": "lb", "l": "l", "decade": "decade",
}  # fmt: skip
_PER_NAMES = {
    "sec": "second", "s": "second", "min": "minute", "hr": "hour", "h": "hour", "annum": "year",
    "capita": "person", "head": "person", "liter": "litre", "kg": "kilogram", "kilo": "kilogram",
    "km": "kilometre", "kilometer": "kilometre", "meter": "metre", "lb": "pound", "l": "litre",
    "cm": "centimetre", "tonne": "metric ton",
}  # fmt: skip


def match_unit(tokens: Tokens, at: int) -> tuple[Unit, int] | None:
    """The longest unit that is written from token ``at``; gives it and the next token.

    The hyphen of "28-yard" is passed over. Spellings of one letter keep their case.
    """
    at += tokens.low(at) == "-" and tokens.touches(at) and tokens.touches(at + 1)
    if at >= tokens.count:
        return None
    if tokens.words[at] in ("US", "imperial"):
        found = match_unit(tokens, at + 1)
        return (
            found if found and found[0].kind is Kind.MEASURE and tokens.low(at + 1) != "-" else None
        )
    text = tokens.text
    for size in (4, 3, 2):
        end = at + size
        if end > tokens.count or tokens.ends[end - 1] - tokens.starts[at] > 24:
            continue
        written = text[tokens.starts[at] : tokens.ends[end - 1]]
        unit = PLAIN.get(written.lower()) or PLAIN.get(written.lower().replace("-", " "))
        if (unit and not tokens.touches(end)) or (unit and not tokens.raw(end).isalnum()):
            return unit, end
    word = tokens.words[at]
    unit = CASED.get(word) or PLAIN.get(tokens.lowers[at])
    if unit is None or (word in _SHORT_NEEDS_TOUCH and not tokens.touches(at)):
        return None
    return unit, at + 1


def match_rate(tokens: Tokens, at: int) -> tuple[str, str, int] | None:
    """ "per day", "a barrel", "/kg" at token ``at``: symbol, singular name, next token."""
    word = tokens.low(at)
    if word == "(":
        return _rate_after_brackets(tokens, at)
    if word == "-" and tokens.low(at + 1) in ("a", "per"):
        at, word = at + 1, tokens.low(at + 1)
    if word not in ("per", "a", "an", "each", "every", "/"):
        return None
    over = tokens.low(at + 1 + (tokens.low(at + 1) == "-"))
    if word == "per" and over not in _PER and tokens.low(at + 2) in _PER:
        at, over = at + 1, tokens.low(at + 2)  # "per diluted share"
    if over not in _PER:
        is_noun = word == "per" and over.isalpha() and len(over) > 2 and over not in ("cent", "the")
        return (over, over, at + 2) if is_noun and over not in PLAIN else None
    if word in ("a", "an") and over in ("s", "h", "l", "min", "head", "unit"):
        return None
    return _PER[over], _PER_NAMES.get(over, over), at + 2 + (tokens.low(at + 1) == "-")


def _rate_after_brackets(tokens: Tokens, at: int) -> tuple[str, str, int] | None:
    """ "9 billion shekels ($2.4 billion) a year": the span ends before the brackets."""
    for close in range(at + 2, at + 7):
        if tokens.low(close) == ")" and tokens.low(close + 1) in ("a", "per", "an"):
            rate = match_rate(tokens, close + 1)
            return rate and (rate[0], rate[1], at)
    return None
