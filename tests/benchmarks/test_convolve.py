"""What the convolution learns: its slopes against differences, and a lesson of its own."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.checkworthiness.convolve import (
    CLASS_WIDTH,
    draw_kept,
    find_slopes,
    first_weights,
    fit_convolution,
)
from claims.text.convolution import (
    Convolution,
    Floats,
    Lexicon,
    Sentences,
    Weights,
    chances_of,
    lay_out,
)
from claims.text.learned import cut_sentence
from claims.text.word_vectors import WordVectors, load_vectors

WIDTH = 6
CHANCE = np.random.default_rng(3)
WORDS = ("exports", "fell", "by", "twelve", "thank", "you", "all", "rice")
VECTORS = WordVectors(
    {word: place for place, word in enumerate(WORDS, start=1)},
    np.vstack([np.zeros(WIDTH), CHANCE.normal(size=(len(WORDS), WIDTH))]),
)
TEXTS = ("Exports fell by 12.", "Thank you all", "rice", "", "Exports of rice fell, thank you!")
TARGETS = CHANCE.dirichlet((1, 1, 1), len(TEXTS))
SHARES = CHANCE.random(len(TEXTS))
STEP = 1e-5


def first() -> dict[str, Floats]:
    drawn = first_weights(WIDTH + CLASS_WIDTH, np.random.default_rng(5))
    return {name: array.astype(np.float64) for name, array in drawn.items()}


def sentences() -> Sentences:
    return lay_out(Lexicon(VECTORS), [cut_sentence(text) for text in TEXTS])


def kept() -> tuple[Floats, Floats]:
    chance = np.random.default_rng(8)
    features = first()["hidden"].shape[0]
    return (
        draw_kept((len(TEXTS), WIDTH + CLASS_WIDTH), 0.2, chance),
        draw_kept((len(TEXTS), features), 0.2, chance),
    )


def cost(parameters: dict[str, Floats]) -> float:
    """The cost spelled out sentence by sentence, without any of the trainer's arithmetic."""
    laid, (kept_inputs, kept_features) = sentences(), kept()
    total = 0.0
    for number, start in enumerate(laid.starts.tolist()):
        at = laid.at[start : start + int(laid.lengths[number])]
        rows = np.hstack([VECTORS.rows[laid.words[at]], parameters["classes"][laid.classes[at]]])
        edge = np.zeros((1, rows.shape[1]))
        rows = np.vstack([edge, rows * kept_inputs[number], edge])
        answers = np.array(
            [
                sum(rows[word + side] @ parameters["filters"][side] for side in range(3))
                for word in range(len(at))
            ]
        )
        answers = np.maximum(answers + parameters["filters_bias"], 0)
        mean = answers.sum(axis=0) * 0.3 / np.sqrt(len(at) + 3)
        features = np.hstack([answers.max(axis=0), mean, laid.signals[number]])
        weights = Weights(*(parameters[name] for name in Weights.names()))
        _, chances = chances_of((features * kept_features[number])[None], weights)
        total -= SHARES[number] * float(TARGETS[number] @ np.log(chances[0]))
    return total


@pytest.mark.parametrize("name", Weights.names())
def test_slopes_agree_with_differences(name: str) -> None:
    parameters = first()
    slopes = find_slopes(VECTORS, parameters, sentences(), TARGETS, SHARES, *kept())[name]
    assert slopes.shape == parameters[name].shape
    telling = np.argsort(-np.abs(slopes).ravel())[:6]
    for where in zip(*np.unravel_index(telling, slopes.shape), strict=True):
        before = parameters[name][where]
        parameters[name][where] = before + STEP
        above = cost(parameters)
        parameters[name][where] = before - STEP
        below = cost(parameters)
        parameters[name][where] = before
        assert slopes[where] == pytest.approx((above - below) / (2 * STEP), rel=1e-4, abs=1e-7)


def test_what_was_taught_is_told_apart() -> None:
    claims = [f"Exports of {word} fell by {count} per cent." for count in range(40) for word in
              ("rice", "steel", "wool")]  # fmt: skip
    talk = [f"Thank you {word}, let us go on!" for word in WORDS * 15]
    cuts = [cut_sentence(text) for text in (*claims, *talk)]
    targets = np.array([[1, 0, 0]] * len(claims) + [[0, 0, 1]] * len(talk), np.float32)
    vectors = load_vectors()
    weights = fit_convolution(vectors, cuts, targets, np.ones(len(cuts), np.float32))
    told, thanked = Convolution(vectors, weights).weigh(
        [cut_sentence("Imports of copper fell by 7 per cent."), cut_sentence("Thank you, friends!")]
    )
    assert told > 0 > thanked
