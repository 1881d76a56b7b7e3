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

from claims.text.finite_verbs import (
    CLEAR_PRESENT_VERBS,
    CLEAR_VERBS,
    HELPING_VERBS,
    PRESENT_VERBS,
    SAYING_VERBS,
    is_past_form,
    is_verb_form,
)

_LONGEST, _FEWEST_WORDS, _MOST_SUBJECT, _MOST_SHARED = 700, 2, 9, 14
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
_SUBORDINATE = frozenset(
    [
        *("because", "after", "before", "when", "although", "though", "which", "who", "whom"),
        *("whose", "where", "until", "since", "as", "that", "so", "once", "by", "despite", "than"),
    ]
)
_HARMLESS = re.compile(
    r"\b(?:as (?:many|much|few|little|high|low|far) as|as well as|such as|more than|less than"
    r"|fewer than|other than|since (?:\w+ )?(?:1[5-9]|20)\d\d"
    r"|by (?:about |around |nearly |almost |more than |some |over |just )?"
    r"(?:[$£€₹]?\d|an? |half|one|two))"
)
_POINTS_BACK = frozenset(
    [
        *(
            "it",
            "they",
            "he",
            "she",
            "this",
            "that",
            "these",
            "those",
            "its",
            "their",
            "his",
            "her",
        ),
        *("both", "each", "others", "another", "all", "none", "we", "i", "you", "there", "such"),
        *("who", "which", "most", "many", "some", "half", "more", "fewer", "one", "nobody"),
    ]
)
_NO_SUBJECT = _SUBORDINATE | {"it", "he", "she", "they", "we", "i", "you", "and", "or"}
_BACKWARD = re.compile(
    r"\b(?:of (?:them|these|those|which|whom)|th[eo]se [a-z]+"
    r"|the (?:rest|others?|remaining|same|former|latter)"
    r"|another|themselves|itself)\b"
)
_LEAD = re.compile(
    r"(?:In|On|By|During|Since|Last|This|At the end of|Between|From|Over|Throughout) "
    r"[^,;()]{2,40}, "
)
_ADVERBS = frozenset(["then", "also", "later", "now", "still", "already", "only", "even", "just"])
_AFTER_VERB = frozenset(
    [
        *("a", "an", "the", "its", "their", "his", "her", "about", "nearly", "almost", "around"),
        *("some", "more", "over", "at", "up", "to", "by", "in", "from", "for", "on", "with", "off"),
        *("only", "just", "below", "above", "under", "another", "roughly", "as", "out", "back"),
        *("half", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    ]
)


_PREPOSITIONS = frozenset(
    ["at", "up", "to", "by", "in", "from", "for", "on", "with", "off", "as", "out", "back"]
)


@dataclass(frozen=True, slots=True)
class Part:
    """Characters ``start`` to ``end`` of a sentence; ``lead`` is the span it takes from before."""

    start: int
    end: int
    lead: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    low: str
    start: int
    end: int


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
    words = [
        _Word(found[0], found[0].lower(), *found.span()) for found in _TOKEN.finditer(sentence)
    ]
    subject = _read_shared(sentence, words)
    if subject is None and not any(_is_certain_verb(word.low) for word in words):
        return whole
    accepted: list[_Cut] = []
    begin = 0
    cuts = list(_find_cuts(sentence, words, subject))
    for at, cut in enumerate(cuts):
        until = cuts[at + 1].left_end if at + 1 < len(cuts) else len(sentence)
        left, right = (begin, cut.left_end), (cut.right_start, until)
        has_verb = bool(accepted) or _holds_verb(sentence[slice(*left)])
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


def _holds_verb(clause: str) -> bool:
    return any(_is_certain_verb(word) for word in re.findall(r"\b[a-z’']+", clause))


def _is_certain_verb(word: str) -> bool:
    return word in CLEAR_VERBS or is_past_form(word)


def _find_cuts(sentence: str, words: list[_Word], subject: _Shared | None) -> Iterator[_Cut]:
    lead = _LEAD.match(sentence)
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
        if is_row and _has_own_subject(after, is_strong=is_strong):
            has_when = _WHEN.search(sentence[after[0].start :])
            taken = date_lead if opening.mark != ";" and not has_when else None
            yield _Cut(left_end, after[0].start, taken, is_strong)
        else:
            end = _shares_until(after, subject, opening.mark, words) if subject else 0
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


def _read_opening(words: list[_Word], at: int) -> _Opening | None:
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


def _is_inside(sentence: str, left: list[_Word], mark: str) -> bool:
    """Whether the clause before the cut hangs on a word that may govern the next one too."""
    if not left:
        return True
    text = _HARMLESS.sub("", sentence[left[0].start : left[-1].end])
    lowered = re.findall(r"[a-z’'-]+|[A-Z][\w’'-]*", text)
    governing = [
        word
        for at, word in enumerate(lowered)
        if word.lower() in _SUBORDINATE
        and not (word == "that" and at and lowered[at - 1] in SAYING_VERBS)
    ]
    if not governing:
        return False
    # A subordinate clause that a comma closed before does not reach over "while".
    return mark not in {"while", "whereas"} or lowered[0].lower() in _SUBORDINATE


def _has_own_subject(after: list[_Word], *, is_strong: bool) -> bool:
    """Whether a clause with a subject of its own and a verb begins here."""
    while len(after) > 1 and after[0].low in _ADVERBS:
        after = after[1:]
    if not _may_be_subject(after):
        return False
    for at, word in enumerate(after[: _MOST_SUBJECT + 1]):
        if word.low in {",", ";", ":", "(", ")"} or (at and word.low in _NO_SUBJECT):
            return False
        if word.low in {"to", "not"} and at == 0:
            return False
        if at and word.low in SAYING_VERBS:
            return False
        if at and word.low in CLEAR_VERBS and word.text[0].islower():
            return not (word.low in PRESENT_VERBS and after[at - 1].low in {"to", "the", "a", "of"})
        if at and is_past_form(word.low) and _has_object(after, at):
            return True
        if at and is_strong and is_past_form(word.low) and _goes_on(after, at):
            return True
        if is_past_form(word.low) and at and not word.text[0].isupper():
            return False
        if word.low.endswith("ing") and at == 0:
            return False
    return False


def _may_be_subject(after: list[_Word]) -> bool:
    """Whether the first word may open a subject that needs nothing from before."""
    first = after[0]
    if first.low in _POINTS_BACK or first.low in _SUBORDINATE or _is_verb(after, 0):
        return False
    return first.text[0].isupper() or not _is_certain_verb(first.low)


def _is_verb(after: list[_Word], at: int) -> bool:
    word = after[at]
    return word.text[0].islower() and is_verb_form(word.low) and _goes_on(after, at)


def _goes_on(after: list[_Word], at: int) -> bool:
    """Whether what follows a word lets it be a verb: a number, an article, a preposition."""
    following = after[at + 1] if at + 1 < len(after) else None
    if following is None:
        return False
    return following.low in _AFTER_VERB or following.text[0] in "$£€₹¥0123456789"


def _has_object(after: list[_Word], at: int) -> bool:
    """Whether a number or an article follows, which no participle after a noun takes."""
    following = after[at + 1] if at + 1 < len(after) else None
    if following is None or following.low in _PREPOSITIONS:
        return False
    return _goes_on(after, at)


@dataclass(frozen=True, slots=True)
class _Shared:
    """What the first clause lends: its subject up to ``end``, with its helping verb ``helped``.

    ``form`` is that of its verb, ``verb`` the place of the verb's word.
    """

    end: int
    helped: int
    form: str
    verb: int


def _read_shared(sentence: str, words: list[_Word]) -> _Shared | None:
    """The subject that opens the sentence and its verb's form; ``None`` where it is unclear."""
    lead = _LEAD.match(sentence)
    first = next((at for at, word in enumerate(words) if lead and word.start >= lead.end()), 0)
    if words[first].low in _SUBORDINATE | {"there", "while", "with", "of", "to", "among"}:
        return None
    for at in range(first, min(first + _MOST_SHARED, len(words))):
        word = words[at]
        if word.low in {",", ";", ":", "(", ")", "—", "–"} or (
            at > first and word.low in _SUBORDINATE
        ):
            return None
        if word.low in SAYING_VERBS and at > first:
            return None
        if at == first or not word.text[0].islower():
            continue
        if word.low in HELPING_VERBS:
            nexts = words[at + 1 : at + 3]
            led = next((one for one in nexts if is_past_form(one.low)), None)
            if led is None:
                return _Shared(words[at - 1].end, 0, "any", at)
            return _Shared(words[at - 1].end, word.end, "participle", at)
        if word.low in CLEAR_PRESENT_VERBS or (word.low in PRESENT_VERBS and _goes_on(words, at)):
            is_plural = words[at - 1].low.endswith("s") and words[at - 1].text[0].islower()
            return None if is_plural else _Shared(words[at - 1].end, 0, "present", at)
        if is_past_form(word.low) and (word.low in CLEAR_VERBS or _goes_on(words, at)):
            return _Shared(words[at - 1].end, 0, "past", at)
    return None


def _shares_until(after: list[_Word], subject: _Shared, mark: str, words: list[_Word]) -> int:
    """How far the right part takes the left one's words along; 0 where it does not go on."""
    at = 1 if after[0].low in _ADVERBS and len(after) > 1 else 0
    verb = after[at]
    if not verb.text[0].islower() or verb.low in SAYING_VERBS or mark in {"while", "whereas"}:
        return 0
    # Between commas a verb needs the "and" that closes the row.
    if mark == "," and not any(word.low == "and" for word in after):
        return 0
    if verb.low in HELPING_VERBS:
        return subject.end if mark != "," else 0
    if not _goes_on(after, at):
        return 0
    if verb.low in PRESENT_VERBS and not is_past_form(verb.low):
        return subject.end if _is_present(after, at, subject, words) else 0
    if not is_past_form(verb.low) or subject.form == "present":
        return 0
    if subject.form == "participle":
        return subject.helped if verb.low not in CLEAR_VERBS else subject.end
    return subject.end if subject.form == "past" or verb.low in CLEAR_VERBS else 0


def _is_present(after: list[_Word], at: int, subject: _Shared, words: list[_Word]) -> bool:
    """Whether a word in -s is a verb here and not one more noun of a row."""
    if after[at].low in CLEAR_PRESENT_VERBS:
        return True
    if _has_object(after, at):
        return True
    return subject.form == "present" and any(
        word.low in CLEAR_PRESENT_VERBS for word in words[subject.verb + 1 :]
    )
