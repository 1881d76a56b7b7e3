"""Numbers written in words: "three and a half million", "tens of thousands", "two thirds".

Promises the longest composition that English allows from one place; refuses scales that
could not follow each other, so that two numbers side by side stay two.
"""

from __future__ import annotations

import math

from claims.text.numbers.scales import (
    FRACTIONS,
    PLURAL_SCALES,
    SCALES,
    SMALL,
    TENS,
    Numeral,
    read_and_fraction,
    with_scale,
)
from claims.text.numbers.tokens import Tokens


def read_word_form(tokens: Tokens, at: int) -> Numeral | None:
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
            if half := read_and_fraction(tokens, index):
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
        return with_scale(tokens, Numeral(value, first, last, form), is_money=False)
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
