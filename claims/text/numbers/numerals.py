"""Numbers as people write them, in digits or in words, with their scale applied.

Promises the value and the tokens it spans, for "2,000 crore", "three and a half
million", "half a dozen", "1/16", "2½", "1 000 000" and the like. Refuses to say what the
number counts, and refuses numbers too large for a float.
"""

from __future__ import annotations

from claims.text.numbers.digits import is_leading_point, read_digit_form
from claims.text.numbers.scales import FRACTION_PARTS, STARTERS, VULGAR, Numeral, with_scale
from claims.text.numbers.spelled import read_word_form
from claims.text.numbers.tokens import Tokens


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
    if tokens.is_number(at) or (word == "." and is_leading_point(tokens, at)):
        return read_digit_form(tokens, at, is_money=is_money)
    if word in VULGAR:
        return with_scale(tokens, Numeral(VULGAR[word], at, at + 1, "fraction"), is_money=is_money)
    if word in STARTERS:
        numeral = read_word_form(tokens, at)
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
