"""A number put together with its sign, its currency or its unit.

Promises a draft for every number, even where nothing stands beside it; whether a bare
number is a quantity at all is decided elsewhere.
"""

from __future__ import annotations

from claims.text.numbers import currencies, units
from claims.text.numbers.attached import noun_place, unit_after
from claims.text.numbers.counting import take_age, take_counted
from claims.text.numbers.drafts import Draft
from claims.text.numbers.scales import LETTER_SCALES, Numeral
from claims.text.numbers.tokens import Tokens
from claims.vocabulary import Bound
from claims.vocabulary import QuantityKind as Kind


def draft_amount(
    tokens: Tokens, numeral: Numeral, money: tuple[currencies.Currency, int] | None, floor: int
) -> Draft:
    """The number with its sign, currency, unit or counted noun."""
    first = money[1] if money else numeral.first
    is_vague = numeral.low is not None
    draft = Draft(
        first, numeral.last, None if is_vague else numeral.value, numeral.low, numeral.high,
        "1", "", Kind.RATIO if numeral.form == "fraction" else Kind.NUMBER, numeral.form,
    )  # fmt: skip
    if numeral.form == "dozens":
        draft.bound = Bound.AT_LEAST
    _take_sign(tokens, draft, floor)
    if money:
        draft.take_currency(money[0])
        _take_money_tail(tokens, draft)
    else:
        _take_unit(tokens, draft, numeral)
    return draft


def _take_sign(tokens: Tokens, draft: Draft, floor: int) -> None:
    at = draft.first - 1
    word = tokens.low(at)
    if at < floor or draft.value is None:
        return
    if word == "minus" and tokens.low(at - 1) == "or":
        return
    if word in ("minus", "negative"):
        draft.is_negative = True
    elif word in ("-", "–", "+") and tokens.touches(draft.first):
        if tokens.touches(at) and tokens.low(at - 1) not in ("(", "$", "£", "€", "—", "/"):
            return
        if word == "+":
            draft.has_plus = True
        elif word == "-" or not tokens.is_number(at - 1):
            draft.is_negative = True
    else:
        return
    draft.first = at
    if draft.is_negative:
        draft.value = -draft.value


def _take_money_tail(tokens: Tokens, draft: Draft) -> None:
    """A name that repeats the sign ("$5 million USD") and a rate ("a barrel")."""
    if draft.currency is None:
        return
    after = currencies.match_after(tokens, draft.last)
    if (
        after
        and currencies.settle(draft.currency, after[0]) is after[0]
        and "?" not in after[0].code
    ):
        draft.last = after[1]
        draft.take_currency(after[0])
    _take_rate(tokens, draft)


def _take_rate(tokens: Tokens, draft: Draft) -> None:
    if rate := units.match_rate(tokens, draft.last):
        draft.rate = (rate[0], rate[1])
        draft.last = rate[2]
        if draft.currency:
            draft.take_currency(draft.currency)
        else:
            draft.symbol, draft.name = f"{draft.symbol}/{rate[0]}", f"{draft.name} per {rate[1]}"


def _take_unit(tokens: Tokens, draft: Draft, numeral: Numeral) -> None:
    at = noun_place(tokens, numeral.last)
    if numeral.form == "vague" or numeral.form == "dozens" or numeral.form == "fraction":
        at += tokens.low(at) == "of" and numeral.form != "fraction"
    if numeral.form == "fraction":
        step = at + (tokens.low(at) == "of")
        step += tokens.low(step) in ("a", "an")
        if tokens.low(step - 1) in ("a", "an") and currencies.match_after(tokens, step):
            at = step  # "half a dollar"; "half of euro zone members" is no money
        if (
            step > at
            and (whole := units.match_unit(tokens, step))
            and whole[0].kind is not Kind.DURATION
        ) or (step == at + 1 and tokens.low(at) != "of" and units.match_unit(tokens, step)):
            at = step
    if scaled := _lettered_money(tokens, at, numeral):
        draft.value, at = numeral.value * scaled, at + 1
    if after := _currency_after(tokens, at, numeral):
        draft.last = after[1]
        draft.take_currency(after[0])
        _take_rate(tokens, draft)
        return
    if found := unit_after(tokens, at, numeral):
        unit, end = found
        draft.symbol, draft.name, draft.kind = unit.symbol, unit.name, unit.kind
        draft.last, draft.has_unit = end, True
        take_age(tokens, draft)
        if draft.kind not in (Kind.PERCENT, Kind.AGE):
            _take_rate(tokens, draft)
        return
    take_counted(tokens, draft, numeral)


def _lettered_money(tokens: Tokens, at: int, numeral: Numeral) -> float | None:
    """The million in "1.5m euros"; "1.5m" alone is a length."""
    if numeral.form != "digits" or numeral.has_scale or not tokens.touches(at):
        return None
    scale = LETTER_SCALES.get(tokens.low(at))
    if not scale:
        return None
    unit = units.match_unit(tokens, at + 1) if tokens.raw(at + 1)[:2].isalpha() else None
    return scale if currencies.match_after(tokens, at + 1) or (unit and unit[1] > at + 2) else None


def _currency_after(
    tokens: Tokens, at: int, numeral: Numeral
) -> tuple[currencies.Currency, int] | None:
    after = currencies.match_after(tokens, at)
    if after is None:
        if tokens.low(at) in ("pound", "pounds") and numeral.value >= 1e6:
            return currencies.POUND, at + 1
        return None
    word = tokens.low(at)
    if word in currencies.AMBIGUOUS_WORDS and numeral.value < 100:
        return None
    if word in ("cent", "p") and tokens.words[at] != word:
        return None
    return after
