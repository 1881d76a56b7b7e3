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
        return _read_after_article(tokens, at, following)
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


def _read_after_article(tokens: Tokens, at: int, following: str) -> Numeral | None:
    """ "a million", "a quarter of a million", "a third of"."""
    if following in SCALES:
        return _compose(tokens, at + 1, first=at, form="article")
    if (
        following in ("half", "quarter", "third", "tenth", "fifth")
        and (portion := _portion(tokens, at, at + 1))
        and portion.has_scale
    ):
        return portion
    if following in FRACTIONS and not following.endswith("s") and tokens.low(at + 2) in ("of", ""):
        return Numeral(1 / FRACTIONS[following], at, at + 2, "fraction")
    if (found := _denominator(tokens, at + 1)) and tokens.low(found[1]) in ("of", ""):
        is_plural = tokens.lowers[found[1] - 1].endswith("s")
        return None if is_plural else Numeral(1 / found[0], at, found[1], "fraction")
    return None


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
    """ "two thirds", "one-third", "one twenty-fifth"; a quarter of a year is left alone."""
    part = at + 1 + (tokens.low(at + 1) == "-")
    top, found = SMALL.get(tokens.lowers[at], 0), _denominator(tokens, part)
    if not top or found is None:
        return None
    bottom, last = found
    is_plural = tokens.lowers[last - 1].endswith("s")
    if is_plural != (top > 1) or top >= bottom * 2:
        return None
    is_quarter = tokens.low(part) in ("quarter", "quarters") and part == at + 1
    if is_quarter and tokens.low(last) not in ("of", "", ".", "the"):
        return None
    return _of_a_scale(tokens, Numeral(top / bottom, at, last, "fraction"))


def _denominator(tokens: Tokens, at: int) -> tuple[int, int] | None:
    """ "thirds", "fifth", "twenty-first": the number of parts and the next token."""
    word = tokens.low(at)
    if word in FRACTIONS:
        return FRACTIONS[word], at + 1
    if word not in TENS:
        return None
    unit = at + 1 + (tokens.low(at + 1) == "-")
    last = _ORDINAL_UNITS.get(tokens.low(unit).removesuffix("s"))
    return (TENS[word] + last, unit + 1) if last else None


def _of_a_scale(tokens: Tokens, numeral: Numeral) -> Numeral:
    """ "two thirds of a million" is a number, not a share."""
    at = numeral.last
    if tokens.low(at) == "of" and tokens.low(at + 1) in ("a", "one"):
        scale = SCALES.get(tokens.low(at + 2))
        if scale:
            return Numeral(numeral.value * scale, numeral.first, at + 3, "words", has_scale=True)
    return numeral


_ORDINAL_UNITS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9,
}  # fmt: skip


def _compose(tokens: Tokens, at: int, *, first: int, form: str) -> Numeral | None:
    """Number words put together: "two hundred and five thousand", "three and a half million"."""
    sum_ = _Sum(at)
    while not sum_.is_closed:
        place = _skip_joint(tokens, sum_)
        if place is None:
            continue
        word = tokens.lowers[place]
        is_free = sum_.has_any or form == "article" or _may_stand_bare(tokens, place)
        if not (sum_.take_small(word) or (is_free and sum_.take_scale(word))):
            break
        sum_.last = place + 1
    if not sum_.has_any:
        return None
    value, last = sum_.total + sum_.current, sum_.last
    if value < 1000 and tokens.low(last) == "point" and _spoken_digits(tokens, last + 1):
        value, last = _read_point(tokens, value, last + 1)
        return with_scale(tokens, Numeral(value, first, last, form), is_money=False)
    return Numeral(value, first, last, form, sum_.has_scale) if math.isfinite(value) else None


class _Sum:
    """A number being composed; ``room`` is what the next small word must stay below."""

    __slots__ = (
        "current",
        "has_any",
        "has_scale",
        "is_closed",
        "last",
        "last_scale",
        "room",
        "total",
    )

    def __init__(self, last: int) -> None:
        self.total = self.current = 0.0
        self.last_scale = self.room = math.inf
        self.has_any = self.has_scale = self.is_closed = False
        self.last = last

    def take_small(self, word: str) -> bool:
        """Add "five" or "twenty" where it may stand: not "twenty thirty"."""
        if word in SMALL and SMALL[word] < self.room:
            self.current, self.room = self.current + SMALL[word], 0.0
        elif word in TENS and self.room > 99:
            self.current, self.room = self.current + TENS[word], 10.0
        else:
            return False
        self.has_any = True
        return True

    def take_scale(self, word: str) -> bool:
        """Multiply by a scale; one that is not smaller than the last multiplies the whole."""
        if word not in SCALES and not (self.has_any and word in PLURAL_SCALES and word != "tens"):
            return False
        word = word.removesuffix("s")
        scale = SCALES[word]
        if word in ("hundred", "dozen"):
            if self.current >= 100:
                return False
            self.current = (self.current or 1.0) * scale
            self.last_scale = min(self.last_scale, scale)
        elif scale < self.last_scale or self.last_scale == SCALES["hundred"]:
            self.total += (self.current or 1.0) * scale
            self.current, self.last_scale = 0.0, scale
        else:
            self.total, self.current = (self.total + self.current) * scale, 0.0
        self.room = 100.0 if word == "hundred" else math.inf
        self.has_any = self.has_scale = True
        return True

    def take_half(self, tokens: Tokens, half: tuple[float, int]) -> None:
        """Add "and a half": of a million after "one million", of one after "three"."""
        part, self.last = half
        step = self.last_scale if 1e3 <= self.last_scale < math.inf and not self.current else 1.0
        following = SCALES.get(tokens.low(self.last))
        if step > 1 and following and following < step:
            step, self.last, following = following, self.last + 1, None
        self.current += part * step
        self.is_closed = following is None


def _skip_joint(tokens: Tokens, sum_: _Sum) -> int | None:
    """Where the next word stands, past a hyphen or an "and"; ``None`` where a half was added."""
    at = sum_.last
    word = tokens.lowers[at]
    if not sum_.has_any or word not in ("-", "and"):
        return at
    if word == "and":
        half = read_and_fraction(tokens, at)
        is_joined = sum_.has_scale and _joins(tokens, at + 1, sum_.last_scale)
    else:
        is_half = tokens.low(at + 1) == "and" and tokens.low(at + 2) == "-"
        half = _hyphenated_half(tokens, at) if is_half else None
        touches = tokens.touches(at) and tokens.touches(at + 1)
        is_joined = sum_.room == 10.0 or touches
    if half:
        sum_.take_half(tokens, half)
        return None
    return at + 1 if is_joined else at


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
    """Whether the number after "and" goes on with the one before: "six hundred and sixty"."""
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
