"""Shares of one whole that pass it, and shares said twice: "one in five (25 %)".

Promises a hint only where the text itself makes the shares parts of one whole (one verb, the
holders named one after the other), or says the same share twice side by side.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from claims.text.hints.hint import Hint, HintKind, Line, admitted, make_hint, say
from claims.text.quantity import Quantity
from claims.text.tolerance import half_unit
from claims.vocabulary import Bound, QuantityKind

_PARTING = (
    r"(?:holds?|held|controls?|controlled|accounts? for|accounted for|owns?|owned|makes? up|made up"
    r"|supplies|supply|supplied|produces?|produced|mines?|mined|wins?|won|takes?|took|receives?"
    r"|received|gets?|got|buys?|bought|generates?|generated|contributes?|contributed|provides?"
    r"|provided|represents?|represented|captured?|secured?)"
)
_NAME = r"[A-Z][\w’'&.-]{0,30}(?: (?:of |and )?[A-Z][\w’'&.-]{0,30}){0,3}"
_HOLDER = (
    rf"(?:(?:the )?{_NAME}|the [a-z]{{3,20}}"
    r"|coal|gas|oil|wind|solar|hydropower|nuclear)"
)
_HEDGE = r"(?:(?:about|around|some|nearly|almost|roughly|over|just|another|a further) )?"
_WHOLE = r"(?: of (?:the |its |their |all )?[\w’'-]+(?: (?!and\b)[\w’'-]+){0,3}?)?"
_PARTED = re.compile(rf"\b{_PARTING} {_HEDGE}$")
_GAPPED = re.compile(
    rf"^{_WHOLE}(?:,|;|,? and|,? while) {_HOLDER},? (?:(?:with|at|{_PARTING}) )?{_HEDGE}$"
)
_SOURCED = re.compile(
    r"\b(?:comes?|came|goes|go|went|(?:is|are|was|were) (?:sold|sent|shipped|exported|bought"
    rf"|imported|made|sourced|spent|generated|produced|supplied)|imports?|exports?) {_HEDGE}$"
    r"|^(?:comes?|came|goes|go|went|(?:is|are|was|were) (?:sold|sent|shipped|exported|bought"
    r"|imported|made|sourced|spent|generated|produced|supplied))\b",
)
_PREPOSED = re.compile(
    rf"^{_WHOLE}(?: (?:comes?|came|goes|go|went|(?:is|are|was|were) [a-z]{{3,12}}))? "
    rf"(?P<prep>from|to|by|on) (?:the )?[\w’'&.-]+(?: (?!and\b)[\w’'&.-]+){{0,2}}"
    rf"(?:,|,? and|;(?: and)?) {_HEDGE}$"
)
_AFTER_LAST = re.compile(
    rf"^{_WHOLE}(?: (?:comes?|came|goes|go|went))? (?P<prep>from|to|by|on) [\w’'-]"
)
_MANY_ANSWERS = re.compile(
    r"\b(?:multiple|more than one|also|both|either|overlap\w*|respectively|respondents"
    r"|said|say|compared)\b"
)
_PART = r"(?:third|quarter|fifth|sixth|tenth)s?"
_FRACTION = re.compile(
    rf"\b(?:(?P<few>an?|one|two|three|four)[ -])?(?P<part>half|{_PART})\b"
    r"|\b(?P<one>one|two|three|[1-9]) (?:in|out of) (?:every )?"
    r"(?P<of>two|three|four|five|six|seven|eight|nine|ten|\d{1,3})\b",
    re.I,
)
_LISTED_SMALL = "a one two three four five six seven eight nine ten"
_SMALL = {word: at for at, word in enumerate(_LISTED_SMALL.split())}
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "tenth": 10}
_BEFORE_BRACKET = re.compile(
    r"^(?: (?:of )?(?:the |all |its )?[\w’'-]+){0,2} \((?:or |about |some )?$"
)
_OR = re.compile(
    r"^(?: of (?:the |all |its )?[\w’'-]+(?: [\w’'-]+)?)?"
    r"(?:, or|, that is,?|, i\.e\.,?) (?:about |around |some |roughly |nearly )?$"
)
_ORDINAL_HALF = re.compile(r"\b(?:first|second|other|latter|top|bottom|upper|lower|last) $", re.I)
_HEDGED = re.compile(
    r"\b(?:(?P<more>more than|over|at least|above)|(?P<less>less than|fewer than|under|up to"
    r"|just under)|(?P<about>about|around|nearly|almost|roughly|some|close to)) $",
    re.I,
)
_OF_THE = re.compile(
    r"^(?: (?!in\b|at\b|on\b)[a-z][\w’'-]*){0,2}(?: out)? of (?:the |its |their |all |his |her )?"
    r"(?:\w+ )?$"
)
_AND_SHARE = re.compile(
    r"^(?: (?!and\b|but\b|with\b)[\w’'-]+){1,4}(?: \(|, or (?:about |nearly |some |around )?"
    r"|, (?:that is|i\.e\.),? )$"
)
_LISTED_PEOPLE = (
    "voters voter people population household households respondents members member seats seat "
    "vote votes adults women men children residents citizens pupils students workers employees "
    "patients land members lawmakers families homes schools countries companies"
)
_HELD_BY_PEOPLE = frozenset(_LISTED_PEOPLE.split())
_NO_SHARE_WORDS = re.compile(r"\b(?:than|grew|growth|rise|rose|increase|capacity|target)\b")


def find_share_hints(line: Line) -> Iterator[Hint]:
    """Shares that sum past the whole, pass it alone, or are said twice and differ."""
    shares = [one for one in line.quantities if one.kind is QuantityKind.PERCENT]
    if shares:
        yield from _find_sums(line, shares)
        yield from _find_beyond(line, shares)
        yield from _find_twice(line, shares)
        yield from _find_counted_shares(line)


def _find_sums(line: Line, shares: list[Quantity]) -> Iterator[Hint]:
    if len(shares) < 2 or _MANY_ANSWERS.search(line.text):
        return
    run: list[Quantity] = []
    preps: set[str] = set()
    for one in shares:
        gap = line.between(run[-1], one) if run else ""
        gapped = _GAPPED.match(gap) if run and len(gap) < 120 else None
        sourced = _PREPOSED.match(gap) if run and len(gap) < 120 else None
        if run and (gapped or (sourced and sourced["prep"] in preps)):
            run.append(one)
            continue
        hint = _sum_up(run)
        if hint:
            yield hint
        run, preps = [], set()
        if one.change is None and one.value is not None:
            run, preps = _begin_run(line, one)
    hint = _sum_up(run)
    if hint:
        yield hint


def _begin_run(line: Line, one: Quantity) -> tuple[list[Quantity], set[str]]:
    after = line.after(one, 100)
    if _PARTED.search(line.before(one, 60)):
        return [one], set()
    opening = _AFTER_LAST.match(after)
    verb = re.search(
        r"^(?: of [\w’' -]{1,40}?)? (?:comes?|came|goes|go|went|(?:is|are|was|were) [a-z]{3,12})\b",
        after,
    )
    if opening and (verb or _SOURCED.search(line.before(one, 40))):
        return [one], {opening["prep"]}
    match = re.match(
        r"^(?: of [\w’' -]{1,40}?)? (?:comes?|came|goes|go|went|(?:is|are|was|were) [a-z]{3,12})"
        r" (?P<prep>from|to|by|on)\b",
        after,
    )
    return ([one], {match["prep"]}) if match else ([], set())


def _sum_up(run: list[Quantity]) -> Hint | None:
    if len(run) < 2 or any(one.value is None or one.change for one in run):
        return None
    if any(one.bound in {Bound.UNDER, Bound.AT_MOST} for one in run):
        return None
    values = [one.value or 0.0 for one in run]
    slack = sum(half_unit(one) for one in run) + sum(
        value * 0.05 for one, value in zip(run, values, strict=True) if one.bound is Bound.ABOUT
    )
    if sum(values) - slack <= 100:
        return None
    sums = " + ".join(say(value) for value in values)
    note = f"{sums} = {say(sum(values))} per cent, more than the whole."
    return make_hint(HintKind.SHARES, note, *run)


def _find_beyond(line: Line, shares: list[Quantity]) -> Iterator[Hint]:
    """More than all of the people, seats or votes."""
    for one in shares:
        heads = (one.of_what or "").lower().split()
        is_more = one.value is not None and one.value - half_unit(one) > 100
        if not is_more or one.change or not heads or heads[-1] not in _HELD_BY_PEOPLE:
            continue
        if one.bound in {Bound.UNDER, Bound.AT_MOST} or _NO_SHARE_WORDS.search(line.text):
            continue
        note = f"{one.text} of the {heads[-1]} is more than all of them (100 per cent)."
        yield make_hint(HintKind.PART, note, one)


def _find_twice(line: Line, shares: list[Quantity]) -> Iterator[Hint]:
    """A share in words with the same share in per cent beside it."""
    for words in _FRACTION.finditer(line.text):
        share = _read_fraction(words)
        if share is None:
            continue
        for one in shares:
            gap = line.text[words.end() : one.start]
            if one.start < words.end() or len(gap) > 40 or one.value is None:
                continue
            is_twice = _OR.match(gap) or _BEFORE_BRACKET.match(gap)
            if not is_twice or not _ends_aside(line, one, gap):
                continue
            before = line.text[max(0, words.start() - 14) : words.start()]
            if _ORDINAL_HALF.search(before) or _agrees(before, share, one):
                continue
            note = f"{words[0]} is {say(share * 100)} per cent; the text says {one.text} beside it."
            spans = ((words.start(), words.end()), (one.start, one.end))
            yield Hint(HintKind.RATIO, note[0].upper() + note[1:], spans)


def _ends_aside(line: Line, one: Quantity, gap: str) -> bool:
    after = line.after(one, 3)
    if gap.rstrip().endswith("(") or "(" in gap:
        return after.startswith(")")
    return not after.startswith((" o", " m", " i"))


def _read_fraction(words: re.Match[str]) -> float | None:
    if words["of"]:
        whole = _SMALL.get(words["of"].lower()) or _plain_int(words["of"])
        part = _SMALL.get(words["one"].lower()) or _plain_int(words["one"])
        return part / whole if whole and part and part < whole else None
    few = (words["few"] or "a").lower()
    part = 1 if few in {"a", "an"} else _SMALL[few]
    name = words["part"].lower().rstrip("s")
    share = part / _PARTS[name]
    # "the third (40 %)" is an ordinal, and so is "third" alone.
    is_share = bool(words["few"]) or name == "half"
    return share if is_share and share < 1 else None


def _plain_int(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() else 0


def _agrees(before: str, share: float, one: Quantity) -> bool:
    value = one.value or 0.0
    stated = share * 100
    hedged = _HEDGED.search(before)
    reach = max(2.5, stated * 0.1) * (1.6 if hedged and hedged["about"] else 1.0)
    if hedged and hedged["more"]:
        return value >= stated - reach
    if hedged and hedged["less"]:
        return value <= stated + reach
    return abs(value - stated) <= reach + half_unit(one)


def _find_counted_shares(line: Line) -> Iterator[Hint]:
    """ "45 of the 60 members (80 per cent)": the share of the two counts beside the one written."""
    for part, whole, share in line.neighbours(3):
        if share.kind is not QuantityKind.PERCENT or part.unit != "1" or whole.unit != "1":
            continue
        values = [one.value for one in (part, whole, share)]
        if not _OF_THE.match(line.between(part, whole)) or None in values or share.change:
            continue
        gap = line.between(whole, share)
        if not _AND_SHARE.match(gap) or not _ends_aside(line, share, gap):
            continue
        counted, of, stated = admitted(part), admitted(whole), admitted(share)
        if counted is None or of is None or stated is None or of.low <= 0 or not whole.value:
            continue
        low, high = counted.low / of.high * 100 - 0.5, counted.high / of.low * 100 + 0.5
        if low <= stated.high and stated.low <= high:
            continue
        exact = (part.value or 0.0) / whole.value * 100
        note = f"{part.text} of {whole.text} is {say(exact)} per cent; the text says {share.text}."
        yield make_hint(HintKind.RATIO, note, part, whole, share)
