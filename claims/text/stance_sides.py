"""A claim and a passage, each cut once into what their signals are read from.

Promises words, numbers, names and meanings of any text in work that grows with its length.
Refuses to compare: that is :mod:`claims.text.stance_signals`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from claims.text.contrasts import meaning_of
from claims.text.opposites import is_negated
from claims.text.sentences import split_sentences
from claims.text.words import STOP_STEMS, cut_words, is_number, words_as_written

LONGEST_READ = 6_000
_LONGEST_WORDS = 600


@dataclass(frozen=True, slots=True)
class Side:
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
        return words_as_written(self.text[:LONGEST_READ]).get(word, word)


_NAME = re.compile(r"\b[A-Z][\w’'-]+")


def cut_side(text: str) -> Side:
    """A text cut into what the signals are read from, in work that grows with its length."""
    words = cut_words(text)[:_LONGEST_WORDS]
    telling = [word for word in words if word not in STOP_STEMS]
    first = _NAME.match(text)
    names = frozenset(
        cut_words(match.group())[0]
        for match in _NAME.finditer(text[:LONGEST_READ])
        if first is None or match.start() > 0
        if cut_words(match.group())
    )
    return Side(
        text,
        words,
        telling,
        frozenset(meaning_of(word) for word in telling if not is_number(word)),
        frozenset(word for word in words if is_number(word)),
        frozenset(name for name in names if name not in STOP_STEMS),
        is_negated(text, words),
    )


def nearest_sentence(claim: str, passage: str) -> str:
    """The sentence of the passage that shares most of the claim's telling words."""
    wanted = set(cut_words(claim)) - STOP_STEMS
    spans = split_sentences(passage[:20_000])
    if len(spans) < 2:
        return passage
    best = max(spans, key=lambda span: len(wanted & set(cut_words(passage[span.start : span.end]))))
    return passage[best.start : best.end]
