"""Find earlier claims that say the same, and refuse the ones with another number.

Promises a ranking by rare shared words, near-duplicates that survive case, typing slips
and word order, and a guard: the same words with another number, unit, period or place
are never called the same. Refuses to match by meaning alone; a person confirms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from rapidfuzz import fuzz

from claims.text.bm25 import WordIndex
from claims.text.contrasts import find_contrast, find_other_measure, meanings
from claims.text.places import find_places
from claims.text.words import STOP_STEMS, cut_words, fold_text, is_number

MOST_MATCHES = 20
DUPLICATE_RATIO = 85.0
"""Token-sort ratio from which two wordings are one; measured with the number guard on."""
_K1, _B = 0.9, 0.55
_PAIR_WEIGHT = 0.25


@dataclass(frozen=True, slots=True)
class Match:
    """An earlier text's place in the corpus and its score, higher is nearer."""

    index: int
    score: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """How near two wordings are (0 … 100) and what keeps them apart, in plain words."""

    ratio: float
    differences: tuple[str, ...]

    @property
    def is_duplicate(self) -> bool:
        """Same wording and nothing that the guard holds against it."""
        return self.ratio >= DUPLICATE_RATIO and not self.differences

    @property
    def is_guarded(self) -> bool:
        """Same wording, but another number, unit, period or place: never inherits."""
        return self.ratio >= DUPLICATE_RATIO and bool(self.differences)


class MatchIndex:
    """Earlier texts, indexed once, to be asked many times."""

    __slots__ = ("_pairs", "_texts", "_words")

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = tuple(texts)
        cut = [cut_words(text) for text in self._texts]
        self._words = WordIndex((_telling(words) for words in cut), k1=_K1, b=_B)
        self._pairs = WordIndex((list(pairwise(words)) for words in cut), k1=_K1, b=_B)

    def rank(self, query: str, *, limit: int = MOST_MATCHES) -> list[Match]:
        """The nearest earlier texts, best first; texts that share no word are left out."""
        words = cut_words(query)
        scores = self._words.score_texts(_damped(_telling(words)))
        if _PAIR_WEIGHT:
            scores = scores + _PAIR_WEIGHT * self._pairs.score_texts(
                dict.fromkeys(pairwise(words), 1.0)
            )
        if not scores.size:
            return []
        count = min(limit, scores.size)
        nearest = np.argpartition(-scores, count - 1)[:count]
        ordered = sorted(nearest.tolist(), key=lambda index: (-scores[index], index))
        return [Match(index, float(scores[index])) for index in ordered if scores[index] > 0]

    def find_duplicates(self, query: str) -> list[tuple[Match, Likeness]]:
        """Earlier texts with the query's wording, guarded ones included, best first."""
        found = [
            (match, compare_wording(query, self._texts[match.index])) for match in self.rank(query)
        ]
        near = [pair for pair in found if pair[1].ratio >= DUPLICATE_RATIO]
        return sorted(near, key=lambda pair: (bool(pair[1].differences), -pair[1].ratio))


def rank_matches(
    queries: Iterable[str], corpus: Sequence[str], *, limit: int = MOST_MATCHES
) -> list[list[Match]]:
    """For every query the nearest texts of ``corpus``, at most ``limit``, best first."""
    index = MatchIndex(corpus)
    return [index.rank(query, limit=limit) for query in queries]


def compare_wording(text: str, other: str) -> Likeness:
    """How near two wordings are, and every difference that the guard knows.

    >>> compare_wording("The flood killed 12 people.", "the flood killed 15 people").differences
    ('12 here, 15 there',)
    """
    mine, theirs = cut_words(text), cut_words(other)
    ratio = max(
        float(fuzz.ratio(" ".join(mine), " ".join(theirs))),
        float(fuzz.token_sort_ratio(" ".join(mine), " ".join(theirs))),
        float(fuzz.token_sort_ratio(fold_text(text), fold_text(other))),
    )
    return Likeness(ratio, tuple(_differences(text, other, mine, theirs)))


def _differences(text: str, other: str, mine: list[str], theirs: list[str]) -> Iterable[str]:
    ours = Counter(word for word in mine if is_number(word))
    others = Counter(word for word in theirs if is_number(word))
    if ours != others:
        yield f"{_say(ours - others)} here, {_say(others - ours)} there"
    units = [_unit_words(words) for words in (mine, theirs)]
    if units[0] != units[1]:
        yield f"{_say(units[0] - units[1])} here, {_say(units[1] - units[0])} there"
    here = find_places(text) - _places_in_any_case(other)
    there = find_places(other) - _places_in_any_case(text)
    if here or there:
        yield f"{_say(here)} here, {_say(there)} there"
    told = meanings(text), meanings(other)
    contrast = find_contrast(*told) or find_other_measure(*told)
    if contrast:
        yield f"{contrast[0]} here, {contrast[1]} there"


_LISTED_UNITS = (
    "percent point million billion trillion thousand hundred dollar euro pound rupee yen yuan "
    "kilometr kilomet mile tonn ton day week month year hour not no never rise fall"
)
_UNITS = frozenset(_LISTED_UNITS.split())


def _unit_words(words: list[str]) -> frozenset[str]:
    return frozenset(words) & _UNITS


def _places_in_any_case(text: str) -> frozenset[str]:
    """Places are read by their capitals; "sindh" must not look like a missing Sindh."""
    return find_places(text) | find_places(text.title())


def _say(words: Iterable[str]) -> str:
    return ", ".join(sorted(words)) or "none"


def _telling(words: list[str]) -> list[str]:
    return [word for word in words if word not in STOP_STEMS]


def _damped(words: list[str]) -> Mapping[str, float]:
    """Query weights: a word said three times does not count three times."""
    return {word: 1.0 + 0.3 * (count - 1) for word, count in Counter(words).items()}
