"""How a passage bears on a claim, read by meaning too.

Promises a judge for :func:`claims.text.stance.suggest_stance`: a small network over the always-on
signals and over where the claim's words find themselves in the passage
(:mod:`claims.text.encoder.aligning`), learned together. The rules above the weights stay what
they are. Refuses to work without the optional extra (``EncoderUnusable``) and to judge
numbers: the comparison does. What it was learned from stands in ``docs/MODEL_CARD_STANCE.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from claims.text.encoder.aligning import (
    CLAIM_TOKENS,
    PASSAGE_TOKENS,
    Reading,
    align,
    find_counterpart,
    read_depths,
    read_text,
)
from claims.text.encoder.network import Floats
from claims.text.encoder.tokens import cut_tokens
from claims.text.encoder.weights import WEIGHTS_SHA256, load_network
from claims.text.stance_model import LogOdds, StanceModel, read_model
from claims.text.stance_signals import Signals

MODEL_VERSION = 1
MODEL_PATH = Path(__file__).parent.parent / "models" / f"encoder-stance-{MODEL_VERSION}.npz"

Counterparts = tuple[str, str, float]


@cache
def load_bearing() -> StanceModel:
    """The committed model; raises ``ValueError`` for another version or encoder."""
    return read_model(MODEL_PATH, MODEL_VERSION, weights_sha256=WEIGHTS_SHA256)


def judge_by_meaning(signals: Signals, claim: str, passage: str) -> tuple[LogOdds, tuple[str, ...]]:
    """A :data:`claims.text.stance.Judge`; raises ``EncoderUnusable`` without the extra."""
    model = load_bearing()
    aligned, pair = read_aligned(claim, passage, model.more["middle"])
    return model.weigh({**signals.values, **aligned}), _tell(pair)


def read_aligned(
    claim: str, passage: str, middle: Floats
) -> tuple[dict[str, float], Counterparts | None]:
    """The signals by meaning, and the two other words that lie nearest, with how near.

    ``middle`` is the mean of all tokens' rows at each depth (:func:`find_middle`).
    """
    mine = _read(claim, CLAIM_TOKENS, middle.tobytes())
    theirs = _read(passage, PASSAGE_TOKENS, middle.tobytes())
    return align(mine, theirs), find_counterpart(mine, theirs)


@lru_cache(maxsize=16)
def _read(text: str, most: int, middle: bytes) -> Reading:
    """A claim is held against many passages, one after the other."""
    network = load_network()
    rows = np.frombuffer(middle, np.float32).reshape(-1, len(network.kind))
    return read_text(network, rows, text, most)


def find_middle(texts: Sequence[str]) -> Floats:
    """The mean row of the texts' tokens at each depth."""
    cuts = cut_tokens(texts, most=PASSAGE_TOKENS)
    sums = [[rows.sum(axis=0) for rows in read_depths(load_network(), cut)] for cut in cuts]
    found: Floats = (np.sum(sums, axis=0) / sum(map(len, cuts))).astype(np.float32)
    return found


def _tell(pair: Counterparts | None) -> tuple[str, ...]:
    if pair is None:
        return ()
    mine, theirs, near = pair
    return (f"read by meaning: “{mine}” lies nearest to “{theirs}” ({near:.2f})",)
