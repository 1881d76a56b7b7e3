"""What stands around a number: its hedge, the direction of a change, what is measured.

Promises a look at a bounded window of words before and after, so the cost per number is
constant. Refuses to parse: what the rules do not cover stays unknown.
"""

from __future__ import annotations

from claims.text.numbers import hedges
from claims.text.numbers.changes import change_of
from claims.text.numbers.drafts import Draft
from claims.text.numbers.measured import take_measured
from claims.text.numbers.tokens import Tokens, word_set
from claims.vocabulary import Bound
from claims.vocabulary import QuantityKind as Kind


def frame_draft(tokens: Tokens, draft: Draft, earlier: list[Draft]) -> None:
    """Fill in hedge and change of ``draft``; ``earlier`` are the quantities before it."""
    _take_hedge(tokens, draft)
    previous = earlier[-1] if earlier else None
    if previous and _leaves_noun_out(tokens, draft, previous):
        draft.name, draft.kind, draft.counted = previous.name, Kind.COUNT, previous.counted
    if previous and _is_conversion(tokens, draft, previous):
        draft.is_converted = True
        draft.change = previous.change
        draft.measured, draft.of_what = previous.measured, previous.of_what
        if draft.bound is Bound.EXACT:
            draft.bound, draft.hedge = previous.bound, previous.hedge
        return
    draft.change = change_of(tokens, draft)
    take_measured(tokens, draft, draft.verb_at)
    if previous and draft.measured is None and _continues(tokens, draft, previous):
        draft.measured, draft.of_what = previous.measured, previous.of_what


def _take_hedge(tokens: Tokens, draft: Draft) -> None:
    hedge = hedges.match_left(
        tokens, draft.first, draft.last, is_duration=draft.kind is Kind.DURATION
    )
    draft.hedge_first = hedge.first if hedge else draft.first
    if hedge is None:
        hedge = hedges.match_right(tokens, draft.last)
    if hedge is None and draft.counted_last > draft.last:
        hedge = hedges.match_right(tokens, draft.counted_last)
    if hedge is None:
        return
    draft.bound = hedge.bound
    draft.hedge = tokens.text[tokens.starts[hedge.first] : tokens.ends[hedge.last - 1]]


def _is_conversion(tokens: Tokens, draft: Draft, previous: Draft) -> bool:
    """ "1 to 1.5 degrees Celsius (1.8 to 2.7 Fahrenheit)": the same amount in another unit."""
    return (
        tokens.low(draft.hedge_first - 1) == "("
        and draft.hedge_first - 1 == previous.last
        and draft.kind is previous.kind
        and draft.has_unit
        and previous.has_unit
        and draft.symbol != previous.symbol
        and tokens.low(draft.last) in (")", "")
    )


def _continues(tokens: Tokens, draft: Draft, previous: Draft) -> bool:
    """ "7 % to $2.3 billion", "60 % of its value, or $30 billion": still the same thing."""
    first = draft.hedge_first
    between = tokens.lowers[previous.last : first] if first - previous.last <= 8 else ["."]
    return bool(between) and between[-1] in ("to", "from", "or", "(") and not _MARKS & set(between)


def _leaves_noun_out(tokens: Tokens, draft: Draft, previous: Draft) -> bool:
    """ "18 wells, of which five were dry": the noun of the count before is meant."""
    gap = draft.first - previous.last
    if (
        draft.kind is not Kind.NUMBER
        or previous.kind is not Kind.COUNT
        or previous.rate
        or gap > 25
    ):
        return False
    return (
        previous.counted is not None
        and tokens.low(draft.last) in _ELLIPSIS_VERBS
        and not _MARKS & set(tokens.lowers[previous.last : draft.first]) - {";", "while", "but"}
    )


_ELLIPSIS_VERBS = word_set("""were was are is did had have in remain remained died survived""")
_MARKS = frozenset((".", ";", "while", "but", "!", "?"))
