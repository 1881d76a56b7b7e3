"""What can be seen in a claim and a passage that tells support from contradiction.

Promises the same named signals, in the same order, for any two texts, in work that grows
with their length. Refuses to weigh them: that is :mod:`claims.text.stance`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import TypeVar

from rapidfuzz import fuzz

from claims.text.compare import Comparison
from claims.text.contrasts import find_contrast, find_other_measure, meaning_of
from claims.text.sentences import split_sentences
from claims.text.words import STOP_STEMS, cut_words, is_number, words_as_written
from claims.vocabulary import Outcome

Mark = TypeVar("Mark")
_LONGEST_WORDS = 600
_LISTED_NEGATIONS = (
    "not no never none neither nor nobody nothing nowhere cannot without fail lack deny refuse "
    "rarely hardly false fals untrue denied unable incapable avoid barely yet refused failed deny "
    "decline stop except instead unlike non isn wasn"
)
_NEGATIONS = frozenset(_LISTED_NEGATIONS.split())
_CONTRACTED = re.compile(r"n['’]t\b", re.IGNORECASE)
_LISTED_ABSOLUTES = "only all always every never sole solely exclusively entire single ever"
_ABSOLUTES = frozenset(_LISTED_ABSOLUTES.split())
_LISTED_TURNS = "but however although though despite instead rather actually contrary"
_TURNS = frozenset(_LISTED_TURNS.split())
_ANTONYMS = """
rise fall
increase decrease
more less
more fewer
most least
high low
higher lower
highest lowest
first last
early late
before after
win lose
alive dead
born die
start end
begin finish
big small
large small
largest smallest
long short
old young
older younger
oldest youngest
new old
male female
man woman
father mother
son daughter
brother sister
husband wife
he she
his her
north south
east west
northern southern
eastern western
positive negative
success failure
success flop
accept reject
allow forbid
legal illegal
true false
married single
single married
alone together
solo band
hot cold
strong weak
rich poor
safe dangerous
support oppose
help prevent
cause prevent
enable inhibit
promote inhibit
activate inhibit
induce suppress
upregulate downregulate
improve worsen
reduce increase
enhance reduce
always never
all none
major minor
public private
import export
buy sell
gain loss
fast slow
rare common
american british
american canadian
english french
television film
film book
novel film
album song
actor director
singer actor
comedy drama
"""


_CROSSED = (
    "coverage",
    "tail_found",
    "tail_all_found",
    "pairs",
    "negation_flipped",
    "negated_claim",
    "negated_near",
    "antonyms",
    "contrast",
    "swapped",
    "names_other",
    "numbers_other",
    "numbers_found",
    "date_clashes",
    "absolute",
    "last_missing",
)
"""Signals that mean another thing together: a missing name in a sentence that says the rest."""


def _read_antonyms() -> dict[str, frozenset[str]]:
    opposed: dict[str, set[str]] = {}
    for line in _ANTONYMS.strip().splitlines():
        one, other = (cut_words(word)[0] for word in line.split())
        opposed.setdefault(one, set()).add(other)
        opposed.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in opposed.items()}


_OPPOSED = _read_antonyms()


@dataclass(frozen=True, slots=True)
class Signals:
    """The signals of one pair by name, and what a reader may be told of them."""

    values: dict[str, float]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Side:
    """One text cut once."""

    text: str
    words: list[str]
    telling: list[str]
    meanings: frozenset[str]
    numbers: frozenset[str]
    names: frozenset[str]
    is_negated: bool

    def spell(self, word: str) -> str:
        """A cut word as the text writes it."""
        return words_as_written(self.text[:6000]).get(word, word)


_NAME = re.compile(r"\b[A-Z][\w’'-]+")


def _cut(text: str) -> _Side:
    words = cut_words(text)[:_LONGEST_WORDS]
    telling = [word for word in words if word not in STOP_STEMS]
    first = _NAME.match(text)
    names = frozenset(
        cut_words(match.group())[0]
        for match in _NAME.finditer(text[:6000])
        if first is None or match.start() > 0
        if cut_words(match.group())
    )
    return _Side(
        text,
        words,
        telling,
        frozenset(meaning_of(word) for word in telling if not is_number(word)),
        frozenset(word for word in words if is_number(word)),
        frozenset(name for name in names if name not in STOP_STEMS),
        bool(_NEGATIONS & set(words)) or bool(_CONTRACTED.search(text)),
    )


def read_signals(claim: str, passage: str, comparison: Comparison | None = None) -> Signals:
    """All signals of a pair; ``comparison`` adds what came of its numbers."""
    nearest = _nearest_sentence(claim, passage)
    mine, theirs, near = _cut(claim), _cut(passage), _cut(nearest)
    values: dict[str, float] = {"bias": 1.0}
    notes: list[str] = []
    coverage = _share(mine.meanings, theirs.meanings)
    values["coverage"] = coverage
    values["coverage_squared"] = coverage * coverage
    values["coverage_near"] = _share(mine.meanings, near.meanings)
    values["all_words"] = float(coverage == 1.0)
    values["pairs"] = _share(set(pairwise(mine.words)), set(pairwise(theirs.words)))
    values["token_set"] = fuzz.token_set_ratio(" ".join(mine.words), " ".join(theirs.words)) / 100
    values["partial"] = fuzz.partial_ratio(" ".join(mine.words), " ".join(theirs.words[:200])) / 100
    values["missing"] = min(5, len(mine.meanings - theirs.meanings)) / 5
    values["claim_words"] = math.log1p(len(mine.words)) / 4
    values["passage_words"] = math.log1p(len(theirs.words)) / 6
    half = len(mine.telling) // 2
    known = frozenset(map(meaning_of, theirs.words))
    values["head_found"] = _share(frozenset(map(meaning_of, mine.telling[:half])), known)
    values["tail_found"] = _share(frozenset(map(meaning_of, mine.telling[half:])), known)
    values["tail_all_found"] = float(values["tail_found"] == 1.0)
    values["beginnings"] = _share(_beginnings(mine.telling), _beginnings(theirs.words))
    _add_dates(values, notes, mine, theirs)
    _add_numbers(values, notes, mine, theirs)
    _add_names(values, mine, theirs)
    _add_polarity(values, notes, mine, near, theirs, coverage)
    _add_swaps(values, notes, mine, theirs)
    _add_outcome(values, notes, comparison)
    for one, other in combinations(_CROSSED, 2):
        values[f"{one} × {other}"] = values[one] * values[other]
    return Signals(values, tuple(notes))


def _nearest_sentence(claim: str, passage: str) -> str:
    wanted = set(cut_words(claim)) - STOP_STEMS
    spans = split_sentences(passage[:20_000])
    if len(spans) < 2:
        return passage
    best = max(spans, key=lambda span: len(wanted & set(cut_words(passage[span.start : span.end]))))
    return passage[best.start : best.end]


def _share(part: AbstractSet[Mark], whole: AbstractSet[Mark]) -> float:
    return len(part & whole) / len(part) if part else 0.0


_LISTED_MONTHS = (
    "january february march april may june july august september october november december"
)
_MONTHS = frozenset(word for name in _LISTED_MONTHS.split() for word in cut_words(name))


def _beginnings(words: list[str]) -> frozenset[str]:
    return frozenset(word[:4] for word in words if word not in STOP_STEMS)


def _dates(words: list[str]) -> list[frozenset[str]]:
    """Each written date as its parts: the month, and the day and year beside it."""
    found = []
    for place, word in enumerate(words):
        if word in _MONTHS:
            after = words[place + 1 : place + 4]
            beside = words[max(0, place - 1) : place] + after
            parts = {near for near in beside if is_number(near)}
            found.append(frozenset(parts | {word}))
    return found


def _add_dates(values: dict[str, float], notes: list[str], mine: _Side, theirs: _Side) -> None:
    wanted, told = _dates(mine.words), _dates(theirs.words)
    agrees = bool(wanted) and all(any(one <= other for other in told) for one in wanted)
    values["date_agrees"] = float(agrees)
    values["date_clashes"] = float(bool(wanted) and bool(told) and not agrees)
    if values["date_clashes"]:
        notes.append("the passage gives another date")


def _add_numbers(values: dict[str, float], notes: list[str], mine: _Side, theirs: _Side) -> None:
    missing = mine.numbers - theirs.numbers
    values["numbers_found"] = float(bool(mine.numbers) and not missing)
    values["numbers_other"] = float(bool(missing) and bool(theirs.numbers - mine.numbers))
    values["numbers_none"] = float(bool(missing) and not theirs.numbers)
    values["no_numbers"] = float(not mine.numbers)
    values["numbers_other_covered"] = values["numbers_other"] * values["coverage"]
    if mine.numbers and not missing:
        notes.append("every number of the claim is in the passage")
    elif missing and theirs.numbers:
        notes.append("the passage gives other numbers")


def _add_names(values: dict[str, float], mine: _Side, theirs: _Side) -> None:
    everything = frozenset(theirs.words)
    missing = mine.names - everything
    values["names_found"] = float(bool(mine.names) and not missing)
    values["names_missing"] = min(3, len(missing)) / 3
    values["names_other"] = float(bool(missing) and bool(theirs.names - mine.names))
    values["names_other_covered"] = values["names_other"] * values["coverage"]


def _add_polarity(
    values: dict[str, float],
    notes: list[str],
    mine: _Side,
    near: _Side,
    theirs: _Side,
    coverage: float,
) -> None:
    values["negated_claim"] = float(mine.is_negated)
    values["negated_near"] = float(near.is_negated)
    is_flipped = mine.is_negated != near.is_negated
    values["negation_flipped"] = float(is_flipped)
    values["negation_flipped_covered"] = float(is_flipped) * coverage
    values["both_negated"] = float(mine.is_negated and near.is_negated)
    known = frozenset(theirs.words)
    opposed = [
        (word, other)
        for word in mine.words
        if word not in known
        for other in _OPPOSED.get(word, ())
        if other in known
    ]
    values["antonyms"] = min(2, len(opposed)) / 2
    values["antonyms_covered"] = values["antonyms"] * coverage
    contrast = find_contrast(mine.meanings, theirs.meanings) or find_other_measure(
        mine.meanings, theirs.meanings
    )
    values["contrast"] = float(contrast is not None)
    values["absolute"] = float(bool(_ABSOLUTES & set(mine.words) - known))
    values["turns"] = float(bool(_TURNS & known))
    if is_flipped and coverage >= 0.5:
        notes.append("one of the two is negated")
    notes.extend(
        f"“{mine.spell(word)}” against “{theirs.spell(other)}”" for word, other in opposed[:2]
    )


def _add_swaps(values: dict[str, float], notes: list[str], mine: _Side, theirs: _Side) -> None:
    """Places where both texts go along together and then name another thing."""
    known = frozenset(theirs.words)
    follows: dict[str, set[str]] = {}
    for left, right in pairwise(theirs.words):
        follows.setdefault(left, set()).add(right)
    swapped = [
        (word, min(others))
        for left, word in pairwise(mine.words)
        if word not in known and word not in STOP_STEMS
        if (others := follows.get(left, set()) - frozenset(mine.words) - STOP_STEMS)
    ]
    telling = [pair for pair in swapped if not is_number(pair[0])]
    values["swapped"] = min(3, len(telling)) / 3
    values["swapped_covered"] = values["swapped"] * values["coverage"]
    values["swapped_number"] = float(len(swapped) > len(telling))
    last = mine.telling[-1] if mine.telling else ""
    values["last_missing"] = float(bool(last) and last not in known)
    if telling:
        said, wanted = theirs.spell(telling[0][1]), mine.spell(telling[0][0])
        notes.append(f"“{said}” stands where the claim says “{wanted}”")


def _add_outcome(values: dict[str, float], notes: list[str], comparison: Comparison | None) -> None:
    outcome = comparison.outcome if comparison else None
    values["number_agrees"] = float(outcome in (Outcome.MATCH, Outcome.WITHIN_ROUNDING))
    values["number_differs"] = float(outcome is Outcome.DIFFERS)
    values["number_elsewhere"] = float(
        outcome in (Outcome.DIFFERENT_PERIOD, Outcome.DIFFERENT_SCOPE)
    )
    if comparison and outcome is not Outcome.NOT_COMPARABLE:
        notes.append(f"numbers: {comparison.outcome.label.lower()} ({comparison.reasons[0]})")
