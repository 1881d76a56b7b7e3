"""Parts and wholes: counts that do not add up, parts larger than their whole, lists, equal lots.

Promises a hint only where the text itself says what is part of what ("of them", "including",
"in all"), or writes a list out right after its count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from claims.text.hints.hint import Hint, HintKind, Line, admitted, make_hint, say, values_of
from claims.text.quantity import Quantity
from claims.text.tolerance import half_unit
from claims.vocabulary import Bound, QuantityKind

_HEDGE = r"(?:(?:about|around|some|nearly|almost|at least|as many as|up to) )?"
_INCLUDING = re.compile(rf"^(?: [\w’'-]+){{0,6}},? (?:including|among them) {_HEDGE}$")
_OF_WHICH = re.compile(
    rf"^(?: [\w’'-]+){{0,6}},? (?:of which|of whom) {_HEDGE}$|^(?: [\w’'-]+){{0,6}}, {_HEDGE}$"
)
_OF_THEM = re.compile(r"^(?: per cent)? of (?:them|these|those|whom|which)\b")
_OF_THE = re.compile(r"^(?: out)? of (?:the |its |their |his |her |those |these )(?:total )?$")
_LED_BY_OF = re.compile(rf"(?:^|[.;:] )[\"“]?Of (?:the|its|their|his|her|those) {_HEDGE}$")
_THEN = re.compile(r"^(?: [\w’'-]+){1,6}, (?:only |just |about |some |nearly |at least )?$")
_LISTED_PEOPLE = (
    "person people civilian soldier passenger child woman man girl boy worker student pupil "
    "resident patient prisoner officer employee member victim migrant refugee teacher doctor "
    "journalist protester voter adult baby infant nurse farmer fighter policeman sailor"
)
_PEOPLE = frozenset(_LISTED_PEOPLE.split())
_PLUS = re.compile(r"^ (?!of\b)[\w’'-]+(?: (?!of\b|per\b)[\w’'-]+){0,2}(?:,|,? and| plus) $")
_TO_TOTAL = re.compile(
    r"^ [\w’'-]+(?: [\w’'-]+){0,2}(?:,| [–—-]|;)? (?:(?:making |bringing the total to |for )"
    r"(?:a total of )?|a total of )?$"
)
_IN_ALL = re.compile(r"^(?: [\w’'-]+){0,2} (?:in all|in total|altogether|overall)\b")
_TOTALLING = re.compile(r"(?:making|for|a total of|the total to) $")
_OPEN_PARTS = re.compile(r"^ [\w’'-]+(?: [\w’'-]+){0,2}(?: \(|: | [–—] )$")
_CLOSE_PARTS = re.compile(r"^ [\w’'-]+(?: [\w’'-]+){0,2}(?:\)|\.$|$| [–—] )")
_SHARED_BY = re.compile(
    r"^(?: [\w’'-]+){0,4} (?:to|for|among|between|on|by) (?:the |its |about |some )?$"
)
_OR_EACH = re.compile(
    r"^(?: [\w’'-]+){1,4}(?:, or| \(|, that is,?|: |, at) ?(?:about |some |just )?$"
)
_EACH = re.compile(r"^ ?(?:each|apiece|per [a-z]|an? (?:head|person|family|household|home|year))\b")
_LIST = re.compile(
    r"(?P<noun>(?: [\w’'-]+){1,5})"
    r"(?P<open>: | [–—] | \(|, namely |, i\.e\. |; they are )(?P<list>.+)",
    re.S,
)
_NOT_WHOLE = re.compile(
    r"\b(?:including|such as|among|like|e\.g|for example|for instance|notably|mainly|mostly|etc"
    r"|others?|more|from|beginning|starting|led by|between|especially|the rest|some|all|each|also"
    r"|was|were|is|are|has|have|had|will|would|can|could|do|does|did|not|than|said|says|that|which"
    r"|who|when|where|because|if|her|his|its|their|most|many|several|both|either)\b|\d|[?!:…“”\"]",
    re.I,
)
_AND = re.compile(r",? (?:and|or|as well as|plus) |\s&\s")
_LONGEST_LIST, _MOST_ITEM_WORDS, _MOST_COUNT = 400, 5, 40
_VERB_BEFORE_LIST = re.compile(r"\b(?:of|in|by|on|at|since|ago|per|to|for|later|earlier|old)\b")
_LISTED_TIMES = "day week month year hour minute second time decade point goal"
_TIMES = frozenset(_LISTED_TIMES.split())


def find_whole_hints(line: Line) -> Iterator[Hint]:
    """Every hint about parts and wholes of one sentence."""
    yield from _find_parts(line)
    yield from _find_lists(line)
    if len(line.quantities) > 2:
        yield from _find_totals(line)
        yield from _find_broken_down(line)
        yield from _find_lots(line)


def _find_parts(line: Line) -> Iterator[Hint]:
    for one, two in line.neighbours(2):
        gap = line.between(one, two)
        if len(gap) > 80 or QuantityKind.RATIO in {one.kind, two.kind}:
            continue
        if _is_part_of(one, two, gap):
            part, whole = one, two
        elif _is_whole_of(line, one, two, gap):
            part, whole = two, one
        else:
            continue
        if _is_more(part, whole):
            over = (part.value or 0.0) - (whole.value or 0.0)
            note = (
                f"The part ({part.text}) is larger than its whole ({whole.text}): "
                f"{say(part.value or 0.0)} − {say(whole.value or 0.0)} = {say(over)}."
            )
            yield make_hint(HintKind.PART, note, one, two)


def _is_part_of(one: Quantity, two: Quantity, gap: str) -> bool:
    """ "75 of the 60 members", "12 out of 10 tests"."""
    if one.unit != "1" or two.unit != "1":
        return False
    names = {one.unit_name, two.unit_name} - {None}
    return bool(_OF_THE.match(gap) or gap == " out of ") and len(names) <= 1


def _is_whole_of(line: Line, one: Quantity, two: Quantity, gap: str) -> bool:
    """ "40 ships, of which 52", "40 people, including 52 children", "Of the 40 ships, 52"."""
    if _LED_BY_OF.search(line.before(one, 40)) and _THEN.match(gap):
        return one.unit == two.unit and one.unit_name == two.unit_name and not two.change
    if _OF_WHICH.match(gap):
        is_of = "of which " in gap or "of whom " in gap or _OF_THEM.match(line.after(two, 20))
        return bool(is_of) and _is_alike(one, two)
    return bool(_INCLUDING.match(gap)) and _is_alike(one, two)


def _is_alike(one: Quantity, two: Quantity) -> bool:
    if one.unit != two.unit or one.kind is QuantityKind.PERCENT or one.change or two.change:
        return False
    if one.unit != "1" or two.unit_name in {None, one.unit_name}:
        return True
    return {one.unit_name, two.unit_name} <= _PEOPLE


def _is_more(part: Quantity, whole: Quantity) -> bool:
    one, two = admitted(part), admitted(whole)
    return one is not None and two is not None and one.low > two.high and not part.change


def _find_totals(line: Line) -> Iterator[Hint]:
    """ "40 men and 25 women, 70 in all"."""
    for at, total in enumerate(line.quantities[2:], 2):
        gap = line.between(line.quantities[at - 1], total)
        is_total = _IN_ALL.match(line.after(total, 40)) or _TOTALLING.search(gap)
        if not is_total or not _TO_TOTAL.match(gap):
            continue
        first = at - 1
        while first and _PLUS.match(line.between(*line.quantities[first - 1 : first + 1])):
            first -= 1
        # A number left outside the chain may belong to the sum as well.
        if first == 0:
            yield from _compare_sum(line.quantities[:at], total)


def _find_broken_down(line: Line) -> Iterator[Hint]:
    """ "70 people (40 men and 25 women)"."""
    for at, total in enumerate(line.quantities[:-2]):
        if not _OPEN_PARTS.match(line.between(total, line.quantities[at + 1])):
            continue
        last = at + 1
        while last + 1 < len(line.quantities) and _PLUS.match(
            line.between(*line.quantities[last : last + 2])
        ):
            last += 1
        is_closed = _CLOSE_PARTS.match(line.after(line.quantities[last], 60))
        if last > at + 1 and is_closed:
            yield from _compare_sum(line.quantities[at + 1 : last + 1], total)


def _compare_sum(parts: tuple[Quantity, ...], total: Quantity) -> Iterator[Hint]:
    values = values_of((*parts, total))
    same_unit = {one.unit for one in (*parts, total)}
    is_counted = same_unit == {"1"} or parts[0].kind is QuantityKind.MONEY
    if len(parts) < 2 or values is None or len(same_unit) != 1 or not is_counted:
        return
    if any(one.bound is not Bound.EXACT or one.change for one in (*parts, total)):
        return
    slack = sum(half_unit(one) for one in (*parts, total) if (one.value or 0) >= 100)
    found = sum(values[:-1])
    if abs(found - values[-1]) <= slack:
        return
    sums = " + ".join(say(value) for value in values[:-1])
    note = f"{sums} = {say(found)}; the text says {total.text} in all."
    rests_on = sorted((*parts, total), key=lambda one: one.start)
    yield make_hint(HintKind.SUM, note, *rests_on)


def _find_lots(line: Line) -> Iterator[Hint]:
    """ "$40 million to 200 families, or $20,000 each"."""
    for total, lots, each in line.neighbours(3):
        is_said = (
            total.kind is QuantityKind.MONEY
            and lots.kind is QuantityKind.COUNT
            and each.unit.partition("/")[0] == total.unit
            and _SHARED_BY.match(line.between(total, lots))
            and _OR_EACH.match(line.between(lots, each))
            and (_EACH.match(line.after(each, 20)) or "/" in each.unit)
        )
        if not is_said or not total.value or not lots.value or not each.value:
            continue
        if {total.bound, lots.bound, each.bound} & {Bound.UNDER, Bound.AT_MOST, Bound.OVER}:
            continue
        exact = total.value / lots.value
        reach = exact * (0.03 + half_unit(total) / total.value + half_unit(lots) / lots.value)
        reach += half_unit(each) + (exact * 0.1 if Bound.ABOUT in {total.bound, lots.bound} else 0)
        if abs(exact - each.value) <= reach:
            continue
        note = f"{total.text} ÷ {lots.text} = {say(exact)}; the text says {each.text}."
        yield make_hint(HintKind.RATIO, note, total, lots, each)


def _find_lists(line: Line) -> Iterator[Hint]:
    """ "12 elements: samarium, gadolinium and terbium"."""
    for one in line.quantities:
        count = one.value
        if one.kind is not QuantityKind.COUNT or count is None or one.bound is not Bound.EXACT:
            continue
        if count != int(count) or not 2 <= count <= _MOST_COUNT or one.unit_name in _TIMES:
            continue
        found = _LIST.match(line.text[one.end : one.end + _LONGEST_LIST])
        if found is None or _VERB_BEFORE_LIST.search(found["noun"]):
            continue
        end = _end_of_list(found["open"], found["list"])
        items = _count_items(found["list"][:end]) if end else None
        if items is None or items[0] <= count <= items[1]:
            continue
        listed = f"{items[0]} to {items[1]}" if items[0] < items[1] else str(items[0])
        start = one.end + found.start("list")
        note = f"The text counts {one.text} and lists {listed}."
        spans = ((one.start, one.end), (start, start + end))
        yield Hint(HintKind.LIST, note, spans)


def _end_of_list(opening: str, listed: str) -> int:
    """How many characters of ``listed`` the list takes; 0 where its end is not to be seen."""
    if "(" in opening:
        return max(listed.find(")"), 0)
    if opening.strip() in {"–", "—"}:
        at = listed.find(opening)
        if at > 0:
            return at
    stop = re.search(r"[.;](?=\s|$)", listed)
    return stop.start() if stop else 0


def _count_items(listed: str) -> tuple[int, int] | None:
    """The fewest and the most things a list may name; ``None`` where it is no plain list."""
    if _NOT_WHOLE.search(listed) or "(" in listed or len(listed.split()) < 2:
        return None
    groups = [re.sub(r"^(?:and|or) ", "", one.strip()) for one in re.split(r"[,;]", listed)]
    groups = [one for one in groups if one]
    most = sum(len(_AND.split(one)) for one in groups)
    # Only a list that closes with "and" is known to be whole.
    if most < 2 or not _AND.search(listed):
        return None
    if any(len(item.split()) > _MOST_ITEM_WORDS for one in groups for item in _AND.split(one)):
        return None
    # The "and" that closes a list of three parts two; "Bosnia and Herzegovina" alone may not.
    is_closed_inside = len(groups) > 1 and bool(_AND.search(groups[-1]))
    return (len(groups) + is_closed_inside, most)
