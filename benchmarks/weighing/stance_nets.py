"""Learning the small network that weighs stance, in NumPy.

Promises the same network for the same rows and the same arithmetic library: seeds draw what is
drawn. Several networks are learned and laid side by side into one, whose log-odds are the mean
of theirs. Refuses to know what the rows mean.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.checkworthiness.descent import Descent, Parameters, draw_batches
from claims.text.stance_model import LABELS, StanceNet

# The best of some ten tries on the folds (docs/MODEL_CARD_STANCE.md).
SEEDS = (1, 2, 3, 4, 5, 6)
HINGES = 48
EPOCHS = 8
BATCH = 64
RATE = 3e-3
HIDDEN_SHARE = 0.3
"""So many signals are hidden from a network at every step, so that none is leaned on alone."""
LEAST_SPREAD = 0.1

Rows = NDArray[np.float64]


def fit_net(rows: Rows, labels: NDArray[np.int64], weights: Rows) -> StanceNet:
    """One network of :data:`SEEDS` learned from rows of signals."""
    kinds = len(LABELS)
    bare = StanceNet(
        shift=rows.mean(axis=0).astype(np.float32),
        spread=np.maximum(rows.std(axis=0), LEAST_SPREAD).astype(np.float32),
        straight=np.zeros((rows.shape[1], kinds), np.float32),
        level=np.zeros(kinds, np.float32),
        bends=np.zeros((rows.shape[1], 0), np.float32),
        offsets=np.zeros(0, np.float32),
        joins=np.zeros((0, kinds), np.float32),
    )
    scaled = bare.scale(rows).astype(np.float32)
    wanted = np.eye(kinds, dtype=np.float32)[labels]
    shares = (weights / weights.mean() / BATCH).astype(np.float32)
    found = [_fit_one(scaled, wanted, shares, seed) for seed in SEEDS]

    def mean(name: str) -> NDArray[np.float32]:
        whole: NDArray[np.float32] = np.stack([one[name] for one in found]).mean(axis=0)
        return whole

    return replace(
        bare,
        straight=mean("straight"),
        level=mean("level"),
        bends=np.concatenate([one["bends"] for one in found], axis=1),
        offsets=np.concatenate([one["offsets"] for one in found]),
        joins=np.concatenate([one["joins"] / np.float32(len(found)) for one in found]),
    )


def _fit_one(
    rows: NDArray[np.float32],
    wanted: NDArray[np.float32],
    shares: NDArray[np.float32],
    seed: int,
) -> Parameters:
    chance = np.random.default_rng(seed)
    width, kinds = rows.shape[1], wanted.shape[1]
    first: Parameters = {
        "straight": np.zeros((width, kinds), np.float32),
        "level": np.zeros(kinds, np.float32),
        "bends": chance.normal(0, 1 / np.sqrt(width), (width, HINGES)).astype(np.float32),
        "offsets": np.zeros(HINGES, np.float32),
        "joins": chance.normal(0, 0.1, (HINGES, kinds)).astype(np.float32),
    }
    descent = Descent(first, steps=EPOCHS * (len(rows) // BATCH), rate=RATE)
    for _ in range(EPOCHS):
        for batch in draw_batches(len(rows), BATCH, chance):
            shown = chance.random((len(batch), width)) > HIDDEN_SHARE
            seen = (rows[batch] * shown / (1 - HIDDEN_SHARE)).astype(np.float32)
            descent.step(_slopes(descent.parameters, seen, wanted[batch], shares[batch]))
    return descent.average


def _slopes(
    now: Parameters,
    rows: NDArray[np.float32],
    wanted: NDArray[np.float32],
    shares: NDArray[np.float32],
) -> Parameters:
    """The slope of the weighted cross-entropy along every parameter."""
    hinges = np.maximum(rows @ now["bends"] + now["offsets"], 0)
    odds = rows @ now["straight"] + now["level"] + hinges @ now["joins"]
    odds -= odds.max(axis=1, keepdims=True)
    chances = np.exp(odds)
    chances /= chances.sum(axis=1, keepdims=True)
    pull = (chances - wanted) * shares[:, None]
    back = (pull @ now["joins"].T) * (hinges > 0)
    return {
        "straight": rows.T @ pull,
        "level": pull.sum(axis=0),
        "bends": rows.T @ back,
        "offsets": back.sum(axis=0),
        "joins": hinges.T @ pull,
    }
