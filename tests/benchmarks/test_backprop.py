"""Gradients of the encoder's layers against differences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from benchmarks.checkworthiness.backprop import pull_layer, trace_layer
from claims.text.encoder.additions import DENSE, add_factors
from claims.text.encoder.network import find_runs, run_layers
from tests.text.encoder.small import WIDTH, make_layer

CHANCE = np.random.default_rng(11)
LAYER = make_layer(CHANCE)
RUNS = find_runs([3, 3, 5])
ROWS = CHANCE.normal(size=(11, WIDTH))
WEIGHTS = CHANCE.normal(size=(11, WIDTH))
FACTORS = {
    name: (
        CHANCE.normal(0, 0.2, (getattr(LAYER, name).weight.shape[0], 2)),
        CHANCE.normal(0, 0.2, (2, getattr(LAYER, name).weight.shape[1])),
    )
    for name in DENSE
}
STEP = 1e-4


def cost(factors: Any, rows: Any) -> float:
    return float((run_layers([add_factors(LAYER, factors)], rows, RUNS) * WEIGHTS).sum())


def slope_of(array: Any, place: tuple[int, int]) -> float:
    """The difference quotient along one number of ``array``, which is put back."""
    kept = array[place]
    array[place] = kept + STEP
    above = cost(FACTORS, ROWS)
    array[place] = kept - STEP
    below = cost(FACTORS, ROWS)
    array[place] = kept
    return (above - below) / (2 * STEP)


def pulled() -> tuple[Any, Any]:
    layer = add_factors(LAYER, FACTORS)
    _, trace = trace_layer(layer, ROWS, RUNS)
    return pull_layer(layer, FACTORS, trace, RUNS, WEIGHTS)


def test_the_traced_pass_is_the_pass() -> None:
    layer = add_factors(LAYER, FACTORS)
    after, _ = trace_layer(layer, ROWS, RUNS)
    np.testing.assert_allclose(after, run_layers([layer], ROWS, RUNS), atol=1e-12)


@pytest.mark.parametrize("name", DENSE)
@pytest.mark.parametrize("side", [0, 1])
def test_the_slope_of_a_factor_is_the_difference(name: str, side: int) -> None:
    _, grown = pulled()
    for place in ((0, 0), (1, 1)):
        wanted = slope_of(FACTORS[name][side], place)
        assert grown[name][side][place] == pytest.approx(wanted, rel=1e-3, abs=1e-4)


def test_the_slope_of_the_input_is_the_difference() -> None:
    slope, _ = pulled()
    for place in ((0, 0), (4, 3), (10, 23)):
        assert slope[place] == pytest.approx(slope_of(ROWS, place), rel=1e-3, abs=1e-4)
