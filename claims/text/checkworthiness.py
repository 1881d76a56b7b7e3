"""Say how much a sentence deserves checking, and why.

Promises: a score from 0 to 1 for any text, the same for the same text, with reasons
a person can read; concrete assertions about what is or was score high, with or
without a number, and opinion, prediction, questions, slogans and headings low. It
never says whether a claim is true, and refuses to score a language it cannot read:
such a sentence gets a low score that says so.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from claims.text.rules import weigh_rules
from claims.text.signals import cut_tokens, read_signals

_LONGEST_SCORED = 2000


@dataclass(frozen=True, slots=True)
class Score:
    """``value`` from 0 (leave it) to 1 (check it), and what spoke for and against."""

    value: float
    reasons: tuple[str, ...]


def score_sentence(text: str, *, context: str = "") -> Score:
    """The check-worthiness of one sentence; ``context`` is what stands before it.

    >>> score_sentence("China controls nearly 70 per cent of global production.").value > 0.5
    True
    >>> score_sentence("Can a nation ever be trusted?").value < 0.3
    True
    """
    return score_sentences([text])[0]


def score_sentences(texts: Iterable[str]) -> list[Score]:
    """One :class:`Score` a sentence, in order."""
    scores = []
    for text in texts:
        sentence = text[:_LONGEST_SCORED]
        tokens = cut_tokens(sentence.replace("’", "'"))
        lowered = [token.lower() for token in tokens]
        counts = read_signals(tokens, lowered)
        weight, reasons = weigh_rules(sentence, lowered, counts)
        scores.append(Score(round(1.0 / (1.0 + math.exp(-weight)), 4), reasons))
    return scores
