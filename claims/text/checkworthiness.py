"""Say how much a sentence deserves checking, and why.

Promises: a score from 0 to 1 for any text, the same for the same text, with reasons
a person can read; concrete assertions about what is or was score high, with or
without a number, and opinion, prediction, questions, slogans and headings low. Two
readings are added up: a model learned from debates and our own news
(:mod:`claims.text.learned`), and rules for the prose of news
(:mod:`claims.text.rules`), which also give the reasons. It never says whether a claim
is true, and does not know languages: :mod:`claims.text.detection` does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from claims.text.learned import load_model
from claims.text.rules import weigh_rules
from claims.text.signals import cut_tokens, plain_sentence, read_signals

_LONGEST_SCORED = 2000
# Set on debates from 2012 on and on the news pieces left out by turns, with models that had
# not seen them (docs/MODEL_CARD.md): the rules cost the one .003 and give the other .01. The
# shift puts 0.5 where a reader of opinion pieces would open a ticket: about one in four.
RULES_SHARE = 0.3
SHIFT = -0.8
_FRAGMENT_WORDS = 4


@dataclass(frozen=True, slots=True)
class Score:
    """``value`` from 0 (leave it) to 1 (check it), and what spoke for and against."""

    value: float
    reasons: tuple[str, ...]


def score_sentence(text: str, *, context: str = "") -> Score:
    """The check-worthiness of one sentence.

    ``context`` is the sentence before; it counts only for a fragment of up to four
    words, which asserts nothing by itself.

    >>> score_sentence("China controls nearly 70 per cent of global production.").value > 0.5
    True
    >>> score_sentence("Can a nation ever be trusted?").value < 0.3
    True
    """
    score = _score(text)
    if context and len(text.split()) <= _FRAGMENT_WORDS:
        joined = _score(f"{context[-_LONGEST_SCORED // 2 :]} {text}")
        if joined.value / 2 > score.value:
            reasons = ("read together with the sentence before", *joined.reasons)
            return Score(round(joined.value / 2, 4), reasons)
    return score


def score_sentences(texts: Iterable[str]) -> list[Score]:
    """One :class:`Score` a sentence, in order, each read by itself."""
    return [_score(text) for text in texts]


@cache
def _weigher() -> Callable[[Sequence[str], Sequence[str], Sequence[int]], float]:
    return load_model().weigh


def _score(text: str) -> Score:
    sentence = plain_sentence(text[:_LONGEST_SCORED])
    tokens = cut_tokens(sentence)
    lowered = [token.lower() for token in tokens]
    counts = read_signals(tokens, lowered)
    ruled, reasons = weigh_rules(sentence, lowered, counts)
    learned = _weigher()(tokens, lowered, counts)
    weight = learned + RULES_SHARE * ruled + SHIFT
    return Score(round(1.0 / (1.0 + math.exp(-weight)), 4), reasons)
