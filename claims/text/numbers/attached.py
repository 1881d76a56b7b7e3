"""The unit written right after a number, where a letter may be a unit, a scale or a name.

Promises "37m" as a length, "5 W" as a power and "5G" as neither.
"""

from __future__ import annotations

from claims.text.numbers import hedges, nouns, units
from claims.text.numbers.scales import Numeral
from claims.text.numbers.tokens import Tokens, word_set
from claims.text.numbers.unit_spellings import INCH, TIMES, Unit
from claims.vocabulary import QuantityKind as Kind

_SCREEN_WORDS = word_set(
    """screen display tv monitor wheels alloy tablet pipe laptop vinyl panel phone touchscreen"""
)


def noun_place(tokens: Tokens, at: int) -> int:
    """Past a bound that stands before the noun: "50 plus points", "10 or more people"."""
    hedge = hedges.match_right(tokens, at)
    return hedge.last if hedge and tokens.raw(hedge.last)[:1].isalpha() else at


def unit_after(tokens: Tokens, at: int, numeral: Numeral) -> tuple[Unit, int] | None:
    step = at + (tokens.low(at) == "-" and tokens.touches(at))
    word, lower = tokens.raw(step), tokens.low(step)
    if lower in ("times", "time") and (lower == "times" or step > at):
        return TIMES, step + 1
    if lower == "fold" or (
        lower == "x" and tokens.touches(step) and _is_multiple(tokens, step, numeral)
    ):
        return TIMES, step + 1
    found = units.match_unit(tokens, at)
    if found is None:
        return _inches(tokens, at)
    if len(word) == 1 and found[1] == step + 1 and not _letter_is_unit(tokens, step, numeral):
        return None
    is_over = tokens.low(found[1]) == "/" and tokens.touches(found[1])
    if is_over and (over := units.match_unit(tokens, found[1] + 1)):
        unit, under = found[0], over[0]
        symbol, name = f"{unit.symbol}/{under.symbol}", f"{unit.name} per {under.name}"
        return Unit(symbol, name, Kind.MEASURE), over[1]
    return found


def _is_multiple(tokens: Tokens, at: int, numeral: Numeral) -> bool:
    """ "10x", not "3440x1440" or "777x jets"."""
    return numeral.value <= 100 and not tokens.is_number(at + 1)


def _inches(tokens: Tokens, at: int) -> tuple[Unit, int] | None:
    if tokens.low(at) == "in" and tokens.low(at + 1) in (
        "thick",
        "long",
        "wide",
        "tall",
        "diameter",
    ):
        return INCH, at + 1
    return None


def _letter_is_unit(tokens: Tokens, at: int, numeral: Numeral) -> bool:
    """Whether one letter or mark after a number is its unit: "37m", "5 W", "30'"; not "5G"."""
    word, following = tokens.words[at], tokens.low(at + 1)
    touches = tokens.touches(at)
    if numeral.form != "digits":
        return word in ("%", "°")
    if word in ("%", "°", "º"):
        return True
    if word in ("'", '"'):
        if not touches or (tokens.touches(at + 1) and following[:1].isalnum()):
            return False
        if word == '"':
            return following in _SCREEN_WORDS
        return "'" not in tokens.lowers[max(at - 40, 0) : at] and following[:1].isalpha()
    if word == "m" and following and nouns.is_plural(following) and tokens.raw(at + 1).islower():
        return False
    if touches and tokens.touches(at + 1) and following[:1].isalnum():
        return False
    return touches or word in ("m", "g", "l", "L", "W", "V", "t", "K", "h", "J", "N")
