"""Seen before: which words to look an earlier claim up by, how near it is, what differs.

Promises lookups that stay cheap over a million claims, whatever words they share: the rarest
words and combinations of them, chosen by how often each stands, never one that would bring
thousands; and a number guard over wording and frame: another number, unit, period or place
is told in plain words. Refuses to decide: near is not the same, and a person says so.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import TypeVar

from claims.text.contrasts import meaning_of
from claims.text.places import find_places
from claims.text.similarity import DUPLICATE_RATIO, NONE, Likeness, compare_wording, say_pair
from claims.text.words import STOP_STEMS, cut_words, fold_text, is_number

Key = TypeVar("Key", bound=Hashable)

MOST_KEPT_WORDS = 64
"""Telling words of a claim that it is found by; a longer one is found by its first."""
NEAR_SCORE = 0.35
"""Shared weight of words from which a claim in other words is suggested: of tweets and checked
claims (CheckThat! 2022 task 2a, development), 98 of 100 such pairs belong together."""
MOST_BROUGHT = 400
"""Earlier claims that one lookup brings at most."""
_RAREST, _MOST_TOGETHER, _MOST_LOOKUPS = 8, 4, 4
# Places of words that the lookups of one question may read together: about 12 ms for 150,000.
_MOST_READ = 200_000
_FEWEST_CLAIMS = 10_000
_DAYS_APART = 366


def telling_words(text: str) -> list[str]:
    """The words a claim is found by, synonyms as one, each once, numbers as digits.

    >>> telling_words("Output rose to 70 tonnes")
    ['production', 'rise', '70', 'tonn']
    """
    kept = dict.fromkeys(
        meaning_of(word) for word in cut_words(text) if is_number(word) or word not in STOP_STEMS
    )
    return list(kept)[:MOST_KEPT_WORDS]


def plan_lookups(counts: Mapping[str, int], total: int) -> list[tuple[str, ...]]:
    """The words, or words that must stand together, by which earlier claims are fetched.

    ``counts`` says in how many of the ``total`` claims each known word stands. Each lookup
    brings few; where a word is misspelt or left out, another lookup does without it.
    """
    words = [word for word in counts if not is_number(word)]
    rarest = sorted(words, key=lambda word: (counts[word], word))[:_RAREST]
    numbers = [
        (word,) for word in sorted(counts) if is_number(word) and counts[word] <= MOST_BROUGHT
    ]
    chosen: list[tuple[str, ...]] = []
    read = 0
    for together in _by_cost(rarest, counts, total):
        if len(chosen) >= _MOST_LOOKUPS:
            break
        cost = sum(counts[word] for word in together)
        if chosen and (read + cost > _MOST_READ or _says_nothing_new(together, chosen)):
            continue
        chosen.append(together)
        read += cost
    # A number alone brings what shares only the number: last, and only where it is rare.
    return chosen + numbers[:1]


def narrow_lookup(
    together: tuple[str, ...], counts: Mapping[str, int], brought: Mapping[str, int]
) -> tuple[str, ...] | None:
    """The lookup with one more word, for one that brought too many; ``None`` where none is left.

    ``brought`` says in how many of those it brought each word stands: words that always come
    together tell nothing more, so the one that stands in fewest is taken.
    """
    left = [word for word in counts if word not in together and not is_number(word)]
    if not left:
        return None
    return (*together, min(left, key=lambda word: (brought.get(word, 0), counts[word], word)))


def _by_cost(rarest: Sequence[str], counts: Mapping[str, int], total: int) -> list[tuple[str, ...]]:
    """Combinations that should bring few claims, those that are read fastest first."""
    found = []
    for size in range(1, _MOST_TOGETHER + 1):
        for together in combinations(rarest, size):
            expected = math.prod(counts[word] / total for word in together) * total
            if expected <= MOST_BROUGHT:
                found.append((sum(counts[word] for word in together), together))
    return [together for _, together in sorted(found, key=lambda pair: (pair[0], len(pair[1])))]


def _says_nothing_new(together: tuple[str, ...], chosen: Sequence[tuple[str, ...]]) -> bool:
    """Whether most of these words, or all of a chosen lookup, are asked for together already."""
    words = set(together)
    return any(set(one) <= words or len(words.intersection(one)) * 2 > len(words) for one in chosen)


def weigh_words(counts: Mapping[str, int], words: Collection[str], total: int) -> dict[str, float]:
    """How much each word tells, the rarer the more; one that was never met tells most."""
    size = max(total, _FEWEST_CLAIMS)
    return {word: math.log(1 + size / max(counts.get(word, 0), 1)) for word in words}


def nearness(weights: Mapping[Key, float], others: Mapping[Key, float]) -> float:
    """How much of their telling words (or of the words' keys) two claims share, 0 … 1."""
    shared = sum(weight for word, weight in weights.items() if word in others)
    whole = math.sqrt(sum(weights.values()) * sum(others.values()))
    return shared / whole if whole else 0.0


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim as the guard sees it: wording, numbers as (value, unit) texts, and its frame."""

    text: str
    numbers: frozenset[str] = frozenset()
    period: tuple[date | None, date | None] = (None, None)
    place: str = ""
    said_on: date | None = None


@dataclass(frozen=True, slots=True)
class Resemblance:
    """How near a claim is to an earlier one (0 … 1) and what the guard holds against it."""

    score: float
    differences: tuple[str, ...]

    @property
    def is_near(self) -> bool:
        """Whether a person should look at the pair."""
        return self.score >= NEAR_SCORE

    @property
    def rank(self) -> tuple[float, bool]:
        """What sorts the nearest first, of equals those without a difference."""
        return -self.score, bool(self.differences)


def compare_statements(mine: Statement, theirs: Statement, near: float = 0.0) -> Resemblance:
    """Hold a claim against an earlier one; ``near`` is what :func:`nearness` said of them."""
    likeness = compare_wording(mine.text, theirs.text)
    is_worded_alike = likeness.ratio >= DUPLICATE_RATIO
    score = max(near, likeness.ratio / 100) if is_worded_alike else near
    pairs = _of_wording(likeness, is_worded_alike)
    if not any(letter.isdigit() for pair in pairs for side in pair for letter in side):
        pairs += _of_numbers(mine, theirs)
    pairs += _of_frames(mine, theirs)
    return Resemblance(score, tuple(dict.fromkeys(say_pair(pair) for pair in pairs)))


def _of_wording(likeness: Likeness, is_worded_alike: bool) -> list[tuple[str, str]]:
    """In other words what one side leaves out is no difference; in the same words it is."""
    return [pair for pair in likeness.pairs if is_worded_alike or NONE not in pair]


def _of_numbers(mine: Statement, theirs: Statement) -> list[tuple[str, str]]:
    """The numbers as they were read and corrected; a side that states more of them is no other."""
    if mine.numbers <= theirs.numbers or theirs.numbers <= mine.numbers:
        return []
    return [(_list(mine.numbers - theirs.numbers), _list(theirs.numbers - mine.numbers))]


def _of_frames(mine: Statement, theirs: Statement) -> list[tuple[str, str]]:
    found = []
    if mine.period != theirs.period and _is_dated(mine) and _is_dated(theirs):
        found.append((_say_period(mine), _say_period(theirs)))
    if mine.place and theirs.place and _place(mine.place) != _place(theirs.place):
        found.append((mine.place, theirs.place))
    if _is_of_another_time(mine, theirs):
        found.append((f"said on {mine.said_on}", f"said on {theirs.said_on}"))
    return found


def _is_of_another_time(mine: Statement, theirs: Statement) -> bool:
    """A number of the present is another one a year later."""
    if not (mine.numbers or theirs.numbers) or _is_dated(mine) or _is_dated(theirs):
        return False
    if mine.said_on is None or theirs.said_on is None:
        return False
    return abs((mine.said_on - theirs.said_on).days) > _DAYS_APART


def _is_dated(one: Statement) -> bool:
    return one.period != (None, None)


def _say_period(one: Statement) -> str:
    start, end = one.period
    return f"{start}" if start == end else f"{start or '…'} to {end or '…'}"


def _place(written: str) -> frozenset[str]:
    return find_places(written) or frozenset({fold_text(written).strip()})


def _list(numbers: Collection[str]) -> str:
    return ", ".join(sorted(numbers))
