"""Two numbers that make one quantity: "5 to 10 km", "$10-$15 billion", "20 dollars and 43 cents".

Promises ``low`` no larger than ``high``; refuses to join numbers of different units.
"""

from __future__ import annotations

from dataclasses import replace

from claims.text.numbers import currencies, exclusions
from claims.text.numbers.amounts import draft_amount
from claims.text.numbers.drafts import Draft
from claims.text.numbers.numerals import read_numeral
from claims.text.numbers.scales import SMALL, Numeral
from claims.text.numbers.tokens import Tokens
from claims.vocabulary import QuantityKind as Kind

ORDINAL_ENDS = frozenset(("st", "nd", "rd", "th"))

_RANGE_MARKS = frozenset(("-", "–", "—", "to", "through", "~"))


def take_cents(tokens: Tokens, draft: Draft) -> None:
    """ "20 dollars and 43 cents" is one amount."""
    at = draft.last + (tokens.low(draft.last) == "and")
    if draft.value is None or draft.rate or draft.symbol in ("cent", "GBX"):
        return
    cents = read_numeral(tokens, at) if at < tokens.count and _begins_number(tokens, at) else None
    if cents is None or not 0 < cents.value < 100 or cents.value != int(cents.value):
        return
    end = cents.last + (tokens.low(cents.last) in currencies.CENTS)
    if end > cents.last:
        draft.value, draft.last = draft.value + cents.value / 100, end


def with_range(tokens: Tokens, draft: Draft, numeral: Numeral) -> Draft:
    """Join "5 to 10 km", "$10-$15 billion", "between 50 and 70"."""
    at = draft.last
    word = tokens.low(at)
    before = tokens.low(draft.first - 1)
    opened = before in ("between", "from") or tokens.low(draft.first - 2) in ("between", "from")
    if word == "or" and numeral.form == "words" and not draft.has_unit and numeral.value < 20:
        word, opened = "-", True
    is_between = word == "and" and (before == "between" or tokens.low(draft.first - 2) == "between")
    if (
        not (word in _RANGE_MARKS or is_between)
        or draft.value is None
        or numeral.form == "fraction"
    ):
        return draft
    if word == "-" and tokens.low(at + 1) == "to" and tokens.low(at + 2) == "-":
        at, word = at + 2, "to"
    elif word == "-" and tokens.low(at + 1) == "to" and tokens.touches(at):
        at, word, opened = at + 1, "to", True  # "18- to 24-year-olds"
    if tokens.low(at) in ("-", "–") and tokens.touches(at) != tokens.touches(at + 1):
        return draft
    start = at + 1
    while start < at + 4 and tokens.low(start) in ("about", "around", "~", "nearly", "as", "much"):
        start += 1
    step = start
    while step < start + 4 and not _begins_number(tokens, step) and _is_money_mark(tokens, step):
        step += 1
    sign = tokens.low(step) == "-" and tokens.touches(step + 1) and not tokens.touches(step)
    step += sign
    if step >= tokens.count or not _begins_number(tokens, step):
        return draft
    money = currencies.match_before(tokens, step) if step > start + sign else None
    later = read_numeral(tokens, step, is_money=money is not None or draft.currency is not None)
    if later is None or later.low is not None or later.form == "fraction":
        return draft
    if tokens.low(later.last) in ORDINAL_ENDS or exclusions.clock_end(tokens, step):
        return draft
    other = draft_amount(tokens, later, money, at + 1)
    return _merged(
        tokens, draft, other, (numeral, later), is_opened=opened or word not in ("to", "through")
    )


def _begins_number(tokens: Tokens, at: int) -> bool:
    return (
        tokens.is_number(at)
        or tokens.low(at) in SMALL
        or tokens.low(at)
        in (
            "half",
            "a",
            "twenty",
            "thirty",
            "forty",
            "fifty",
            "sixty",
            "seventy",
            "eighty",
            "ninety",
        )
    )


def _is_money_mark(tokens: Tokens, at: int) -> bool:
    word = tokens.raw(at)
    return tokens.low(at) in currencies.PREFIX_MARKS or (word.isupper() and len(word) <= 3)


def _merged(
    tokens: Tokens, draft: Draft, other: Draft, parts: tuple[Numeral, Numeral], *, is_opened: bool
) -> Draft:
    numeral, later = parts
    if draft.value is None or other.value is None:
        return draft
    low, high = draft.value, other.value
    same_unit = draft.symbol == other.symbol or (
        draft.currency is not None and draft.currency is other.currency
    )
    if draft.kind is Kind.AGE and other.kind is Kind.NUMBER:
        same_unit = is_opened = True
    takes_later = not draft.has_unit or (draft.currency is not None and not other.has_unit)
    are_counts = draft.kind is Kind.COUNT and other.kind is Kind.COUNT and not draft.counted
    if draft.has_unit and other.has_unit and not same_unit and not are_counts:
        return draft
    if not (same_unit or takes_later):
        return draft
    if later.has_scale and not numeral.has_scale and low < later.value / 100 and low < 1000:
        low *= _scale_of(tokens, later)
    if not is_opened and not (draft.has_unit or other.has_unit):
        return draft
    if not is_opened and draft.kind is Kind.COUNT:
        return draft
    chosen = other if not draft.has_unit or (other.has_unit and not draft.currency) else draft
    merged = replace(chosen, first=draft.first, last=other.last, value=None)
    merged.low, merged.high = min(low, high), max(low, high)
    if other.rate and merged.currency:
        merged.rate = other.rate
        merged.take_currency(merged.currency)
    merged.is_negative = draft.is_negative and other.is_negative
    return merged


def _scale_of(tokens: Tokens, later: Numeral) -> float:
    """The scale that "billion" lends to the 10 of "$10 to $15 billion"."""
    bare = read_numeral(Tokens(tokens.words[later.first]), 0)
    return later.value / bare.value if bare and bare.value else 1.0
