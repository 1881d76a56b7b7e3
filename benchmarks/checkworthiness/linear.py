"""Learn the linear part: a logistic regression with a ridge, by L-BFGS from zero.

Promises the same weights for the same sentences: nothing is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.checkworthiness.lbfgs import minimise
from claims.text.learned import TABLE_BITS, Cut, read_features

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# Chosen on the debates from 2012 on, trained on those before (docs/MODEL_CARD.md).
L2 = 1e-5
ITERATIONS = 60


def build_matrix(cuts: Sequence[Cut]) -> tuple[Integers, Floats, Integers]:
    """Places, values and the row of each, for all sentences."""
    places: list[int] = []
    values: list[float] = []
    rows: list[int] = []
    for row, cut in enumerate(cuts):
        found, amounts = read_features(cut)
        places.extend(found)
        values.extend(amounts)
        rows.extend([row] * len(found))
    return np.array(places), np.array(values), np.array(rows)


def fit_linear(cuts: Sequence[Cut], target: Floats, weight: Floats) -> tuple[Floats, float]:
    """Table and bias learned from sentences with their wished-for chances and weights."""
    places, values, rows = build_matrix(cuts)
    weight = weight / weight.sum()
    size = 1 << TABLE_BITS

    def loss(point: Floats) -> tuple[float, Floats]:
        scores = np.bincount(rows, values * point[places], minlength=len(target)) + point[-1]
        error = weight * (1 / (1 + np.exp(-np.clip(scores, -30, 30))) - target)
        gradient = np.bincount(places, values * error[rows], minlength=size + 1).astype(np.float64)
        gradient[:-1] = gradient[:-1] + L2 * point[:-1]
        gradient[-1] = error.sum()
        cost = (weight * (np.logaddexp(0, scores) - target * scores)).sum()
        return float(cost + 0.5 * L2 * (point[:-1] ** 2).sum()), gradient

    point = minimise(loss, np.zeros(size + 1), ITERATIONS)
    return point[:-1], float(point[-1])
