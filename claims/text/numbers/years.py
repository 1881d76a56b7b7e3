"""Whether four digits name a year.

Promises an answer from the words beside them alone; refuses what carries money, a unit
or a scale, and sides with the counted noun where a round number stands before a plural.
"""

from __future__ import annotations

from claims.text.numbers.currencies import match_after, match_before
from claims.text.numbers.scales import PLURAL_SCALES, SCALES, SHORT_SCALES
from claims.text.numbers.tokens import Tokens, word_set
from claims.text.numbers.units import match_unit

_YEAR_PREPOSITIONS = word_set(
    """in since by from until till before after during through circa year years act early mid
    late between summer winter spring autumn fall fiscal fy financial season ad a.d. for of
    and to last calendar beyond"""
)
_FIRM = word_set("in since during until till year act ad")
_HEDGES = word_set(
    """about around over nearly almost some approximately than least roughly under"""
)
_TOTALS = word_set("total record average maximum minimum price value sum")
_NOT_UNITS_AFTER_YEAR = frozenset(
    [
        "cup",
        "bar",
        "stone",
        "point",
        "second",
        "day",
        "week",
        "month",
        "quarter",
        "year",
        "degree",
        "foot",
        "'",
        '"',
        "in",
        "t",
        "s",
        "m",
        "minute",
        "hour",
        "g",
        "l",
        "a",
        "v",
        "w",
        "b",
        "h",
        "k",
    ]
)


def is_year(tokens: Tokens, at: int) -> bool:
    """Whether the digits at token ``at`` are a year between 1000 and 2199."""
    word = tokens.raw(at)
    if len(word) != 4 or not word.isdecimal() or not 1000 <= int(word) <= 2199:
        return False
    before = tokens.low(at - 1)
    if tokens.touches(at) and not _may_touch(tokens, at):
        return False
    if match_before(tokens, at) or before in _HEDGES or before == "#":
        return False
    if _counts_something(tokens, at):
        return False
    is_range = before in ("from", "between") and tokens.low(at + 1) in ("to", "and")
    if is_range and tokens.is_number(at + 2) and not is_year(tokens, at + 2):
        return False
    if before == "of" and tokens.low(at - 2) in _TOTALS:
        return False
    value = int(word)
    if value >= 1900:
        return value < 2100 or before in _YEAR_PREPOSITIONS
    if value >= 1500:
        return before in _YEAR_PREPOSITIONS or before in ("the", "(", ",", "-", "–")
    return (
        before in ("in", "since", "ad", "year", "century")
        or (before == "." and tokens.low(at - 2) == "d")
        or (before == "and" and tokens.is_number(at - 2) and is_year(tokens, at - 2))
    )


def _may_touch(tokens: Tokens, at: int) -> bool:
    before = tokens.low(at - 1)
    if before in ("-", "–", "/"):
        return tokens.low(at - 2) in ("mid", "early", "late", "post", "pre") or tokens.is_number(
            at - 2
        )
    return before in ("(", "[", '"', "'", ",", "—", "fy", ";", ":", ".")


def _counts_something(tokens: Tokens, at: int) -> bool:
    following = tokens.low(at + 1)
    if following in SCALES or following in PLURAL_SCALES:
        return True
    if following in SHORT_SCALES or following == "%":
        return True
    if match_after(tokens, at + 1) and following != "'":
        return True
    if following not in _NOT_UNITS_AFTER_YEAR and match_unit(tokens, at + 1):
        return True
    is_plural = (
        following.endswith("s") and len(following) > 3 and not following.endswith(("ss", "us"))
    )
    is_plural = is_plural or following in ("people", "men", "women", "children")
    is_round = int(tokens.raw(at)) % 100 == 0
    return (
        is_plural and is_round and tokens.low(at - 1) not in _FIRM and tokens.raw(at + 1).islower()
    )
