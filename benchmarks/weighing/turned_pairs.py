"""Pairs made from supporting ones by exchanging a word: what was told, turned.

Promises, for a claim and a passage that support it, pairs with one word, name or number of both
exchanged: in the claim alone or in the passage alone it contradicts, in both it supports
again, so that neither text by itself tells the label. Denials are put in as well. The same pairs
for the same seed. Refuses to judge grammar: what is made is for learning, never for measuring.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

import numpy as np

from benchmarks.weighing.stance_sets import REFUTES, SUPPORTS, Pair
from claims.text.opposites import LISTED_CLASSES, LISTED_OPPOSITES
from claims.text.word_vectors import UNKNOWN, load_vectors
from claims.text.words import STOP_WORDS

_WORD = re.compile(r"[A-Za-z][A-Za-z’'-]*|\d[\d,.]*\d|\d")
_NAME = re.compile(r"[A-Z][\w’'-]+(?: (?:of |de |the |van )?[A-Z][\w’'-]+){0,3}")
_AUXILIARY = re.compile(
    r"\b(?:is|was|are|were|has|had|have|can|could|will|would|did|does)\b(?! not| never|n't)"
)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_LISTED_MONTHS = (
    "January February March April May June July August September October November December"
)
_MONTHS = _LISTED_MONTHS.split()
_LISTED_COUNTS = "one two three four five six seven eight nine ten eleven twelve"
_COUNTS = _LISTED_COUNTS.split()
_ENDINGS = ("ing", "ed", "s", "ly", "al", "er", "ion", "ic")
_LEAST_LIKE, _MOST_LIKE, _NEIGHBOURS = 0.45, 0.80, 60
_FEWEST_NAMES = 8
_DENIED, _TURNED_AND_DENIED = 0.5, 0.3
"""How often a pair is denied as it is, and with its word exchanged."""
_SURE, _DOUBTED = 1.0, 0.5
"""Weight of a pair; a word's neighbour may mean the same."""


class Exchange(NamedTuple):
    """A word that claim and passage share, another for it, and how sure it is another thing."""

    word: str
    other: str
    weight: float


class Names:
    """Names of many texts, by the word before them: "in Peru", "by Ann Lee"."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Reads every name that does not begin a text."""
        found: dict[tuple[str, bool], set[str]] = defaultdict(set)
        for text in texts:
            for match in _NAME.finditer(text):
                if before := text[: match.start()].split()[-1:]:
                    found[before[0].lower(), " " in match.group()].add(match.group())
        self._by_place = {place: sorted(names) for place, names in found.items()}

    def draw(self, before: str, name: str, chance: random.Random) -> str | None:
        """Another name that stands behind the same word; ``None`` where few do."""
        known = self._by_place.get((before.lower(), " " in name), [])
        if len(known) < _FEWEST_NAMES:
            return None
        other = chance.choice(known)
        return None if other in name or name in other else other


def turn(pair: Pair, names: Names, chance: random.Random) -> Iterator[tuple[Pair, float]]:
    """Pairs made from one, each with its weight; one word exchanged.

    What is neutral stays so, whatever is exchanged; of a contradiction nothing is made.
    """
    if pair.label == REFUTES:
        return
    found = list(_exchanges(pair, names, chance))
    chance.shuffle(found)
    turned = REFUTES if pair.label == SUPPORTS else pair.label
    for word, other, weight in sorted(found, key=lambda one: -one.weight)[:1]:
        claim, passage = _put(pair.claim, word, other), _put(pair.passage, word, other)
        yield Pair(claim, pair.passage, turned, pair.group), weight
        yield Pair(claim, passage, pair.label, pair.group), weight
        if pair.label != SUPPORTS:
            return
        yield Pair(pair.claim, passage, REFUTES, pair.group), weight
        if chance.random() < _TURNED_AND_DENIED and (denied := _deny(claim, chance)):
            yield Pair(denied, pair.passage, SUPPORTS, pair.group), weight
            yield Pair(denied, passage, REFUTES, pair.group), weight
    is_denied = pair.label == SUPPORTS and chance.random() < _DENIED
    if is_denied and (denied := _deny(pair.claim, chance)):
        yield Pair(denied, pair.passage, REFUTES, pair.group), _SURE


def _put(text: str, word: str, other: str) -> str:
    return re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", lambda _: other, text)


def _deny(claim: str, chance: random.Random) -> str | None:
    found = _AUXILIARY.search(claim)
    if found is None or found.start() < 3:
        return None
    return f"{claim[: found.end()]} {chance.choice(('not', 'not', 'never'))}{claim[found.end() :]}"


def _exchanges(pair: Pair, names: Names, chance: random.Random) -> Iterator[Exchange]:
    """One exchange for each word that both texts have and that another can stand for."""

    def is_shared(word: str) -> bool:
        return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", pair.passage) is not None

    named: set[str] = set()
    for match in _NAME.finditer(pair.claim):
        named.update(match.group().split())
        before = pair.claim[: match.start()].split()[-1:]
        if before and match.group() not in _MONTHS and is_shared(match.group()):
            other = names.draw(before[0], match.group(), chance)
            if other and other not in pair.claim and other not in pair.passage:
                yield Exchange(match.group(), other, _SURE)
    for word in dict.fromkeys(_WORD.findall(pair.claim)):
        if is_shared(word) and (found := _draw_other(word, word in named, chance)):
            yield found


def _draw_other(word: str, is_named: bool, chance: random.Random) -> Exchange | None:
    low = word.lower()
    if word[0].isdigit():
        return Exchange(word, _draw_number(word, chance), _SURE)
    for series in (_COUNTS, _MONTHS):
        if word in series or (low in series and series is _COUNTS):
            other = chance.choice([one for one in series if one != low and one != word])
            return Exchange(word, _cased(word, other), _SURE)
    if listed := _listed_others().get(low):
        return Exchange(word, _cased(word, chance.choice(listed)), _SURE)
    if is_named or word != low or low in STOP_WORDS or len(low) < 3:
        return None
    near = _neighbours(low)
    return Exchange(word, chance.choice(near), _DOUBTED) if near else None


def _cased(word: str, other: str) -> str:
    return other.capitalize() if word[:1].isupper() else other


def _draw_number(written: str, chance: random.Random) -> str:
    """Another number of the same make."""
    if _YEAR.fullmatch(written):
        return str(int(written) + chance.choice((-1, 1)) * chance.choice((1, 2, 3, 5, 8, 15, 50)))
    bare = written.replace(",", "")
    whole, _, decimals = bare.partition(".")
    if decimals.isdigit():
        other_value = float(f"{whole}.{decimals}") * chance.choice((0.5, 0.8, 1.2, 2, 3)) + 1
        return f"{other_value:.{len(decimals)}f}"
    value = int("".join(filter(str.isdigit, bare))[:15])
    if value < 32:
        return str(chance.choice([one for one in range(1, 32) if one != value]))
    other = int(value * chance.choice((0.1, 0.5, 0.7, 0.9, 1.1, 1.3, 2, 5, 10))) + 1
    return f"{other:,}" if "," in written else str(other)


@cache
def _listed_others() -> dict[str, list[str]]:
    """Opposites and rivals of the closed lists, as they are written."""
    found: dict[str, set[str]] = defaultdict(set)
    for pair in LISTED_OPPOSITES.split(","):
        one, other = pair.split()
        found[one].add(other)
        found[other].add(one)
    for line in LISTED_CLASSES.splitlines():
        for word in line.split():
            found[word].update(other for other in line.split() if other != word)
    return {word: sorted(others) for word, others in found.items()}


@cache
def _neighbours(word: str) -> list[str]:
    """Words that are used alike by their committed vectors, but are not nearly the same."""
    vectors = load_vectors()
    place = vectors.places.get(word, UNKNOWN)
    if place == UNKNOWN:
        return []
    sizes = np.maximum(np.linalg.norm(vectors.rows, axis=1), 1e-9)
    like = vectors.rows @ vectors.rows[place] / (sizes * sizes[place])
    words = ("", *vectors.places)
    return [
        words[one]
        for one in np.argsort(-like, kind="stable")[:_NEIGHBOURS].tolist()
        if _LEAST_LIKE < like[one] < _MOST_LIKE and _fits(word, words[one])
    ]


def _fits(word: str, other: str) -> bool:
    def ending(one: str) -> str:
        return next((end for end in _ENDINGS if one.endswith(end)), "")

    if not other.isalpha() or len(other) < 3 or other in STOP_WORDS:
        return False
    return ending(word) == ending(other) and word[:4] != other[:4]
