"""Earlier claims, indexed once, to be asked many times for the nearest.

Promises a ranking by rare shared words, the first of which are ordered by what they speak of
as well, and for posts by shared letters, because posts glue words together ("#BushfireRelief",
"@RiverWatch") and misspell them; near-duplicates that survive case, typing slips and word order.
Texts that share no telling word are left out. Refuses to match by meaning alone; a person
confirms.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from claims.text.bm25 import WordIndex
from claims.text.meaning import Rows, read_directions
from claims.text.similarity import DUPLICATE_RATIO, Likeness, compare_wording, measure_ratio
from claims.text.words import STOP_STEMS, cut_words

MOST_MATCHES = 20
_K1, _B = 1.5, 0.85
_STOP_WEIGHT, _PAIR_WEIGHT, _PREFIX_WEIGHT = 0.5, 0.3, 0.25
_PREFIX_CHARS = 5
_HEAD = 200
"""So many of the first by words are read for their meaning and letters."""
_MEANING_WEIGHT, _LETTERS_WEIGHT = 0.6, 0.4
_RUN_CHARS = 4
# Weights from the training and development queries of CheckThat! 2022 task 2 (measured, not
# trained on): docs/MATCHING.md.
_ADDRESS = re.compile(r"(?:https?://|pic\.twitter\.com/|www\.)\S+|\b[\w.-]{1,60}\.(?:com|org)/\S*")
_INSIDE_TAG = re.compile(r"(?<=[a-z])(?=[A-Z])")
_POST_MARK = re.compile(r"(?<!\w)[@#]\w|https?://|pic\.twitter\.com/|\bt\.co/")
_SIGNATURE = re.compile(
    r"\s[—–-]\s[^—–]{1,80}?\(@\w{1,30}\)(?:\s{0,3}[A-Z][a-z]{2,8} \d{1,2}, \d{4})?"
)
"""Who posted and when, as embedded posts end; it says nothing of what the post speaks of."""


@dataclass(frozen=True, slots=True)
class Match:
    """An earlier text's place in the corpus and its score, higher is nearer."""

    index: int
    score: float


class MatchIndex:
    """Earlier texts, indexed once, to be asked many times."""

    __slots__ = ("_cut", "_directions", "_pairs", "_prefixes", "_texts", "_words")

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = tuple(texts)
        self._cut = [_cut(text) for text in self._texts]
        self._words = WordIndex(self._cut, k1=_K1, b=_B)
        self._pairs = WordIndex((list(pairwise(words)) for words in self._cut), k1=_K1, b=_B)
        self._prefixes = WordIndex((_prefixes(words) for words in self._cut), k1=_K1, b=_B)
        self._directions: dict[int, Rows] = {}

    def rank(self, query: str, *, limit: int = MOST_MATCHES) -> list[Match]:
        """The nearest earlier texts, best first; texts that share no telling word are left out."""
        head = self._rank_by_words(query, max(limit, _HEAD))
        if not head or limit < 1:
            return []
        scores = np.array([match.score for match in head])
        best = scores[0]
        scores += best * _MEANING_WEIGHT * self._near(query, head)
        if _POST_MARK.search(query):
            scores += best * _LETTERS_WEIGHT * self._share_letters(query, head)
        order = np.argsort(-scores, kind="stable")[:limit].tolist()
        return [Match(head[place].index, float(scores[place])) for place in order]

    def find_duplicates(self, query: str) -> list[tuple[Match, Likeness]]:
        """Earlier texts with the query's wording, guarded ones included, best first."""
        near = [
            (match, compare_wording(query, self._texts[match.index]))
            for match in self._rank_by_words(query, MOST_MATCHES)
            if measure_ratio(query, self._texts[match.index]) >= DUPLICATE_RATIO
        ]
        return sorted(near, key=lambda pair: (bool(pair[1].pairs), -pair[1].ratio))

    def _rank_by_words(self, query: str, limit: int) -> list[Match]:
        words = _cut(query)
        if not self._texts or all(word in STOP_STEMS for word in words):
            return []
        scores = self._words.score_texts(_weigh(words))
        scores += _PAIR_WEIGHT * self._pairs.score_texts(dict.fromkeys(pairwise(words), 1.0))
        scores += _PREFIX_WEIGHT * self._prefixes.score_texts(dict.fromkeys(_prefixes(words), 1.0))
        count = min(limit, scores.size)
        nearest = np.argpartition(-scores, count - 1)[:count]
        ordered = sorted(nearest.tolist(), key=lambda index: (-scores[index], index))
        return [Match(index, float(scores[index])) for index in ordered if scores[index] > 0]

    def _near(self, query: str, head: Sequence[Match]) -> NDArray[np.float64]:
        """How near in meaning each of the head is."""
        new = [match.index for match in head if match.index not in self._directions]
        rows = read_directions([_speaks(self._texts[index]) for index in new])
        self._directions.update(zip(new, rows, strict=True))
        mine = read_directions([_speaks(_SIGNATURE.sub(" ", query))])[0]
        rows = np.array([self._directions[match.index] for match in head])
        near: NDArray[np.float64] = (rows @ mine).astype(np.float64)
        return near

    def _share_letters(self, query: str, head: Sequence[Match]) -> NDArray[np.float64]:
        """How many runs of letters each of the head shares, rare ones counting more, up to 1."""
        wanted = dict.fromkeys(_runs(_cut(query)), 1.0)
        runs = (_runs(self._cut[match.index]) for match in head)
        shared = WordIndex(runs, k1=_K1, b=_B, only=wanted).score_texts(wanted)
        told: NDArray[np.float64] = shared / max(float(shared.max()), 1e-9)
        return told


def _speaks(text: str) -> str:
    return _INSIDE_TAG.sub(" ", _ADDRESS.sub(" ", text))


def _cut(text: str) -> list[str]:
    """The words of a claim or a post: web addresses go, "#RareEarths" is two words."""
    return cut_words(_speaks(text))


def _prefixes(words: list[str]) -> list[str]:
    return [
        word[:_PREFIX_CHARS]
        for word in words
        if len(word) > _PREFIX_CHARS and word not in STOP_STEMS
    ]


def _runs(words: list[str]) -> list[str]:
    """Every four letters in a row of the telling words, their ends marked."""
    marked = (f"^{word}$" for word in words if word not in STOP_STEMS)
    return [
        word[place : place + _RUN_CHARS]
        for word in marked
        for place in range(max(1, len(word) - _RUN_CHARS + 1))
    ]


def _weigh(words: list[str]) -> Mapping[str, float]:
    """Query weights: a word said three times does not count three times."""
    return {
        word: (1.0 + 0.3 * (count - 1)) * (_STOP_WEIGHT if word in STOP_STEMS else 1.0)
        for word, count in Counter(words).items()
    }
