"""Whether two numbers speak of the same thing: the question before every comparison.

Promises one answer from the words around both numbers, the counted nouns, the names, the
places and the rates, with the reason in plain words. Refuses to be generous: where the
words do not show that the subject is the same, the answer is that it is not known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from claims.text.contrasts import find_contrast, find_other_measure, meaning_of
from claims.text.places import WORLD, find_places, is_place_word
from claims.text.quantity import Quantity
from claims.text.sentences import split_sentences
from claims.text.words import SCALE_WORDS, content_words, cut_words, is_number
from claims.vocabulary import QuantityKind

NEARLY_ALL = 0.75
SAME_COVERAGE = 0.5
"""Shares of words that must be common before another number refutes: nearly all of one side's,
and half of the claim's. Where both sides name something of their own, it may be the subject."""
LIKELY_COVERAGE = 0.34
"""Share that is enough where the numbers agree: agreement itself is evidence."""
_NEAR_CHARS = 90

_UNIT_WORDS = frozenset(
    content_words(
        "percent per cent percentage point points dollar dollars euro euros pound pounds rupee "
        "rupees yen yuan us usd eur gbp pkr inr rs km kilometre kilometres kilometer kilometers "
        "mile miles metre metres meter meters tonne tonnes ton tons kg kilogram kilograms barrel "
        "barrels litre litres degree degrees celsius fahrenheit number figure total amount level "
        "share rate proportion portion part account accounts accounted represent represents stood "
        "stand stands came come comes put puts reach reached estimate estimated record recorded "
        "data show shows showed official officially currently year years today new latest"
    )
)
_PARTIAL_AFTER = re.compile(
    r"\s*(?:of (?:them|these|those|whom|which)\b|more\b|others?\b|further\b)"
)
_PARTIAL_BEFORE = re.compile(r"\b(?:another|additional|a further|further|extra|plus)\s+$")
_RATE_AFTER = re.compile(
    r"\s*(?:[\w-]+\s+){0,3}?(?:per|a|an|each|every)\s+"
    r"(second|minute|hour|day|week|month|quarter|year|decade|capita|person|head|household|"
    r"100,?000|1,?000|million)\b"
)
_RATE_WORD = re.compile(
    r"\b(hourly|daily|weekly|monthly|quarterly|annual|annually|yearly|per capita)\b"
)
_RATE_NAMES = {
    "hourly": "hour",
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "quarterly": "quarter",
    "annual": "year",
    "annually": "year",
    "yearly": "year",
    "per capita": "person",
    "capita": "person",
    "head": "person",
}


class Sameness(IntEnum):
    """How sure it is that two numbers measure the same thing."""

    OTHER = 0
    UNKNOWN = 1
    LIKELY = 2
    SAME = 3


@dataclass(frozen=True, slots=True)
class SubjectMatch:
    """How the subjects of two numbers relate.

    ``coverage`` is the share of the claim's words that the source holds (0 … 1);
    ``is_other_scope`` tells another whole, place or group of the same matter.
    """

    sameness: Sameness
    coverage: float
    reason: str
    is_other_scope: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """The words around one number of a text, cut once for all pairs it is part of."""

    sentence: str
    near: str
    rest_of_text: frozenset[str]
    words: frozenset[str]
    near_words: frozenset[str]
    names: frozenset[str]
    places: frozenset[str]
    whole: str | None
    rate: str | None
    is_partial: bool

    @classmethod
    def around(cls, text: str, quantity: Quantity) -> Context:
        """The context of ``quantity`` in ``text``, whose offsets it carries."""
        start, end = _sentence_around(text, quantity)
        before, after = text[start : quantity.start], text[quantity.end : end]
        near = before[-_NEAR_CHARS:] + " " + after[:_NEAR_CHARS]
        return cls(
            sentence=text[start:end],
            near=near,
            rest_of_text=_subject_words(text),
            words=_subject_words(f"{before} {after} {quantity.counted or ''}"),
            near_words=_subject_words(f"{near} {quantity.counted or ''}"),
            names=_names(text),
            places=find_places(f"{before} {after}") or find_places(text),
            whole=quantity.of_what or _whole_after(after, quantity),
            rate=_rate(before, after),
            is_partial=bool(_PARTIAL_AFTER.match(_skip_noun(after, quantity)))
            or bool(_PARTIAL_AFTER.match(after))
            or bool(_PARTIAL_BEFORE.search(before.lower())),
        )


def match_subjects(
    claim: Quantity, claim_context: Context, source: Quantity, source_context: Context
) -> SubjectMatch:
    """How the subject of the source's number relates to that of the claim's.

    Both quantities are taken to be of one kind already.
    """
    mine, theirs = claim_context, source_context
    coverage = _share(mine.words, theirs.words | theirs.rest_of_text)
    if not mine.words or not theirs.words:
        return SubjectMatch(Sameness.SAME, 1.0, "one side is a bare number")
    if mine.is_partial != theirs.is_partial:
        return SubjectMatch(Sameness.OTHER, coverage, "one number is only a part of the count")
    nouns = _compare_nouns(claim, source, mine, theirs)
    if nouns is False:
        return SubjectMatch(Sameness.OTHER, coverage, "another thing is counted")
    measure = find_other_measure(mine.words, theirs.words)
    if measure:
        return SubjectMatch(Sameness.OTHER, coverage, f"{measure[0]} here, {measure[1]} there")
    is_about_it = (
        coverage >= LIKELY_COVERAGE or nouns is True or _are_kin(claim, source, mine, theirs)
    )
    if is_about_it and (scope := _other_scope(mine, theirs)):
        return SubjectMatch(Sameness.OTHER, coverage, scope, is_other_scope=True)
    if mine.rate != theirs.rate and mine.rate and theirs.rate:
        return SubjectMatch(Sameness.OTHER, coverage, f"per {theirs.rate}, not per {mine.rate}")
    if mine.names and theirs.names and not mine.names & theirs.names:
        return SubjectMatch(Sameness.UNKNOWN, coverage, "other names are spoken of")
    is_same = _is_same(coverage, _share(theirs.near_words, mine.words))
    if is_same and mine.rate == theirs.rate and nouns is not None:
        return SubjectMatch(Sameness.SAME, coverage, _say_shared(mine, theirs))
    if coverage >= LIKELY_COVERAGE or (nouns is True and coverage > 0):
        return SubjectMatch(Sameness.LIKELY, coverage, _say_shared(mine, theirs))
    return SubjectMatch(Sameness.UNKNOWN, coverage, "too few words are shared")


def _is_same(coverage: float, back: float) -> bool:
    """Whether the wording shows one subject: one side has nearly nothing of its own."""
    return coverage >= NEARLY_ALL or (coverage >= SAME_COVERAGE and back >= NEARLY_ALL)


def _sentence_around(text: str, quantity: Quantity) -> tuple[int, int]:
    if len(text) > 20_000:
        return max(0, quantity.start - 300), min(len(text), quantity.end + 300)
    for span in split_sentences(text):
        if span.start <= quantity.start < span.end:
            return span.start, max(span.end, quantity.end)
    return 0, len(text)


def _subject_words(text: str) -> frozenset[str]:
    return frozenset(
        meaning_of(word)
        for word in content_words(text)
        if not is_number(word) and word not in SCALE_WORDS and word not in _UNIT_WORDS
    )


def _share(part: frozenset[str], whole: frozenset[str]) -> float:
    return len(part & whole) / len(part) if part else 0.0


_NAME = re.compile(r"(?<![.!?“\"] )(?<!^)\b[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*")
_LISTED_NOT_NAMES = (
    "January February March April May June July August September October November December Monday "
    "Tuesday Wednesday Thursday Friday Saturday Sunday The In On A An According President Mr Mrs "
    "Ms Dr Prime Minister Ministry Government State It He She They We This That"
)
_NOT_NAMES = frozenset(_LISTED_NOT_NAMES.split())


def _names(text: str) -> frozenset[str]:
    """The capitalised words that stand inside sentences, without places and calendar words."""
    found = set()
    for match in _NAME.finditer(text[:5000]):
        for word in match.group().split():
            bare = word.removesuffix("'s").removesuffix("’s")
            if bare not in _NOT_NAMES and not is_place_word(bare):
                found.add(bare.casefold())
    return frozenset(found)


def _rate(before: str, after: str) -> str | None:
    match = _RATE_AFTER.match(after) or _RATE_WORD.search((before[-60:] + " " + after[:60]).lower())
    if match is None:
        return None
    name = match.group(1).replace(",", "")
    return _RATE_NAMES.get(name, name)


_WHOLE = re.compile(
    r"\s*of\s+(?:the\s+|its\s+|all\s+|their\s+|our\s+)?([\w’'-]+(?:\s[\w’'-]+){0,4}?)"
    r"(?=\s+(?:in|on|at|by|for|from|to|was|were|is|are|has|have|had|and|with|as|last|this|that|"
    r"who|which|will|would|can|could|came|come|said|say)\b|[^\w’'\s-]|\s*$)"
)


def _whole_after(after: str, quantity: Quantity) -> str | None:
    """The whole of a share, where it stands right behind the number ("70 % of exports")."""
    if quantity.kind not in (QuantityKind.PERCENT, QuantityKind.RATIO):
        return None
    match = _WHOLE.match(after[:120])
    return match.group(1) if match else None


def _skip_noun(after: str, quantity: Quantity) -> str:
    return after.lstrip().removeprefix(quantity.counted or "")


def _compare_nouns(
    claim: Quantity, source: Quantity, mine: Context, theirs: Context
) -> bool | None:
    """Whether the counted or measured nouns agree; ``None`` where one side names none."""
    if claim.kind in (QuantityKind.COUNT, QuantityKind.NUMBER, QuantityKind.ORDINAL):
        wanted, found = _head(claim), _head(source)
        if wanted and found:
            return wanted == found
        known = theirs.near_words if wanted else mine.near_words
        named = wanted or found
        return True if named and named in known else None
    if claim.measured and source.measured:
        return bool(_subject_words(claim.measured) & _subject_words(source.measured)) or None
    # A share or a sum has no noun of its own: the words around it decide.
    return True if _share(mine.words, theirs.words) >= SAME_COVERAGE else None


def _are_kin(claim: Quantity, source: Quantity, mine: Context, theirs: Context) -> bool:
    """Whether two shares are of wholes that are told apart because they belong together."""
    if claim.kind is not QuantityKind.PERCENT or source.kind is not QuantityKind.PERCENT:
        return False
    if not (mine.whole and theirs.whole):
        return False
    return find_contrast(_subject_words(mine.whole), _subject_words(theirs.whole)) is not None


def _head(quantity: Quantity) -> str | None:
    named = quantity.unit_name or quantity.counted
    words = cut_words(named) if named else []
    return meaning_of(words[-1]) if words else None


def _other_scope(mine: Context, theirs: Context) -> str | None:
    contrast = find_contrast(mine.words, theirs.words)
    if contrast:
        return f"the claim speaks of {contrast[0]}, the source of {contrast[1]}"
    if mine.whole and theirs.whole:
        ours, others = _subject_words(mine.whole), _subject_words(theirs.whole)
        if ours and others and not ours & others:
            return f"the whole is {mine.whole} here and {theirs.whole} there"
    mine_places, their_places = mine.places - {WORLD}, theirs.places - {WORLD}
    if mine_places and their_places and not mine_places & their_places:
        return f"{_listed(mine_places)} here, {_listed(their_places)} there"
    if WORLD in mine.places and WORLD not in theirs.places and their_places - mine_places:
        return f"the world here, {_listed(their_places)} there"
    if WORLD in theirs.places and WORLD not in mine.places and mine_places - their_places:
        return f"{_listed(mine_places)} here, the world there"
    return None


def _listed(places: frozenset[str]) -> str:
    return " and ".join(sorted(places))


def _say_shared(mine: Context, theirs: Context) -> str:
    shared = sorted(mine.words & (theirs.words | theirs.rest_of_text))
    return "shared words: " + ", ".join(shared[:8]) if shared else "the counted noun is shared"
