"""Set a claim's number beside a source's and say what came of it.

Promises one of six outcomes with the arithmetic and the reasons in plain words, never an
exception, and *not comparable* wherever the two numbers are not shown to measure the
same thing: a false "differs" is worse than a miss. Refuses to convert currencies and to
add numbers up: a sum that would fit is told as a hint.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import combinations
from typing import Any

from claims.text.as_of import TimeMatch, TimeRelation, match_times, period_of
from claims.text.number_context import Context, topic_words
from claims.text.quantities import read_quantities
from claims.text.quantity import Quantity
from claims.text.subject import Sameness, SubjectMatch, match_subjects
from claims.text.table_rows import is_row, read_row
from claims.text.tolerance import Judgement, judge_readings, read_values
from claims.text.unit_scales import Conversion, find_conversion
from claims.vocabulary import ComparisonFlag, Outcome, QuantityKind

MOST_CLAIM_QUANTITIES = 8
MOST_SOURCE_QUANTITIES = 60
"""More numbers than this in one passage are a table read as prose; the first ones are weighed."""
_LONGEST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of one pair of numbers.

    ``absolute`` is source minus claim in the claim's unit, ``relative`` the same as a
    share of the claim's value (``None`` where that is zero); both are ``None`` unless the
    numbers were held against each other. ``coverage`` (0 … 1) is how much of the claim's
    wording the source shares; it orders pairs and is not printed. ``is_other_thing`` is true
    where the source's number is known to measure something else; it is not printed either.
    """

    outcome: Outcome
    absolute: float | None = None
    relative: float | None = None
    claim_quantity: Quantity | None = None
    passage_quantity: Quantity | None = None
    flags: tuple[ComparisonFlag, ...] = ()
    reasons: tuple[str, ...] = ()
    coverage: float = field(default=0.0, compare=False)
    is_other_thing: bool = field(default=False, compare=False)

    def to_json(self) -> dict[str, Any]:
        """The keys of the ``compare`` task, and ``reasons``."""
        claim, passage = self.claim_quantity, self.passage_quantity
        return {
            "outcome": self.outcome.value,
            "difference": {"absolute": self.absolute, "relative": self.relative},
            "claim_quantity": claim.to_json() if claim else None,
            "passage_quantity": passage.to_json() if passage else None,
            "flags": [flag.value for flag in self.flags],
            "reasons": list(self.reasons),
        }


@dataclass(frozen=True, slots=True)
class _Days:
    """When the claim and the source were published, as far as known."""

    claim: date | None
    source: date | None


def compare_quantities(
    claim: Quantity,
    source: Quantity,
    *,
    claim_text: str,
    source_text: str,
    claim_published: date | None = None,
    source_published: date | None = None,
) -> Comparison:
    """Compare one number of a claim with one of a source; offsets are those of the texts."""
    return _compare_pair(
        claim,
        Context.around(claim_text, claim),
        source,
        Context.around(source_text, source),
        _Days(claim_published, source_published),
    )


def compare_texts(
    claim_text: str,
    passage_text: str,
    *,
    published: date | None = None,
    claim_published: date | None = None,
    claim_context: str = "",
    passage_context: str = "",
) -> Comparison:
    """The comparison of the best pair of numbers of a claim and a passage.

    ``published`` is the passage's day, ``claim_published`` the claim's. Without a number
    on either side the outcome is *not comparable* and both quantities are ``None``.
    ``claim_context`` holds the words of the claim's topic that its own sentence leaves out
    (:func:`claims.text.topic.context_of`), ``passage_context`` the title of the page; for a
    row of a table it ends with the line of the table's header.
    """
    claim_text, passage_text = claim_text[:_LONGEST_TEXT], passage_text[:_LONGEST_TEXT]
    mine = read_quantities(claim_text, published=claim_published)[:MOST_CLAIM_QUANTITIES]
    theirs = _read_source(passage_text, passage_context[-_LONGEST_TEXT:], published)
    if not mine or not theirs:
        side = "claim" if not mine else "source"
        return Comparison(Outcome.NOT_COMPARABLE, reasons=(f"the {side} holds no number",))
    days = _Days(claim_published, published)
    best: Comparison | None = None
    for quantity in mine:
        around = Context.around(claim_text, quantity, claim_context)
        pairs = [_compare_pair(quantity, around, other, context, days) for other, context in theirs]
        found = _guard_rivals(_best_of(pairs), pairs)
        if best is None or _rank(found) > _rank(best):
            best = found
    return best if best is not None else Comparison(Outcome.NOT_COMPARABLE)


def _read_source(text: str, context: str, published: date | None) -> list[tuple[Quantity, Context]]:
    """The numbers of a passage, each with the words around it."""
    if is_row(text, context):
        row = read_row(text, context, published=published)
        return [(number.quantity, number.context) for number in row]
    found = read_quantities(text, published=published)[:MOST_SOURCE_QUANTITIES]
    topic = topic_words(context)
    return [(one, replace(Context.around(text, one), topic=topic)) for one in found]


_ORDER = {
    Outcome.MATCH: 5,
    Outcome.WITHIN_ROUNDING: 4,
    Outcome.DIFFERS: 3,
    Outcome.DIFFERENT_PERIOD: 2,
    Outcome.DIFFERENT_SCOPE: 1,
    Outcome.NOT_COMPARABLE: 0,
}


def _best_of(pairs: Sequence[Comparison]) -> Comparison:
    return max(pairs, key=_rank)


def _rank(found: Comparison) -> tuple[bool, int, float]:
    return (found.outcome is not Outcome.NOT_COMPARABLE, _ORDER[found.outcome], found.coverage)


def _guard_rivals(found: Comparison, pairs: Sequence[Comparison]) -> Comparison:
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


def _compare_pair(
    claim: Quantity, mine: Context, source: Quantity, theirs: Context, days: _Days
) -> Comparison:
    conversion, reason = _bring_to_unit(claim, source, mine, theirs)
    if conversion is None:
        return Comparison(
            Outcome.NOT_COMPARABLE, None, None, claim, source, reasons=(reason,), coverage=0.0
        )
    subject = match_subjects(claim, mine, source, theirs)
    times = match_times(
        period_of(claim, mine.sentence),
        period_of(source, theirs.sentence),
        claim_published=days.claim,
        source_published=days.source,
    )
    readings = read_values(claim, Conversion(1.0)), read_values(source, conversion)
    if readings[0] is None or readings[1] is None:
        return Comparison(Outcome.NOT_COMPARABLE, None, None, claim, source, reasons=("no value",))
    judged = judge_readings(readings[0], readings[1])
    outcome, reasons, flags = _decide(judged, subject, times, _slack(readings, conversion))
    is_held = outcome is not Outcome.NOT_COMPARABLE
    absolute = readings[1].centre - readings[0].centre if is_held else None
    base = abs(readings[0].centre)
    if source.unit != claim.unit and is_held and conversion.factor != 1.0:
        flags = (*flags, ComparisonFlag.CONVERTED)
    return Comparison(
        outcome,
        _tidy(absolute),
        _tidy(absolute / base) if absolute is not None and base else None,
        claim,
        source,
        flags,
        reasons,
        coverage=subject.coverage,
        is_other_thing=subject.sameness is Sameness.OTHER and not subject.is_other_scope,
    )


def _tidy(value: float | None) -> float | None:
    """Without the noise of binary fractions: 69.6 - 70 is -0.4."""
    return None if value is None else float(f"{value:.12g}")


def _slack(readings: tuple[Any, Any], conversion: Conversion) -> bool:
    """Whether the gap is no more than the unit words themselves leave open."""
    claim, source = readings
    return bool(
        conversion.slack
        and abs(source.centre - claim.centre) <= conversion.slack * abs(claim.centre)
    )


def _decide(
    judged: Judgement, subject: SubjectMatch, times: TimeMatch, is_within_slack: bool
) -> tuple[Outcome, tuple[str, ...], tuple[ComparisonFlag, ...]]:
    told = (judged.reason, subject.reason)
    agrees = judged.outcome in (Outcome.MATCH, Outcome.WITHIN_ROUNDING)
    is_related = subject.sameness >= Sameness.LIKELY or subject.is_other_scope
    if is_related and times.relation is TimeRelation.OTHER:
        flags: tuple[ComparisonFlag, ...] = ()
        if times.is_source_earlier and agrees and not subject.is_other_scope:
            flags = (ComparisonFlag.TRUE_THEN_NOT_NOW,)
        return Outcome.DIFFERENT_PERIOD, (times.reason, *told), flags
    if subject.is_other_scope:
        return Outcome.DIFFERENT_SCOPE, (subject.reason, judged.reason), ()
    if subject.sameness < Sameness.LIKELY:
        return Outcome.NOT_COMPARABLE, (subject.reason,), ()
    if judged.outcome is not Outcome.DIFFERS:
        return judged.outcome, told, judged.flags
    if subject.sameness < Sameness.SAME:
        return Outcome.NOT_COMPARABLE, ("the subject may be another one", *told), ()
    if is_within_slack:
        return Outcome.NOT_COMPARABLE, ("the unit word leaves this gap open", *told), ()
    if times.relation is TimeRelation.NESTED:
        return Outcome.DIFFERENT_PERIOD, (times.reason, *told), ()
    if times.relation is TimeRelation.NOT_SAID and "only" in times.reason:
        return Outcome.NOT_COMPARABLE, (times.reason, *told), ()
    return Outcome.DIFFERS, (*told, times.reason), ()


_OTHER_DOLLARS = re.compile(
    r"\b(?:Canadian|Australian|Singapore|New Zealand|Hong Kong|Taiwan|Jamaican|Zimbabwean)\b"
    r"|\b(?:CAD|AUD|SGD|NZD|HKD|TWD)\b|\b(?:A|C|S|NZ|HK|NT)\$"
)
_RUPEES = frozenset({"Rs?", "PKR", "INR", "LKR", "NPR"})
_SHARES = (QuantityKind.PERCENT, QuantityKind.RATIO)


def _bring_to_unit(
    claim: Quantity, source: Quantity, mine: Context, theirs: Context
) -> tuple[Conversion | None, str]:
    """How the source's number comes to the claim's unit, or why it does not."""
    kinds = {claim.kind, source.kind}
    if kinds == {QuantityKind.PERCENT, QuantityKind.PERCENTAGE_POINT}:
        return None, "percent and percentage points are different measures"
    if (mine.change is None) is not (theirs.change is None):
        return None, "one number is the size of a change, the other a level"
    if mine.change is not theirs.change:
        # Opposite directions of the same size must not meet as equal numbers.
        return Conversion(-1.0), "opposite directions"
    if QuantityKind.MONEY in kinds:
        return _bring_money(claim, source, mine, theirs)
    if claim.kind is not source.kind:
        return _bring_kinds(claim, source)
    conversion = find_conversion(source.unit, claim.unit) or find_conversion(
        *_without_rate(source.unit, claim.unit)
    )
    if conversion is None:
        return None, f"{source.unit} cannot be brought to {claim.unit}"
    return conversion, ""


def _bring_money(
    claim: Quantity, source: Quantity, mine: Context, theirs: Context
) -> tuple[Conversion | None, str]:
    if claim.kind is not source.kind:
        return None, "a sum of money and another kind of number"
    unit, other = claim.unit.partition("/")[0], source.unit.partition("/")[0]
    if unit == other or (_RUPEES.issuperset((unit, other)) and "Rs?" in (unit, other)):
        return Conversion(1.0), ""
    if {unit, other} == {"$?", "USD"}:
        if _OTHER_DOLLARS.search(mine.sentence) or _OTHER_DOLLARS.search(theirs.sentence):
            return None, "it is not said which dollar is meant"
        return Conversion(1.0), ""
    return None, f"{source.unit} against {claim.unit}: no dated table of rates is loaded"


def _without_rate(source: str, claim: str) -> tuple[str, str]:
    """Both units, without a denominator that only one of them carries or both share.

    Whether "200 a day" and "200" are of one rate is asked where subjects are matched.
    """
    (top, _, below), (other_top, _, other_below) = source.partition("/"), claim.partition("/")
    if below == other_below or not below or not other_below:
        return top, other_top
    return source, claim


def _bring_kinds(claim: Quantity, source: Quantity) -> tuple[Conversion | None, str]:
    kinds = {claim.kind, source.kind}
    if kinds == set(_SHARES) and "times" not in (claim.unit, source.unit):
        is_source_percent = source.kind is QuantityKind.PERCENT
        return Conversion(0.01 if is_source_percent else 100.0), ""
    if kinds == {QuantityKind.COUNT, QuantityKind.NUMBER}:
        return Conversion(1.0), ""
    if {claim.unit, source.unit} == {"point", "percentage_point"}:
        return Conversion(1.0), ""
    if QuantityKind.PERCENTAGE_POINT in kinds and QuantityKind.PERCENT not in kinds:
        return find_conversion(source.unit, claim.unit), "points and another measure"
    if QuantityKind.PERCENT in kinds and "point" in (claim.unit, source.unit):
        return None, "percent and points are different measures"
    return None, f"a {claim.kind.value} against a {source.kind.value}"
