"""Changes against the levels they lead from and to: "rose 25 % from 40 to 60".

Promises a hint only where a change and both of its levels stand side by side in one clause,
and no rounding, hedge or bound lets them agree. Percent beside percentage points is told apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from claims.text.hints.hint import Hint, HintKind, Line, Span, admit, admitted, make_hint, say
from claims.text.hints.levels import SETTING, Levels, find_levels, split_range
from claims.text.quantity import Quantity
from claims.text.tolerance import half_unit
from claims.vocabulary import Change, QuantityKind

_CHANGE_THEN_FROM = re.compile(
    rf"^(?: percentage points?)?{SETTING},? from (?:about |around |some |nearly |just )?$"
)
_CHANGE_TO = re.compile(rf"^{SETTING} to (?:about |around |some |nearly |just )?$")
_NOUN = r"(?: (?!to\b|in\b|on\b|or\b)[a-z][\w’'-]*){0,2}"
_LEVELS_THEN_CHANGE = re.compile(
    rf"^{_NOUN}{SETTING}(?:, (?:or|up|down|or up|or down)| \(|,? (?:a|an) (?:\w+ )?"
    r"(?P<noun>rise|increase|jump|gain|growth|surge|climb|fall|drop|decline|decrease|cut|loss)"
    r" of) (?:by |about |around |some |nearly |almost |just |of |up |down )?$",
)
_PAREN_CHANGE = re.compile(
    rf"^{_NOUN}{SETTING} \((?:up|down|plus|minus|a (?:rise|fall|drop) of)? ?$"
)
_UP = r"rose|rises|risen|grew|grown|climbed|jumped|increased|surged|soared|went up"
_DOWN = r"fell|falls|fallen|dropped|declined|decreased|slumped|plunged|sank|shrank|went down"
_VERB_FROM = re.compile(
    rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN}))(?: [a-z]+ly| again| back)? from (?:\w+ )?$"
)
_VERB_BY = re.compile(rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN}))(?: [a-z]+ly)?(?: by)? $")
_TWO_SHARES = re.compile(r"(?:%|per ?cent) to ")
_TIMES = {"doubled": 2.0, "tripled": 3.0, "trebled": 3.0, "quadrupled": 4.0, "halved": 0.5}
_TIMES_FROM = re.compile(
    r"\b(?P<hedge>(?:more|less) than |nearly |almost |about |roughly |over )?"
    rf"(?P<verb>{'|'.join(_TIMES)})(?: (?:in|over|since) [\w ]{{1,20}})?,? from (?:\w+ )?$"
)
_RANKED = re.compile(r"\b(?:rank|ranked|ranking|rankings|place|position|seed|No)\b")
# A little more than the last digit: people round twice.
_SLACK = 0.02


def find_change_hints(line: Line) -> Iterator[Hint]:
    """Changes that do not lead from the one level to the other, in one sentence."""
    if " to " not in line.text:
        return
    yield from _find_points_to(line)
    if " from " not in line.text:
        return
    for levels in find_levels(line):
        if not levels.is_exact or _RANKED.search(line.text):
            continue
        hint = _check_times(line, levels) or _check_direction(line, levels)
        if hint is None:
            change, sign = _find_change(line, levels)
            hint = _check_change(levels, change, sign) if change else None
        if hint:
            yield hint


def _find_change(line: Line, levels: Levels) -> tuple[Quantity | None, int]:
    """The change right before or right after the levels, and its direction (0: not said)."""
    for one in line.quantities:
        if one.value is None:
            continue
        gap = line.text[one.end : levels.start]
        if one.end <= levels.start and _CHANGE_THEN_FROM.match(gap) and one.change:
            return one, 1 if one.change is Change.UP else -1
        gap = line.text[levels.end : one.start]
        if one.start >= levels.end and len(gap) < 60:
            named = _LEVELS_THEN_CHANGE.match(gap)
            if named or _PAREN_CHANGE.match(gap):
                is_share = one.kind in {QuantityKind.PERCENT, QuantityKind.PERCENTAGE_POINT}
                is_part = line.after(one, 4).startswith((" of ", " in "))
                if (is_share or (named and named["noun"])) and not is_part:
                    return one, 0
    return None, 0


def _check_change(levels: Levels, change: Quantity, sign: int) -> Hint | None:
    """A hint where the change written is not the change from level to level."""
    claimed = admitted(change)
    if claimed is None or change.value is None:
        return None
    gap = levels.difference
    if sign == 0 or change.value < 0:
        sign = 1 if levels.second >= levels.first else -1
    wanted = Span(*sorted((claimed.low * sign, claimed.high * sign)))
    if change.value < 0:
        wanted = claimed
    ratio = levels.ratio()
    shares = Span((ratio.low - 1) * 100, (ratio.high - 1) * 100) if ratio else None
    if shares:
        slack = abs(shares.low) * _SLACK
        shares = Span(shares.low - slack, shares.high + slack)
    rests_on = (*levels.rests_on, change)
    if levels.unit == "percent" and change.unit in {"percent", "percentage_point"}:
        return _check_points(levels, change, wanted, shares)
    if change.unit == "percent":
        if shares is None or shares.meets(wanted):
            return None
        note = (
            f"{levels.written()} is a change of {say(levels.second - levels.first)}, or "
            f"{say(_relative(levels))} per cent of {say(levels.first)}; "
            f"the text says {change.text}."
        )
        return make_hint(HintKind.CHANGE, note, *rests_on)
    if change.unit != levels.unit or gap.meets(wanted):
        return None
    note = (
        f"{levels.written()} is a change of {say(levels.second - levels.first)}; "
        f"the text says {change.text}."
    )
    return make_hint(HintKind.CHANGE, note, *rests_on)


def _relative(levels: Levels) -> float:
    return (levels.second / levels.first - 1) * 100


def _check_points(
    levels: Levels, change: Quantity, wanted: Span, shares: Span | None
) -> Hint | None:
    """Between two shares: the difference is in points, its size against the first in per cent."""
    in_points, in_shares = levels.difference.meets(wanted), bool(shares and shares.meets(wanted))
    if shares is None or (in_points if change.unit == "percentage_point" else in_shares):
        return None
    gap = abs(levels.second - levels.first)
    other = abs(_relative(levels)) if change.unit == "percentage_point" else gap
    is_mixed = abs(abs(change.value or 0.0) - other) <= half_unit(change) + other * _SLACK
    note = (
        f"{levels.written()} is a change of {say(gap)} percentage points, or of "
        f"{say(abs(_relative(levels)))} per cent; the text says {change.text}."
    )
    kind = HintKind.POINTS if is_mixed else HintKind.CHANGE
    return make_hint(kind, note, *levels.rests_on, change)


def _find_points_to(line: Line) -> Iterator[Hint]:
    """ "Rose 2 per cent to 7 per cent": two readings, and which levels they start from."""
    for one in line.quantities:
        verb = _VERB_BY.search(line.before(one, 40)) if one.value is None else None
        if verb and one.unit == "percent" and _TWO_SHARES.search(one.text):
            levels = split_range(one)
            if levels:
                sign = 1 if verb["up"] else -1
                yield from _tell_both(sign, levels.first, levels.second, 0.0, (one,))
    for change, level in line.neighbours(2):
        is_read = (
            change.unit == level.unit == "percent"
            and change.change is not None
            and level.change is None
            and _CHANGE_TO.match(line.between(change, level))
        )
        if is_read and change.value and level.value:
            sign = 1 if change.change is Change.UP else -1
            half = half_unit(level) + half_unit(change)
            yield from _tell_both(sign, change.value, level.value, half, (change, level))


def _tell_both(
    sign: int, change: float, level: float, half: float, rests_on: tuple[Quantity, ...]
) -> Iterator[Hint]:
    """Where a change to ``level`` starts from, read as per cent and as percentage points."""
    if level <= 0 or not 0 < change < 100:
        return
    by_share, by_points = level / (1 + sign * change / 100), level - sign * change
    if abs(by_share - by_points) <= half:
        return
    starts = f"{say(by_points)} %" if by_points >= 0 else "below nothing"
    note = (
        f"To {say(level)} % by {say(change)} per cent starts from {say(by_share)} %; by "
        f"{say(change)} percentage points it starts from {starts}."
    )
    yield make_hint(HintKind.POINTS, note, *rests_on)


def _check_direction(line: Line, levels: Levels) -> Hint | None:
    verb = _VERB_FROM.search(line.text[max(0, levels.start - 60) : levels.start])
    if verb is None or levels.first == levels.second or min(levels.first, levels.second) < 0:
        return None
    is_up = levels.second > levels.first
    if is_up == bool(verb["up"]):
        return None
    than = "more" if is_up else "less"
    note = (
        f"The text says “{verb['up'] or verb['down']}”; {say(levels.second)} is {than} than "
        f"{say(levels.first)}."
    )
    return make_hint(HintKind.CHANGE, note, *levels.rests_on)


def _check_times(line: Line, levels: Levels) -> Hint | None:
    verb = _TIMES_FROM.search(line.text[max(0, levels.start - 90) : levels.start])
    ratio = levels.ratio()
    if verb is None or ratio is None:
        return None
    times = _TIMES[verb["verb"]]
    hedge = (verb["hedge"] or "").strip()
    said = admit(times, times * 0.1, levels.rests_on[0])
    # People say "doubled" of anything near, so only a number far from it is worth a look.
    if hedge in {"more than", "over"}:
        said = Span(times * 0.9, float("inf")) if times > 1 else Span(0.0, times * 1.1)
    elif hedge == "less than":
        said = Span(1.0, times * 1.1) if times > 1 else Span(times * 0.9, 1.0)
    elif hedge:
        said = Span(times * 0.8, times * 1.2)
    if ratio.meets(said):
        return None
    note = (
        f"{levels.written()} is {say(levels.second / levels.first)} times as much; the text says "
        f"“{hedge + ' ' if hedge else ''}{verb['verb']}”."
    )
    return make_hint(HintKind.CHANGE, note, *levels.rests_on)
