"""Other numbers of the same passage that make a comparison doubtful.

Promises to take back a *differs* that a neighbour could explain, and any outcome for a
number that a passage gives to something else. Refuses to choose among rivals.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from claims.text.comparison import Comparison
from claims.text.number_context import Context
from claims.text.quantity import Quantity
from claims.vocabulary import Outcome

_HELD = (Outcome.MATCH, Outcome.WITHIN_ROUNDING, Outcome.DIFFERS)


def guard_rivals(found: Comparison, pairs: Sequence[Comparison]) -> Comparison:
    """Take back a *differs* that other numbers of the same passage make doubtful."""
    if found.outcome is not Outcome.DIFFERS or found.claim_quantity is None:
        return found
    rivals = [pair for pair in pairs if pair.outcome is Outcome.DIFFERS]
    values = _values_like(found.passage_quantity, rivals)
    wanted, parts = found.claim_quantity.value, _values_like(found.passage_quantity, pairs)
    if wanted is not None and len(parts) > 1 and _makes_sum(wanted, parts):
        hint = "parts named in the source add up to the claim's number; a sum is a hint only"
        return _undecided(found, hint)
    if len(values) > 1:
        close = [pair for pair in rivals if pair.coverage >= found.coverage - 0.1]
        if len({pair.passage_quantity.value for pair in close if pair.passage_quantity}) > 1:
            return _undecided(
                found, "the source gives several such numbers, none of them plainly it"
            )
    return found


def guard_others(
    pairs: Sequence[Comparison], mine: Context, theirs: Sequence[tuple[Quantity, Context]]
) -> list[Comparison]:
    """The pairs, one a number of ``theirs``, without those whose number is something else's."""
    reason = "the source says this of something else, and another number of it"
    return [
        _undecided(pair, reason)
        if pair.outcome in _HELD and _is_anothers(mine, place, theirs)
        else pair
        for place, pair in enumerate(pairs)
    ]


def _is_anothers(mine: Context, place: int, theirs: Sequence[tuple[Quantity, Context]]) -> bool:
    """Whether a number's own words are none of the claim's while those of one before it are.

    "Schools get 24 per cent of the budget, hospitals 30 per cent" has no 30 for schools.
    """
    number, its = theirs[place]
    if its.is_row or not its.clause_words or its.clause_words & (mine.words | mine.topic):
        return False
    return any(
        other.unit == number.unit
        and context.sentence == its.sentence
        and context.clause_words & mine.clause_words
        for other, context in theirs[:place]
    )


def _values_like(quantity: Quantity | None, pairs: Sequence[Comparison]) -> set[float]:
    """The values of the source that are written in the unit and with the noun of ``quantity``."""
    if quantity is None:
        return set()
    held = (pair.passage_quantity for pair in pairs)
    return {
        one.value
        for one in held
        if one is not None
        and one.value is not None
        and (one.unit, one.unit_name) == (quantity.unit, quantity.unit_name)
    }


def _makes_sum(wanted: float, values: set[float]) -> bool:
    listed = sorted(values)[:8]
    return any(
        abs(sum(parts) - wanted) <= 1e-6 * max(1.0, abs(wanted))
        for size in range(2, len(listed) + 1)
        for parts in combinations(listed, size)
    )


def _undecided(found: Comparison, reason: str) -> Comparison:
    return Comparison(
        Outcome.NOT_COMPARABLE,
        claim_quantity=found.claim_quantity,
        passage_quantity=found.passage_quantity,
        reasons=(reason, *found.reasons),
        coverage=found.coverage,
    )
