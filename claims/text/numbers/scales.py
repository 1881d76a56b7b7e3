"""Number words, scales and fractions as tables, and the scale that follows a number.

Promises one value per word; refuses a bare letter as a scale unless money says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from claims.text.numbers.tokens import Tokens

SMALL = {
    word: value
    for value, words in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
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
    "tens": 10.0,
    "hundreds": 1e2, "thousands": 1e3, "millions": 1e6, "billions": 1e9, "trillions": 1e12,
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


def read_and_fraction(tokens: Tokens, at: int) -> tuple[float, int] | None:
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


def with_scale(tokens: Tokens, numeral: Numeral, *, is_money: bool) -> Numeral:
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
    if tokens.low(last) == "and" and (half := read_and_fraction(tokens, last)):
        value, last = value + half[0] * value / numeral.value if numeral.value else value, half[1]
    return Numeral(value, numeral.first, last, numeral.form, has_scale=True)
