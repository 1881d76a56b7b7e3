"""What two written numbers in one unit say about each other.

Promises the rules of ``docs/COMPARISON.md``: the precision a number is written with,
what a hedge or a bound allows, ranges, and the arithmetic in words. Refuses to ask
whether the two numbers speak of the same thing: that is decided before.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from claims.text.quantity import Quantity
from claims.text.unit_scales import Conversion
from claims.vocabulary import Bound, ComparisonFlag, Outcome, QuantityKind

HEDGE_SHARE = 0.05
"""How far "about" reaches on both sides and "nearly" below (CONTRACT: 5 %)."""
FAR_BEYOND_FACTOR = 2.0
"""A number this many times beyond a stated limit makes the limit a strange thing to state."""
LIMIT_CLOSE_SHARE = 0.1
"""A source's "over 500" still backs a plain 540: people name the round number just passed."""

SPOKEN_SHARE = 0.015
"""Half of what a share in words leaves open: "two thirds" is said of 66 % and of 68 %, and half
the way from one in five to one in six is this much."""

_BELOW_HEDGES = ("nearly", "almost", "close to", "just under", "just below", "approaching", "shy")
_WRITTEN = re.compile(r"\d[\d.,'’\u00a0\u202f\u2009]*")
_ONE_SIDED = (Bound.OVER, Bound.AT_LEAST, Bound.UNDER, Bound.AT_MOST)
_EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Reading:
    """A quantity as the values it admits, in the claim's unit.

    ``point`` is ``None`` for a range; ``half`` is half of the last written digit.
    """

    low: float
    high: float
    point: float | None
    half: float
    bound: Bound
    is_below: bool = False

    @property
    def is_exact(self) -> bool:
        """A plain number: neither range, hedge nor limit."""
        return self.point is not None and self.bound is Bound.EXACT

    @property
    def is_limit(self) -> bool:
        """A lower or upper limit only."""
        return self.bound in _ONE_SIDED

    @property
    def centre(self) -> float:
        """The number itself, the middle of a range."""
        return self.point if self.point is not None else (self.low + self.high) / 2


@dataclass(frozen=True, slots=True)
class Judgement:
    """The outcome for two readings, with flags and the arithmetic in words."""

    outcome: Outcome
    reason: str
    flags: tuple[ComparisonFlag, ...] = ()


def half_unit(quantity: Quantity) -> float:
    """Half of the last written digit, in the quantity's unit.

    "70" gives 0.5, "69.6" 0.05, "$1.2bn" 50,000,000; trailing zeros of a whole number count
    until there are two digits, so that "500" gives 5 and "$500 million" 5,000,000. A range
    takes the finer of its ends, a number in words its value's digits, a share in words
    :data:`SPOKEN_SHARE`.
    """
    if quantity.value is None:
        ends = [end for end in (quantity.low, quantity.high) if end is not None]
        return min((_half_of_value(end) for end in ends), default=0.0)
    written = _WRITTEN.search(quantity.text)
    if written is None and quantity.kind is QuantityKind.RATIO and 0 < quantity.value < 1:
        return SPOKEN_SHARE
    if written is None:
        return _half_of_value(quantity.value)
    digits = _plain_digits(written.group())
    number = _to_float(digits)
    if not number or not quantity.value:
        return 0.5 if not number else _half_of_value(quantity.value)
    scale = abs(quantity.value / number)
    if "." in digits:
        return 0.5 * 10.0 ** -len(digits.partition(".")[2]) * scale
    return _half_of_whole(digits) * scale


def _plain_digits(written: str) -> str:
    digits = re.sub(r"['’\u00a0\u202f\u2009]", "", written).rstrip(".,")
    if "," in digits and not re.fullmatch(r"\d{1,3}(?:,\d{2,3})+(?:\.\d+)?", digits):
        digits = digits.replace(",", ".", 1)
    return digits.replace(",", "")


def _to_float(digits: str) -> float:
    # Ten thousand digits are a float's infinity, not an error.
    try:
        value = float(digits)
    except ValueError:
        return 0.0
    return value if math.isfinite(value) else 0.0


def _half_of_whole(digits: str) -> float:
    digits = digits.lstrip("0") or "0"
    kept = max(len(digits.rstrip("0")), min(2, len(digits)))
    return 0.5 * 10.0 ** min(len(digits) - kept, 300)


def _half_of_value(value: float) -> float:
    if not value or not math.isfinite(value):
        return 0.5 if not value else 0.0
    if value == int(value) and abs(value) < 2**53:
        return _half_of_whole(str(abs(int(value))))
    return 0.5 * 10.0 ** -len(f"{value:.9f}".rstrip("0").partition(".")[2])


def read_values(quantity: Quantity, conversion: Conversion) -> Reading | None:
    """The values a quantity admits, brought to the claim's unit; ``None`` without any number."""
    half = half_unit(quantity) * abs(conversion.factor)
    bound = quantity.bound
    if quantity.value is None:
        if quantity.low is None or quantity.high is None:
            return None
        ends = sorted((conversion.apply(quantity.low), conversion.apply(quantity.high)))
        return Reading(ends[0], ends[1], None, half, Bound.EXACT) if _finite(*ends) else None
    value = conversion.apply(quantity.value)
    if not _finite(value):
        return None
    if bound in (Bound.OVER, Bound.AT_LEAST):
        return Reading(value, math.inf, value, half, bound)
    if bound in (Bound.UNDER, Bound.AT_MOST):
        return Reading(-math.inf, value, value, half, bound)
    if bound is Bound.ABOUT:
        is_below = any(word in (quantity.hedge or "").lower() for word in _BELOW_HEDGES)
        reach = abs(value) * HEDGE_SHARE
        return Reading(
            value - reach, value if is_below else value + reach, value, half, bound, is_below
        )
    return Reading(value, value, value, half, bound)


def _finite(*values: float) -> bool:
    return all(math.isfinite(value) for value in values)


def judge_readings(claim: Reading, source: Reading) -> Judgement:
    """What the source's values say of the claim's; both in the claim's unit."""
    if source.is_exact:
        judged = _judge_point(claim, source)
    elif source.is_limit:
        judged = _judge_against_limit(claim, source)
    else:
        judged = _judge_spread(claim, source)
    return _flag_far(claim, source, judged)


def _near(left: float, right: float) -> float:
    return _EPSILON * max(1.0, abs(left), abs(right))


def _judge_point(claim: Reading, source: Reading) -> Judgement:
    found = source.centre
    off = _distance(found, claim.low, claim.high)
    is_strict = claim.bound in (Bound.OVER, Bound.UNDER) and found == claim.point
    if off <= _near(found, claim.centre) and not is_strict:
        return Judgement(Outcome.MATCH, _within(claim, found))
    if is_strict:
        return Judgement(Outcome.WITHIN_ROUNDING, f"{_show(found)} is the stated limit itself")
    # A limit is only softened by how roughly the source writes; "nearly" never upwards.
    allowed = max(claim.half, source.half)
    if claim.is_limit:
        allowed = source.half if source.half > claim.half / 10 else 0.0
    if claim.is_below and found > claim.high:
        allowed = 0.0
    if off <= allowed + _near(found, claim.centre):
        return Judgement(
            Outcome.WITHIN_ROUNDING,
            f"{_show(found)} is {_show(off)} from {_say(claim)}; "
            f"the written digits allow {_show(allowed)}",
        )
    return Judgement(Outcome.DIFFERS, f"{_show(found)} is {_show(off)} away from {_say(claim)}")


def _judge_spread(claim: Reading, source: Reading) -> Judgement:
    """A hedged source or a source that gives a range."""
    allowed = max(claim.half, source.half) if not claim.is_limit else 0.0
    if claim.bound is source.bound is Bound.ABOUT:
        # Two hedges have given all the room there is.
        allowed = 0.0
    gap = max(source.low - claim.high, claim.low - source.high)
    if gap > allowed + _near(source.centre, claim.centre):
        return Judgement(
            Outcome.DIFFERS, f"{_say(source)} lies {_show(gap)} away from {_say(claim)}"
        )
    if claim.is_exact:
        found = claim.centre
        inside = source.low <= found <= source.high and not (
            source.is_below and found == source.high
        )
        outcome = Outcome.MATCH if inside else Outcome.WITHIN_ROUNDING
        return Judgement(outcome, f"{_show(found)} against {_say(source)}")
    if claim.is_limit:
        is_short = source.is_below and source.point == claim.point == claim.low
        if gap > 0 or is_short:
            return Judgement(Outcome.DIFFERS, f"{_say(source)} stays short of {_say(claim)}")
        outcome = (
            Outcome.MATCH if claim.low <= source.centre <= claim.high else Outcome.NOT_COMPARABLE
        )
        return Judgement(outcome, f"{_say(source)} against {_say(claim)}")
    if claim.point is None and source.point is None:
        is_within = claim.low - allowed <= source.low and source.high <= claim.high + allowed
        if not is_within:
            return Judgement(Outcome.NOT_COMPARABLE, "the two ranges overlap only in part")
    return Judgement(Outcome.MATCH, f"{_say(source)} overlaps {_say(claim)}")


def _judge_against_limit(claim: Reading, source: Reading) -> Judgement:
    """The source gives only a lower or an upper limit."""
    limit = source.centre
    if claim.bound is source.bound and claim.point == source.point:
        return Judgement(Outcome.MATCH, f"both say {_say(claim)}")
    gap = max(source.low - claim.high, claim.low - source.high)
    allowed = max(claim.half, source.half)
    if gap > allowed + _near(limit, claim.centre):
        return Judgement(Outcome.DIFFERS, f"{_say(claim)} lies {_show(gap)} outside {_say(source)}")
    if claim.is_limit:
        if claim.low <= source.low and source.high <= claim.high:
            return Judgement(Outcome.MATCH, f"{_say(source)} implies {_say(claim)}")
        return Judgement(Outcome.NOT_COMPARABLE, f"{_say(source)} does not settle {_say(claim)}")
    if gap >= 0 and claim.is_exact:
        return Judgement(Outcome.WITHIN_ROUNDING, f"{_say(claim)} is the source's limit itself")
    if claim.point is None and claim.low <= limit <= claim.high:
        return Judgement(Outcome.MATCH, f"the source's limit, {_say(source)}, is in the range")
    if abs(claim.centre - limit) <= LIMIT_CLOSE_SHARE * abs(limit):
        return Judgement(Outcome.MATCH, f"{_say(claim)} is just past the source's limit")
    return Judgement(
        Outcome.NOT_COMPARABLE, f"the source only gives a limit, {_say(source)}, far from the claim"
    )


def _flag_far(claim: Reading, source: Reading, judged: Judgement) -> Judgement:
    if not claim.is_limit or judged.outcome is not Outcome.MATCH or claim.point is None:
        return judged
    limit, found = claim.point, source.centre
    is_far = (
        found >= limit * FAR_BEYOND_FACTOR
        if claim.bound in (Bound.OVER, Bound.AT_LEAST)
        else found * FAR_BEYOND_FACTOR <= limit
    )
    if limit <= 0 or not is_far:
        return judged
    reason = f"{judged.reason}, far beyond the limit that was stated"
    return Judgement(judged.outcome, reason, (ComparisonFlag.FAR_BEYOND_BOUND,))


def _distance(value: float, low: float, high: float) -> float:
    if value < low:
        return low - value
    return value - high if value > high else 0.0


def _within(claim: Reading, found: float) -> str:
    if claim.is_exact:
        return f"both say {_show(found)}"
    return f"{_show(found)} is within {_say(claim)}"


def _say(reading: Reading) -> str:
    if reading.point is None:
        return f"{_show(reading.low)} to {_show(reading.high)}"
    if reading.bound is Bound.ABOUT:
        kind = "nearly" if reading.is_below else "about"
        return f"{kind} {_show(reading.point)} ({_show(reading.low)} to {_show(reading.high)})"
    if reading.bound is Bound.EXACT:
        return _show(reading.point)
    return f"{reading.bound.label} {_show(reading.point)}"


def _show(value: float) -> str:
    if not math.isfinite(value):
        return str(value)
    if abs(value) >= 1e15 or 0 < abs(value) < 1e-4:
        return f"{value:.6g}"
    return f"{round(value, 4):,.4f}".rstrip("0").rstrip(".")
