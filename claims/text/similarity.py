"""Find earlier claims that say the same, and refuse the ones with another number.

Promises a ranking by rare shared words, near-duplicates that survive case, typing slips
and word order, and a guard: the same words with another number, unit, period or place
are never called the same. Refuses to match by meaning alone; a person confirms.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from rapidfuzz import fuzz

from claims.text.bm25 import WordIndex
from claims.text.contrasts import find_contrast, find_other_measure, meanings
from claims.text.places import find_places, is_place_word
from claims.text.words import STOP_STEMS, cut_words, fold_text, is_number, stem

MOST_MATCHES = 20
DUPLICATE_RATIO = 85.0
"""Token-sort ratio from which two wordings are one; measured with the number guard on."""
NONE = "none"
"""What a difference says of the side that names nothing."""
_MISSPELT_RATIO = 75.0
_K1, _B = 1.5, 0.85
_STOP_WEIGHT, _PAIR_WEIGHT, _PREFIX_WEIGHT = 0.5, 0.3, 0.25
_PREFIX_CHARS = 5
# Weights from the development queries of CheckThat! 2022 task 2 (measured, not trained on).
_ADDRESS = re.compile(r"(?:https?://|pic\.twitter\.com/|www\.)\S+|\b[\w.-]{1,60}\.(?:com|org)/\S*")
_CAPITALISED = re.compile(r"\b[A-Z]\w+")
_INSIDE_TAG = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Match:
    """An earlier text's place in the corpus and its score, higher is nearer."""

    index: int
    score: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """How near two wordings are (0 … 100) and what keeps them apart, each as (here, there)."""

    ratio: float
    pairs: tuple[tuple[str, str], ...]

    @property
    def differences(self) -> tuple[str, ...]:
        """What keeps them apart, in plain words."""
        return tuple(say_pair(pair) for pair in self.pairs)

    @property
    def is_duplicate(self) -> bool:
        """Same wording and nothing that the guard holds against it."""
        return self.ratio >= DUPLICATE_RATIO and not self.pairs

    @property
    def is_guarded(self) -> bool:
        """Same wording, but another number, unit, period or place: never inherits."""
        return self.ratio >= DUPLICATE_RATIO and bool(self.pairs)


class MatchIndex:
    """Earlier texts, indexed once, to be asked many times."""

    __slots__ = ("_pairs", "_prefixes", "_texts", "_words")

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = tuple(texts)
        cut = [_cut(text) for text in self._texts]
        self._words = WordIndex(cut, k1=_K1, b=_B)
        self._pairs = WordIndex((list(pairwise(words)) for words in cut), k1=_K1, b=_B)
        self._prefixes = WordIndex((_prefixes(words) for words in cut), k1=_K1, b=_B)

    def rank(self, query: str, *, limit: int = MOST_MATCHES) -> list[Match]:
        """The nearest earlier texts, best first; texts that share no telling word are left out."""
        words = _cut(query)
        if not self._texts or limit < 1 or all(word in STOP_STEMS for word in words):
            return []
        scores = self._words.score_texts(_weigh(words))
        scores += _PAIR_WEIGHT * self._pairs.score_texts(dict.fromkeys(pairwise(words), 1.0))
        scores += _PREFIX_WEIGHT * self._prefixes.score_texts(dict.fromkeys(_prefixes(words), 1.0))
        count = min(limit, scores.size)
        nearest = np.argpartition(-scores, count - 1)[:count]
        ordered = sorted(nearest.tolist(), key=lambda index: (-scores[index], index))
        return [Match(index, float(scores[index])) for index in ordered if scores[index] > 0]

    def find_duplicates(self, query: str) -> list[tuple[Match, Likeness]]:
        """Earlier texts with the query's wording, guarded ones included, best first."""
        near = [
            (match, compare_wording(query, self._texts[match.index]))
            for match in self.rank(query)
            if _ratio(query, self._texts[match.index]) >= DUPLICATE_RATIO
        ]
        return sorted(near, key=lambda pair: (bool(pair[1].pairs), -pair[1].ratio))


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
    pairs = tuple(_differences(text, other, cut_words(text), cut_words(other)))
    return Likeness(_ratio(text, other), pairs)


def say_pair(pair: tuple[str, str]) -> str:
    """One difference in plain words."""
    return f"{pair[0]} here, {pair[1]} there"


def _ratio(text: str, other: str) -> float:
    """The better of the letters in order and the words in any order, 0 … 100."""
    one, two = " ".join(cut_words(text)), " ".join(cut_words(other))
    return max(
        fuzz.ratio(one, two),
        fuzz.token_sort_ratio(one, two),
        fuzz.token_sort_ratio(fold_text(text), fold_text(other)),
    )


def _differences(
    text: str, other: str, mine: list[str], theirs: list[str]
) -> Iterable[tuple[str, str]]:
    ours = Counter(word for word in mine if is_number(word))
    others = Counter(word for word in theirs if is_number(word))
    if ours != others:
        yield _say(ours - others), _say(others - ours)
    units_here, units_there = _units_missing(mine, theirs), _units_missing(theirs, mine)
    if units_here or units_there:
        yield _say(units_here), _say(units_there)
    here = _places_missing(text, other, theirs)
    there = _places_missing(other, text, mine)
    if here or there:
        yield _say(here), _say(there)
    told = meanings(text), meanings(other)
    contrast = find_contrast(*told) or find_other_measure(*told)
    if contrast:
        yield contrast


_LISTED_UNITS = (
    "percent point million billion trillion thousand hundred dollar euro pound rupee yen yuan "
    "kilometr kilomet mile tonn ton day week month year hour not no never rise fall"
)
_UNITS = frozenset(_LISTED_UNITS.split())


def _units_missing(words: list[str], others: list[str]) -> frozenset[str]:
    """The units of ``words`` that ``others`` do not have, not even misspelt."""
    missing = frozenset(words) & _UNITS - frozenset(others)
    strange = frozenset(others) - frozenset(words) - _UNITS
    return frozenset(unit for unit in missing if not _is_misspelt(unit, strange))


def _is_misspelt(word: str, others: Iterable[str]) -> bool:
    return len(word) > 3 and any(fuzz.ratio(word, other) >= _MISSPELT_RATIO for other in others)


def _places_missing(text: str, other: str, words: list[str]) -> frozenset[str]:
    """The places of ``text`` that ``other`` does not name, in whatever case or misspelling.

    Places are read by their capitals, so "sindh" must not look like a missing Sindh, nor
    "Sidnh"; a word that is another place (Iran, Iraq) is never a misspelling.
    """
    missing = find_places(text) - find_places(other)
    if not missing or not (missing := missing - find_places(other.title())):
        return missing
    strange = [word for word in words if not is_place_word(word.title())]
    for written in _CAPITALISED.findall(text):
        if is_place_word(written) and _is_misspelt(stem(written.casefold()), strange):
            missing -= find_places(written)
    return missing


def _say(words: Iterable[str]) -> str:
    return ", ".join(sorted(words)) or NONE


def _cut(text: str) -> list[str]:
    """The words of a claim or a post: web addresses go, "#RareEarths" is two words."""
    return cut_words(_INSIDE_TAG.sub(" ", _ADDRESS.sub(" ", text)))


def _prefixes(words: list[str]) -> list[str]:
    return [
        word[:_PREFIX_CHARS]
        for word in words
        if len(word) > _PREFIX_CHARS and word not in STOP_STEMS
    ]


def _weigh(words: list[str]) -> Mapping[str, float]:
    """Query weights: a word said three times does not count three times."""
    return {
        word: (1.0 + 0.3 * (count - 1)) * (_STOP_WEIGHT if word in STOP_STEMS else 1.0)
        for word, count in Counter(words).items()
    }
