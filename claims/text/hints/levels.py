"""Two levels that a number moves between: "from 40 to 60", in the order written.

Promises the levels with the half of their last digits, and what lies between them as spans;
a range whose ends share one scale ("from 40 to 60 million") is taken apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from claims.text.hints.hint import Line, Span, say
from claims.text.quantities import read_quantities
from claims.text.quantity import Quantity
from claims.text.tolerance import half_unit
from claims.vocabulary import Bound

_FROM = re.compile(r"\bfrom (?:(?:about|around|some|nearly|almost|roughly|just|over|under) ){0,2}$")
SETTING = r"(?: (?:in|on|by|during|for|last|this|since) [\w’'-]+(?: (?!from\b|to\b)[\w’'-]+){0,2})?"
_LEVEL_GAP = re.compile(rf"^{SETTING} to (?:about |around |some |nearly |almost |just |over )?$")


@dataclass(frozen=True, slots=True)
class Levels:
    """Two levels in the order written, and the quantities that hold them."""

    first: float
    second: float
    first_half: float
    second_half: float
    is_exact: bool
    unit: str
    rests_on: tuple[Quantity, ...]

    @property
    def start(self) -> int:
        """Where the first level begins."""
        return self.rests_on[0].start

    @property
    def end(self) -> int:
        """Where the last level ends."""
        return self.rests_on[-1].end

    @property
    def difference(self) -> Span:
        """What lies between the levels, by their digits."""
        half = self.first_half + self.second_half
        gap = self.second - self.first
        return Span(gap - half, gap + half)

    def ratio(self) -> Span | None:
        """Second by first; ``None`` where the first may be nothing."""
        least = self.first - self.first_half
        if least <= 0 or self.second - self.second_half < 0:
            return None
        return Span(
            (self.second - self.second_half) / (self.first + self.first_half),
            (self.second + self.second_half) / least,
        )

    def written(self) -> str:
        """The levels as a person would say them."""
        if self.unit == "percent":
            return f"{say(self.first)} % to {say(self.second)} %"
        return f"{say(self.first)} to {say(self.second)}"


def find_levels(line: Line) -> Iterator[Levels]:
    """The pairs of levels behind a "from" in one sentence."""
    for one in line.quantities:
        is_led = _FROM.search(line.before(one, 40))
        if is_led and one.value is None and " to " in one.text:
            levels = split_range(one)
            if levels:
                yield levels
    for one, two in line.neighbours(2):
        is_led = _FROM.search(line.before(one, 40)) and _LEVEL_GAP.match(line.between(one, two))
        if is_led and one.value is not None and two.value is not None and _is_alike(one, two):
            yield Levels(
                one.value,
                two.value,
                half_unit(one),
                half_unit(two),
                {one.bound, two.bound} == {Bound.EXACT},
                two.unit,
                (one, two),
            )


def _is_alike(one: Quantity, two: Quantity) -> bool:
    return one.unit == two.unit and (one.unit != "1" or one.unit_name == two.unit_name)


def split_range(one: Quantity) -> Levels | None:
    """The ends of a written range in the order written."""
    left, _, right = one.text.partition(" to ")
    lefts, rights = read_quantities(left), read_quantities(right)
    if one.low is None or one.high is None or len(lefts) != 1 or len(rights) != 1:
        return None
    first, second = lefts[0].value, rights[0].value
    if first is None or second is None or not first or not second:
        return None
    scale = max(one.low, one.high) / max(first, second)
    if second == one.low or second == one.high:
        # Of "40 to 60 million" only the second end holds the scale.
        other = one.high if second == one.low else one.low
        scale_first = other / first
        halves = half_unit(lefts[0]) * scale_first, half_unit(rights[0])
        return Levels(other, second, *halves, one.bound is Bound.EXACT, one.unit, (one,))
    if scale <= 0:
        return None
    halves = half_unit(lefts[0]) * scale, half_unit(rights[0]) * scale
    return Levels(
        first * scale, second * scale, *halves, one.bound is Bound.EXACT, one.unit, (one,)
    )
