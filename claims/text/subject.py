"""Whether two numbers speak of the same thing: the question before every comparison.

Promises one answer from the words around both numbers, the counted nouns, the names, the
places and the rates, with the reason in plain words. Refuses to be generous: where the
words do not show that the subject is the same, the answer is that it is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from claims.text.contrasts import (
    GOVERNING,
    MEASURED,
    QUALIFIERS,
    find_contrast,
    find_narrowing,
    find_other_measure,
    meaning_of,
    spoken,
)
from claims.text.number_context import Context, subject_words
from claims.text.places import WORLD
from claims.text.quantity import Quantity
from claims.text.words import cut_words, words_as_written
from claims.vocabulary import QuantityKind

NEARLY_ALL = 0.8
LEAST_BACK = 0.55
SAME_COVERAGE = 0.5
"""Shares of words that must be common before another number refutes: nearly all of one side's,
and half of the claim's. Where both sides name something of their own, it may be the subject."""
FEWEST_WORDS = 4
"""In a shorter claim the one word that is missing may be the verb that matters."""
LEAST_OF_SENTENCE = 0.25
"""Share of the claim's sentence that must be common where its clause and the source's are one."""
MOST_BARE_WORDS = 3
"""A claim that says more than this of its number is not answered by a number alone."""
LIKELY_COVERAGE = 0.34
"""Share that is enough where the numbers agree: agreement itself is evidence."""


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


def match_subjects(
    claim: Quantity, claim_context: Context, source: Quantity, source_context: Context
) -> SubjectMatch:
    """How the subject of the source's number relates to that of the claim's.

    Both quantities are taken to be of one kind already.
    """
    mine, theirs = claim_context, source_context
    coverage = _share(mine.words, theirs.words | theirs.rest_of_text)
    if not mine.words or not theirs.words:
        return _of_bare_number(claim, mine, source, theirs)
    if mine.is_partial != theirs.is_partial:
        return SubjectMatch(Sameness.OTHER, coverage, "one number is only a part of the count")
    nouns = _compare_nouns(claim, source, mine, theirs)
    if nouns is False:
        return SubjectMatch(Sameness.OTHER, coverage, "another thing is counted")
    measure = find_other_measure(mine.words, theirs.words)
    if measure:
        return SubjectMatch(Sameness.OTHER, coverage, f"{measure[0]} here, {measure[1]} there")
    about = _share(mine.words - mine.place_words, theirs.words | theirs.rest_of_text)
    is_about_it = about >= LIKELY_COVERAGE or nouns is True or _are_kin(claim, source, mine, theirs)
    if theirs.is_row and (other := _other_row(mine, theirs)):
        return SubjectMatch(Sameness.OTHER, coverage, other, is_other_scope=True)
    if is_about_it and (scope := _other_scope(mine, theirs)):
        return SubjectMatch(Sameness.OTHER, coverage, scope, is_other_scope=True)
    if mine.rate != theirs.rate and mine.rate and theirs.rate:
        return SubjectMatch(Sameness.OTHER, coverage, f"per {theirs.rate}, not per {mine.rate}")
    if mine.names and theirs.names and not mine.names & theirs.names:
        return SubjectMatch(Sameness.UNKNOWN, coverage, "other names are spoken of")
    back, by_clause = _back(theirs, mine), _cover_clause(mine, theirs)
    is_same = _is_same(len(mine.words), coverage, back) or (
        coverage >= LEAST_OF_SENTENCE and by_clause >= NEARLY_ALL and back >= NEARLY_ALL
    )
    if is_same and _is_alike(mine, theirs) and (nouns or coverage >= NEARLY_ALL):
        if _misses_topic(mine, theirs):
            return SubjectMatch(Sameness.LIKELY, coverage, "the source does not name the topic")
        return SubjectMatch(Sameness.SAME, coverage, _say_shared(mine, theirs))
    if max(coverage, by_clause) >= LIKELY_COVERAGE or (nouns is True and coverage > 0):
        return SubjectMatch(Sameness.LIKELY, coverage, _say_shared(mine, theirs))
    return SubjectMatch(Sameness.UNKNOWN, coverage, "too few words are shared")


def _of_bare_number(
    claim: Quantity, mine: Context, source: Quantity, theirs: Context
) -> SubjectMatch:
    """A bare number takes the other's subject, where that is little and of its own kind.

    "12" by itself says nothing of how many people a flood killed.
    """
    counts = claim.kind is QuantityKind.COUNT and source.kind is QuantityKind.NUMBER
    if not theirs.words and not theirs.is_row and (counts or len(mine.words) > MOST_BARE_WORDS):
        return SubjectMatch(Sameness.UNKNOWN, 0.0, "the source does not say what its number is of")
    return SubjectMatch(Sameness.SAME, 1.0, "one side is a bare number")


def _cover_clause(mine: Context, theirs: Context) -> float:
    """The share of the claim's own clause that the source holds; 0 for a short clause.

    A long sentence says more than the one thing its number is about.
    """
    if len(mine.clause_words) < FEWEST_WORDS:
        return 0.0
    known = theirs.words | theirs.rest_of_text
    if _names_government(mine, theirs):
        known |= mine.place_words
    return _share(mine.clause_words, known)


def _names_government(mine: Context, theirs: Context) -> bool:
    """Whether both name one country and the matter is its government's: a capital may stand."""
    return bool(mine.places & theirs.places and mine.clause_words & GOVERNING)


def _misses_topic(mine: Context, theirs: Context) -> bool:
    """Whether the claim leaves its topic to its surroundings, and the source names another."""
    topic = mine.topic - MEASURED
    if not topic or topic & mine.words:
        return False
    return not topic & (theirs.words | theirs.rest_of_text | theirs.topic)


def _is_alike(mine: Context, theirs: Context) -> bool:
    """Whether both numbers are of one rate and group, both facts or forecasts, both wholes."""
    is_part = bool(theirs.events - mine.words) or bool(mine.events - theirs.words)
    only_one = (mine.words - theirs.words) | (theirs.clause_words - mine.words)
    if only_one & QUALIFIERS:
        return False
    return mine.rate == theirs.rate and mine.is_foreseen == theirs.is_foreseen and not is_part


def _back(theirs: Context, mine: Context) -> float:
    """The share of the source's clause that the claim holds too; a clause of no words adds none."""
    if not theirs.clause_words:
        return 1.0
    known = mine.words | mine.rest_of_text | mine.topic
    if _names_government(mine, theirs):
        known |= theirs.place_words
    return _share(theirs.clause_words, known)


def _is_same(word_count: int, coverage: float, back: float) -> bool:
    """Whether the wording shows one subject: one side has nearly nothing of its own."""
    if coverage >= NEARLY_ALL and back >= LEAST_BACK:
        return True
    return word_count >= FEWEST_WORDS and coverage >= SAME_COVERAGE and back >= NEARLY_ALL


def _share(part: frozenset[str], whole: frozenset[str]) -> float:
    return len(part & whole) / len(part) if part else 0.0


def _compare_nouns(
    claim: Quantity, source: Quantity, mine: Context, theirs: Context
) -> bool | None:
    """Whether the counted or measured nouns agree; ``None`` where one side names none."""
    if claim.kind in (QuantityKind.COUNT, QuantityKind.NUMBER, QuantityKind.ORDINAL):
        wanted, found = _head(claim), _head(source)
        if wanted and found:
            if wanted == found or _counted(claim) & _counted(source):
                return True
            # "measles cases" and "cases of measles" name each other's head nearby.
            return wanted in theirs.clause_words and found in mine.clause_words
        known = theirs.near_words if wanted else mine.near_words
        named = wanted or found
        return True if named and named in known else None
    if claim.measured and source.measured:
        return bool(subject_words(claim.measured) & subject_words(source.measured)) or None
    # A share or a sum has no noun of its own: the words around it decide.
    return True if _share(mine.words, theirs.words) >= SAME_COVERAGE else None


def _are_kin(claim: Quantity, source: Quantity, mine: Context, theirs: Context) -> bool:
    """Whether two shares are of wholes that are told apart because they belong together."""
    if claim.kind is not QuantityKind.PERCENT or source.kind is not QuantityKind.PERCENT:
        return False
    if not (mine.whole and theirs.whole):
        return False
    return find_contrast(subject_words(mine.whole), subject_words(theirs.whole)) is not None


def _counted(quantity: Quantity) -> frozenset[str]:
    return subject_words(quantity.counted or quantity.unit_name or "")


def _head(quantity: Quantity) -> str | None:
    named = quantity.unit_name or quantity.counted
    words = cut_words(named) if named else []
    return meaning_of(words[-1]) if words else None


def _other_scope(mine: Context, theirs: Context) -> str | None:
    contrast = (
        find_contrast(mine.words, theirs.words)
        or find_contrast(mine.clause_words, theirs.words)
        or find_contrast(mine.words, theirs.clause_words)
        or find_narrowing(mine.clause_words, theirs.clause_words)
    )
    if contrast:
        here, there = map(spoken, contrast)
        return f"the claim speaks of “{here}”, the source of “{there}”"
    if mine.whole and theirs.whole:
        ours, others = subject_words(mine.whole), subject_words(theirs.whole)
        if ours and others and not ours & others:
            return f"the whole is {mine.whole} here and {theirs.whole} there"
    mine_places, their_places = mine.places - {WORLD}, theirs.places - {WORLD}
    only_here, only_there = mine_places - their_places, their_places - mine_places
    if only_here and only_there:
        return f"{_listed(only_here)} here, {_listed(only_there)} there"
    if WORLD in mine.places and WORLD not in theirs.places and their_places - mine_places:
        return f"the world here, {_listed(their_places)} there"
    if WORLD in theirs.places and WORLD not in mine.places and mine_places - their_places:
        return f"{_listed(mine_places)} here, the world there"
    return None


def _other_row(mine: Context, theirs: Context) -> str | None:
    """A table's row is of what its label says: another place's row is another scope."""
    wanted, found = mine.places - {WORLD}, theirs.places - {WORLD}
    if wanted and not wanted & found:
        return f"{_listed(wanted)} here, a row of {_listed(theirs.places) or 'something else'}"
    return None


def _listed(places: frozenset[str]) -> str:
    return " and ".join(sorted(places))


def _say_shared(mine: Context, theirs: Context) -> str:
    shared = mine.words & (theirs.words | theirs.rest_of_text)
    if not shared:
        return "the counted noun is shared"
    written: dict[str, str] = {}
    for word, spelled in words_as_written(mine.sentence[:2000]).items():
        for meaning in subject_words(word) or (meaning_of(word),):
            written.setdefault(meaning, spelled)
    # As the claim says them and in its order; what it says elsewhere comes last.
    said = [word for meaning, word in written.items() if meaning in shared]
    said += sorted(shared - written.keys())
    return "shared words: " + ", ".join(said[:8])
