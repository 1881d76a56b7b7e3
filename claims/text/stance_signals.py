"""What can be seen in a claim and a passage that tells support from contradiction.

Promises the same named signals, in the same order, for any two texts, in work that grows
with their length. Refuses to weigh them: that is :mod:`claims.text.stance`.
"""

from __future__ import annotations

import math
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from rapidfuzz import fuzz

from claims.text.compare import Comparison
from claims.text.contrasts import find_contrast, find_other_measure, meaning_of
from claims.text.meaning import read_directions
from claims.text.opposites import find_opposites, find_other_places, find_rivals
from claims.text.stance_sides import LONGEST_READ, Side, cut_side, nearest_sentence
from claims.text.words import STOP_STEMS, cut_words, is_number
from claims.vocabulary import Outcome

Mark = TypeVar("Mark")
_LISTED_ABSOLUTES = "only all always every never sole solely exclusively entire single ever"
_ABSOLUTES = frozenset(_LISTED_ABSOLUTES.split())
_LISTED_TURNS = "but however although though despite instead rather actually contrary"
_TURNS = frozenset(_LISTED_TURNS.split())
_CLASHES = ("other_place", "date_clashes", "number_differs", "numbers_other", "contrast")
_WITH_A_DENIAL = (
    "antonyms_near",
    "rivals_near",
    "other_place",
    "missing",
    "last_missing",
    "swapped",
    "tail_found",
)


@dataclass(frozen=True, slots=True)
class Signals:
    """The signals of one pair by name, what a reader may be told of them, and how near both are.

    ``nearness`` (-1 … 1) is of what they speak of; the model does not weigh it.
    """

    values: dict[str, float]
    notes: tuple[str, ...]
    nearness: float


def read_signals(claim: str, passage: str, comparison: Comparison | None = None) -> Signals:
    """All signals of a pair; ``comparison`` adds what came of its numbers."""
    nearest = nearest_sentence(claim, passage)
    mine, theirs, near = cut_side(claim), cut_side(passage), cut_side(nearest)
    values: dict[str, float] = {}
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
    _add_polarity(values, notes, mine, near, theirs)
    _add_opposites(values, notes, mine, near, theirs)
    _add_swaps(values, notes, mine, theirs)
    _add_outcome(values, notes, comparison)
    _add_parity(values)
    directions = read_directions([claim, passage])
    return Signals(values, tuple(notes), float(directions[0] @ directions[1]))


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


def _add_dates(values: dict[str, float], notes: list[str], mine: Side, theirs: Side) -> None:
    wanted, told = _dates(mine.words), _dates(theirs.words)
    agrees = bool(wanted) and all(any(one <= other for other in told) for one in wanted)
    values["date_agrees"] = float(agrees)
    values["date_clashes"] = float(bool(wanted) and bool(told) and not agrees)
    if values["date_clashes"]:
        notes.append("the passage gives another date")


def _add_numbers(values: dict[str, float], notes: list[str], mine: Side, theirs: Side) -> None:
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


def _add_names(values: dict[str, float], mine: Side, theirs: Side) -> None:
    everything = frozenset(theirs.words)
    missing = mine.names - everything
    values["names_found"] = float(bool(mine.names) and not missing)
    values["names_missing"] = min(3, len(missing)) / 3
    values["names_other"] = float(bool(missing) and bool(theirs.names - mine.names))
    values["names_other_covered"] = values["names_other"] * values["coverage"]


def _add_polarity(
    values: dict[str, float], notes: list[str], mine: Side, near: Side, theirs: Side
) -> None:
    coverage = values["coverage"]
    is_flipped = mine.is_negated != near.is_negated
    values["negated_claim"] = float(mine.is_negated)
    values["negated_near"] = float(near.is_negated)
    values["negation_flipped"] = float(is_flipped)
    values["negation_flipped_covered"] = float(is_flipped) * coverage
    values["both_negated"] = float(mine.is_negated and near.is_negated)
    known = frozenset(theirs.words)
    contrast = find_contrast(mine.meanings, theirs.meanings) or find_other_measure(
        mine.meanings, theirs.meanings
    )
    values["contrast"] = float(contrast is not None)
    values["absolute"] = float(bool(_ABSOLUTES & set(mine.words) - known))
    values["turns"] = float(bool(_TURNS & known))
    if is_flipped and coverage >= 0.5:
        notes.append("one of the two is negated")


def _add_opposites(
    values: dict[str, float], notes: list[str], mine: Side, near: Side, theirs: Side
) -> None:
    """Opposites and rivals of the claim's words, in the passage and in its nearest sentence."""
    opposed = find_opposites(mine.words, theirs.words)
    values["antonyms"] = min(2, len(opposed)) / 2
    values["antonyms_near"] = min(2, len(find_opposites(mine.words, near.words))) / 2
    rivals = find_rivals(mine.words, theirs.words)
    values["rivals"] = min(2, len(rivals)) / 2
    values["rivals_near"] = min(2, len(find_rivals(mine.words, near.words))) / 2
    places = find_other_places(mine.text[:LONGEST_READ], theirs.text[:LONGEST_READ])
    values["other_place"] = float(places is not None)
    covered = values["coverage_near"]
    for name in ("antonyms", "antonyms_near", "rivals_near", "other_place"):
        values[f"{name}_covered"] = values[name] * covered
    told = [(mine.spell(word), theirs.spell(other)) for word, other in [*opposed, *rivals][:2]]
    notes.extend(f"“{one}” against “{other}”" for one, other in [*told, *filter(None, [places])])


def _add_parity(values: dict[str, float]) -> None:
    """Whether the claim and the nearest sentence say the opposite, all in all.

    A denial of the opposite agrees: "is not a film" and "is a play".
    """
    covered = values["coverage_near"]
    is_flipped = bool(values["negation_flipped"])
    opposites = bool(values["antonyms_near"] or values["rivals_near"])
    clashes = opposites or any(values[name] for name in _CLASHES)
    values["clash"] = float(clashes)
    values["clash_covered"] = values["clash"] * covered
    values["opposed"] = float(is_flipped != clashes)
    values["opposed_covered"] = values["opposed"] * covered
    values["opposed_tail"] = values["opposed"] * values["tail_found"]
    values["opposed_by_words"] = float(is_flipped != opposites)
    values["opposed_by_words_covered"] = values["opposed_by_words"] * covered
    for name in _WITH_A_DENIAL:
        values[f"{name} of a denial"] = values[name] * values["negated_claim"]


def _add_swaps(values: dict[str, float], notes: list[str], mine: Side, theirs: Side) -> None:
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
