"""Learn the convolution over word vectors by stochastic descent.

Promises the same weights for the same examples and the same arithmetic library: order, first
weights and what is dropped come from a seed. Refuses to know where the examples come from.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmarks.checkworthiness.descent import Descent, Parameters, draw_batches
from claims.text.convolution import (
    WINDOW,
    Floats,
    Lexicon,
    Sentences,
    Weights,
    chances_of,
    lay_out,
    pool,
    share_of,
)
from claims.text.learned import RESERVED, Cut
from claims.text.signals import CLASS_COUNT
from claims.text.word_vectors import WordVectors

# Chosen on the debates from 2012 on, trained on those before (docs/MODEL_CARD.md).
SEED = 20261122
FILTERS = 64
CLASS_WIDTH = 16
HIDDEN = 48
EPOCHS = 6
BATCH = 64
RATE = 2e-3
DROPPED = 0.1


def fit_convolution(
    vectors: WordVectors, cuts: Sequence[Cut], targets: Floats, weights: Floats
) -> Weights:
    """The weights learned from sentences with their three wished-for chances and weights."""
    chance = np.random.default_rng(SEED)
    steps = EPOCHS * (len(cuts) // BATCH)
    inputs = vectors.rows.shape[1] + CLASS_WIDTH
    descent = Descent(first_weights(inputs, chance), steps=steps, rate=RATE)
    share = weights / weights.mean() / BATCH
    lexicon = Lexicon(vectors)
    for _ in range(EPOCHS):
        for batch in draw_batches(len(cuts), BATCH, chance):
            sentences = lay_out(lexicon, [cuts[place] for place in batch])
            descent.step(
                find_slopes(
                    vectors,
                    descent.parameters,
                    sentences,
                    targets[batch],
                    share[batch],
                    draw_kept((BATCH, inputs), DROPPED, chance),
                    draw_kept((BATCH, 2 * FILTERS + RESERVED), DROPPED, chance),
                )
            )
    return Weights(*(descent.average[name] for name in Weights.names()))


def first_weights(inputs: int, chance: np.random.Generator) -> Parameters:
    """Small weights drawn for inputs of that width."""

    def draw(*shape: int, inputs: int) -> Floats:
        drawn: Floats = (chance.normal(size=shape) / np.sqrt(inputs)).astype(np.float32)
        return drawn

    features = 2 * FILTERS + RESERVED
    return {
        "classes": draw(CLASS_COUNT, CLASS_WIDTH, inputs=1),
        "filters": draw(WINDOW, inputs, FILTERS, inputs=WINDOW * inputs),
        "filters_bias": np.zeros(FILTERS, np.float32),
        "hidden": draw(features, HIDDEN, inputs=features),
        "hidden_bias": np.zeros(HIDDEN, np.float32),
        "out": draw(HIDDEN, 3, inputs=HIDDEN),
        "out_bias": np.zeros(3, np.float32),
    }


def draw_kept(shape: tuple[int, ...], dropped: float, chance: np.random.Generator) -> Floats:
    """What is kept of each answer: nothing of some, a little more of the others."""
    return ((chance.random(shape) > dropped) / (1 - dropped)).astype(np.float32)


def find_slopes(
    vectors: WordVectors,
    parameters: Parameters,
    sentences: Sentences,
    targets: Floats,
    weights: Floats,
    kept_inputs: Floats,
    kept: Floats,
) -> Parameters:
    """The slope of the weighted cross-entropy along every parameter.

    ``kept_inputs`` (a row a sentence, a column an input) and ``kept`` (a column a feature) are
    what :func:`draw_kept` leaves of each.
    """
    learned = Weights(*(parameters[name] for name in Weights.names()))
    at, owners, width = sentences.at, sentences.owners, vectors.rows.shape[1]
    inputs = np.hstack([vectors.rows[sentences.words], learned.classes[sentences.classes]])
    inputs[sentences.classes == 0] = 0
    inputs[at] *= kept_inputs[owners]
    sides = [inputs[at + side - 1] for side in range(WINDOW)]
    answers = sum(side @ one for side, one in zip(sides, learned.filters, strict=True))
    answers = np.maximum(answers + learned.filters_bias, 0)
    strongest, mean = pool(answers, sentences)
    features = np.hstack([strongest, mean, sentences.signals])
    features = features * kept
    inner, chances = chances_of(features, learned)

    pull = (chances - targets) * weights[:, None]
    back_inner = (pull @ learned.out.T) * (inner > 0)
    back = (back_inner @ learned.hidden.T) * kept
    filters = answers.shape[1]
    from_strongest = np.where(answers == strongest[owners], back[owners, :filters], 0)
    from_mean = (back[:, filters : 2 * filters] * share_of(sentences))[owners]
    back_answers = (from_strongest + from_mean) * (answers > 0)
    back_inputs = np.zeros_like(inputs)
    for side, one in enumerate(learned.filters):
        np.add.at(back_inputs, at + side - 1, back_answers @ one.T)
    classes = np.zeros_like(learned.classes)
    back_classes = (back_inputs[at] * kept_inputs[owners])[:, width:]
    np.add.at(classes, sentences.classes[at], back_classes)
    return {
        "classes": classes,
        "filters": np.stack([side.T @ back_answers for side in sides]),
        "filters_bias": back_answers.sum(axis=0),
        "hidden": features.T @ back_inner,
        "hidden_bias": back_inner.sum(axis=0),
        "out": inner.T @ pull,
        "out_bias": pull.sum(axis=0),
    }
