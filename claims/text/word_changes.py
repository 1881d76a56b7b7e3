"""Changes that are told without a number: "doubled", "halved", "fell by a third".

Promises the size of such a change as a quantity of percent or a share, for comparison alone:
the reading of numbers (:mod:`claims.text.quantities`) leaves them to people, as they count
nothing that was written. Refuses "doubled down", "a third party" and whatever has no direction.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence

from claims.text.numbers.changes import DOWN, UP
from claims.text.quantity import Quantity
from claims.vocabulary import Bound, Change, QuantityKind

_READ_CHARS = 20_000
_TIMES = {"doubled": 100.0, "tripled": 200.0, "trebled": 200.0, "quadrupled": 300.0}
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_OVER = ("more than", "over")
_HEDGE = r"(?:(more than|over|nearly|almost|about|roughly|around|some) )?"
_WHOLE_VERB = re.compile(
    rf"\b{_HEDGE}(doubled|tripled|trebled|quadrupled|halved)\b(?! (?:down|up|over|as|back)\b)", re.I
)
_BY_A_PART = re.compile(
    rf"\bby {_HEDGE}((?:an? )?({'|'.join(_PARTS)}))\b(?=[.,;:!?]|$| (?:in|of|since|last|this|over"
    r"|between|from|to|after|within|during|on|and|but|compared|when|while|because)\b)",
    re.IGNORECASE,
)
_REACH_CHARS = 80
_SENTENCE_END = re.compile(r"[.;:!?]\s")


def read_word_changes(text: str, known: Sequence[Quantity] = ()) -> list[Quantity]:
    """The changes told in words, in order, but for those that ``known`` quantities cover.

    >>> [(one.text, one.value, one.change) for one in read_word_changes("Rents doubled.")]
    [('doubled', 100.0, <Change.UP: 'up'>)]
    """
    text = text[:_READ_CHARS]
    found = [*_whole_verbs(text), *_parts(text)]
    ends = sorted(one.end for one in known)
    starts = {one.end: one.start for one in known}
    return sorted(
        (one for one in found if not _is_taken(one, ends, starts)), key=lambda one: one.start
    )


def _is_taken(one: Quantity, ends: Sequence[int], starts: Mapping[int, int]) -> bool:
    """Whether a known quantity, none of which overlap each other, covers part of this one."""
    place = bisect_right(ends, one.start)
    return place < len(ends) and starts[ends[place]] < one.end


def _whole_verbs(text: str) -> list[Quantity]:
    found = []
    for match in _WHOLE_VERB.finditer(text):
        verb, hedge = match.group(2).lower(), match.group(1)
        size = _TIMES.get(verb, 50.0)
        change = Change.UP if verb in _TIMES else Change.DOWN
        found.append(_quantity(match, 2, size, "percent", change, hedge))
    return found


def _parts(text: str) -> list[Quantity]:
    found = []
    for match in _BY_A_PART.finditer(text):
        change = _direction(text[max(0, match.start() - _REACH_CHARS) : match.start()])
        if change:
            share = 1 / _PARTS[match.group(3).lower()]
            found.append(_quantity(match, 2, share, "1", change, match.group(1)))
    return found


def _direction(before: str) -> Change | None:
    """What the last verb of change of the sentence says before "by a third"."""
    clause = _SENTENCE_END.split(before)[-1]
    for word in reversed(re.findall(r"[a-z]+", clause.lower())):
        if word in UP or word in DOWN:
            return Change.UP if word in UP else Change.DOWN
    return None


def _quantity(
    match: re.Match[str], group: int, value: float, unit: str, change: Change, hedge: str | None
) -> Quantity:
    # Nobody counts when a thing has doubled: it is said of 96 per cent and of 104.
    bound = Bound.OVER if hedge and hedge.lower() in _OVER else Bound.ABOUT
    if unit == "1" and hedge is None:
        bound = Bound.EXACT
    return Quantity(
        text=match.group(group),
        start=match.start(group),
        end=match.end(group),
        value=value,
        low=None,
        high=None,
        unit=unit,
        unit_name="percent" if unit == "percent" else None,
        kind=QuantityKind.PERCENT if unit == "percent" else QuantityKind.RATIO,
        bound=bound,
        hedge=hedge,
        change=change,
    )
