"""Bringing a source's number to the claim's unit, or saying why that cannot be done.

Refuses currencies of which no loaded table has a rate, percent against percentage points,
and the size of a change against a level.
"""

from __future__ import annotations

import re

from claims.text.money_tables import MoneyTables
from claims.text.number_context import Context
from claims.text.quantity import Period, Quantity
from claims.text.unit_scales import Conversion, find_conversion
from claims.vocabulary import QuantityKind

_OTHER_DOLLARS = re.compile(
    r"\b(?:Canadian|Australian|Singapore|New Zealand|Hong Kong|Taiwan|Jamaican|Zimbabwean)\b"
    r"|\b(?:CAD|AUD|SGD|NZD|HKD|TWD)\b|\b(?:A|C|S|NZ|HK|NT)\$"
)
_RUPEES = frozenset({"Rs?", "PKR", "INR", "LKR", "NPR"})
_SHARES = (QuantityKind.PERCENT, QuantityKind.RATIO)


def bring_to_unit(
    claim: Quantity,
    source: Quantity,
    mine: Context,
    theirs: Context,
    *,
    tables: MoneyTables | None = None,
    said: Period | None = None,
) -> tuple[Conversion | None, str]:
    """How the source's number comes to the claim's unit, or why it does not.

    ``said`` is the time of the source's number, of which a rate of ``tables`` is taken; the
    reason then says the rate and its table.
    """
    kinds = {claim.kind, source.kind}
    if kinds == {QuantityKind.PERCENT, QuantityKind.PERCENTAGE_POINT}:
        return None, "percent and percentage points are different measures"
    if (mine.change is None) is not (theirs.change is None) and not _are_losses(mine, theirs):
        return None, "one number is the size of a change, the other a level"
    if mine.change is not theirs.change and mine.change and theirs.change:
        # Opposite directions of the same size must not meet as equal numbers.
        return Conversion(-1.0), "opposite directions"
    if QuantityKind.MONEY in kinds:
        return _bring_money(claim, source, mine, theirs, tables, said)
    if claim.kind is not source.kind:
        return _bring_kinds(claim, source)
    conversion = find_conversion(source.unit, claim.unit) or find_conversion(
        *_without_rate(source.unit, claim.unit)
    )
    if conversion is None:
        return None, f"{source.unit} cannot be brought to {claim.unit}"
    return conversion, ""


_LOSSES = frozenset({"lose", "loss"})


def _are_losses(mine: Context, theirs: Context) -> bool:
    """Whether both speak of a loss: to lose a sum and to make a loss of it are one."""
    return not (_LOSSES.isdisjoint(mine.clause_words) or _LOSSES.isdisjoint(theirs.clause_words))


def _bring_money(
    claim: Quantity,
    source: Quantity,
    mine: Context,
    theirs: Context,
    tables: MoneyTables | None,
    said: Period | None,
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
    pair = f"{source.unit} against {claim.unit}"
    if tables is None:
        return None, f"{pair}: no dated table of rates is loaded"
    if claim.unit.partition("/")[2] != source.unit.partition("/")[2]:
        return None, f"{pair}: two rates of different things"
    rate = tables.find_rate(other, unit, said)
    if rate is None:
        return None, f"{pair}: no loaded table has a rate of that time"
    return rate.conversion, rate.reason


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
