"""One quantity from one place: the number, its sign or unit, its range, or why it is none.

Promises a draft, or the token to go on from where the digits count nothing, or ``None``.
"""

from __future__ import annotations

from claims.text.numbers import currencies, exclusions, nouns, units
from claims.text.numbers.amounts import draft_amount
from claims.text.numbers.bare import is_name, stands_alone
from claims.text.numbers.drafts import Draft
from claims.text.numbers.numerals import read_numeral
from claims.text.numbers.ranges import ORDINAL_ENDS, take_cents, with_range
from claims.text.numbers.scales import Numeral
from claims.text.numbers.tokens import Tokens
from claims.text.numbers.unit_spellings import DURATION_WORDS, TIMES
from claims.vocabulary import QuantityKind as Kind


def read_draft(tokens: Tokens, at: int, *, floor: int) -> Draft | int | None:
    """The quantity whose number begins at token ``at``; ``floor`` is where the last one ended.

    Gives the next token instead where the digits count nothing, ``None`` to try the next.
    """
    if tokens.lowers[at] in units.FOLDS:
        return _from_fold(tokens, at)
    is_digits = tokens.is_number(at)
    money = currencies.match_before(tokens, at) if at > floor else None
    if money and money[1] < floor:
        money = None
    if is_digits and (skipped := _skip(tokens, at, has_money=money is not None)):
        return skipped
    numeral = read_numeral(tokens, at, is_money=money is not None)
    if numeral is None:
        return at + 1 if is_digits else None
    if ratio := _read_ratio(tokens, numeral):
        return ratio
    if is_name(tokens, numeral, has_money=money is not None):
        return numeral.last
    draft = draft_amount(tokens, numeral, money, floor)
    draft = with_range(tokens, draft, numeral)
    if draft.currency is not None:
        take_cents(tokens, draft)
    if draft.has_unit or stands_alone(tokens, draft, numeral):
        return draft
    return max(draft.last, at + 1)


def _skip(tokens: Tokens, at: int, *, has_money: bool) -> int | None:
    """The next token where the digits at ``at`` are no number of anything."""
    if end := exclusions.clock_end(tokens, at) or exclusions.named_end(tokens, at):
        return end
    if tokens.low(at + 1) in ORDINAL_ENDS and tokens.touches(at + 1):
        return at + 2
    if has_money:
        return None
    if end := exclusions.glued_end(tokens, at):
        return end
    if end := exclusions.score_end(tokens, at):
        return end
    if tokens.low(at + 1) == "s" and tokens.touches(at + 1) and tokens.words[at][-1] == "0":
        return at + 2
    return at + 1 if exclusions.is_list_marker(tokens, at) else None


def _from_fold(tokens: Tokens, at: int) -> Draft:
    value = units.FOLDS[tokens.lowers[at]]
    unit = TIMES
    return Draft(
        at, at + 1, value, None, None, unit.symbol, unit.name, unit.kind, "words", has_unit=True
    )


def _read_ratio(tokens: Tokens, numeral: Numeral) -> Draft | None:
    """ "one in five", "7 out of 10", "one out of every three"."""
    at = numeral.last
    if numeral.form not in ("digits", "words") or numeral.value != int(numeral.value):
        return None
    if numeral.value == 1 and tokens.low(at + 1) == "in" and tokens.raw(at).islower():
        at += 1  # "one bird in eight"
    if tokens.low(at) == "-" and tokens.low(at + 1) == "in" and tokens.low(at + 2) == "-":
        at += 1
    word = tokens.low(at)
    if word == "out" and tokens.low(at + 1) == "of":
        at += 2
    elif word == "in":
        at += 1 + (tokens.low(at + 1) == "-")
    else:
        return None
    at += tokens.low(at) in ("every", "each")
    whole = read_numeral(tokens, at) if at < tokens.count else None
    if whole is None or whole.form not in ("digits", "words", "article"):
        return None
    if not 0 < numeral.value < whole.value or (whole.is_plain_integer and whole.value >= 1900):
        return None
    if tokens.low(whole.last) in DURATION_WORDS or tokens.low(whole.last) == "%":
        return None
    if word == "in" and units.match_unit(tokens, whole.last):
        return None
    counted = nouns.match_counted(tokens, whole.last, is_one=False, after_of=False)
    draft = Draft(
        numeral.first,
        whole.last,
        numeral.value / whole.value,
        None,
        None,
        "1",
        "",
        Kind.RATIO,
        "words",
    )
    draft.has_unit = True
    if counted:
        draft.of_what = tokens.text[tokens.starts[counted.first] : tokens.ends[counted.last - 1]]
    return draft
