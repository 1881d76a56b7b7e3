"""Numbers written in digits, with their separators, fractions, powers and scales.

Promises the value of what is written or ``None``; a run of digits that is no single number
("1.2.3") is refused rather than cut up.
"""

from __future__ import annotations

import math
import re

from claims.text.numbers.scales import SCALES, SMALL, VULGAR, Numeral, read_and_fraction, with_scale
from claims.text.numbers.tokens import Tokens

_LAKH_GROUPS = re.compile(r"\d{1,2}(?:,\d\d)+,\d{3}")


def read_digits(written: str) -> float | None:
    """The value of one run of digits with its separators, ``None`` where it is not one number.

    A comma before three digits groups; so does a point where a comma follows it or where
    it stands twice; a comma before one or two digits is a decimal comma.

    >>> [read_digits(written) for written in ("27,349.19", "1.234,5", "12,34,567", "1.2.3")]
    [27349.19, 1234.5, 1234567.0, None]
    """
    commas, points = written.count(","), written.count(".")
    plain = _without_groups(written, commas, points) if commas or points > 1 else written
    if plain is None or len(plain) > 40:
        return None
    value = float(plain)
    return value if math.isfinite(value) else None


def _without_groups(written: str, commas: int, points: int) -> str | None:
    groups = re.split("[.,]", written)
    are_grouped = all(len(group) == 3 for group in groups[1:]) and len(groups[0]) <= 3
    if not points:
        if are_grouped and groups[0] != "0":
            return written.replace(",", "")
        if commas == 1 and len(groups[1]) <= 2:
            return written.replace(",", ".")
        return written.replace(",", "") if _LAKH_GROUPS.fullmatch(written) else None
    if not commas:
        return written.replace(".", "") if are_grouped else None
    last_comma, last_point = written.rfind(","), written.rfind(".")
    decimal, group = (",", ".") if last_comma > last_point else (".", ",")
    whole, _, fraction = written.rpartition(decimal)
    if decimal in whole:
        return None
    parts = whole.split(group)
    if all(len(part) == 3 for part in parts[1:]) and 1 <= len(parts[0]) <= 3:
        return f"{''.join(parts)}.{fraction}"
    if group == "," and _LAKH_GROUPS.fullmatch(whole):
        return f"{whole.replace(',', '')}.{fraction}"
    return None


def is_leading_point(tokens: Tokens, at: int) -> bool:
    return (
        tokens.is_number(at + 1)
        and tokens.touches(at + 1)
        and not tokens.touches(at)
        and tokens.words[at + 1].isdecimal()
    )


def read_digit_form(tokens: Tokens, at: int, *, is_money: bool) -> Numeral | None:
    if tokens.words[at] == ".":
        value: float | None = read_digits("0." + tokens.words[at + 1])
        last, is_integer = at + 2, False
    else:
        value, last = _read_spaced_groups(tokens, at)
        is_integer = last == at + 1 and tokens.words[at].isdecimal()
    if value is None:
        return None
    numeral = Numeral(value, at, last, "digits", is_plain_integer=is_integer)
    if power := _read_power(tokens, last, value):
        value *= power[0]
        return Numeral(value, at, power[1], "digits") if math.isfinite(value) else None
    numeral = _with_fraction(tokens, numeral)
    return _with_tail(tokens, with_scale(tokens, numeral, is_money=is_money))


def _read_power(tokens: Tokens, at: int, base: float) -> tuple[float, int] | None:
    """A power of ten: "e6" and "e-9" glued on, "x10^6", "×10−5"."""
    word = tokens.lowers[at]
    if word == "e" and tokens.touches(at):
        at += 1
    elif word == "^" and tokens.touches(at):
        return _raised(tokens, at + 1, base)
    elif word in ("x", "×") and tokens.low(at + 1) == "10" and tokens.low(at + 2) in ("^", "-"):
        at += 2 + (tokens.low(at + 2) == "^")
    else:
        return None
    sign = -1 if tokens.low(at) == "-" else 1
    at += tokens.low(at) in ("-", "+")
    digits = tokens.raw(at)
    if not digits.isdecimal() or len(digits) > 2 or not tokens.touches(at):
        return None
    return 10.0 ** (sign * int(digits)), at + 1


def _raised(tokens: Tokens, at: int, base: float) -> tuple[float, int] | None:
    """What ``base`` is multiplied by where a plain power follows: "1.1^23"."""
    sign = -1 if tokens.low(at) == "-" else 1
    at += tokens.low(at) in ("-", "+")
    digits = tokens.raw(at)
    if not base or not digits.isdecimal() or len(digits) > 2:
        return None
    if abs(math.log10(abs(base)) * int(digits)) > 300:
        return None
    return abs(base) ** (sign * int(digits)) / base, at + 1


def _with_tail(tokens: Tokens, numeral: Numeral) -> Numeral:
    """What a scaled number goes on with: "4 thousand 3 hundred and 21"."""
    at = numeral.last
    if not numeral.has_scale or tokens.lowers[at - 1] not in ("hundred", "thousand"):
        return numeral
    step = at + (tokens.low(at) == "and")
    word, scale = tokens.raw(step), SCALES[tokens.lowers[at - 1]]
    if not word.isdecimal() or len(word) > 2 or not int(word):
        small = SMALL.get(tokens.low(step)) if step > at and scale == SCALES["hundred"] else None
        return (
            Numeral(numeral.value + small, numeral.first, step + 1, "digits", True)
            if small
            else numeral
        )
    if tokens.low(step + 1) == "hundred" and scale > SCALES["hundred"] and int(word) < 10:
        tail = _with_tail(
            tokens, Numeral(int(word) * 100.0, step, step + 2, "digits", has_scale=True)
        )
        return Numeral(
            numeral.value + tail.value, numeral.first, tail.last, "digits", has_scale=True
        )
    if step > at and scale == SCALES["hundred"] and tokens.low(step + 1) not in SCALES:
        return Numeral(numeral.value + int(word), numeral.first, step + 1, "digits", has_scale=True)
    return numeral


def _read_spaced_groups(tokens: Tokens, at: int) -> tuple[float | None, int]:
    """Digits that spaces or apostrophes group: "1 000 000", "40 000", "1'000'000"."""
    first = tokens.words[at]
    last = at + 1
    if len(first) > 3 or not first.isdecimal() or first.startswith("0"):
        return read_digits(first), last
    digits = [first]
    while True:
        step = 1 if tokens.low(last) == "'" and tokens.touches(last) else 0
        group = last + step
        if not tokens.is_number(group) or tokens.starts[group] - tokens.ends[last - 1] != 1:
            break
        comma = "," in tokens.words[group]
        whole, _, fraction = tokens.words[group].partition("," if comma else ".")
        if comma and len(fraction) > 2:
            break
        if len(whole) != 3 or not whole.isdecimal() or len(digits) > 10:
            break
        digits.append(tokens.words[group])
        last = group + 1
        if fraction:
            break
    return read_digits("".join(digits)), last


def _with_fraction(tokens: Tokens, numeral: Numeral) -> Numeral:
    """Digits followed by a fraction ("2½", "2 1/2"), or themselves over others ("1/16")."""
    at = numeral.last
    word = tokens.lowers[at]
    if word in VULGAR:
        return _grown(numeral, numeral.value + VULGAR[word], at + 1)
    if not numeral.is_plain_integer:
        return numeral
    if word == "/" and tokens.touches(at) and (part := _plain_integer(tokens, at + 1)):
        return Numeral(numeral.value / part, numeral.first, at + 2, "fraction")
    at += word == "-" and tokens.touches(at) and tokens.touches(at + 1)
    top, bottom = _plain_integer(tokens, at), _plain_integer(tokens, at + 2)
    if top and bottom and top < bottom <= 64 and tokens.low(at + 1) == "/":
        return _grown(numeral, numeral.value + top / bottom, at + 3)
    if word == "and" and (half := read_and_fraction(tokens, at)):
        return _grown(numeral, numeral.value + half[0], half[1])
    return numeral


def _plain_integer(tokens: Tokens, at: int) -> float | None:
    word = tokens.raw(at)
    return float(word) if word.isdecimal() and len(word) <= 9 and float(word) else None


def _grown(numeral: Numeral, value: float, last: int) -> Numeral:
    return Numeral(value, numeral.first, last, numeral.form, numeral.has_scale)
