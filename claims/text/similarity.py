"""Hold two wordings together: how near they are, and what keeps them apart.

Promises a likeness that survives case, typing slips and word order, and a guard: the same
words with another number, unit, period or place are never called the same. Refuses to search:
:mod:`claims.text.match_index` does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from claims.text.contrasts import find_contrast, find_other_measure, meanings
from claims.text.places import find_places, is_place_word
from claims.text.words import cut_words, fold_text, is_number, stem

DUPLICATE_RATIO = 85.0
"""Token-sort ratio from which two wordings are one; measured with the number guard on."""
NONE = "none"
"""What a difference says of the side that names nothing."""
_MISSPELT_RATIO = 75.0
_CAPITALISED = re.compile(r"\b[A-Z]\w+")


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


def compare_wording(text: str, other: str) -> Likeness:
    """How near two wordings are, and every difference that the guard knows.

    >>> compare_wording("The flood killed 12 people.", "the flood killed 15 people").differences
    ('12 here, 15 there',)
    """
    pairs = tuple(_differences(text, other, cut_words(text), cut_words(other)))
    return Likeness(measure_ratio(text, other), pairs)


def say_pair(pair: tuple[str, str]) -> str:
    """One difference in plain words."""
    return f"{pair[0]} here, {pair[1]} there"


def measure_ratio(text: str, other: str) -> float:
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
