"""Check-worthiness read a second time, by the encoder with additions learned from debates.

Promises a score from 0 to 1 for any sentence, the same for the same text: the encoder's
reading and, for a smaller part, the always-on one (:mod:`claims.text.checkworthiness`), which
knows the prose of news and gives the reasons. Refuses to work without the optional extra
(``EncoderUnusable``). What it was learned from stands in ``docs/MODEL_CARD_ENCODER.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from claims.text.checkworthiness import Score, score_sentences
from claims.text.convolution import log_odds, log_odds_of
from claims.text.encoder.additions import Additions, add_to_layers, read_additions
from claims.text.encoder.embedding import pool_texts
from claims.text.encoder.network import Floats, Network
from claims.text.encoder.tokens import cut_tokens
from claims.text.encoder.weights import load_network

MODEL_VERSION = 1
MODEL_PATH = (
    Path(__file__).parent.parent / "models" / f"encoder-checkworthiness-{MODEL_VERSION}.npz"
)
MOST_TOKENS = 96
"""Nineteen of twenty sentences of debates and news are shorter; the rest is cut there."""
HEAD_SCALE = np.float32(8.0)
"""The head sees the mean of the tokens at this length, in training as here."""

# Set on debates from 2012 on with additions learned on those before (docs/MODEL_CARD_ENCODER.md).
ALWAYS_ON_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class SecondStage:
    """The network with its additions, and the head behind it with three chances."""

    network: Network
    additions: Additions

    def judge(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """One row a text: the chances of worthy, factual but unimportant, and neither."""
        return self._read_head(pool_texts(self.network, cut_tokens(texts, most=MOST_TOKENS)))

    def _read_head(self, pooled: Floats) -> NDArray[np.float64]:
        direction = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
        learned = self.additions.learned
        weight, bias = learned["head_weight"], learned["head_bias"]
        odds = (HEAD_SCALE * direction @ weight.T + bias).astype(np.float64)
        odds = np.exp(odds - odds.max(axis=1, keepdims=True))
        chances: NDArray[np.float64] = odds / odds.sum(axis=1, keepdims=True)
        return chances


@cache
def load_second_stage() -> SecondStage:
    """The committed additions on the published network; raises ``EncoderUnusable``."""
    network = load_network()
    additions = read_additions(MODEL_PATH, MODEL_VERSION)
    layers = add_to_layers(network.layers, additions.factors)
    return SecondStage(replace(network, layers=layers), additions)


def score_again(texts: Sequence[str], *, contexts: Sequence[str] = ()) -> list[Score]:
    """One :class:`Score` a sentence, in order, with the always-on reasons.

    ``contexts`` are the sentences before, as ``score_sentence`` takes them.
    """
    chances = load_second_stage().judge(texts)
    firsts = score_sentences(texts, contexts=contexts)
    always = log_odds(np.array([first.value for first in firsts]))
    weights = log_odds_of(chances) + ALWAYS_ON_SHARE * always
    values = (1.0 / (1.0 + np.exp(-weights))).tolist()
    return [
        Score(round(value, 6), first.reasons) for value, first in zip(values, firsts, strict=True)
    ]
