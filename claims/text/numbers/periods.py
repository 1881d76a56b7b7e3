"""Which of a sentence's dates a quantity speaks of.

Promises the nearest date of the same sentence, found by bisection, so that many dates and
many quantities stay cheap. Refuses to carry a date over a sentence's end.
"""

from __future__ import annotations

from bisect import bisect_left

from claims.text.date_forms import FoundDate
from claims.text.numbers.drafts import Draft
from claims.text.numbers.tokens import Tokens, word_set
from claims.text.quantity import Period

_REACH = 40
_SUPERLATIVE_REACH = 5
# A closed list: "forest", "West" and "arrest" end alike.
_SUPERLATIVES = word_set(
    """lowest highest biggest largest smallest greatest weakest strongest fastest slowest longest
    shortest steepest sharpest deepest heaviest hottest coldest wettest driest warmest deadliest
    cheapest dearest earliest latest oldest youngest busiest quietest poorest richest narrowest
    widest tightest thinnest fewest worst-ever bloodiest costliest"""
)
_DETERMINERS = word_set("the its their his her our s")


def period_for(tokens: Tokens, draft: Draft, dates: list[FoundDate]) -> Period | None:
    """The period of ``draft``, ``None`` where the sentence names no day that is known."""
    if not dates or tokens.low(draft.hedge_first - 1) == "from":
        return None
    place = bisect_left(dates, draft.first, key=lambda found: found.first)
    nearest: tuple[int, FoundDate] | None = None
    for found in dates[max(place - 2, 0) : place + 2]:
        if found.days == (None, None) or _is_only_compared_with(tokens, draft, found):
            continue
        before = found.last <= draft.first
        gap = range(found.last, draft.first) if before else range(draft.last, found.first)
        if len(gap) > _REACH or _crosses_sentence(tokens, gap):
            continue
        distance = len(gap) + (0 if not before else 2)
        if nearest is None or distance < nearest[0]:
            nearest = (distance, found)
    if nearest is None:
        return None
    found = nearest[1]
    first, last = found.days
    word = tokens.low(found.first - 1)
    if word == "since":
        last = None
    elif word in ("by", "until", "till"):
        first = None
    return Period(first, last, found.is_resolved)


def _is_only_compared_with(tokens: Tokens, draft: Draft, found: FoundDate) -> bool:
    """ "the lowest since 1998", "higher than in 2019": the date of something else."""
    before = found.first - 1
    if before < draft.last:
        return False
    if tokens.low(before) == "since":
        first = max(draft.last, before - _SUPERLATIVE_REACH)
        return any(_is_superlative(tokens, index) for index in range(first, before))
    return "than" in (tokens.low(before), tokens.low(before - 1))


def _is_superlative(tokens: Tokens, at: int) -> bool:
    word = tokens.lowers[at]
    if word in _SUPERLATIVES:
        return True
    return word in ("first", "most", "least", "best", "worst") and (
        tokens.low(at - 1) in _DETERMINERS and tokens.low(at + 1) != "-"
    )


def _crosses_sentence(tokens: Tokens, gap: range) -> bool:
    for index in gap:
        word = tokens.words[index]
        if word in ("!", "?", ";") or (
            word == "." and tokens.raw(index + 1)[:1].isupper() and len(tokens.raw(index - 1)) > 3
        ):
            return True
    return False
