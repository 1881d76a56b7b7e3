"""Say how much a sentence deserves checking, and why.

Promises: a score from 0 to 1 for any text, the same for the same text, with reasons
a person can read; concrete assertions about what is or was score high, with or
without a number, and opinion, prediction, questions, slogans and headings low. Three
readings are added up: two models learned from debates and our own news, one linear
(:mod:`claims.text.learned`) and one over words in their order
(:mod:`claims.text.convolution`), and rules for the prose of news
(:mod:`claims.text.rules`), which also give the reasons. It never says whether a claim
is true, and does not know languages: :mod:`claims.text.detection` does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from claims.text.convolution import load_convolution
from claims.text.learned import cut_sentence, load_model
from claims.text.rules import weigh_rules
from claims.text.signals import plain_sentence

_LONGEST_SCORED = 2000
# Set on debates from 2012 on and on the news pieces left out by turns, with models that had
# not seen them (docs/MODEL_CARD.md): the rules cost the one .002 and give the other .01. At the
# shift, 0.5 opens what nine times in ten deserves it, and leaves a quarter of it closed.
CONVOLUTION_SHARE = 0.6
RULES_SHARE = 0.3
SHIFT = -0.2
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
    return score_sentences([text], contexts=[context])[0]


def score_sentences(texts: Sequence[str], *, contexts: Sequence[str] = ()) -> list[Score]:
    """One :class:`Score` a sentence, in order, the same as for each alone.

    ``contexts`` are the sentences before, one for each, as :func:`score_sentence` takes them.
    """
    scores = _score_all(texts)
    fragments = [
        place
        for place, (text, context) in enumerate(zip(texts, contexts, strict=bool(contexts)))
        if context and len(text.split()) <= _FRAGMENT_WORDS
    ]
    together = [f"{contexts[place][-_LONGEST_SCORED // 2 :]} {texts[place]}" for place in fragments]
    for place, joined in zip(fragments, _score_all(together), strict=True):
        if joined.value / 2 > scores[place].value:
            reasons = ("read together with the sentence before", *joined.reasons)
            scores[place] = Score(round(joined.value / 2, 4), reasons)
    return scores


def _score_all(texts: Sequence[str]) -> list[Score]:
    sentences = [plain_sentence(text[:_LONGEST_SCORED]) for text in texts]
    cuts = [cut_sentence(sentence) for sentence in sentences]
    weigh = load_model().weigh
    found = []
    pairs = zip(sentences, cuts, load_convolution().weigh(cuts), strict=True)
    for sentence, cut, convolved in pairs:
        ruled, reasons = weigh_rules(sentence, cut.lowered, cut.counts)
        linear = weigh(cut)
        learned = (1 - CONVOLUTION_SHARE) * linear + CONVOLUTION_SHARE * convolved
        weight = learned + RULES_SHARE * ruled + SHIFT
        found.append(Score(round(1.0 / (1.0 + math.exp(-weight)), 4), reasons))
    return found
