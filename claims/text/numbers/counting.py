"""What a number counts: things, or somebody's years.

Promises the counted noun or the age that the words beside a number state; refuses a noun
for "no one" and for digits that belong to the name before them.
"""

from __future__ import annotations

from claims.text.numbers import exclusions, nouns, units
from claims.text.numbers.attached import noun_place
from claims.text.numbers.drafts import Draft
from claims.text.numbers.scales import LETTER_SCALES, Numeral
from claims.text.numbers.tokens import Tokens, word_set
from claims.vocabulary import QuantityKind as Kind

_ONE_IDIOMS = word_set(
    """day thing way hand side point another time who that which by to can could may might must
    should would will has is was more or and reason example case in on at"""
)


def take_age(tokens: Tokens, draft: Draft) -> None:
    """ "65-year-old", "18 years old", "30 years of age"."""
    if draft.symbol not in ("year", "month", "week", "d"):
        return
    at = draft.last
    at += tokens.low(at) in ("-", "–")
    if tokens.low(at) in ("old", "olds"):
        draft.last = at + 1
    elif tokens.low(at) == "of" and tokens.low(at + 1) == "age":
        draft.last = at + 2
    else:
        return
    draft.kind = Kind.AGE
    draft.name = f"{draft.name} of age"


def _is_pronoun(tokens: Tokens, first: int, at: int) -> bool:
    """ "no one", "the one who", "one day he": the word counts nothing."""
    if tokens.lowers[first] != "one":
        return False
    return tokens.low(at) in _ONE_IDIOMS or tokens.low(first - 1) in _BEFORE_PRONOUN


_BEFORE_PRONOUN = word_set(
    """no any every some this that the each which another good big great new only number day"""
)


def _lettered_scale(tokens: Tokens, at: int, numeral: Numeral) -> float | None:
    """The million in "5m homes"; "5500M chipset" is a model."""
    if (
        numeral.form != "digits"
        or not tokens.touches(at)
        or exclusions.is_label(tokens, numeral.first)
    ):
        return None
    following = tokens.raw(at + 1)
    if (
        following[:1].isalpha()
        and not nouns.is_plural(following)
        and following.lower() not in nouns.STOP
    ):
        return None
    return LETTER_SCALES.get(tokens.low(at)) if tokens.low(at) != "t" else None


_LONGEST_LIST = 24
_AGE_WORDS = frozenset(("aged", "ages", "age"))


def _take_bare_age(tokens: Tokens, draft: Draft, numeral: Numeral) -> bool:
    """ "aged 65", "Senard, 65, now", "life expectancy … is around 73"."""
    at = draft.first
    if draft.value is None or not 0 < draft.value < 130 or numeral.has_scale:
        return False
    before = tokens.low(at - 1)
    is_age = before in _AGE_WORDS or (before == "of" and tokens.low(at - 2) == "age")
    is_age = is_age or (before in (",", "and", "or") and _is_in_list_of_ages(tokens, at))
    if not is_age and before == "," and tokens.words[at].isdecimal() and len(tokens.words[at]) == 2:
        name = tokens.raw(at - 2)
        is_age = (
            name[:1].isupper() and name.isalpha() and tokens.low(draft.last) in (",", ".", ")", ";")
        )
    if not is_age and before == "," == tokens.low(draft.last) and 17 < draft.value < 106:
        is_age = tokens.raw(at - 2).strip('"').isalpha() and numeral.is_plain_integer
    if not is_age:
        window = tokens.lowers[max(at - 10, 0) : at]
        is_age = "expectancy" in window or (
            "age" in window and before in ("is", "was", "around", "about")
        )
    if not is_age and before == "at" and tokens.low(draft.last) == ",":
        is_age = tokens.low(draft.last + 1) in ("he", "she")
    if is_age:
        draft.symbol, draft.name, draft.kind, draft.has_unit = "year", "year of age", Kind.AGE, True
    return is_age


def _is_in_list_of_ages(tokens: Tokens, at: int) -> bool:
    """Whether only numbers stand between "aged" and here: "aged 9, 11 and 14"."""
    first = max(at - _LONGEST_LIST, 0)
    while at > first and tokens.low(at - 1) in (",", "and", "or"):
        at -= 1 + (tokens.low(at - 2) == ",")
        if not tokens.is_number(at - 1) or len(tokens.words[at - 1]) > 3:
            return False
        at -= 1
    return tokens.low(at - 1) in _AGE_WORDS


def take_counted(tokens: Tokens, draft: Draft, numeral: Numeral) -> None:
    if numeral.form == "fraction":
        return
    at = noun_place(tokens, numeral.last)
    is_mass = numeral.form in ("vague", "dozens") or numeral.has_scale
    if scale := _lettered_scale(tokens, at, numeral):
        draft.value, at = numeral.value * scale, at + 1
        draft.last, draft.has_unit = at, True
    elif tokens.touches(at) and tokens.raw(at)[:1].isalpha():
        return  # "5G network": the letter makes a name of it
    is_one = numeral.value == 1 and not numeral.has_scale
    if is_one and _is_pronoun(tokens, draft.first, at):
        return
    counted = nouns.match_counted(tokens, at, is_one=is_one, after_of=is_mass or is_one)
    if counted is None:
        _take_bare_age(tokens, draft, numeral)
        return
    draft.counted = tokens.text[tokens.starts[counted.first] : tokens.ends[counted.last - 1]]
    draft.counted_last = counted.last
    draft.symbol, draft.name, draft.kind = "1", counted.head, Kind.COUNT
    draft.has_unit = draft.has_unit or not _is_name_like(tokens, draft, numeral)
    if rate := units.match_rate(tokens, counted.last):
        draft.rate = (rate[0], rate[1])
        draft.symbol, draft.name = f"1/{rate[0]}", f"{counted.head} per {rate[1]}"


def _is_name_like(tokens: Tokens, draft: Draft, numeral: Numeral) -> bool:
    """ "iPhone 11 cameras": the digits belong to the name before them."""
    if (
        numeral.form != "digits"
        or not numeral.is_plain_integer
        or len(tokens.words[numeral.first]) > 3
    ):
        return False
    return exclusions.is_label(tokens, draft.first)
