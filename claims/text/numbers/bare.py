"""Whether a number that nothing stands beside is a quantity.

Promises to keep levels ("close at 27,349.19") and to drop names, resolutions and halves of
games.
"""

from __future__ import annotations

from claims.text.numbers import exclusions
from claims.text.numbers.drafts import Draft
from claims.text.numbers.scales import Numeral
from claims.text.numbers.tokens import Tokens, word_set

_RESOLUTIONS = frozenset((2.0, 4.0, 5.0, 8.0))


def is_name(tokens: Tokens, numeral: Numeral, *, has_money: bool) -> bool:
    """ "4K" is a resolution, "one day" an idiom, "PS4" no sum of money."""
    before = tokens.raw(numeral.first - 1)
    if has_money:
        return before == "PS" and numeral.is_plain_integer and numeral.value < 6
    if tokens.raw(numeral.last) == "K" and tokens.touches(numeral.last):
        return numeral.value in _RESOLUTIONS
    if numeral.form == "words" and tokens.low(numeral.last) == "," and numeral.value < 11:
        return tokens.low(numeral.first - 1) in ("", ".", "!", "?") and not numeral.has_scale
    is_idiom = numeral.value == 0 or tokens.low(numeral.last + 1) in ("figure", "way")
    if is_idiom and tokens.low(numeral.last) == "-":
        return True
    if numeral.form == "words" and tokens.low(numeral.last) == "-":
        following = tokens.low(numeral.last + 1)
        if following in _NO_COUNT or following == tokens.low(numeral.last - 1):
            return True
    if before == "-" and tokens.low(numeral.first - 2) == tokens.low(numeral.first):
        return True
    if numeral.value == 1 and numeral.form == "words" and tokens.low(numeral.last) == "day":
        return tokens.low(numeral.first - 1) not in _MEASURED_DAY
    return False


# "one-sided", "twenty-something", "two-wheeler", "fifty-fifty"
_NO_COUNT = word_set("sided something somethings wheeler wheelers handed")
_MEASURED_DAY = word_set(
    """in within for than least after only just every about last of over under"""
)

_NAMED_ZEROS = word_set("""ground net patient day year carbon coke absolute sub hour below""")


def _is_half_of_something_else(tokens: Tokens, numeral: Numeral) -> bool:
    """ "cut in half", "the second half", "half-time", "half past": no share is stated."""
    if tokens.lowers[numeral.last - 1] != "half" or numeral.last - numeral.first > 1:
        return False
    before, following = tokens.low(numeral.first - 1), tokens.low(numeral.last)
    if before == "-" and tokens.touches(numeral.first):
        before = tokens.low(numeral.first - 2)
    return (
        before
        in ("in", "second", "first", "other", "better", "back", "latter", "opening", "by", "final")
        or (following == "-" and tokens.touches(numeral.last))
        or following in ("way", "time", "past", "hearted", "back", "brother", "sister")
    )


def stands_alone(tokens: Tokens, draft: Draft, numeral: Numeral) -> bool:
    """Whether a number without a unit is a quantity at all."""
    if numeral.form == "fraction":
        return draft.value is not None and not _is_half_of_something_else(tokens, numeral)
    if numeral.form in ("vague", "dozens", "article"):
        return True
    if numeral.has_scale or draft.low is not None:
        return True
    if numeral.form == "words":
        if numeral.value == 0:
            return tokens.low(draft.first - 1) not in _NAMED_ZEROS
        is_number = numeral.value != 1 or draft.is_negative
        return is_number and not exclusions.is_label(tokens, draft.first)
    if tokens.touches(numeral.last) and tokens.raw(numeral.last)[:1].isalpha():
        return False
    if not numeral.is_plain_integer and (
        numeral.value >= 20 or len(tokens.words[numeral.first]) > 4
    ):
        return True
    if numeral.is_plain_integer and exclusions.names_follow(tokens, numeral.last):
        return False
    return not exclusions.is_label(tokens, draft.first)
