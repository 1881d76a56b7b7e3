"""Numbers as people write them, in digits or in words, with their scale applied.

Promises the value and the tokens it spans, for "2,000 crore", "three and a half
million", "half a dozen", "1/16", "2½", "1 000 000" and the like. Refuses to say what the
number counts, and refuses numbers too large for a float.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from claims.text.numbers.tokens import Tokens

SMALL = {
    word: value
    for value, words in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
    )
    for word in [words]
} | {"nought": 0, "naught": 0, "nil": 0}
TENS = {
    word: value * 10
    for value, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
} | {"fourty": 40}
SCALES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
    "quadrillion": 1e15, "lakh": 1e5, "lac": 1e5, "crore": 1e7, "arab": 1e9, "dozen": 12.0,
}  # fmt: skip
PLURAL_SCALES = {
    "tens": 10.0, "hundreds": 1e2, "thousands": 1e3, "millions": 1e6, "billions": 1e9, "trillions": 1e12,
    "lakhs": 1e5, "lacs": 1e5, "crores": 1e7, "dozens": 12.0,
}  # fmt: skip
SHORT_SCALES = {
    "mn": 1e6, "mln": 1e6, "mil": 1e6, "mio": 1e6, "mm": 1e6, "bn": 1e9, "bln": 1e9, "bil": 1e9,
    "tn": 1e12, "trn": 1e12, "tln": 1e12, "cr": 1e7, "lkh": 1e5, "lkhs": 1e5, "k": 1e3,
    "dz": 12.0, "dzs": 12.0, "doz": 12.0, "dozs": 12.0,
}  # fmt: skip
LETTER_SCALES = {"m": 1e6, "b": 1e9, "t": 1e12, "k": 1e3}
"""Read as a scale only where money or a counted noun says so: "37m" alone is a length."""
VULGAR = {
    "½": 1 / 2, "⅓": 1 / 3, "⅔": 2 / 3, "¼": 1 / 4, "¾": 3 / 4, "⅕": 1 / 5, "⅖": 2 / 5,
    "⅗": 3 / 5, "⅘": 4 / 5, "⅙": 1 / 6, "⅚": 5 / 6, "⅐": 1 / 7, "⅛": 1 / 8, "⅜": 3 / 8,
    "⅝": 5 / 8, "⅞": 7 / 8, "⅑": 1 / 9, "⅒": 1 / 10,
}  # fmt: skip
FRACTION_PARTS = {
    "half": 2, "halve": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6,
    "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "twentieth": 20, "hundredth": 100,
    "thousandth": 1000, "millionth": 10**6, "billionth": 10**9, "trillionth": 10**12,
}  # fmt: skip
FRACTIONS = FRACTION_PARTS | {f"{word}s": value for word, value in FRACTION_PARTS.items()}
FRACTIONS["halves"] = 2
_LAKH_GROUPS = re.compile(r"\d{1,2}(?:,\d\d)+,\d{3}")
STARTERS = frozenset(
    {*SMALL, *TENS, *SCALES, *PLURAL_SCALES, "half", "quarter", "a", "an", "third", "several"}
)


@dataclass(frozen=True, slots=True)
class Numeral:
    """One written number: ``value``, or ``low`` and ``high`` for a vague plural.

    ``first`` and ``last`` are token indexes, ``last`` exclusive. ``form`` is ``digits``,
    ``words``, ``fraction``, ``article`` ("a million"), ``vague`` ("thousands") or ``dozens``.
    """

    value: float
    first: int
    last: int
    form: str
    has_scale: bool = False
    is_plain_integer: bool = False
    low: float | None = None
    high: float | None = None


def read_digits(written: str) -> float | None:
    """The value of one run of digits with its separators, ``None`` where it is not one number.

    A comma before three digits groups; so does a point where a comma follows it or where
    it stands twice; a comma before one or two digits is a decimal comma.

    >>> read_digits("27,349.19"), read_digits("1.234,5"), read_digits("12,34,567"), read_digits("1.2.3")
    (27349.19, 1234.5, 1234567.0, None)
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


def read_numeral(tokens: Tokens, at: int, *, is_money: bool = False) -> Numeral | None:
    """The number that begins at token ``at``, or ``None``.

    ``is_money`` says that a currency sign stands before it, so that a bare "m", "b" or
    "t" is a scale.
    """
    numeral = _read_plain(tokens, at, is_money=is_money)
    if numeral is None or numeral.has_scale or numeral.value != int(numeral.value):
        return numeral
    if tokens.low(numeral.last) == "over" and not is_money:
        return _read_over(tokens, numeral) or numeral
    return numeral


def _read_plain(tokens: Tokens, at: int, *, is_money: bool) -> Numeral | None:
    word = tokens.lowers[at]
    if tokens.is_number(at) or (word == "." and _is_leading_point(tokens, at)):
        return _read_digit_form(tokens, at, is_money=is_money)
    if word in VULGAR:
        return _with_scale(tokens, Numeral(VULGAR[word], at, at + 1, "fraction"), is_money=is_money)
    if word in STARTERS:
        numeral = _read_word_form(tokens, at)
        return numeral and _over_parts(tokens, numeral)
    return None


def _read_over(tokens: Tokens, top: Numeral) -> Numeral | None:
    """ "one over three" at the end of what is said; elsewhere "over" is a preposition."""
    at = top.last + 1
    bottom = _read_plain(tokens, at, is_money=False) if at < tokens.count else None
    if bottom is None or not top.value < bottom.value or tokens.low(bottom.last) not in ("", "."):
        return None
    return Numeral(top.value / bottom.value, top.first, bottom.last, "fraction")


def _over_parts(tokens: Tokens, numeral: Numeral) -> Numeral:
    """ "twenty-three fifths": a composed number of parts."""
    word = tokens.low(numeral.last)
    parts = FRACTION_PARTS.get(word[:-1]) if word.endswith("s") else None
    if (
        numeral.form not in ("words", "article")
        or not parts
        or parts < 3
        or word in ("quarters", "thousandths")
    ):
        return numeral
    return Numeral(numeral.value / parts, numeral.first, numeral.last + 1, "fraction")


def _is_leading_point(tokens: Tokens, at: int) -> bool:
    return (
        tokens.is_number(at + 1)
        and tokens.touches(at + 1)
        and not tokens.touches(at)
        and tokens.words[at + 1].isdecimal()
    )


def _read_digit_form(tokens: Tokens, at: int, *, is_money: bool) -> Numeral | None:
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
    return _with_tail(tokens, _with_scale(tokens, numeral, is_money=is_money))


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
        whole, _, fraction = tokens.words[group].partition(".")
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
    if word == "and" and (half := _read_and_fraction(tokens, at)):
        return _grown(numeral, numeral.value + half[0], half[1])
    return numeral


def _plain_integer(tokens: Tokens, at: int) -> float | None:
    word = tokens.raw(at)
    return float(word) if word.isdecimal() and len(word) <= 9 and float(word) else None


def _grown(numeral: Numeral, value: float, last: int) -> Numeral:
    return Numeral(value, numeral.first, last, numeral.form, numeral.has_scale)


def _read_and_fraction(tokens: Tokens, at: int) -> tuple[float, int] | None:
    """After "and": "a half", "one quarter", "three-quarters"; gives value and next token."""
    many = {"a": 1, "an": 1}.get(tokens.low(at + 1), SMALL.get(tokens.low(at + 1)))
    part = at + 2 + (tokens.low(at + 2) == "-")
    if not many or tokens.low(part) not in FRACTIONS or many >= FRACTIONS[tokens.low(part)]:
        return None
    return many / FRACTIONS[tokens.low(part)], part + 1


def _scale_at(tokens: Tokens, at: int, *, is_money: bool, after_digits: bool) -> float | None:
    word = tokens.lowers[at]
    if scale := SCALES.get(word) or (PLURAL_SCALES.get(word) if word != "tens" else None):
        return scale
    if not after_digits:
        return None
    if scale := SHORT_SCALES.get(word):
        is_unit = word == "mm" or (word == "k" and tokens.words[at] == "K" and not is_money)
        return scale if is_money or not is_unit else None
    return LETTER_SCALES.get(word) if is_money else None


def _with_scale(tokens: Tokens, numeral: Numeral, *, is_money: bool) -> Numeral:
    """Apply every scale word that follows: "2,000 crore", "3 lakh crore", "1.2bn"."""
    value, last, has_scale = numeral.value, numeral.last, False
    while True:
        at = last + (tokens.low(last) == "-" and tokens.low(last + 1) in SCALES)
        scale = _scale_at(tokens, at, is_money=is_money, after_digits=not has_scale)
        if scale is None:
            break
        value, last, has_scale = value * scale, at + 1, True
    if not has_scale:
        return numeral
    if tokens.low(last) == "and" and (half := _read_and_fraction(tokens, last)):
        value, last = value + half[0] * value / numeral.value if numeral.value else value, half[1]
    return Numeral(value, numeral.first, last, numeral.form, has_scale=True)


def _read_word_form(tokens: Tokens, at: int) -> Numeral | None:
    word, following = tokens.lowers[at], tokens.low(at + 1)
    if word in ("a", "an"):
        if following in SCALES:
            return _compose(tokens, at + 1, first=at, form="article")
        if (
            following in ("half", "quarter", "third", "tenth", "fifth")
            and (portion := _portion(tokens, at, at + 1))
            and portion.has_scale
        ):
            return portion
        if (
            following in FRACTIONS
            and not following.endswith("s")
            and tokens.low(at + 2) in ("of", "")
        ):
            return Numeral(1 / FRACTIONS[following], at, at + 2, "fraction")
        return None
    if word == "several":
        if following in ("hundred", "thousand", "million", "billion"):
            return _vague(SCALES[following], at, at + 2)
        return None
    if word in PLURAL_SCALES:
        return _read_vague_plural(tokens, at)
    if word in ("half", "quarter", "third"):
        return _portion(tokens, at, at)
    if word in SCALES and word in ("arab", "lac"):
        return None
    if word in SMALL or word in TENS:
        if tokens.low(at + 1 + (following == "-")) in PLURAL_SCALES and tokens.low(at + 1) == "s":
            return None
        if fraction := _read_word_fraction(tokens, at):
            return fraction
    return _compose(tokens, at, first=at, form="words")


def _vague(scale: float, first: int, last: int) -> Numeral:
    return Numeral(scale, first, last, "vague", True, low=scale, high=scale * 10)


def _read_vague_plural(tokens: Tokens, at: int) -> Numeral | None:
    """ "thousands" (1,000 to 10,000), "tens of thousands", "hundreds of millions", "dozens"."""
    word = tokens.lowers[at]
    if word == "dozens":
        return Numeral(12.0, at, at + 1, "dozens", has_scale=True)
    outer = tokens.low(at + 2)
    if (
        word in ("tens", "hundreds", "thousands")
        and tokens.low(at + 1) == "of"
        and outer in PLURAL_SCALES
    ):
        return _vague(PLURAL_SCALES[word] * PLURAL_SCALES[outer], at, at + 3)
    return None if word == "tens" else _vague(PLURAL_SCALES[word], at, at + 1)


def _portion(tokens: Tokens, first: int, at: int) -> Numeral | None:
    """ "half a million", "a quarter of a million", "half a dozen", "half million"."""
    share = 1 / FRACTIONS[tokens.lowers[at]]
    rest = at + 1 + (tokens.low(at + 1) == "of" and tokens.low(at + 2) in ("a", "one"))
    if tokens.low(rest) in ("a", "an", "one"):
        rest += 1
    if tokens.low(rest) in SCALES:
        return Numeral(share * SCALES[tokens.low(rest)], first, rest + 1, "words", has_scale=True)
    if tokens.lowers[at] == "half":
        return Numeral(0.5, at, at + 1, "fraction")
    return None


def _read_word_fraction(tokens: Tokens, at: int) -> Numeral | None:
    """ "two thirds", "one-third", "three quarters of"; a quarter of a year is left alone."""
    part = at + 1 + (tokens.low(at + 1) == "-")
    word = tokens.low(part)
    if word not in FRACTIONS:
        return None
    top, bottom = SMALL.get(tokens.lowers[at], 0), FRACTIONS[word]
    is_plural = word.endswith("s")
    if not top or is_plural != (top > 1) or top >= bottom * 2:
        return None
    if word in ("quarter", "quarters", "second", "seconds") and part == at + 1:
        following = tokens.low(part + 1)
        if following not in ("of", "", ".", "the"):
            return None
    return Numeral(top / bottom, at, part + 1, "fraction")


def _compose(tokens: Tokens, at: int, *, first: int, form: str) -> Numeral | None:
    """Number words put together: "two hundred and five thousand", "three and a half million"."""
    total, current, last_scale = 0.0, 0.0, math.inf
    index, last, has_scale, has_any = at, at, False, False
    room = math.inf  # what the next small word must stay below: 10 after "twenty"
    while True:
        word = tokens.lowers[index]
        if (
            has_any
            and word == "-"
            and tokens.low(index + 1) == "and"
            and tokens.low(index + 2) == "-"
        ):
            if (half := _hyphenated_half(tokens, index)) is None:
                break
            current, index, last = current + half[0], half[1], half[1]
            continue
        if (
            has_any
            and word == "-"
            and (room == 10.0 or tokens.touches(index))
            and (room == 10.0 or tokens.touches(index + 1))
        ):
            word, index = tokens.lowers[index + 1], index + 1
        elif has_any and word == "and":
            if half := _read_and_fraction(tokens, index):
                index = last = half[1]
                step = last_scale if 1e3 <= last_scale < math.inf and not current else 1.0
                if step > 1 and SCALES.get(tokens.low(index), step) < step:
                    step, index, last = SCALES[tokens.low(index)], index + 1, index + 1
                current += half[0] * step
                if tokens.low(index) not in SCALES:
                    break
                continue
            if not has_scale or not _joins(tokens, index + 1, last_scale):
                break
            word, index = tokens.lowers[index + 1], index + 1
        if word in SMALL and (value := float(SMALL[word])) < room:
            current += value
            room = 0.0
        elif word in TENS and room > 99:
            current += TENS[word]
            room = 10.0
        elif (word in SCALES or (has_any and word in PLURAL_SCALES and word != "tens")) and (
            has_any or form == "article" or _may_stand_bare(tokens, index)
        ):
            word = word.removesuffix("s")
            scale = SCALES[word]
            if word in ("hundred", "dozen") and current >= 100:
                break
            if word in ("hundred", "dozen"):
                current = (current or 1.0) * scale
                last_scale = min(last_scale, scale)
            elif scale < last_scale or last_scale == SCALES["hundred"]:
                total, current, last_scale = total + (current or 1.0) * scale, 0.0, scale
            else:
                total, current = (total + current) * scale, 0.0
            room, has_scale = 100.0 if word == "hundred" else math.inf, True
        else:
            break
        has_any, index, last = True, index + 1, index + 1
    if not has_any:
        return None
    value = total + current
    if value < 1000 and tokens.low(last) == "point" and _spoken_digits(tokens, last + 1):
        value, last = _read_point(tokens, value, last + 1)
        return _with_scale(tokens, Numeral(value, first, last, form), is_money=False)
    return Numeral(value, first, last, form, has_scale) if math.isfinite(value) else None


def _hyphenated_half(tokens: Tokens, at: int) -> tuple[float, int] | None:
    """ "-and-a-half", as in "five-and-a-half points"."""
    if tokens.lowers[at + 3 : at + 6] == ["a", "-", "half"]:
        return 0.5, at + 6
    if tokens.lowers[at + 3 : at + 6] == ["a", "-", "quarter"]:
        return 0.25, at + 6
    return None


def _may_stand_bare(tokens: Tokens, at: int) -> bool:
    """ "thousand litres", "hundred thousand dollars"; never in "a few thousand"."""
    before = tokens.low(at - 1)
    return before not in ("few", "couple", "many", "of", "the") and not before.endswith("'s")


def _joins(tokens: Tokens, at: int, last_scale: float) -> bool:
    """Whether the number after "and" belongs to the one before: not in "ten thousand and two million"."""
    word = tokens.low(at)
    if word not in SMALL and word not in TENS:
        return False
    index = at + 1
    while index < at + 5 and (
        tokens.low(index) in SMALL or tokens.low(index) in TENS or tokens.low(index) == "-"
    ):
        index += 1
    following = SCALES.get(tokens.low(index))
    return following is None or following < last_scale or last_scale == SCALES["hundred"]


def _read_point(tokens: Tokens, whole: float, at: int) -> tuple[float, int]:
    digits = ""
    while (more := _spoken_digits(tokens, at)) and len(digits) < 12:
        digits += more
        at += 1
        if (
            len(more) == 2
            and more[1] == "0"
            and tokens.low(at) == "-"
            and tokens.low(at + 1) in SMALL
        ):
            digits = digits[:-1] + str(SMALL[tokens.low(at + 1)])
            at += 2
    return whole + float(f"0.{digits}"), at


def _spoken_digits(tokens: Tokens, at: int) -> str:
    word = tokens.low(at)
    value = SMALL.get(word, TENS.get(word))
    return "" if value is None else str(value)
