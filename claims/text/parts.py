"""Cut a sentence that asserts several things where each can be checked apart.

Promises: parts in order that slice back to the sentence, each with a verb and a number of its
own; what a part takes from the words before it (a shared subject, a date that opens the
sentence) is told as a span, never rewritten. Where a cut is not certain (conditions, reported
thoughts, relative clauses, quotations, "respectively", a date that may belong to both) the
sentence stays whole. Time grows with the sentence only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from claims.text.clause_verbs import (
    LEAD,
    SUBORDINATE,
    Shared,
    Word,
    has_own_subject,
    holds_verb,
    is_certain_verb,
    read_shared,
    shares_until,
)
from claims.text.finite_verbs import SAYING_VERBS

_LONGEST, _FEWEST_WORDS = 700, 2
_TOKEN = re.compile(r"[^\W\d_][\w’'-]*|[$£€₹¥]?\d[\d.,]*\d%?|[$£€₹¥]?\d%?|[,;:()%]|[—–]")
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_IN_WORDS = re.compile(
    r"\b(?:(?:an?|one|two|three) (?:third|quarter|fifth|tenth)s?|half|doubled|tripled|halved"
    r"|quadrupled|doubles|triples|halves|twice)\b"
)
_WHEN = re.compile(
    r"\b(?:(?:1[5-9]|20)\d\d|January|February|March|April|May|June|July|August|September|October"
    r"|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|yesterday"
    r"|(?:last|this|next|previous) (?:year|month|week|quarter|decade|spring|summer|autumn|winter)"
    r"|(?:first|second|third|fourth) quarter|ago)\b"
)
_UNSURE = re.compile(
    r"\b(?:respectively|if|unless|whether|would|could|might|should|may|will|can|cannot|must|either"
    r"|neither|nor|respective|together|instead|rather|If|Unless|Whether|Were|Had)\b|\?"
)
_HARMLESS = re.compile(
    r"\b(?:as (?:many|much|few|little|high|low|far) as|as well as|such as|more than|less than"
    r"|fewer than|other than|since (?:\w+ )?(?:1[5-9]|20)\d\d"
    r"|by (?:about |around |nearly |almost |more than |some |over |just )?"
    r"(?:[$£€₹]?\d|an? |half|one|two))"
)
_BACKWARD = re.compile(
    r"\b(?:of (?:them|these|those|which|whom)|th[eo]se [a-z]+"
    r"|the (?:rest|others?|remaining|same|former|latter)"
    r"|another|themselves|itself)\b"
)


@dataclass(frozen=True, slots=True)
class Part:
    """Characters ``start`` to ``end`` of a sentence; ``lead`` is the span it takes from before."""

    start: int
    end: int
    lead: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class _Cut:
    """Where the left part ends and the right one starts; ``shares`` is what the right one takes."""

    left_end: int
    right_start: int
    lead: tuple[int, int] | None
    is_strong: bool


def cut_parts(sentence: str, numbers: Sequence[tuple[int, int]]) -> tuple[Part, ...]:
    """The parts of a sentence that can be checked apart; the whole sentence where there is one.

    ``numbers`` are the spans of its quantities.

    >>> said = "China mines 70 per cent of it, refines 90 per cent and exports to 40 countries."
    >>> spans = [(12, 23), (39, 50), (66, 68)]
    >>> [said[part.start:part.end] for part in cut_parts(said, spans)]
    ['China mines 70 per cent of it', 'refines 90 per cent', 'exports to 40 countries.']
    """
    whole = (Part(0, len(sentence)),)
    beside = (
        found.span()
        for pattern in (_YEAR, _IN_WORDS)
        for found in pattern.finditer(sentence[:_LONGEST])
    )
    telling = sorted({*numbers, *beside})
    if len(telling) < 2 or len(sentence) > _LONGEST or _UNSURE.search(sentence):
        return whole
    words = [Word(found[0], found[0].lower(), *found.span()) for found in _TOKEN.finditer(sentence)]
    subject = read_shared(sentence, words)
    if subject is None and not any(is_certain_verb(word.low) for word in words):
        return whole
    accepted: list[_Cut] = []
    begin = 0
    cuts = list(_find_cuts(sentence, words, subject))
    for at, cut in enumerate(cuts):
        until = cuts[at + 1].left_end if at + 1 < len(cuts) else len(sentence)
        left, right = (begin, cut.left_end), (cut.right_start, until)
        has_verb = bool(accepted) or holds_verb(sentence[slice(*left)])
        has_verb = has_verb or (subject is not None and words[subject.verb].end <= cut.left_end)
        if has_verb and _is_apart(sentence, left, right, cut, telling):
            accepted.append(cut)
            begin = cut.right_start
    if not accepted:
        return whole
    starts = [0, *(cut.right_start for cut in accepted)]
    ends = [*(cut.left_end for cut in accepted), len(sentence)]
    leads = [None, *(cut.lead for cut in accepted)]
    return tuple(Part(*each) for each in zip(starts, ends, leads, strict=True))


def _is_apart(
    sentence: str,
    left: tuple[int, int],
    right: tuple[int, int],
    cut: _Cut,
    telling: Sequence[tuple[int, int]],
) -> bool:
    """Whether both sides say something of their own, with a number, and when it was."""
    first, second = sentence[slice(*left)], sentence[slice(*right)]
    for start, end in (left, right):
        if not any(start <= number[0] and number[1] <= end for number in telling):
            return False
    if min(len(first.split()), len(second.split())) < _FEWEST_WORDS or _BACKWARD.search(second):
        return False
    # A date at the end of the right part may speak of the left one too.
    when = _WHEN.search(second)
    if when and not _WHEN.search(first) and not cut.is_strong:
        return when.start() < 12
    return True


def _find_cuts(sentence: str, words: list[Word], subject: Shared | None) -> Iterator[_Cut]:
    lead = LEAD.match(sentence)
    date_lead = (0, lead.end() - 1) if lead and _WHEN.search(lead[0]) else None
    since = 0
    for at, word in enumerate(words):
        if at < 2 or word.low not in {";", ",", "and", "but", "while", "whereas", "yet"}:
            continue
        opening = _read_opening(words, at)
        if opening is None or opening.left < since:
            continue
        after, is_strong = words[opening.right :], opening.is_strong
        if not after or not _is_outside(sentence, words[opening.left].start):
            continue
        if opening.mark != ";" and _is_inside(sentence, words[since : opening.left], opening.mark):
            continue
        left_end = words[opening.left - 1].end
        left_end += sentence[left_end : left_end + 1] in {"”", '"', "%", ")"}
        # Clauses in a row end in "and"; a comma alone may set an aside apart.
        is_aside = any(word.low == "," for word in words[since : opening.left])
        has_close = any(word.low == "and" for word in after) and not is_aside
        is_row = opening.mark != "," or has_close
        if is_row and has_own_subject(after, is_strong=is_strong):
            has_when = _WHEN.search(sentence[after[0].start :])
            taken = date_lead if opening.mark != ";" and not has_when else None
            yield _Cut(left_end, after[0].start, taken, is_strong)
        else:
            end = shares_until(after, subject, opening.mark, words) if subject else 0
            if not end or opening.mark == ";":
                continue
            yield _Cut(left_end, after[0].start, (0, end), is_strong=False)
        since = opening.right


@dataclass(frozen=True, slots=True)
class _Opening:
    """The words between two clauses: places of the first of them and of the first after them."""

    left: int
    right: int
    mark: str
    is_strong: bool


def _read_opening(words: list[Word], at: int) -> _Opening | None:
    """``;`` ``, while`` ``, but`` ``, and`` ``and`` ``,`` at a place, read as far as they go."""
    left, mark = at, words[at].low
    if mark in {",", ";"}:
        following = words[at + 1].low if at + 1 < len(words) else ""
        if following in {"and", "but", "while", "whereas", "yet"}:
            strong = mark == ";" or following != "and"
            return _Opening(left, at + 2, ";" if mark == ";" else following, strong)
        return _Opening(left, at + 1, mark, mark == ";")
    if words[at - 1].low in {",", ";"}:
        return None
    return _Opening(left, at + 1, mark, mark in {"while", "whereas"})


def _is_outside(sentence: str, place: int) -> bool:
    """Whether a place lies outside quotations, brackets and dashes."""
    before = sentence[:place]
    if before.count("“") != before.count("”") or before.count('"') % 2:
        return False
    return before.count("(") == before.count(")") and not re.search(r" [—–-] |—", sentence)


def _is_inside(sentence: str, left: list[Word], mark: str) -> bool:
    """Whether the clause before the cut hangs on a word that may govern the next one too."""
    if not left:
        return True
    text = _HARMLESS.sub("", sentence[left[0].start : left[-1].end])
    lowered = re.findall(r"[a-z’'-]+|[A-Z][\w’'-]*", text)
    governing = [
        word
        for at, word in enumerate(lowered)
        if word.lower() in SUBORDINATE
        and not (word == "that" and at and lowered[at - 1] in SAYING_VERBS)
    ]
    if not governing:
        return False
    # A subordinate clause that a comma closed before does not reach over "while".
    return mark not in {"while", "whereas"} or lowered[0].lower() in SUBORDINATE
