"""Set a claim's number beside a source's and say what came of it.

Promises one of six outcomes with the arithmetic and the reasons in plain words, never an
exception, and *not comparable* wherever the two numbers are not shown to measure the
same thing: a false "differs" is worse than a miss. Refuses to convert currencies without a
dated table and to add numbers up: a sum that would fit is told as a hint.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from claims.text.as_of import TimeMatch, TimeRelation, match_times, period_of
from claims.text.comparison import Comparison
from claims.text.money_tables import MoneyTables
from claims.text.number_clauses import has_second_unit, is_denominator
from claims.text.number_context import Context, is_item_of_list, topic_words
from claims.text.quantities import read_quantities
from claims.text.quantity import Period, Quantity
from claims.text.rivals import guard_others, guard_rivals
from claims.text.same_unit import bring_to_unit
from claims.text.stated import Stated, insist
from claims.text.subject import Sameness, SubjectMatch, match_subjects
from claims.text.table_rows import is_row, read_row
from claims.text.tolerance import Judgement, judge_readings, read_values
from claims.text.unit_scales import Conversion
from claims.text.word_changes import read_word_changes
from claims.vocabulary import ComparisonFlag, Outcome, QuantityKind

__all__ = ["Comparison", "compare_quantities", "compare_texts"]

MOST_CLAIM_QUANTITIES = 8
MOST_SOURCE_QUANTITIES = 60
"""More numbers than this in one passage are a table read as prose; the first ones are weighed."""
_LONGEST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class _Days:
    """When the claim and the source were published, as far as known, and the tables of money."""

    claim: date | None
    source: date | None
    tables: MoneyTables | None = None


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
    claim_numbers: Sequence[Stated] | None = None,
    source_periods: Mapping[tuple[int, int], Period] | None = None,
    tables: MoneyTables | None = None,
) -> Comparison:
    """The comparison of the best pair of numbers of a claim and a passage.

    ``published`` is the passage's day, ``claim_published`` the claim's. Without a number
    on either side the outcome is *not comparable* and both quantities are ``None``.
    ``claim_context`` holds the words of the claim's topic that its own sentence leaves out
    (:func:`claims.text.topic.context_of`), ``passage_context`` the title of the page; for a
    row of a table it ends with the line of the table's header. ``claim_numbers`` are the
    claim's numbers where a person corrected them; else they are read from its text, and
    ``source_periods`` the times that a person set for numbers of the passage, by their span.
    ``tables`` are the dated tables of money that the team has loaded.
    """
    claim_text, passage_text = claim_text[:_LONGEST_TEXT], passage_text[:_LONGEST_TEXT]
    if claim_numbers is None:
        read = _read_numbers(claim_text, claim_published)
        claim_numbers = [Stated(one) for one in read[:MOST_CLAIM_QUANTITIES]]
    mine = [one for one in claim_numbers if _stands_alone(claim_text, one.quantity)]
    mine = mine[:MOST_CLAIM_QUANTITIES]
    theirs = [
        (_with_period(one, source_periods or {}), context)
        for one, context in _read_source(passage_text, passage_context[-_LONGEST_TEXT:], published)
    ]
    if not mine or not theirs:
        side = "claim" if not mine else "source"
        return Comparison(Outcome.NOT_COMPARABLE, reasons=(f"the {side} holds no number",))
    days = _Days(claim_published, published, tables)
    best: Comparison | None = None
    for one in mine:
        around = insist(Context.around(claim_text, one.quantity, claim_context), one)
        held = [
            _compare_pair(one.quantity, around, other, context, days) for other, context in theirs
        ]
        pairs = guard_others(held, around, theirs)
        found = guard_rivals(_best_of(pairs), pairs)
        if best is None or _rank(found) > _rank(best):
            best = found
    return best if best is not None else Comparison(Outcome.NOT_COMPARABLE)


def _with_period(one: Quantity, said: Mapping[tuple[int, int], Period]) -> Quantity:
    period = said.get((one.start, one.end))
    return one if period is None else replace(one, period=period)


def _read_source(text: str, context: str, published: date | None) -> list[tuple[Quantity, Context]]:
    """The numbers of a passage, each with the words around it."""
    if is_row(text, context):
        row = read_row(text, context, published=published)
        return [(number.quantity, number.context) for number in row]
    found = _with_said_units(text, _read_numbers(text, published))
    found = [one for one in found if _stands_alone(text, one)]
    found = found[:MOST_SOURCE_QUANTITIES]
    topic = topic_words(context)
    return [(one, replace(Context.around(text, one), topic=topic)) for one in found]


def _read_numbers(text: str, published: date | None) -> list[Quantity]:
    """The numbers of a text and the changes that it tells in words, in order."""
    read = read_quantities(text, published=published)
    told = read_word_changes(text, read)
    return sorted([*read, *told], key=lambda one: one.start) if told else list(read)


def _stands_alone(text: str, quantity: Quantity) -> bool:
    """Whether a number is one by itself: not the 1,000 of "12 per 1,000", not "$5 °C"."""
    if is_denominator(text[: quantity.start]):
        return False
    return quantity.unit == "1" or not has_second_unit(text[quantity.end : quantity.end + 8])


def _with_said_units(text: str, found: Sequence[Quantity]) -> list[Quantity]:
    """The numbers, those of a list that leaves its unit out with the unit said before them."""
    read: list[Quantity] = []
    for one in found:
        said = read[-1] if read else None
        if (
            said is not None
            and said.kind is not QuantityKind.NUMBER
            and one.kind is QuantityKind.NUMBER
            and is_item_of_list(text, one)
        ):
            one = replace(
                one,
                unit=said.unit,
                unit_name=said.unit_name,
                kind=said.kind,
                counted=said.counted,
                measured=said.measured,
                of_what=said.of_what,
                period=one.period or said.period,
            )
        read.append(one)
    return read


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


def _compare_pair(
    claim: Quantity, mine: Context, source: Quantity, theirs: Context, days: _Days
) -> Comparison:
    claimed, said = period_of(claim, mine.sentence), period_of(source, theirs.sentence)
    conversion, reason = bring_to_unit(
        claim, source, mine, theirs, tables=days.tables, said=said or _day(days.source)
    )
    if conversion is None:
        return Comparison(
            Outcome.NOT_COMPARABLE,
            claim_quantity=claim,
            passage_quantity=source,
            reasons=(reason,),
            is_other_unit=True,
        )
    subject = match_subjects(claim, mine, source, theirs)
    times = match_times(
        claimed,
        said,
        claim_published=days.claim,
        source_published=days.source,
    )
    readings = read_values(claim, Conversion(1.0)), read_values(source, conversion)
    if readings[0] is None or readings[1] is None:
        return Comparison(Outcome.NOT_COMPARABLE, None, None, claim, source, reasons=("no value",))
    judged = judge_readings(readings[0], readings[1])
    outcome, reasons, flags = _decide(judged, subject, times, _slack(readings, conversion))
    is_rate = claim.kind is QuantityKind.MONEY and conversion.factor not in (1.0, -1.0)
    reasons = (*reasons, reason) if is_rate else reasons
    if outcome is Outcome.DIFFERENT_PERIOD and days.tables is not None and not is_rate:
        reasons = (*reasons, *_in_prices_of_now(source, said, claimed or _day(days.claim), days))
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


def _day(on: date | None) -> Period | None:
    return Period(on, on) if on else None


def _in_prices_of_now(
    source: Quantity, said: Period | None, now: Period | None, days: _Days
) -> tuple[str, ...]:
    """A sum of another year in the claim's prices: told, and never what decides."""
    if source.kind is not QuantityKind.MONEY or source.value is None or days.tables is None:
        return ()
    told = days.tables.say_prices(source.unit.partition("/")[0], source.value, said, now)
    return (told,) if told else ()


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
        return Outcome.NOT_COMPARABLE, ("the unit or the rate leaves this gap open", *told), ()
    if times.relation is TimeRelation.NESTED:
        return Outcome.DIFFERENT_PERIOD, (times.reason, *told), ()
    if times.relation is TimeRelation.NOT_SAID and "only" in times.reason:
        return Outcome.NOT_COMPARABLE, (times.reason, *told), ()
    return Outcome.DIFFERS, (*told, times.reason), ()
